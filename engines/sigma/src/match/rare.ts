import type { Literal, LiteralScan } from './literals.ts';

const MAX_LIST = 24;

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
    if (list.length > 2 * MAX_LIST) return undefined;
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

/** Finds ASCII literals of one to three letters, anywhere, by their first; undefined where too many share it. */
export function shortScan(literals: readonly Literal[]): LiteralScan | undefined {
  const lists: (number[] | undefined)[] = new Array<number[] | undefined>(128).fill(undefined);
  for (let index = 0; index < literals.length; index++) {
    const { text } = literals[index] as Literal;
    const first = text.charCodeAt(0);
    if (!(first < 128)) return undefined;
    const list = (lists[first] ??= []);
    list.push(index);
    if (list.length > MAX_LIST) return undefined;
  }
  const seconds = literals.map(({ text }) => (text.length > 1 ? text.charCodeAt(1) : -1));
  const thirds = literals.map(({ text }) => (text.length > 2 ? text.charCodeAt(2) : -1));
  return (value, report) => {
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      const list = code < 128 ? lists[code] : undefined;
      if (list === undefined) continue;
      for (let entry = 0; entry < list.length; entry++) {
        const index = list[entry] as number;
        const second = seconds[index] as number;
        if (second >= 0 && value.charCodeAt(at + 1) !== second) continue;
        const third = thirds[index] as number;
        if (third < 0 || value.charCodeAt(at + 2) === third) report(index);
      }
    }
  };
}
