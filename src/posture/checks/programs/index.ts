import type { Resource } from '#model/resource.ts';
import type { Graph } from '../graph.ts';
import type { Outcome } from '../outcome.ts';
import { ALICLOUD_PROGRAMS } from './alicloud/index.ts';
import { AWS_PROGRAMS } from './aws/index.ts';
import { stageNames } from './docker.ts';
import { configMapSecrets, ingressSnippets, podSecurity } from './kubernetes.ts';

/** What cannot be said as data: `program: <name>` in a check’s condition. Pure, as all of the checks. */
export type Program = (resource: Resource, graph: Graph) => Outcome;

export const PROGRAMS: Readonly<Record<string, Program>> = {
  ...ALICLOUD_PROGRAMS,
  ...AWS_PROGRAMS,
  'docker-stage-names': stageNames,
  'k8s-config-map-secrets': configMapSecrets,
  'k8s-ingress-snippets': ingressSnippets,
  'k8s-pod-security-enforce': podSecurity('enforce'),
  'k8s-pod-security-warn': podSecurity('warn'),
};
