import type { Literal, LiteralScan } from './literals.ts';

/**
 * Finds many literals in one pass by four of their letters: those of the literal that fewest others have. Where these four
 * stand the literal is compared in full. The table is a few kilobytes, so the pass runs in the fastest memory.
 *
 * @param literals of at least four letters each, none of them for whole values.
 * @returns undefined where that would not do: too many literals share their rarest four letters.
 */
export function gramScan(literals: readonly Literal[]): LiteralScan | undefined {
  if (literals.length > MAX_LITERALS) return undefined;
  const bits = Math.min(15, Math.max(9, Math.ceil(Math.log2(literals.length + 1)) + 4));
  const inside: number[] = [];
  const anchored: number[] = [];
  literals.forEach(({ place }, index) => (place === 'anywhere' ? inside : anchored).push(index));
  const scanInside = insideScan(literals, inside, bits);
  const scanAnchored = anchoredScan(literals, anchored, bits);
  if (scanInside === undefined || scanAnchored === undefined) return undefined;
  return (value, report) => {
    if (value.length < WIDTH) return;
    scanAnchored(value, report);
    scanInside(value, report);
  };
}

const WIDTH = 4;
const MAX_LITERALS = 60_000;
const MAX_BUCKET = 24;
/** How far from the start or the end the four letters of an anchored literal may begin. */
const STARTS = [0, 4, 8, 12, 16, 24];
const ENDS = [4, 8, 12, 16, 24];

/** Finds literals with letters beyond ASCII by that of them which fewest others have; undefined where too many share it. */
export function wideScan(literals: readonly Literal[]): LiteralScan | undefined {
  const uses = new Map<number, number>();
  for (const { text } of literals)
    for (let at = 0; at < text.length; at++)
      if (text.charCodeAt(at) > 127) uses.set(text.charCodeAt(at), (uses.get(text.charCodeAt(at)) ?? 0) + 1);
  const lists = new Map<number, number[]>();
  for (let index = 0; index < literals.length; index++) {
    const { text } = literals[index] as Literal;
    let rarest = -1;
    for (let at = 0; at < text.length; at++) {
      const count = uses.get(text.charCodeAt(at)) ?? Number.POSITIVE_INFINITY;
      if (count < (uses.get(text.charCodeAt(rarest)) ?? Number.POSITIVE_INFINITY)) rarest = at;
    }
    const list = lists.get(text.charCodeAt(rarest)) ?? [];
    lists.set(text.charCodeAt(rarest), list);
    list.push(index, rarest);
    if (list.length > 2 * MAX_BUCKET) return undefined;
  }
  return (value, report) => {
    for (let at = 0; at < value.length; at++) {
      const list = value.charCodeAt(at) < 128 ? undefined : lists.get(value.charCodeAt(at));
      if (list === undefined) continue;
      for (let pair = 0; pair < list.length; pair += 2) {
        const { text, place } = literals[list[pair] as number] as Literal;
        const from = at - (list[pair + 1] as number);
        if (place === 'start' ? from !== 0 : place === 'end' && from + text.length !== value.length) continue;
        if (from >= 0 && value.startsWith(text, from)) report(list[pair] as number);
      }
    }
  };
}

export function stands({ place, text }: Literal, value: string): boolean {
  if (place === 'anywhere') return value.includes(text);
  if (place === 'start') return value.startsWith(text);
  return place === 'end' ? value.endsWith(text) : value === text;
}

/** Four letters as one number; of letters beyond Latin-1 the lower half, since what is found is compared in full anyway. */
function gramAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) & 255) |
    ((text.charCodeAt(at + 1) & 255) << 8) |
    ((text.charCodeAt(at + 2) & 255) << 16) |
    ((text.charCodeAt(at + 3) & 255) << 24)
  );
}

const FACTOR = 0x9e3779b1;

/** Lists of numbers by hash, close together in memory. */
interface Table {
  /** By hash: where its list begins; 0 where there is none. */
  readonly first: Uint16Array | Int32Array;
  /** Each list: its length, then pairs of an index and how far into the literal its four letters stand. */
  readonly lists: Int32Array;
}

function insideScan(literals: readonly Literal[], indexes: readonly number[], bits: number): LiteralScan | undefined {
  if (indexes.length === 0) return () => undefined;
  const shift = 32 - bits;
  const table = makeTable(literals, indexes, bits, {
    countOf: (text) => Math.min(text.length - WIDTH + 1, MAX_CHOICES),
    hashOf: (text, at) => Math.imul(gramAt(text, at), FACTOR) >>> shift,
  });
  if (table === undefined) return undefined;
  const { first, lists } = table;
  const texts = literals.map(({ text }) => text);
  return (value, report) => {
    let gram = gramAt(value, 0) << 8;
    for (let at = 3; at < value.length; at++) {
      gram = (gram >>> 8) | (value.charCodeAt(at) << 24);
      const list = first[Math.imul(gram, FACTOR) >>> shift] as number;
      if (list === 0) continue;
      const end = list + 2 * (lists[list] as number);
      for (let pair = list + 1; pair < end; pair += 2) {
        const index = lists[pair] as number;
        if (value.startsWith(texts[index] as string, at - 3 - (lists[pair + 1] as number))) report(index);
      }
    }
  };
}

const MAX_CHOICES = 64;

function anchoredScan(literals: readonly Literal[], indexes: readonly number[], bits: number): LiteralScan | undefined {
  const shift = 32 - bits;
  const scans = (['start', 'end'] as const).flatMap((place) => {
    const own = indexes.filter((index) => (literals[index] as Literal).place === place);
    if (own.length === 0) return [];
    const choices = place === 'start' ? STARTS : ENDS;
    const table = makeTable(literals, own, bits, {
      countOf: (text) =>
        choices.filter((choice) => (place === 'start' ? choice + WIDTH : choice) <= text.length).length,
      hashOf(text, at) {
        const choice = choices[at] as number;
        return hashAt(text, place === 'start' ? choice : text.length - choice, choice, shift);
      },
    });
    return [table && { isStart: place === 'start', choices: usedChoices(choices, table), table }];
  });
  if (scans.includes(undefined)) return undefined;
  const texts = literals.map(({ text }) => text);
  return (value, report) => {
    for (const { isStart, choices, table } of scans as Exclude<(typeof scans)[0], undefined>[]) {
      const { first, lists } = table;
      for (let at = 0; at < choices.length; at++) {
        const choice = choices[at] as number;
        if ((isStart ? choice + WIDTH : choice) > value.length) break;
        const list = first[hashAt(value, isStart ? choice : value.length - choice, choice, shift)] as number;
        if (list === 0) continue;
        const end = list + 2 * (lists[list] as number);
        for (let pair = list + 1; pair < end; pair += 2) {
          const text = texts[lists[pair] as number] as string;
          if (isStart ? value.startsWith(text) : value.endsWith(text)) report(lists[pair] as number);
        }
      }
    }
  };
}

function hashAt(text: string, at: number, salt: number, shift: number): number {
  return Math.imul(gramAt(text, at) + Math.imul(salt, 0x85ebca6b), FACTOR) >>> shift;
}

function usedChoices(choices: readonly number[], { lists }: Table): number[] {
  const used = new Set<number>();
  for (let list = 1; list < lists.length; list += 1 + 2 * (lists[list] as number))
    for (let pair = list + 1; pair < list + 2 * (lists[list] as number); pair += 2) used.add(lists[pair + 1] as number);
  return choices.filter((_, at) => used.has(at));
}

/** The hashes that a literal may be kept under: how many, and each. */
interface Hashing {
  countOf(text: string): number;
  hashOf(text: string, at: number): number;
}

/** Gives each literal that of its hashes which fewest others have; undefined when a list becomes too long. */
function makeTable(
  literals: readonly Literal[],
  indexes: readonly number[],
  bits: number,
  { countOf, hashOf }: Hashing,
): Table | undefined {
  const wanted = new Int32Array(2 ** bits);
  for (const index of indexes) {
    const { text } = literals[index] as Literal;
    for (let at = countOf(text) - 1; at >= 0; at--) {
      const hash = hashOf(text, at);
      wanted[hash] = (wanted[hash] as number) + 1;
    }
  }
  const lists = new Map<number, number[]>();
  let size = 1;
  for (const index of indexes) {
    const { text } = literals[index] as Literal;
    let best = 0;
    let hash = hashOf(text, 0);
    for (let at = countOf(text) - 1; at > 0; at--) {
      const other = hashOf(text, at);
      if ((wanted[other] as number) >= (wanted[hash] as number)) continue;
      best = at;
      hash = other;
    }
    const list = lists.get(hash);
    if (list === undefined) {
      lists.set(hash, [index, best]);
      size += 3;
    } else {
      list.push(index, best);
      size += 2;
      if (list.length > 2 * MAX_BUCKET) return undefined;
    }
  }
  const first = size < 65_536 ? new Uint16Array(2 ** bits) : new Int32Array(2 ** bits);
  const flat = new Int32Array(size);
  let next = 1;
  for (const [hash, list] of lists) {
    first[hash] = next;
    flat[next] = list.length / 2;
    flat.set(list, next + 1);
    next += 1 + list.length;
  }
  return { first, lists: flat };
}
