import { type Attributes, type Resource, unknown, type Value } from '#model/resource.ts';
import type { Asked } from './asked.ts';
import type { Collector } from './collector.ts';
import type { Gap } from './gap.ts';
import { attributesOf } from './map.ts';

/**
 * Makes one honest set of what the services brought. Pure.
 *
 * Resources of the same type and id are joined. What checks may ask and nothing said becomes unknown: attributes that
 * are not collected, resources that could not be listed, and types that nothing collects.
 */
export function complete<Api>(
  collector: Collector<Api>,
  asked: Asked,
  resources: Iterable<Resource>,
  gaps: readonly Gap[],
): readonly Resource[] {
  const known = knownOf(collector);
  const joined = new Map<string, Resource>();
  for (const resource of resources) {
    const key = `${resource.type}\0${resource.id}`;
    const other = joined.get(key);
    joined.set(key, other === undefined ? resource : join(other, resource));
  }
  const all: Resource[] = [];
  for (const resource of joined.values()) all.push(withUnknown(resource, known, asked));
  const account = all.find((one) => one.account !== undefined)?.account;
  const stand = (type: string, reason: string, id: string, regions: readonly string[]): void => {
    const names = [...(known.collected.get(type) ?? []), ...(asked.get(type) ?? [])];
    const attributes: Record<string, Value> = {};
    for (const name of names) attributes[name] = unknown(reason);
    const region = regions.length === 1 ? regions[0] : undefined;
    all.push({ provider: collector.provider, type, id, name: 'not read', attributes, account, region, unread: reason });
  };
  for (const [key, regions] of gapsOf(gaps)) {
    const [type = '', reason = ''] = key.split('\0');
    stand(type, reason, `${type} not read${regions.length > 0 ? ` in ${shortList(regions)}` : ''}`, regions);
  }
  for (const type of asked.keys()) {
    if (!known.collected.has(type) && !known.held.has(type)) stand(type, NOT_COLLECTED, NOT_COLLECTED_ID, []);
  }
  return all;
}

/** Whether a resource only stands for a type that nothing collects: it makes others’ verdicts unknown and has none itself. */
export function isStandIn({ id }: { readonly id: string }): boolean {
  return id === NOT_COLLECTED_ID;
}

const NOT_COLLECTED = 'not collected from live accounts yet';
const NOT_COLLECTED_ID = '(not collected)';

interface Known {
  readonly collected: ReadonlyMap<string, ReadonlySet<string>>;
  readonly held: ReadonlySet<string>;
}

function knownOf<Api>({ services }: Collector<Api>): Known {
  const collected = new Map<string, Set<string>>();
  const held = new Set<string>();
  for (const { kinds } of services) {
    for (const kind of kinds) {
      const names = collected.get(kind.type) ?? new Set(['id', 'name']);
      collected.set(kind.type, names);
      for (const name of [...attributesOf(kind), ...(kind.synonyms ?? [])]) names.add(name);
      for (const type of kind.holds ?? []) held.add(type);
    }
  }
  return { collected, held };
}

function withUnknown(resource: Resource, { collected }: Known, asked: Asked): Resource {
  let attributes: Attributes | undefined;
  for (const name of asked.get(resource.type) ?? []) {
    if (Object.hasOwn(resource.attributes, name) || collected.get(resource.type)?.has(name)) continue;
    attributes = { ...(attributes ?? resource.attributes), [name]: unknown(`${name} is ${NOT_COLLECTED}`) };
  }
  return attributes === undefined ? resource : { ...resource, attributes };
}

function join(one: Resource, other: Resource): Resource {
  return { ...one, attributes: { ...one.attributes, ...other.attributes } };
}

/** Regions by type and reason, so that a permission missing everywhere is said once. */
function gapsOf(gaps: readonly Gap[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { type, reason, region } of gaps) {
    const key = `${type}\0${reason}`;
    const regions = found.get(key) ?? [];
    found.set(key, regions);
    if (region !== undefined && !regions.includes(region)) regions.push(region);
  }
  return found;
}

/** The first few, and how many more. */
export function shortList(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 1 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
