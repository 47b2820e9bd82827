/** A folded text that stands somewhere in a value. */
export interface Literal {
  readonly place: 'whole' | 'start' | 'end' | 'anywhere';
  readonly text: string;
}

/** Calls `report` with the index of each literal that a folded value has; an index may come several times. */
export type LiteralScan = (value: string, report: (index: number) => void) => void;

export function stands({ place, text }: Literal, value: string): boolean {
  if (place === 'anywhere') return value.includes(text);
  if (place === 'start') return value.startsWith(text);
  return place === 'end' ? value.endsWith(text) : value === text;
}

interface Numbered extends Literal {
  readonly index: number;
}

/** Cells of the table, four bytes each. */
const MAX_CELLS = 400_000;

/**
 * All literals in one pass over the value, whatever they are: for sets that `gramScan` refuses. Those with letters beyond ASCII, of which a few rules list hundreds, have a
 * pass of their own, made only where the value has such letters.
 */
export function automatonScan(given: readonly Literal[]): LiteralScan {
  const literals = given.map((literal, index): Numbered => ({ ...literal, index }));
  const starts = startScan(literals.filter(({ place }) => place === 'start'));
  const rest = literals.filter(({ place }) => place !== 'start');
  const ascii = automaton(rest.filter(({ text }) => ASCII.test(text)));
  const wideLiterals = rest.filter(({ text }) => !ASCII.test(text));
  const wide = wideLiterals.length === 0 ? undefined : automaton(wideLiterals);
  return (value, report) => {
    starts?.(value, report);
    ascii(value, report);
    if (wide !== undefined && !ASCII.test(value)) wide(value, report);
  };
}

/** Control characters too. */
const ASCII = /^[\0-\x7f]*$/;

/**
 * Aho and Corasick 1975, as a dense table over the characters that occur in literals. Long literals are cut so that the
 * table stays small, and compared in full where the cut one stands.
 *
 * Literals that must stand at the end are looked at once, in the state after the last character.
 */
function automaton(literals: readonly Numbered[]): LiteralScan {
  const classes = new Map<number, number>();
  for (const { text } of literals)
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (!classes.has(code)) classes.set(code, classes.size + 1);
    }
  const stride = classes.size + 1;
  const longest = longestCut(literals, Math.floor(MAX_CELLS / stride));
  const { table, inside, ends } = buildTrie(literals, classes, stride, longest);
  const low = Uint16Array.from({ length: 128 }, (_, code) => classes.get(code) ?? 0);

  const emit = (
    outputs: Outputs,
    state: number,
    value: string,
    end: number,
    report: (number: number) => void,
  ): void => {
    const { lists, cut } = outputs;
    const first = outputs.listOf[state] as number;
    const last = first + (lists[first] as number);
    for (let at = first + 1; at <= last; at++) {
      const number = lists[at] as number;
      if (number >= 0) report(number);
      else {
        const { text, place, index } = cut[-1 - number] as Numbered;
        if (place === 'end' ? value.endsWith(text) : value.startsWith(text, end - longest)) report(index);
      }
    }
  };
  return (value, report) => {
    let row = 0;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      const cell = table[row + (code < 128 ? (low[code] as number) : (classes.get(code) ?? 0))] as number;
      // The lowest bit says that literals end here.
      row = cell >> 1;
      if ((cell & 1) === 1) emit(inside, row / stride, value, at + 1, report);
    }
    emit(ends, row / stride, value, value.length, report);
  };
}

const MAX_CUT = 32;
const MIN_CUT = 3;

/** How long literals may be so that their common beginnings take at most so many states. */
function longestCut(literals: readonly Numbered[], maxStates: number): number {
  let states = 1;

  for (let length = 1; length <= MAX_CUT; length++) {
    const heads = new Set(
      literals.filter(({ text }) => text.length >= length).map(({ text }) => text.slice(0, length)),
    );
    states += heads.size;
    if (states > maxStates) return Math.max(MIN_CUT, length - 1);
  }
  return MAX_CUT;
}

interface Step {
  readonly next: Map<number, Step>;
  readonly reports: number[];
}

/** Literals that must stand at the start: follows their letters as far as the value does. */
function startScan(literals: readonly Numbered[]): LiteralScan | undefined {
  if (literals.length === 0) return undefined;
  const root: Step = { next: new Map(), reports: [] };
  for (const { text, index } of literals) {
    let step = root;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      let next = step.next.get(code);
      if (next === undefined) {
        next = { next: new Map(), reports: [] };
        step.next.set(code, next);
      }
      step = next;
    }
    step.reports.push(index);
  }
  return (value, report) => {
    let step = root.next.get(value.charCodeAt(0));
    for (let at = 1; step !== undefined; at++) {
      for (let index = 0; index < step.reports.length; index++) report(step.reports[index] as number);
      if (at === value.length) return;
      step = step.next.get(value.charCodeAt(at));
    }
  };
}

/** What to report in each state, its shorter states' included. Close together in memory: most of the time is waiting for it. */
interface Outputs {
  /** By state: where its list begins. */
  readonly listOf: Int32Array;
  /** Each list: its length, then numbers to report; `-1 - n` is literal `n` of `cut`, still to be compared in full. */
  readonly lists: readonly number[];
  readonly cut: readonly Numbered[];
}

interface Trie {
  /** `row << 1 | has outputs inside`, where a row is the state times the stride. */
  readonly table: Int32Array;
  /** Of literals that may stand anywhere. */
  readonly inside: Outputs;
  /** Of literals that must stand at the end. */
  readonly ends: Outputs;
}

function buildTrie(
  literals: readonly Numbered[],
  classes: ReadonlyMap<number, number>,
  stride: number,
  longest: number,
): Trie {
  const children: Map<number, number>[] = [new Map()];
  const own = { inside: new Map<number, Numbered[]>(), ends: new Map<number, Numbered[]>() };
  for (const literal of literals) {
    const { text, place } = literal;
    const piece = text.length <= longest ? text : place === 'end' ? text.slice(-longest) : text.slice(0, longest);
    let state = 0;
    for (let at = 0; at < piece.length; at++) {
      const input = classes.get(piece.charCodeAt(at)) as number;
      let next = (children[state] as Map<number, number>).get(input);
      if (next === undefined) {
        next = children.length;
        children.push(new Map());
        (children[state] as Map<number, number>).set(input, next);
      }
      state = next;
    }
    const outputs = place === 'end' ? own.ends : own.inside;
    const known = outputs.get(state);
    if (known === undefined) outputs.set(state, [literal]);
    else known.push(literal);
  }
  const table = new Int32Array(children.length * stride);
  const fallback = new Int32Array(children.length);
  const inside = makeOutputs(own.inside, children.length, longest);
  const ends = makeOutputs(own.ends, children.length, longest);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] as number;
    const back = fallback[state] as number;
    if (state !== 0) table.copyWithin(state * stride, back * stride, (back + 1) * stride);
    for (const [input, next] of children[state] as Map<number, number>) {
      const shorter = state === 0 ? 0 : ((table[back * stride + input] as number) >> 1) / stride;
      fallback[next] = shorter;
      const reports = inside.add(next, shorter) ? 1 : 0;
      ends.add(next, shorter);
      table[state * stride + input] = ((next * stride) << 1) | reports;
      queue.push(next);
    }
  }
  return { table, inside, ends };
}

/** `add` gives a state its own literals and those of the state that it falls back to; true when there are any. */
function makeOutputs(
  own: ReadonlyMap<number, readonly Numbered[]>,
  states: number,
  longest: number,
): Outputs & { add(state: number, shorter: number): boolean } {
  const listOf = new Int32Array(states);
  const lists = [0];
  const cut: Numbered[] = [];
  const add = (state: number, shorter: number): boolean => {
    const inherited = listOf[shorter] as number;
    const literals = own.get(state);
    if (literals === undefined) {
      listOf[state] = inherited;
      return inherited !== 0;
    }
    const numbers = literals.flatMap((literal) =>
      literal.text.length > longest ? [-cut.push(literal)] : [literal.index],
    );
    const all = new Set([...numbers, ...lists.slice(inherited + 1, inherited + 1 + (lists[inherited] as number))]);
    listOf[state] = lists.length;
    lists.push(all.size, ...all);
    return true;
  };
  return { listOf, lists, cut, add };
}
