import { ownCopy } from '../correlate/field-text.ts';

/** What the pass over one value found. */
export interface Finding {
  readonly folded: string;
  readonly clues: readonly number[];
}

/**
 * Remembers what was found in values that come again and again: user agents, pages, programs. It holds at most 1,024
 * values of up to 256 characters, each in memory of its own, and only ones that were seen twice within a while. Where most values
 * are new, whoever may send them, it rests and costs next to nothing.
 */
export interface Memory {
  find(value: string): Finding | undefined;
  /** True when a value like this one was not found shortly before either. */
  isWorthKeeping(value: string): boolean;
  keep(value: string, folded: string, clues: readonly number[]): void;
}

const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
const MAX_VALUES = 1_024;
/** After so many values it looks back whether it was of use: a miss costs about a third of what a hit spares. */
const WINDOW = 512;
const LEAST_SHARE = 1 / 3;
const REST = 16 * WINDOW;
const PRINTS = 1_024;

export function makeMemory(): Memory {
  const known = new Map<string, Finding>();
  let prints: Int32Array | undefined;
  let asked = 0;
  let hits = 0;
  let rest = 0;
  const lookBack = (): void => {
    if (hits < asked * LEAST_SHARE) rest = REST;
    asked = 0;
    hits = 0;
  };
  return {
    find(value) {
      if (rest > 0) {
        rest -= 1;
        return undefined;
      }
      if (value.length < MIN_LENGTH || value.length > MAX_LENGTH) return undefined;
      const found = known.get(value);
      asked += 1;
      if (found !== undefined) hits += 1;
      if (asked === WINDOW) lookBack();
      return found;
    },
    isWorthKeeping(value) {
      if (rest > 0 || value.length < MIN_LENGTH || value.length > MAX_LENGTH) return false;
      prints ??= new Int32Array(PRINTS);
      const print = printOf(value);
      const place = (print >>> 8) % PRINTS;
      if (prints[place] === print) return true;
      prints[place] = print;
      return false;
    },
    keep(value, folded, clues) {
      if (known.size >= MAX_VALUES) known.clear();
      const own = ownCopy(value);
      known.set(own, { folded: folded === value ? own : ownCopy(folded), clues: [...new Set(clues)] });
    },
  };
}

/** Of the length and eight letters: enough to tell most values apart, and much cheaper than all of them. */
function printOf(value: string): number {
  const step = value.length / 8;
  let print = value.length;
  for (let at = 0; at < 8; at++)
    print = Math.imul(print, 0x01000193) ^ value.charCodeAt(value.length - 1 - Math.floor(at * step));
  return Math.imul(print, 0x9e3779b1);
}
