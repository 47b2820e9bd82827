import { isAttributes, isUnknown, type Resource } from '#model/resource.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { mustBeGiven } from '../../given.ts';
import type { Program } from '../index.ts';
import { valuesOf } from './answer.ts';

/** Programs about clusters, functions and applications. */
export const WORKLOAD_PROGRAMS: Readonly<Record<string, Program>> = {
  'pod-vswitches-apart': podsApart,
  'no-secrets-in-environment': noSecrets,
};

/** Pods have subnets of their own, so that rules can tell them from nodes. */
function podsApart(cluster: Resource): Outcome {
  const nodes = new Set(
    [...valuesOf(cluster, 'worker_vswitch_ids'), ...valuesOf(cluster, 'master_vswitch_ids')].map(keyOf),
  );
  const shared = valuesOf(cluster, 'pod_vswitch_ids')
    .map(keyOf)
    .find((key) => key !== '' && nodes.has(key));
  if (shared !== undefined) return fail(() => `pods and nodes share ${shared}`);
  const unclear = ['worker_vswitch_ids', 'master_vswitch_ids', 'pod_vswitch_ids']
    .flatMap((path) => valuesOf(cluster, path))
    .find((value) => isUnknown(value) && value.references.length === 0);
  const isOpen = nodes.size > 0 && valuesOf(cluster, 'pod_vswitch_ids').length > 0;
  return isOpen && isUnknown(unclear) ? unsure(() => unclear.reason) : PASS;
}

function keyOf(value: unknown): string {
  if (!isUnknown(value)) return String(value);
  const [reference] = value.references;
  return reference === undefined ? '' : `${reference.resource}.${reference.attribute}`;
}

const SECRET_NAME = /passw(?:or)?d|secret|access_?key|private_?key|api_?key|token|credential/i;

/** Names that speak of where a secret lies, not of the secret. */
const POINTER_NAME = /(?:_(?:arn|name|path|file|id|url|ttl|expiry))$/i;

function noSecrets(one: Resource): Outcome {
  let missing: string | undefined;
  for (const map of ['environment_variables', 'envs', 'env']) {
    for (const values of valuesOf(one, map)) {
      if (isUnknown(values)) missing ??= values.reason;
      if (!isAttributes(values)) continue;
      for (const [name, value] of Object.entries(values)) {
        if (!SECRET_NAME.test(name) || POINTER_NAME.test(name) || value === '') continue;
        if (!isUnknown(value)) return fail(() => `${name} is set (hidden)`);
        // What another resource makes, or somebody is asked for, is not in the code.
        if (value.references.length === 0 && !mustBeGiven(value)) missing ??= value.reason;
      }
    }
  }
  return missing === undefined ? PASS : unsure(() => missing as string);
}
