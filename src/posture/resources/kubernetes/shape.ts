import type { Value } from '#model/resource.ts';
import { snakeCase } from '../canonical-shape.ts';
import type { YamlMap, YamlNode } from '../yaml-lines.ts';

/**
 * The attributes of one manifest as the Terraform provider `kubernetes` names them: keys in snake_case, an object is a list of one
 * block, lists of blocks in the singular where the provider has it so (`containers` → `container`). Maps whose keys are
 * the user’s (labels, data, limits) keep them as they are. Kinds that the provider does not know keep their plurals.
 */
export function manifestAttributes(kind: string, manifest: YamlMap): Record<string, Value> {
  const made: Record<string, Value> = {};
  for (const [key, entry] of manifest.entries) {
    if (key === 'apiVersion' || key === 'kind' || key === 'status') continue;
    const path = RBAC.has(kind) || WEBHOOKS.has(kind) ? kind : '';
    const value = valueOf(key, entry.value, path);
    if (value !== undefined) made[nameOf(key, path)] = value;
  }
  return made;
}

function valueOf(key: string, node: YamlNode, parent: string): Value | undefined {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') {
    return node.items
      .map((item) => (item.kind === 'map' ? blockOf(key, item) : valueOf(key, item, parent)))
      .filter((item): item is Value => item !== undefined);
  }
  return isPlainMap(key, node, parent) ? mapOf(node) : [blockOf(key, node)];
}

function blockOf(key: string, node: YamlMap): Record<string, Value> {
  const made: Record<string, Value> = {};
  for (const [name, entry] of node.entries) {
    const value = valueOf(name, entry.value, key);
    if (value !== undefined) made[nameOf(name, key)] = value;
  }
  return made;
}

function mapOf(node: YamlMap): Record<string, Value> {
  const made: Record<string, Value> = {};
  for (const [name, entry] of node.entries) {
    const value =
      entry.value.kind === 'scalar'
        ? entry.value.value
        : entry.value.kind === 'map'
          ? mapOf(entry.value)
          : valueOf(name, entry.value, '');
    // An empty text is a value of its own: `nodeSelector: {gpu: ""}`.
    made[name] = value ?? '';
  }
  return made;
}

/** Whether the keys inside are the user’s. */
function isPlainMap(key: string, node: YamlMap, parent: string): boolean {
  if (MAPS.has(key)) return true;
  if (key === 'limits' || key === 'requests') return parent === 'resources';
  // A service selects by labels; everything else by a block of `matchLabels`.
  if (key === 'selector') return ![...node.entries.keys()].some((name) => SELECTORS.has(name)) && parent === 'spec';
  return LIMIT_KEYS.has(key) && parent === 'limits';
}

const SELECTORS = new Set(['matchLabels', 'matchExpressions', 'namespaceSelector', 'podSelector']);
const LIMIT_KEYS = new Set(['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio']);
const MAPS = new Set([
  'labels',
  'annotations',
  'data',
  'stringData',
  'binaryData',
  'matchLabels',
  'nodeSelector',
  'hard',
  'parameters',
  'volumeAttributes',
  'capacity',
  'overhead',
  'options',
]);

function nameOf(key: string, parent: string): string {
  const under = SINGULAR_UNDER[parent];
  const special = under !== undefined && Object.hasOwn(under, key) ? under[key] : undefined;
  return special ?? (SINGULAR.get(key) || SNAKE.get(key) || snakeCase(key));
}

/** Plurals that are the same wherever they stand. */
const SINGULAR: ReadonlyMap<string, string> = new Map([
  ['containers', 'container'],
  ['initContainers', 'init_container'],
  ['ephemeralContainers', 'ephemeral_container'],
  ['volumes', 'volume'],
  ['volumeMounts', 'volume_mount'],
  ['volumeDevices', 'volume_device'],
  ['volumeClaimTemplates', 'volume_claim_template'],
  ['tolerations', 'toleration'],
  ['readinessGates', 'readiness_gate'],
  ['topologySpreadConstraints', 'topology_spread_constraint'],
  ['httpHeaders', 'http_header'],
  ['subjects', 'subject'],
  ['webhooks', 'webhook'],
  ['sysctls', 'sysctl'],
]);

const SNAKE: ReadonlyMap<string, string> = new Map([
  ['nonResourceURLs', 'non_resource_urls'],
  ['externalIPs', 'external_ips'],
  ['clusterIPs', 'cluster_ips'],
  ['podIPs', 'pod_ips'],
]);

/** Plurals that mean blocks in one place and plain lists (or an unchanged name) in another. */
const SINGULAR_UNDER: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  containers: { ports: 'port' },
  initContainers: { ports: 'port' },
  ephemeralContainers: { ports: 'port' },
  spec: {
    ports: 'port',
    rules: 'rule',
    limits: 'limit',
    imagePullSecrets: 'image_pull_secrets',
    metrics: 'metric',
  },
  http: { paths: 'path' },
  ServiceAccount: { secrets: 'secret', imagePullSecrets: 'image_pull_secret' },
  Role: { rules: 'rule' },
  ClusterRole: { rules: 'rule', aggregationRule: 'aggregation_rule' },
  webhooks: { rules: 'rule' },
};

const RBAC = new Set(['Role', 'ClusterRole', 'ServiceAccount']);
const WEBHOOKS = new Set(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']);
