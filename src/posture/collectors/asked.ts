import type { Check, Condition } from '../checks/index.ts';

/** For each type the attributes that checks read of it; first names of their paths only. */
export type Asked = ReadonlyMap<string, ReadonlySet<string>>;

const WORDS = new Set(['all', 'any', 'not', 'each', 'some', 'none', 'program']);

/** Which attributes conditions may read, over the links between resources too. Pure. */
export function askedOf(checks: readonly Check[]): Asked {
  const asked = new Map<string, Set<string>>();
  const note = (types: readonly string[], path: string): void => {
    const name = path.split('.')[0] as string;
    for (const type of types) {
      const names = asked.get(type) ?? new Set<string>();
      asked.set(type, names);
      if (name !== '' && name !== '*') names.add(name);
    }
  };
  const walk = (condition: Condition | undefined, types: readonly string[] | undefined): void => {
    if (condition === undefined) return;
    for (const one of [...(condition.all ?? []), ...(condition.any ?? [])]) walk(one, types);
    walk(condition.not, types);
    for (const collection of [condition.each, condition.some, condition.none]) {
      if (collection === undefined) continue;
      const { in: inside, type, by, from, where, is } = collection;
      if (inside !== undefined) {
        if (types) note(types, inside);
        // Of an element of its own, the names are not those of a resource, unless it is the resource itself.
        const within = inside === '.' ? types : undefined;
        walk(where, within);
        walk(is, within);
        continue;
      }
      const others = [type ?? []].flat();
      note(others, '');
      for (const path of [by ?? []].flat()) note(others, path);
      for (const path of [from ?? []].flat()) if (types) note(types, path);
      walk(where, others);
      walk(is, others);
    }
    if (types) {
      for (const [path, test] of Object.entries(condition)) {
        if (WORDS.has(path)) continue;
        note(types, path);
        if (typeof test === 'object' && test !== null && 'same_as' in test) note(types, String(test.same_as));
      }
    }
  };
  for (const check of checks) {
    const types = [check.resource].flat();
    note(types, '');
    walk(check.applies, types);
    walk(check.condition, types);
  }
  return asked;
}
