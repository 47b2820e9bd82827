import { type Attributes, isAttributes, type Resource, type Value } from '#model/resource.ts';

/**
 * The resource with an attribute more where it runs pods: `pod`, the specification of the pod as an object (with `metadata` of the
 * pod beside what the specification holds), wherever its kind keeps it. So one check serves them all. Terraform’s names with a version fold
 * to those without (`kubernetes_deployment_v1` → `kubernetes_deployment`, both daemon sets → `kubernetes_daemonset`); the id stays. Any other resource comes back as it is.
 */
export function withPodSpec(resource: Resource): Resource {
  if (resource.provider !== 'kubernetes') return resource;
  const folded = resource.type.replace(/_v\d+(?:(?:alpha|beta)\d+)?$/, '');
  const type = folded === 'kubernetes_daemon_set' ? 'kubernetes_daemonset' : folded;
  const path = PATHS[type];
  const pod = path === undefined ? undefined : podAt(resource.attributes, path);
  if (pod === undefined) return type === resource.type ? resource : { ...resource, type };
  return { ...resource, type, attributes: { ...resource.attributes, pod } };
}

const TEMPLATE = ['spec', 'template'] as const;

/** The way to what has `metadata` and `spec` of a pod. */
const PATHS: Readonly<Record<string, readonly string[] | undefined>> = {
  kubernetes_pod: [],
  kubernetes_deployment: TEMPLATE,
  kubernetes_stateful_set: TEMPLATE,
  kubernetes_daemonset: TEMPLATE,
  kubernetes_replica_set: TEMPLATE,
  kubernetes_replication_controller: TEMPLATE,
  kubernetes_job: TEMPLATE,
  kubernetes_cron_job: ['spec', 'job_template', 'spec', 'template'],
  kubernetes_pod_template: ['template'],
};

function podAt(attributes: Attributes, path: readonly string[]): Attributes | undefined {
  let at: Attributes | undefined = attributes;
  for (const step of path) at = block(at?.[step]);
  const spec = block(at?.spec);
  if (spec === undefined) return undefined;
  const metadata = at?.metadata;
  return metadata === undefined ? spec : { ...spec, metadata };
}

function block(value: Value | undefined): Attributes | undefined {
  const first: Value | undefined = Array.isArray(value) ? value[0] : value;
  return first !== undefined && isAttributes(first) ? first : undefined;
}
