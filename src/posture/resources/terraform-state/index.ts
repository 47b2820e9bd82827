import { z } from 'zod';
import { parseJson } from '#kit/json.ts';
import type { Attributes, Loaded, Resource, Value } from '#model/resource.ts';
import { withPodSpec } from '../kubernetes/pod.ts';
import type { Loader, SourceFile } from '../loader.ts';
import { maskNamed, maskWhole } from '../secrets.ts';
import { providerOf } from '../terraform/provider.ts';

/** Terraform’s state (`terraform.tfstate`, version 4): the resources as they are. Secrets in it are masked as they are read. */
export const terraformStateLoader: Loader = {
  id: 'terraform-state',
  claims: (path, head) =>
    /\.(?:tfstate|tfstate\.backup|json)$/.test(path) && /"version"\s*:\s*4\b/.test(head) && /"lineage"\s*:/.test(head),
  maxBytes: 64 * 1024 * 1024,
  load: async (files) => {
    const loaded = files.filter(({ path }) => !path.endsWith('.backup')).map(loadState);
    return {
      resources: loaded.flatMap(({ resources }) => resources).map(withPodSpec),
      problems: loaded.flatMap(({ problems }) => problems),
    };
  },
};

const stepSchema = z.looseObject({ type: z.string(), value: z.unknown().optional() });
const stateSchema = z.looseObject({
  version: z.literal(4),
  resources: z
    .array(
      z.looseObject({
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        module: z.string().optional(),
        instances: z.array(
          z.looseObject({
            index_key: z.union([z.string(), z.number()]).nullish(),
            attributes: z.record(z.string(), z.unknown()).nullish(),
            sensitive_attributes: z.array(z.union([z.array(stepSchema), stepSchema])).nullish(),
          }),
        ),
      }),
    )
    .default([]),
});

function loadState({ path, text }: SourceFile): Loaded {
  const json = parseJson(text);
  if (!json.ok)
    return { resources: [], problems: [{ file: path, problem: 'This state is no JSON that can be read.' }] };
  const read = stateSchema.safeParse(json.value);
  if (!read.success) {
    const problem = `This state is not of the documented shape: ${read.error.issues[0]?.path.join('.')}.`;
    return { resources: [], problems: [{ file: path, problem }] };
  }
  const resources: Resource[] = [];
  for (const { mode, type, name, module, instances } of read.data.resources) {
    const provider = providerOf(type);
    if (mode !== 'managed' || !provider) continue;
    for (const { index_key: index, attributes, sensitive_attributes: sensitive } of instances) {
      const at = index === undefined || index === null ? '' : `[${JSON.stringify(index)}]`;
      const id = `${module === undefined ? '' : `${module}.`}${type}.${name}${at}`;
      const secret = new Set((sensitive ?? []).map(topName));
      resources.push({
        provider,
        type,
        id,
        name,
        attributes: settle(attributes ?? {}, secret),
        file: path,
        root: path,
      });
    }
  }
  return { resources, problems: [] };
}

/** The attribute that a path of steps begins with: all below it is masked. */
function topName(path: unknown): string {
  const [first] = Array.isArray(path) ? (path as readonly unknown[]) : [path];
  const value = typeof first === 'object' && first !== null && 'value' in first ? first.value : undefined;
  return typeof value === 'string' ? value : '';
}

function settle(attributes: Readonly<Record<string, unknown>>, secret: ReadonlySet<string>): Attributes {
  const made: Record<string, Value> = {};
  for (const [name, given] of Object.entries(attributes)) {
    const value = valueOf(given);
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    made[name] = secret.has(name) ? maskWhole(value) : maskNamed(name, value);
  }
  return made;
}

function valueOf(given: unknown): Value | undefined {
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean') return given;
  if (Array.isArray(given)) return given.map(valueOf).filter((item) => item !== undefined);
  if (typeof given !== 'object' || given === null) return undefined;
  const made: Record<string, Value> = {};
  for (const [name, item] of Object.entries(given)) {
    const value = valueOf(item);
    if (value !== undefined) made[name] = value;
  }
  return made;
}
