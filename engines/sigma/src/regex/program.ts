import { refuse } from '../refusal.ts';
import type { Assertion, Node } from './parse.ts';
import { type CharSet, has, LAST, NEWLINE, WORD } from './sets.ts';

/** What a state of the machine does. */
export const TAKE = 0;
export const SPLIT = 1;
export const CHECK = 2;
export const ACCEPT = 3;

/**
 * A machine with several possible states at once (Thompson 1968). `TAKE` reads a character of set `first[i]` and goes on at
 * `second[i]`; `SPLIT` is at both; `CHECK` goes on at `second[i]` where the assertion `first[i]` holds.
 */
export interface Program {
  readonly kind: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly start: number;
  readonly sets: readonly CharSet[];
  readonly assertions: ReadonlySet<Assertion>;
  /** It can match at the very start only. */
  readonly anchored: boolean;
}

export const ASSERTIONS: readonly Assertion[] = ['start', 'end', 'line-start', 'line-end', 'word', 'not-word'];

const MAX_STATES = 2_000;

/** @throws Refusal when the pattern, its counted repetitions written out, needs more than 2,000 states. */
export function toProgram(node: Node): Program {
  const kind: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  const sets: CharSet[] = [];
  const setNumbers = new Map<string, number>();
  const assertions = new Set<Assertion>();

  const add = (what: number, a: number, b: number): number => {
    if (kind.length >= MAX_STATES)
      refuse(`the regular expression needs more than ${MAX_STATES} states`, 'Use smaller counts in `{n,m}`, or `*`.');
    kind.push(what);
    first.push(a);
    second.push(b);
    return kind.length - 1;
  };
  const numberOf = (set: CharSet): number => {
    const key = set.join();
    let found = setNumbers.get(key);
    if (found === undefined) {
      found = sets.length;
      sets.push(set);
      setNumbers.set(key, found);
    }
    return found;
  };
  const star = (of: Node, next: number): number => {
    const split = add(SPLIT, next, next);
    first[split] = build(of, split);
    return split;
  };
  /** Builds from the end to the start: each piece knows where it goes on. */
  const build = (part: Node, next: number): number => {
    switch (part.kind) {
      case 'set':
        return add(TAKE, numberOf(part.set), next);
      case 'assertion':
        assertions.add(part.what);
        return add(CHECK, ASSERTIONS.indexOf(part.what), next);
      case 'sequence':
        return part.of.reduceRight((after, item) => build(item, after), next);
      case 'choice':
        return part.of.map((item) => build(item, next)).reduceRight((after, item) => add(SPLIT, item, after));
      case 'repeat': {
        let after = part.max === Number.POSITIVE_INFINITY ? star(part.of, next) : next;
        const optional = part.max === Number.POSITIVE_INFINITY ? 0 : part.max - part.min;
        for (let count = 0; count < optional; count++) after = add(SPLIT, build(part.of, after), next);
        for (let count = 0; count < part.min; count++) after = build(part.of, after);
        return after;
      }
    }
  };
  const start = build(node, add(ACCEPT, 0, 0));
  return { kind, first, second, start, sets, assertions, anchored: isAnchored(node) };
}

function isAnchored(node: Node): boolean {
  if (node.kind === 'assertion') return node.what === 'start';
  if (node.kind === 'sequence') return node.of.length > 0 && isAnchored(node.of[0] as Node);
  return node.kind === 'choice' && node.of.every(isAnchored);
}

/** Code units that the program cannot tell apart share a class. */
export interface Classes {
  readonly count: number;
  /** Class of each unit below 256. */
  readonly low: Uint8Array | Uint16Array;
  classOf(code: number): number;
  /** `member[set * count + class]`. */
  readonly member: Uint8Array;
  readonly isWord: Uint8Array;
  readonly isNewline: Uint8Array;
}

export function classesOf(program: Program): Classes {
  const sets = [...program.sets, WORD, NEWLINE];
  const cuts = [...new Set([0, ...sets.flatMap((set) => set.map((code, at) => (at % 2 === 0 ? code : code + 1)))])]
    .filter((code) => code <= LAST)
    .sort((a, b) => a - b);
  const numbers = new Map<string, number>();
  const samples: number[] = [];
  const byCut = cuts.map((code) => {
    const signature = sets.map((set) => (has(set, code) ? '1' : '0')).join('');
    let found = numbers.get(signature);
    if (found === undefined) {
      found = numbers.size;
      numbers.set(signature, found);
      samples.push(code);
    }
    return found;
  });
  const classOf = (code: number): number => {
    let low = 0;
    let high = cuts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((cuts[middle] as number) <= code) low = middle;
      else high = middle - 1;
    }
    return byCut[low] as number;
  };
  const count = samples.length;
  return {
    count,
    low: Uint16Array.from({ length: 256 }, (_, code) => classOf(code)),
    classOf,
    member: Uint8Array.from({ length: program.sets.length * count }, (_, at) =>
      has(program.sets[Math.floor(at / count)] as CharSet, samples[at % count] as number) ? 1 : 0,
    ),
    isWord: Uint8Array.from(samples, (code) => (has(WORD, code) ? 1 : 0)),
    isNewline: Uint8Array.from(samples, (code) => (has(NEWLINE, code) ? 1 : 0)),
  };
}
