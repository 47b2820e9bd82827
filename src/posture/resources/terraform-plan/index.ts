import { parseJson } from '#kit/json.ts';
import { type Attributes, type Loaded, type LoadProblem, type Resource, unknown, type Value } from '#model/resource.ts';
import { withPodSpec } from '../kubernetes/pod.ts';
import type { Loader, SourceFile } from '../loader.ts';
import { MASKED, maskNamed } from '../secrets.ts';
import { providerOf } from '../terraform/provider.ts';
import { type Configuration, createConfiguration } from './configuration.ts';
import { type Plan, type PlannedModule, type PlannedResource, planSchema } from './schema.ts';

/** `terraform show -json` of a plan, or of a state: the resources as they will be, what is known after apply as unknown. */
export const terraformPlanLoader: Loader = {
  id: 'terraform-plan',
  claims: (path, head) =>
    path.endsWith('.json') &&
    /"format_version"\s*:/.test(head) &&
    /"(?:terraform_version|planned_values|resource_changes)"\s*:/.test(head),
  // A plan of a large estate repeats all of its code.
  maxBytes: 64 * 1024 * 1024,
  load: async (files) => {
    const loaded = files.map(loadPlan);
    return {
      resources: loaded.flatMap(({ resources }) => resources).map(withPodSpec),
      problems: loaded.flatMap(({ problems }) => problems),
    };
  },
};

const MAX_MODULE_DEPTH = 50;

function loadPlan({ path, text }: SourceFile): Loaded {
  const json = parseJson(text);
  if (!json.ok) return broken(path, `This plan is ${json.problem === '' ? 'not JSON' : 'no JSON that can be read'}.`);
  const read = planSchema.safeParse(json.value);
  if (!read.success)
    return broken(path, `This plan is not of the documented shape: ${read.error.issues[0]?.path.join('.')}.`);
  const plan = read.data;
  const planned: PlannedResource[] = [];
  for (const { root_module } of [plan.planned_values, plan.values].filter((part) => part !== undefined))
    if (root_module) collect(root_module, planned, 0);
  const configuration = createConfiguration(
    plan,
    planned.map(({ address }) => address),
  );
  const changes = new Map((plan.resource_changes ?? []).map(({ address, change }) => [address, change] as const));
  const resources: Resource[] = [...providers(plan, path)];
  for (const one of planned) {
    const provider = providerOf(one.type);
    if (one.mode !== 'managed' || !provider) continue;
    const change = changes.get(one.address);
    const sensitive = [one.sensitive_values, change?.after_sensitive];
    const attributes = merge(one, change?.after_unknown, sensitive, configuration);
    resources.push({ provider, type: one.type, id: one.address, name: one.name, attributes, file: path, root: path });
  }
  return { resources, problems: [] };
}

function broken(file: string, problem: string): Loaded {
  const problems: readonly LoadProblem[] = [{ file, problem }];
  return { resources: [], problems };
}

function collect(module: PlannedModule, to: PlannedResource[], depth: number): void {
  for (const resource of module.resources ?? []) to.push(resource);
  if (depth < MAX_MODULE_DEPTH) for (const child of module.child_modules ?? []) collect(child, to, depth + 1);
}

/** Keys that are written into a provider block, masked: that there is one is what checks ask. */
function* providers(plan: Plan, file: string): Generator<Resource> {
  for (const [id, { name, alias, expressions }] of Object.entries(plan.configuration?.provider_config ?? {})) {
    const provider = providerOf(name);
    if (!provider) continue;
    const attributes: Record<string, Value> = {};
    for (const [attribute, expression] of Object.entries(expressions ?? {})) {
      if (typeof expression !== 'object' || expression === null) continue;
      if ('constant_value' in expression) {
        const value = settle(expression.constant_value, undefined, [], [attribute], () => []);
        if (value !== undefined) attributes[attribute] = maskNamed(attribute, value);
      } else if ('references' in expression) attributes[attribute] = unknown(`${attribute} is given by a variable`);
    }
    yield {
      provider,
      type: `${name}_provider`,
      id: `provider.${id}`,
      name: alias ?? name,
      attributes,
      file,
      root: file,
    };
  }
}

function merge(
  one: PlannedResource,
  afterUnknown: unknown,
  sensitive: readonly unknown[],
  configuration: Configuration,
): Attributes {
  const attributes: Record<string, Value> = {};
  const unknowns = isRecord(afterUnknown) ? afterUnknown : {};
  const names = new Set([...Object.keys(one.values ?? {}), ...Object.keys(unknowns)]);
  for (const name of names) {
    const marks = sensitive.map((mark) => step(mark, name));
    const value = settle(one.values?.[name], unknowns[name], marks, [name], (path) => {
      const found = configuration.referencesOf(one.address, path);
      return found.length > 0 || path.length > 1 ? found : [{ resource: one.address, attribute: name }];
    });
    // A block that is not there is an empty list in a plan.
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) attributes[name] = maskNamed(name, value);
  }
  return attributes;
}

type Path = readonly (string | number)[];

function settle(
  value: unknown,
  isUnknownAt: unknown,
  sensitive: readonly unknown[],
  path: Path,
  referencesOf: (path: Path) => ReturnType<Configuration['referencesOf']>,
): Value | undefined {
  if (isUnknownAt === true) return unknown('known after apply', referencesOf(path));
  const isSensitive = sensitive.includes(true);
  if (typeof value === 'string') return isSensitive && value !== '' ? MASKED : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) || Array.isArray(isUnknownAt)) {
    const items = Array.isArray(value) ? value : [];
    const unknowns = Array.isArray(isUnknownAt) ? isUnknownAt : [];
    return Array.from({ length: Math.max(items.length, unknowns.length) }, (_, at) =>
      inner(items[at], unknowns[at], at),
    ).filter((item) => item !== undefined);
  }
  if (!isRecord(value) && !isRecord(isUnknownAt)) return undefined;
  const made: Record<string, Value> = {};
  const known = isRecord(value) ? value : {};
  const unknowns = isRecord(isUnknownAt) ? isUnknownAt : {};
  for (const name of new Set([...Object.keys(known), ...Object.keys(unknowns)])) {
    const item = inner(known[name], unknowns[name], name);
    if (item !== undefined) made[name] = item;
  }
  return made;

  function inner(item: unknown, unknownAt: unknown, at: string | number): Value | undefined {
    const marks = isSensitive ? [true] : sensitive.map((mark) => step(mark, at));
    return settle(item, unknownAt, marks, [...path, at], referencesOf);
  }
}

function step(mark: unknown, at: string | number): unknown {
  if (mark === true) return true;
  if (Array.isArray(mark)) return typeof at === 'number' ? mark[at] : undefined;
  return isRecord(mark) && Object.hasOwn(mark, at) ? mark[at] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
