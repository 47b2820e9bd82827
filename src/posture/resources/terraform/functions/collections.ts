import { isUnknown, UNKNOWN_PART, unknown } from '#model/resource.ts';
import {
  type Cell,
  equals,
  failed,
  findUnknown,
  isList,
  isObject,
  member,
  numberOf,
  objectOf,
  textOf,
} from '../evaluate/value.ts';
import { byCodePoint, deep, type FunctionTable, itemsOf as items, shallow, whole } from './define.ts';

const MAX_ITEMS = 100_000;

/** Functions on lists, sets, maps and objects. */
export const COLLECTION_FUNCTIONS: FunctionTable = {
  alltrue: deep(([list]) => items(list, (all) => all.every((item) => item === true || item === 'true'))),
  anytrue: deep(([list]) => items(list, (all) => all.some((item) => item === true || item === 'true'))),
  chunklist: shallow(([list, size]) => items(list, (all) => chunks(all, numberOf(size ?? null) ?? 0))),
  coalesce: { needs: 'nothing', call: coalesce },
  coalescelist: shallow((args) => args.find((arg) => isList(arg) && arg.length > 0) ?? failed('all lists are empty')),
  compact: shallow(([list]) => items(list, compact)),
  concat: shallow((args) => (args.every(isList) ? bounded(args.flat()) : failed('concat needs lists'))),
  contains: { needs: 'arguments', call: contains },
  distinct: deep(([list]) => items(list, distinct)),
  element: shallow(([list, at]) => items(list, (all) => elementAt(all, numberOf(at ?? null)))),
  flatten: shallow(([list]) => items(list, flatten)),
  index: deep(([list, value]) => items(list, (all) => indexIn(all, value ?? null))),
  keys: shallow(([map]) =>
    isObject(whole(map)) ? Object.keys(whole(map) as object).sort() : failed('keys needs a map'),
  ),
  length: shallow(([value]) => lengthOf(whole(value))),
  lookup: { needs: 'nothing', call: lookup },
  matchkeys: deep(([values, keys, wanted]) => matchKeys(values, keys, wanted)),
  merge: shallow((args) => merge(args.map(whole))),
  one: shallow(([list]) =>
    items(list, (all) => (all.length > 1 ? failed('one needs at most one element') : (all[0] ?? null))),
  ),
  range: deep((args) => range(args.map((arg) => numberOf(arg) ?? Number.NaN))),
  reverse: shallow(([list]) => items(list, (all) => all.toReversed())),
  setintersection: deep(([first, ...rest]) =>
    items(first, (all) => sets(all, rest, (others, key) => others.every((other) => other.has(key)))),
  ),
  setproduct: shallow((args) => setProduct(args)),
  setsubtract: deep(([first, ...rest]) =>
    items(first, (all) => sets(all, rest, (others, key) => !others.some((other) => other.has(key)))),
  ),
  setunion: deep((args) => (args.every(isList) ? sorted(distinct(args.flat())) : failed('setunion needs sets'))),
  slice: shallow(([list, from, to]) =>
    items(list, (all) => all.slice(numberOf(from ?? null) ?? 0, numberOf(to ?? null) ?? 0)),
  ),
  sort: deep(([list]) => items(list, (all) => all.map((item) => textOf(item) ?? '').sort(byCodePoint))),
  transpose: deep(([map]) => transpose(map)),
  values: shallow(([map]) => valuesOf(whole(map))),
  zipmap: shallow(([keys, values]) => zipMap(keys, values)),
  tolist: shallow(([list]) => whole(list)),
  toset: deep(([list]) => items(list, (all) => sorted(distinct(all)))),
  tomap: shallow(([map]) => (isObject(whole(map)) ? whole(map) : failed('tomap needs a map'))),
};

function bounded(list: readonly Cell[]): Cell {
  return list.length > MAX_ITEMS ? unknown('the list is too long') : list;
}

function sorted(list: readonly Cell[]): readonly Cell[] {
  return list.every((item) => typeof item === 'string') ? (list as readonly string[]).toSorted(byCodePoint) : list;
}

function coalesce(args: readonly Cell[]): Cell {
  for (const arg of args) {
    if (isUnknown(arg)) return arg;
    if (arg !== null && arg !== '') return arg;
  }
  return failed('all values are empty');
}

function contains([list, value]: readonly Cell[]): Cell {
  return items(list, (all) => {
    const answers = all.map((item) => equals(item, value ?? null));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? unknown('an element is not known') : false;
  });
}

function distinct(all: readonly Cell[]): readonly Cell[] {
  const seen = new Set<string>();
  return all.filter((item) => {
    const key = JSON.stringify(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Its elements, as they are written. */
function keysOf(list: Cell): ReadonlySet<string> {
  return new Set(isList(list) ? list.map((item) => JSON.stringify(item)) : []);
}

function sets(
  all: readonly Cell[],
  rest: readonly Cell[],
  keep: (others: readonly ReadonlySet<string>[], key: string) => boolean,
): Cell {
  const others = rest.map(keysOf);
  return sorted(distinct(all).filter((item) => keep(others, JSON.stringify(item))));
}

function elementAt(all: readonly Cell[], at: number | undefined): Cell {
  if (all.length === 0 || at === undefined) return failed('there is no such element');
  const place = at % all.length;
  return all[place < 0 ? place + all.length : place] ?? null;
}

function indexIn(all: readonly Cell[], value: Cell): Cell {
  const at = all.findIndex((item) => equals(item, value));
  return at === -1 ? failed('there is no such element') : at;
}

/** Lists in lists are taken apart; an unknown inside stays one element of unknown length, so all is unknown. */
/** A text that is known in part is not empty; of any other that is unknown it cannot be told whether it stays. */
function compact(list: readonly Cell[]): Cell {
  const isDoubtful = (item: Cell): boolean =>
    isUnknown(item) && (item.partial ?? '').replaceAll(UNKNOWN_PART, '') === '';
  return (list.some(isDoubtful) && findUnknown(list)) || list.filter((item) => item !== null && item !== '');
}

function flatten(all: readonly Cell[]): Cell {
  const made: Cell[] = [];
  const stack: Cell[] = [...all].reverse();
  while (stack.length > 0) {
    const item = stack.pop() as Cell;
    if (isList(item)) {
      for (let at = item.length - 1; at >= 0; at--) stack.push(item[at] as Cell);
    } else made.push(item);
    if (made.length + stack.length > MAX_ITEMS) return unknown('the list is too long');
  }
  return made;
}

function lengthOf(value: Cell): Cell {
  if (typeof value === 'string') return [...new Intl.Segmenter().segment(value)].length;
  if (isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : failed('length needs a text or a collection');
}

function lookup([map, key, fallback]: readonly Cell[]): Cell {
  const object = whole(map);
  if (isUnknown(object)) return object;
  if (key === undefined || isUnknown(key)) return key ?? failed('lookup needs a key');
  const name = textOf(key);
  if (!isObject(object) || name === undefined) return failed('lookup needs a map and a key');
  return member(object, name) ?? fallback ?? failed('there is no such key');
}

function matchKeys(values: Cell | undefined, keys: Cell | undefined, wanted: Cell | undefined): Cell {
  if (!isList(values) || !isList(keys) || !isList(wanted)) return failed('matchkeys needs lists');
  const set = keysOf(wanted);
  return values.filter((_, at) => set.has(JSON.stringify(keys[at] ?? null)));
}

function merge(maps: readonly Cell[]): Cell {
  const unknownMap = maps.find((map) => isUnknown(map));
  if (unknownMap !== undefined) return unknownMap;
  const made = new Map<string, Cell>();
  for (const map of maps) {
    if (map === null) continue;
    if (!isObject(map)) return failed('merge needs maps');
    for (const [name, value] of Object.entries(map)) made.set(name, value);
  }
  return objectOf(made);
}

function range([first = 0, second, step]: readonly number[]): Cell {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  const by = step ?? (from <= to ? 1 : -1);
  if (![from, to, by].every(Number.isFinite) || by === 0) return failed('range needs numbers');
  if (Math.abs((to - from) / by) > 1_024) return failed('a range has at most 1024 elements');
  const made: number[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) made.push(at);
  return made;
}

function setProduct(args: readonly Cell[]): Cell {
  if (!args.every(isList)) return failed('setproduct needs sets');
  const size = args.reduce<number>((product, list) => product * (list as readonly Cell[]).length, 1);
  if (size > MAX_ITEMS) return unknown('the product is too large');
  return (args as readonly (readonly Cell[])[]).reduce<readonly (readonly Cell[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function chunks(all: readonly Cell[], size: number): Cell {
  if (size < 1) return failed('chunklist needs a size');
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

function transpose(map: Cell | undefined): Cell {
  if (!isObject(map)) return failed('transpose needs a map');
  const made = new Map<string, string[]>();
  for (const [name, list] of Object.entries(map)) {
    if (!isList(list)) return failed('transpose needs a map of lists');
    for (const item of list) {
      const key = textOf(item) ?? '';
      const names = made.get(key);
      if (names) names.push(name);
      else made.set(key, [name]);
    }
  }
  return objectOf([...made].map(([key, names]) => [key, names.sort(byCodePoint)] as const));
}

function valuesOf(map: Cell): Cell {
  if (!isObject(map)) return failed('values needs a map');
  return Object.keys(map)
    .sort()
    .map((name) => map[name] as Cell);
}

function zipMap(keys: Cell | undefined, values: Cell | undefined): Cell {
  if (!isList(keys) || !isList(values)) return failed('zipmap needs lists');
  const unknownKey = keys.find((key) => isUnknown(key));
  if (unknownKey !== undefined) return unknownKey;
  return objectOf(keys.map((key, at) => [textOf(key) ?? '', values[at] ?? null] as const));
}
