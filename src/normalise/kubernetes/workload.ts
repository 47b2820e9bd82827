import { isJsonObject } from '#kit/json.ts';
import type { Json } from './unwrap.ts';

/** What rules ask of a request beside its own fields; under these names in `unmapped`. */
export interface WorkloadFacts {
  /** The pod’s specification, wherever it lies in what was created or changed: a pod, a deployment, a cron job. */
  readonly podSpec?: Json;
  /** All containers of it: ordinary, init and ephemeral. */
  readonly podContainers?: readonly Json[];
  /** The command line given to `exec`. */
  readonly execCommand?: string;
}

/** Reads them out of a request; `requestObject` is there from audit level Request on. */
export function workloadFacts(audit: Json, uri: string | undefined): WorkloadFacts {
  const spec = podSpecOf(audit.requestObject);
  const command = execCommandOf(uri);
  if (spec === undefined && command === undefined) return NOTHING;
  return {
    ...(spec === undefined ? undefined : { podSpec: spec, podContainers: containersOf(spec) }),
    ...(command === undefined ? undefined : { execCommand: command }),
  };
}

const NOTHING: WorkloadFacts = Object.freeze({});

/** `spec` of a pod, `spec.template.spec` of what makes pods, `spec.jobTemplate.spec.template.spec` of a cron job. */
function podSpecOf(requested: unknown): Json | undefined {
  let spec = member(requested, 'spec');
  const job = member(spec, 'jobTemplate');
  if (job !== undefined) spec = member(job, 'spec');
  const template = member(spec, 'template');
  if (template !== undefined) spec = member(template, 'spec');
  return spec !== undefined && (Array.isArray(spec.containers) || Array.isArray(spec.ephemeralContainers))
    ? spec
    : undefined;
}

function containersOf(spec: Json): readonly Json[] {
  return KINDS.flatMap((kind) => {
    const list = spec[kind];
    return Array.isArray(list) ? list.slice(0, MOST_CONTAINERS).filter(isJsonObject) : [];
  });
}

const KINDS = ['containers', 'initContainers', 'ephemeralContainers'];
const MOST_CONTAINERS = 100;

function member(value: unknown, name: string): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const found = value[name];
  return isJsonObject(found) ? found : undefined;
}

/** `…/exec?command=sh&command=-c&command=id` → `sh -c id`. */
function execCommandOf(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const question = uri.indexOf('?');
  if (question === -1 || !uri.slice(0, question).endsWith('/exec')) return undefined;
  const words = new URLSearchParams(uri.slice(question + 1, question + LONGEST_QUERY)).getAll('command');
  return words.length === 0 ? undefined : words.slice(0, MOST_WORDS).join(' ');
}

const LONGEST_QUERY = 8192;
const MOST_WORDS = 200;
