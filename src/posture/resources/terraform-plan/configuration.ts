import type { Reference } from '#model/resource.ts';
import type { ConfiguredModule, Plan } from './schema.ts';

/** Which resources an attribute of a planned resource was written with; the plan itself only has values. */
export interface Configuration {
  readonly referencesOf: (address: string, path: readonly (string | number)[]) => readonly Reference[];
}

const MAX_FOLLOWED = 20;

interface Place {
  readonly module: ConfiguredModule;
  /** `module.shop.`, without indexes, or nothing. */
  readonly prefix: string;
  /** The call that leads here, from the module around. */
  readonly outer?: { readonly place: Place; readonly expressions: Readonly<Record<string, unknown>> } | undefined;
}

/** @param addresses of all planned resources: a reference without an index means those with one, too. */
export function createConfiguration(plan: Plan, addresses: readonly string[]): Configuration {
  const places = new Map<string, Place>();
  const expressions = new Map<string, { readonly place: Place; readonly values: unknown }>();
  const byPlain = Map.groupBy(addresses, plain);
  const root = plan.configuration?.root_module;
  if (root) collect({ module: root, prefix: '' });
  return {
    referencesOf(address, path) {
      const written = expressions.get(plain(address));
      if (!written) return [];
      const names = namesIn(at(written.values, path));
      const found = names.flatMap((name) => resolve(name, written.place, MAX_FOLLOWED));
      return found.map(({ resource, attribute }) => ({ resource: instanceOf(resource, address), attribute }));
    },
  };

  function collect(place: Place): void {
    places.set(place.prefix, place);
    for (const { address, expressions: values } of place.module.resources ?? [])
      expressions.set(`${place.prefix}${address}`, { place, values });
    for (const [name, call] of Object.entries(place.module.module_calls ?? {})) {
      if (!call.module) continue;
      const outer = { place, expressions: call.expressions ?? {} };
      collect({ module: call.module, prefix: `${place.prefix}module.${name}.`, outer });
    }
  }

  /** `aws_s3_bucket.b.id`; through variables outwards and through outputs inwards. */
  function resolve(name: string, place: Place, left: number): readonly Reference[] {
    if (left === 0) return [];
    const [first = '', second = '', third = ''] = name.split('.').map((part) => part.replace(/\[.*$/, ''));
    if (first === 'var' && place.outer) {
      const given = namesIn(place.outer.expressions[second]);
      const { place: outside } = place.outer;
      return given.flatMap((inner) => resolve(inner, outside, left - 1));
    }
    if (first === 'module') {
      const inner = places.get(`${place.prefix}module.${second}.`);
      const output = third === '' ? undefined : inner?.module.outputs?.[third];
      return inner && output ? namesIn(output.expression).flatMap((one) => resolve(one, inner, left - 1)) : [];
    }
    if (['var', 'local', 'each', 'count', 'path', 'terraform', 'self', ''].includes(first)) return [];
    const isData = first === 'data';
    const attribute = isData ? name.split('.')[3] : third;
    // Each reference is listed again without its attribute, which adds nothing.
    if (attribute === undefined || attribute === '') return [];
    const address = isData ? `data.${second}.${third}` : `${first}.${second}`;
    return [{ resource: `${place.prefix}${address}`, attribute: attribute.replace(/\[.*$/, '') }];
  }

  /** The instance with the same index as the one that refers, else the first. */
  function instanceOf(resource: string, from: string): string {
    const instances = byPlain.get(resource) ?? [];
    if (instances.length < 2) return instances[0] ?? resource;
    const index = /\[[^\]]*\]$/.exec(from)?.[0];
    return instances.find((one) => index !== undefined && one.endsWith(index)) ?? (instances[0] as string);
  }
}

function plain(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}

/** The expression at a path; a nested block that the code makes dynamically stands for all that it makes. */
function at(values: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? (value[step] ?? value[0]) : undefined;
    if (typeof value !== 'object' || value === null) return undefined;
    if ('references' in value) return value;
    return typeof step === 'string' && Object.hasOwn(value, step)
      ? (value as Record<string, unknown>)[step]
      : undefined;
  }, values);
}

function namesIn(expression: unknown): readonly string[] {
  if (typeof expression !== 'object' || expression === null || !('references' in expression)) return [];
  const { references } = expression;
  return Array.isArray(references)
    ? references.filter((name): name is string => typeof name === 'string').slice(0, 50)
    : [];
}
