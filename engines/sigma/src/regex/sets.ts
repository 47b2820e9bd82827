/** A set of UTF-16 code units: sorted, disjoint ranges, flat (`low, high, low, high …`), both ends inside. */
export type CharSet = readonly number[];

export const LAST = 0xffff;

export const ALL: CharSet = [0, LAST];
export const DIGIT: CharSet = [48, 57];
export const WORD: CharSet = [48, 57, 65, 90, 95, 95, 97, 122];
/** Space, tab, line feed, vertical tab, form feed, carriage return: PCRE's `\s`. */
export const SPACE: CharSet = [9, 13, 32, 32];
export const HORIZONTAL: CharSet = [9, 9, 32, 32, 0xa0, 0xa0];
export const NEWLINE: CharSet = [10, 10];

export const POSIX: ReadonlyMap<string, CharSet> = new Map<string, CharSet>([
  ['alnum', [48, 57, 65, 90, 97, 122]],
  ['alpha', [65, 90, 97, 122]],
  ['ascii', [0, 127]],
  ['blank', [9, 9, 32, 32]],
  ['cntrl', [0, 31, 127, 127]],
  ['digit', DIGIT],
  ['graph', [33, 126]],
  ['lower', [97, 122]],
  ['print', [32, 126]],
  ['punct', [33, 47, 58, 64, 91, 96, 123, 126]],
  ['space', SPACE],
  ['upper', [65, 90]],
  ['word', WORD],
  ['xdigit', [48, 57, 65, 70, 97, 102]],
]);

export function unite(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at] as number, ranges[at + 1] as number]);
  pairs.sort((a, b) => a[0] - b[0]);
  const result: number[] = [];
  for (const [low, high] of pairs) {
    const end = result[result.length - 1];
    if (end !== undefined && low <= end + 1) result[result.length - 1] = Math.max(end, high);
    else result.push(low, high);
  }
  return result;
}

export function negate(set: CharSet): CharSet {
  const result: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    const low = set[at] as number;
    if (low > next) result.push(next, low - 1);
    next = (set[at + 1] as number) + 1;
  }
  if (next <= LAST) result.push(next, LAST);
  return result;
}

export function has(set: CharSet, code: number): boolean {
  for (let at = 0; at < set.length; at += 2) {
    if (code < (set[at] as number)) return false;
    if (code <= (set[at + 1] as number)) return true;
  }
  return false;
}

/** Adds what differs only in case, as ECMAScript does without the `u` flag (22.2.2.7.3, Canonicalize). */
export function withoutCase(set: CharSet): CharSet {
  if ((set[set.length - 1] ?? 0) < 128) return unite([...set, ...asciiPartners(set)]);
  const added: number[] = [...set];
  for (const members of caseGroups()) {
    if (members.some((code) => has(set, code))) for (const code of members) added.push(code, code);
  }
  return unite(added);
}

/** The code units of a Unicode property; undefined when there is no such property. */
export function propertySet(name: string): CharSet | undefined {
  const known = properties.get(name);
  if (known !== undefined) return known;
  if (!/^[A-Za-z_]{1,40}(=[A-Za-z_]{1,40})?$/.test(name)) return undefined;
  let property: RegExp;
  try {
    property = new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    return undefined;
  }
  const ranges: number[] = [];
  for (let code = 0; code <= LAST; code++) if (property.test(String.fromCharCode(code))) ranges.push(code, code);
  const set = unite(ranges);
  if (properties.size < 64) properties.set(name, set);
  return set;
}

const properties = new Map<string, CharSet>();

function asciiPartners(set: CharSet): number[] {
  const partners: number[] = [];
  for (let code = 65; code <= 90; code++) {
    if (has(set, code)) partners.push(code + 32, code + 32);
    if (has(set, code + 32)) partners.push(code, code);
  }
  return partners;
}

let groups: readonly (readonly number[])[] | undefined;

function caseGroups(): readonly (readonly number[])[] {
  if (groups !== undefined) return groups;
  const byUpper = new Map<number, number[]>();
  for (let code = 0; code <= LAST; code++) {
    const upper = String.fromCharCode(code).toUpperCase();
    const found = upper.length === 1 ? upper.charCodeAt(0) : code;
    const canonical = code >= 128 && found < 128 ? code : found;
    const members = byUpper.get(canonical);
    if (members === undefined) byUpper.set(canonical, [code]);
    else members.push(code);
  }
  groups = [...byUpper.values()].filter((members) => members.length > 1);
  return groups;
}
