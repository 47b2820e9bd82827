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
/** Numbers for each literal in a list. */
const ENTRY = 3;
/** How far from the start or the end the four letters of an anchored literal may begin. */
const STARTS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 24];
const ENDS = [4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24];

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
  /** Each list: its length, then the four letters, the index of the literal, and how far into it they stand. */
  readonly lists: Int32Array;
}

function insideScan(literals: readonly Literal[], indexes: readonly number[], bits: number): LiteralScan | undefined {
  if (indexes.length === 0) return () => undefined;
  const shift = 32 - bits;
  const table = makeTable(literals, indexes, bits, {
    countOf: (text) => Math.min(text.length - WIDTH + 1, MAX_CHOICES),
    gramOf: gramAt,
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
      const end = list + ENTRY * (lists[list] as number);
      for (let entry = list + 1; entry < end; entry += ENTRY) {
        if (lists[entry] !== gram) continue;
        const index = lists[entry + 1] as number;
        const from = at - 3 - (lists[entry + 2] as number);
        if (from >= 0 && value.startsWith(texts[index] as string, from)) report(index);
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
      gramOf(text, at) {
        const choice = choices[at] as number;
        return gramAt(text, place === 'start' ? choice : text.length - choice);
      },
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
        const gram = gramAt(value, isStart ? choice : value.length - choice);
        const end = list + ENTRY * (lists[list] as number);
        for (let entry = list + 1; entry < end; entry += ENTRY) {
          if (lists[entry] !== gram) continue;
          const text = texts[lists[entry + 1] as number] as string;
          if (isStart ? value.startsWith(text) : value.endsWith(text)) report(lists[entry + 1] as number);
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
  for (let list = 1; list < lists.length; list += 1 + ENTRY * (lists[list] as number))
    for (let entry = list + 1; entry < list + ENTRY * (lists[list] as number); entry += ENTRY)
      used.add(lists[entry + 2] as number);
  return choices.filter((_, at) => used.has(at));
}

/** The hashes that a literal may be kept under: how many, and each. */
interface Hashing {
  countOf(text: string): number;
  gramOf(text: string, at: number): number;
  hashOf(text: string, at: number): number;
}

/** Gives each literal that of its hashes which fewest others have; undefined when a list becomes too long. */
function makeTable(
  literals: readonly Literal[],
  indexes: readonly number[],
  bits: number,
  { countOf, gramOf, hashOf }: Hashing,
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
      lists.set(hash, [gramOf(text, best), index, best]);
      size += 1 + ENTRY;
    } else {
      list.push(gramOf(text, best), index, best);
      size += ENTRY;
      if (list.length > ENTRY * MAX_BUCKET) return undefined;
    }
  }
  const first = size < 65_536 ? new Uint16Array(2 ** bits) : new Int32Array(2 ** bits);
  const flat = new Int32Array(size);
  let next = 1;
  for (const [hash, list] of lists) {
    first[hash] = next;
    flat[next] = list.length / ENTRY;
    flat.set(list, next + 1);
    next += 1 + list.length;
  }
  return { first, lists: flat };
}
