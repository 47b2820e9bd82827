import { isUnknown, type Resource, type Value } from '#model/resource.ts';
import { elementsAt, parsePath } from './paths.ts';

/** The resources of one scan, and who names whom. */
export interface Graph {
  readonly ofType: (types: readonly string[]) => readonly Resource[];
  /** Resources of the types whose attribute names this one; `maybe` those of which it cannot be told. */
  readonly naming: (resource: Resource, types: readonly string[], by: string, to: readonly string[]) => Related;
  /** Resources of the types that an attribute of this one names. `missing` says what is not in the scan or cannot be told. */
  readonly named: (resource: Resource, types: readonly string[], from: string, to: readonly string[]) => Related;
}

export interface Related {
  readonly certain: readonly Resource[];
  readonly maybe: readonly Resource[];
  readonly missing?: string | undefined;
}

/** Who is asked about at most when a link cannot be told: the answer is unknown anyway. */
const MOST_MAYBES = 32;

interface Names {
  readonly byReference: Map<string, Resource[]>;
  readonly byText: Map<string, Resource[]>;
  /** Named by something that cannot be told, or by a text. */
  readonly untold: Resource[];
  readonly literal: Resource[];
}

/** Indexes are made when first asked for, each in one pass over the resources of a type. */
export function createGraph(resources: Iterable<Resource>): Graph {
  const types = new Map<string, Resource[]>();
  const ids = new Map<string, Resource>();
  for (const resource of resources) {
    push(types, resource.type, resource);
    ids.set(resource.id, resource);
  }
  const namings = new Map<string, Map<string, Names>>();
  const texts = new Map<string, Map<string, Resource[]>>();

  const namesOf = (type: string, by: string): Names => {
    let ofType = namings.get(type);
    if (ofType === undefined) namings.set(type, (ofType = new Map()));
    let names = ofType.get(by);
    if (names === undefined) {
      names = readNames(types.get(type) ?? [], by);
      ofType.set(by, names);
    }
    return names;
  };
  const textsOf = (type: string, attribute: string): Map<string, Resource[]> => {
    const key = `${type}\0${attribute}`;
    let index = texts.get(key);
    if (index === undefined) {
      index = new Map();
      for (const resource of types.get(type) ?? []) {
        for (const text of ownTexts(resource, attribute)) push(index, text, resource);
      }
      texts.set(key, index);
    }
    return index;
  };

  return {
    ofType: (wanted) => wanted.flatMap((type) => types.get(type) ?? []),
    naming: (resource, wanted, by, to) => {
      const own = to.flatMap((attribute) => ownTexts(resource, attribute));
      const certain = new Set<Resource>();
      const maybe = new Set<Resource>();
      for (const type of wanted) {
        // Most of what could name it is not there: this is asked for each check of each resource.
        if (!types.has(type)) continue;
        const names = namesOf(type, by);
        for (const one of names.byReference.get(resource.id) ?? []) certain.add(one);
        for (const one of names.byReference.get(unindexed(resource.id)) ?? []) certain.add(one);
        for (const text of own) for (const one of names.byText.get(text) ?? []) certain.add(one);
        const untold = own.length === 0 ? [names.untold, names.literal] : [names.untold];
        for (const list of untold) for (const one of list.slice(0, MOST_MAYBES)) maybe.add(one);
      }
      for (const one of certain) maybe.delete(one);
      return { certain: [...certain], maybe: [...maybe] };
    },
    named: (resource, wanted, from, to) => {
      const certain = new Set<Resource>();
      let missing: string | undefined;
      for (const value of elementsAt(resource.attributes, parsePath(from))) {
        let found: readonly Resource[] = [];
        if (isUnknown(value)) {
          found = value.references.flatMap(({ resource: id }) => {
            const one = ids.get(id) ?? ids.get(`${id}[0]`);
            return one !== undefined && wanted.includes(one.type) ? [one] : [];
          });
          if (found.length === 0) missing ??= value.reason;
        } else if (typeof value !== 'object') {
          found = wanted.flatMap((type) =>
            to.flatMap((attribute) => textsOf(type, attribute).get(String(value)) ?? []),
          );
          if (found.length === 0) missing ??= `${from} names ${String(value)}, which is not in this scan`;
        }
        for (const one of found) certain.add(one);
      }
      return { certain: [...certain], maybe: [], missing };
    },
  };
}

function readNames(resources: readonly Resource[], by: string): Names {
  const names: Names = { byReference: new Map(), byText: new Map(), untold: [], literal: [] };
  const path = parsePath(by);
  for (const resource of resources) {
    const values = elementsAt(resource.attributes, path);
    for (const value of values) {
      if (isUnknown(value)) {
        if (value.references.length === 0) names.untold.push(resource);
        for (const { resource: id } of value.references) push(names.byReference, id, resource);
      } else if (typeof value !== 'object') {
        push(names.byText, String(value), resource);
        names.literal.push(resource);
      }
    }
  }
  return names;
}

/** The plain texts by which others may name it. A live resource’s identifier is one even where no attribute repeats it. */
function ownTexts(resource: Resource, attribute: string): readonly string[] {
  const values = elementsAt(resource.attributes, parsePath(attribute)).flatMap((value: Value) =>
    typeof value === 'object' || value === '' ? [] : [String(value)],
  );
  if (values.length === 0 && attribute === 'id' && resource.file === undefined) return [resource.id];
  return values;
}

/** `a.b[0]` is also named by a reference to `a.b` as a whole, as in a splat. */
function unindexed(id: string): string {
  return id.endsWith(']') ? id.slice(0, id.lastIndexOf('[')) : `${id}[0]`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
