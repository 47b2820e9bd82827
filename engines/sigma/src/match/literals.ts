/** A folded text that stands somewhere in a value, and the numbers to report when it does. */
export interface Literal {
  readonly place: 'whole' | 'start' | 'end' | 'anywhere';
  readonly text: string;
  readonly reports: readonly number[];
}

/** Calls `report` for each number of each literal that a folded value has; a number may come several times. */
export type LiteralScan = (value: string, report: (number: number) => void) => void;

/** Up to this many are tried one by one, which is cheaper than reading every character. */
const FEW = 6;

export function literalScan(literals: readonly Literal[]): LiteralScan | undefined {
  if (literals.length === 0) return undefined;
  const whole = new Map<string, readonly number[]>();
  for (const { text, reports } of literals.filter(({ place }) => place === 'whole'))
    whole.set(text, [...(whole.get(text) ?? []), ...reports]);
  const parts = literals.filter(({ place }) => place !== 'whole');
  const scanParts = parts.length <= FEW ? scanFew(parts) : scanMany(parts);
  if (whole.size === 0) return scanParts;
  if (parts.length === 0)
    return (value, report) => {
      const reports = whole.get(value);
      if (reports !== undefined) for (let at = 0; at < reports.length; at++) report(reports[at] as number);
    };
  return (value, report) => {
    const reports = whole.get(value);
    if (reports !== undefined) for (let at = 0; at < reports.length; at++) report(reports[at] as number);
    scanParts(value, report);
  };
}

function scanFew(literals: readonly Literal[]): LiteralScan {
  return (value, report) => {
    for (let index = 0; index < literals.length; index++) {
      const { place, text, reports } = literals[index] as Literal;
      const found =
        place === 'anywhere' ? value.includes(text) : place === 'start' ? value.startsWith(text) : value.endsWith(text);
      if (found) for (let at = 0; at < reports.length; at++) report(reports[at] as number);
    }
  };
}

/** Cells of the table, four bytes each. */
const MAX_CELLS = 4_000_000;

/**
 * All literals in one pass over the value (Aho and Corasick 1975), as a dense table over the characters that occur in
 * literals. Long literals are cut so that the table stays small, and compared in full where the cut one stands.
 */
function scanMany(literals: readonly Literal[]): LiteralScan {
  const classes = new Map<number, number>();
  for (const { text } of literals)
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (!classes.has(code)) classes.set(code, classes.size + 1);
    }
  const stride = classes.size + 1;
  let longest = 32;
  const cells = (): number => literals.reduce((sum, { text }) => sum + Math.min(text.length, longest), 1) * stride;
  while (longest > 3 && cells() > MAX_CELLS) longest -= longest > 8 ? 4 : 1;
  const trie = buildTrie(literals, classes, stride, longest);
  const low = Uint16Array.from({ length: 256 }, (_, code) => classes.get(code) ?? 0);
  const { table, outputs, links } = trie;

  const emit = (state: number, end: number, value: string, report: (number: number) => void): void => {
    for (let at = state; at > 0; at = links[at] as number) {
      const found = outputs[at];
      if (found === undefined) continue;
      for (let index = 0; index < found.length; index++) {
        const { place, text, reports } = found[index] as Literal;
        const start = end - Math.min(text.length, longest);
        if (place === 'start' ? start !== 0 : place === 'end' && start + text.length !== value.length) continue;
        if (text.length > longest && !value.startsWith(text, start)) continue;
        for (let number = 0; number < reports.length; number++) report(reports[number] as number);
      }
    }
  };
  return (value, report) => {
    let row = 0;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      const cell = table[row + (code < 256 ? (low[code] as number) : (classes.get(code) ?? 0))] as number;
      // The lowest bit says that literals end here.
      row = cell >> 1;
      if ((cell & 1) === 1) emit(row / stride, at + 1, value, report);
    }
  };
}

interface Trie {
  /** `row << 1 | has outputs`, where a row is the state times the stride. */
  readonly table: Int32Array;
  readonly outputs: readonly (readonly Literal[] | undefined)[];
  /** The longest shorter state that has outputs; 0 for none. */
  readonly links: Int32Array;
}

function buildTrie(
  literals: readonly Literal[],
  classes: ReadonlyMap<number, number>,
  stride: number,
  longest: number,
): Trie {
  const children: Map<number, number>[] = [new Map()];
  const outputs: (Literal[] | undefined)[] = [undefined];
  for (const literal of literals) {
    let state = 0;
    for (let at = 0; at < Math.min(literal.text.length, longest); at++) {
      const input = classes.get(literal.text.charCodeAt(at)) as number;
      let next = (children[state] as Map<number, number>).get(input);
      if (next === undefined) {
        next = children.length;
        children.push(new Map());
        outputs.push(undefined);
        (children[state] as Map<number, number>).set(input, next);
      }
      state = next;
    }
    const own = outputs[state];
    if (own === undefined) outputs[state] = [literal];
    else own.push(literal);
  }
  const table = new Int32Array(children.length * stride);
  const fallback = new Int32Array(children.length);
  const links = new Int32Array(children.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] as number;
    const back = fallback[state] as number;
    if (state !== 0) table.copyWithin(state * stride, back * stride, (back + 1) * stride);
    for (const [input, next] of children[state] as Map<number, number>) {
      const behind = state === 0 ? 0 : (table[back * stride + input] as number) >> 1;
      const shorter = behind / stride;
      fallback[next] = shorter;
      links[next] = outputs[shorter] === undefined ? (links[shorter] as number) : shorter;
      const reports = outputs[next] !== undefined || links[next] !== 0 ? 1 : 0;
      table[state * stride + input] = ((next * stride) << 1) | reports;
      queue.push(next);
    }
  }
  return { table, outputs, links };
}
