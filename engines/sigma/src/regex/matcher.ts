import { ACCEPT, CHECK, type Classes, classesOf, type Program, SPLIT, TAKE } from './program.ts';

/** What stood before the place: decides `^`, `\A` and `\b`. */
const AT_START = 0;
const AFTER_NEWLINE = 1;
const AFTER_WORD = 2;
const AFTER_OTHER = 3;

const UNKNOWN = 0;
const FOUND = 1;
const LOST = 2;

const MAX_CACHED = 1_000;

/**
 * Makes a function that says whether a text has a match anywhere in it.
 *
 * Time is linear in the text whatever pattern and text are: all possible states advance together, and each set of states
 * that was met is remembered as one row of a table, so that the usual character costs one look-up. At most 1,000 rows
 * are kept; then they are made anew.
 */
export function makeTest(program: Program): (text: string) => boolean {
  const classes = classesOf(program);
  const stride = classes.count + 1;
  const cache = makeCache(program, classes, stride);
  const { low } = classes;
  return (text) => {
    let state = cache.start();
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const input = code < 256 ? (low[code] as number) : classes.classOf(code);
      let next = cache.table[state * stride + input] as number;
      if (next === UNKNOWN) next = cache.advance(state, input);
      if (next === FOUND) return true;
      if (next === LOST) return false;
      state = next;
    }
    const end = cache.table[state * stride + classes.count] as number;
    return (end === UNKNOWN ? cache.advance(state, classes.count) : end) === FOUND;
  };
}

interface Cache {
  table: Int32Array;
  start(): number;
  /** The row after reading a character of this class; class `count` is the end of the text. */
  advance(state: number, input: number): number;
}

function makeCache(program: Program, classes: Classes, stride: number): Cache {
  const { assertions } = program;
  const seesWords = assertions.has('word') || assertions.has('not-word');
  const seesLines = assertions.has('line-start');
  let cores: Int32Array[] = [];
  let befores: number[] = [];
  let numbers = new Map<string, number>();
  const visited = new Int32Array(program.kind.length);
  let round = 0;
  const stack: number[] = [];

  const cache: Cache = { table: new Int32Array(stride * 16), start, advance };
  clear();
  return cache;

  function clear(): void {
    cores = [new Int32Array(0), new Int32Array(0), new Int32Array(0)];
    befores = [AT_START, AT_START, AT_START];
    numbers = new Map();
    cache.table.fill(0);
  }

  function start(): number {
    return numbers.size > 0 ? 3 : intern(Int32Array.of(program.start), AT_START);
  }

  function intern(core: Int32Array, before: number): number {
    const key = `${before}:${core.join()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (cores.length >= MAX_CACHED) {
      clear();
      start();
      const again = numbers.get(key);
      if (again !== undefined) return again;
    }
    const number = cores.length;
    cores.push(core);
    befores.push(before);
    numbers.set(key, number);
    if (cores.length * stride > cache.table.length) {
      const larger = new Int32Array(cache.table.length * 2);
      larger.set(cache.table);
      cache.table = larger;
    }
    return number;
  }

  function advance(state: number, input: number): number {
    const result = follow(cores[state] as Int32Array, befores[state] as number, input);
    if (typeof result === 'number') {
      cache.table[state * stride + input] = result;
      return result;
    }
    const roomBefore = numbers;
    const next = intern(result, beforeOf(input));
    // When the rows were thrown away, the number of this one means nothing any more.
    if (numbers === roomBefore) cache.table[state * stride + input] = next;
    return next;
  }

  function beforeOf(input: number): number {
    if (seesLines && classes.isNewline[input] === 1) return AFTER_NEWLINE;
    return seesWords && classes.isWord[input] === 1 ? AFTER_WORD : AFTER_OTHER;
  }

  function follow(core: Int32Array, before: number, input: number): Int32Array | number {
    round += 1;
    const next: number[] = program.anchored ? [] : [program.start];
    for (let at = core.length - 1; at >= 0; at--) stack.push(core[at] as number);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      if (visited[state] === round) continue;
      visited[state] = round;
      const kind = program.kind[state];
      const first = program.first[state] as number;
      const second = program.second[state] as number;
      if (kind === ACCEPT) {
        stack.length = 0;
        return FOUND;
      }
      if (kind === SPLIT) stack.push(second, first);
      else if (kind === CHECK) {
        if (holds(first, before, input)) stack.push(second);
      } else if (kind === TAKE && input < classes.count && classes.member[first * classes.count + input] === 1)
        next.push(second);
    }
    if (next.length === 0) return LOST;
    return Int32Array.from(new Set(next)).sort();
  }

  /** Numbers as in `ASSERTIONS`. */
  function holds(assertion: number, before: number, input: number): boolean {
    const atEnd = input === classes.count;
    if (assertion === 0) return before === AT_START;
    if (assertion === 1) return atEnd;
    if (assertion === 2) return before === AT_START || before === AFTER_NEWLINE;
    if (assertion === 3) return atEnd || classes.isNewline[input] === 1;
    const changes = (before === AFTER_WORD) !== (!atEnd && classes.isWord[input] === 1);
    return assertion === 4 ? changes : !changes;
  }
}
