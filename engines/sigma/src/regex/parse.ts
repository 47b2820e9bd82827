import { refuse } from '../refusal.ts';
import { readClass, readEscape } from './escapes.ts';
import { ALL, type CharSet, NEWLINE, negate, withoutCase } from './sets.ts';

export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'not-word';

export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'assertion'; readonly what: Assertion };

export interface Flags {
  /** Without regard to case. */
  i: boolean;
  /** `^` and `$` at line feeds too. */
  m: boolean;
  /** `.` takes line feeds too. */
  s: boolean;
}

export interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

/**
 * Reads the part of PCRE that runs in linear time: literals, `.`, classes (POSIX and `\p{}` too), groups, alternation,
 * greedy and lazy quantifiers, `^ $ \A \z \b \B`, flags inline.
 *
 * @throws Refusal for back-references, look-arounds, atomic groups and possessive quantifiers, recursion, conditionals,
 *   and what is not a pattern at all.
 */
export function parseRegex(text: string, flags: Flags): Node {
  if (text.length > MAX_LENGTH) refuse(`the regular expression is ${text.length} characters long`, 'Split it.');
  const reader: Reader = { text, at: 0, depth: 0 };
  const node = readChoice(reader, { ...flags });
  if (reader.at < text.length) refuse('the regular expression has a `)` too many', 'Remove it, or escape it as `\\)`.');
  return node;
}

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;
const MAX_REPEAT = 10_000;

/** `flags` is changed by inline flags such as `(?i)`, up to the end of the group. */
function readChoice(reader: Reader, flags: Flags): Node {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) refuse(`the regular expression nests deeper than ${MAX_DEPTH}`, 'Split it.');
  const branches: Node[] = [];
  let items: Node[] = [];
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    if (reader.text[reader.at] === '|') {
      reader.at += 1;
      branches.push(sequence(items));
      items = [];
      continue;
    }
    const atom = readAtom(reader, flags);
    if (atom !== undefined) items.push(readQuantifiers(reader, atom));
  }
  branches.push(sequence(items));
  reader.depth -= 1;
  return branches.length === 1 ? (branches[0] as Node) : { kind: 'choice', of: branches };
}

function sequence(items: readonly Node[]): Node {
  return items.length === 1 ? (items[0] as Node) : { kind: 'sequence', of: items };
}

function readAtom(reader: Reader, flags: Flags): Node | undefined {
  const character = reader.text[reader.at] as string;
  reader.at += 1;
  switch (character) {
    case '(':
      return readGroup(reader, flags);
    case '[':
      return charNode(readClass(reader, flags.i), false);
    case '.':
      return charNode(flags.s ? ALL : negate(NEWLINE), false);
    case '^':
      return { kind: 'assertion', what: flags.m ? 'line-start' : 'start' };
    case '$':
      return { kind: 'assertion', what: flags.m ? 'line-end' : 'end' };
    case '*':
    case '+':
    case '?':
      return refuse(
        `the regular expression has “${character}” with nothing before it`,
        `Escape it: \`\\${character}\`.`,
      );
    case '\\': {
      const escape = readEscape(reader, false);
      if (typeof escape === 'string') return { kind: 'assertion', what: escape };
      return charNode(escape, flags.i);
    }
    default: {
      const code = character.charCodeAt(0);
      return charNode([code, code], flags.i);
    }
  }
}

function charNode(set: CharSet, fold: boolean): Node {
  return { kind: 'set', set: fold ? withoutCase(set) : set };
}

/** After `(`. Gives undefined for what matches nothing by itself: a comment, or flags up to the end of the group. */
function readGroup(reader: Reader, flags: Flags): Node | undefined {
  if (reader.text[reader.at] !== '?') return closeGroup(reader, readChoice(reader, { ...flags }));
  const rest = reader.text.slice(reader.at, reader.at + 80);
  if (rest.startsWith('?#')) {
    const end = reader.text.indexOf(')', reader.at);
    if (end < 0) refuse('a comment in the regular expression is not closed', 'Add `)`.');
    reader.at = end + 1;
    return undefined;
  }
  if (/^\?(=|!|<=|<!)/.test(rest))
    refuse('the regular expression looks around, which cannot run in linear time', 'Use two searches and `and not`.');
  if (rest.startsWith('?>') || rest.startsWith('?|'))
    refuse('the regular expression has an atomic or branch-reset group', 'Use `(?:…)`.');
  const named = /^\?P?<[A-Za-z_]\w{0,31}>|^\?'[A-Za-z_]\w{0,31}'/.exec(rest);
  if (named !== null) {
    reader.at += named[0].length;
    return closeGroup(reader, readChoice(reader, { ...flags }));
  }
  const inline = /^\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(rest);
  if (inline === null) refuse(`the regular expression has the group “(${rest.slice(0, 6)}”`, 'Use `(?:…)`.');
  reader.at += inline[0].length;
  const target = inline[3] === ')' ? flags : { ...flags };
  setFlags(target, inline[1] as string, true);
  setFlags(target, inline[2] ?? '', false);
  return inline[3] === ')' ? undefined : closeGroup(reader, readChoice(reader, target));
}

function setFlags(flags: Flags, letters: string, value: boolean): void {
  for (const letter of letters) {
    if (letter !== 'i' && letter !== 'm' && letter !== 's')
      refuse(`the regular expression sets the flag “${letter}”`, 'Only i, m and s are known.');
    flags[letter] = value;
  }
}

function closeGroup(reader: Reader, node: Node): Node {
  if (reader.text[reader.at] !== ')') refuse('a group in the regular expression is not closed', 'Add `)`.');
  reader.at += 1;
  return node;
}

const COUNTED = /\{(?:(\d{1,6})(,)?(\d{1,6})?|,(\d{1,6}))\}/y;

function readQuantifiers(reader: Reader, atom: Node): Node {
  const bounds = readBounds(reader);
  if (bounds === undefined) return atom;
  const [min, max] = bounds;
  if (max < min) refuse(`the regular expression repeats from ${min} to ${max}`, 'Write the smaller number first.');
  if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY))
    refuse(`the regular expression repeats more than ${MAX_REPEAT} times`, 'Use `*` or `+`.');
  if (reader.text[reader.at] === '+')
    refuse('the regular expression has a possessive quantifier', 'Remove the second `+`.');
  // Lazy or greedy makes no difference to whether a text matches.
  if (reader.text[reader.at] === '?') reader.at += 1;
  if ('*+?'.includes(reader.text[reader.at] ?? ' ') || startsCount(reader))
    refuse('the regular expression repeats a repetition', 'Put the inner one in `(?:…)`.');
  return { kind: 'repeat', of: atom, min, max };
}

function readBounds(reader: Reader): readonly [number, number] | undefined {
  const character = reader.text[reader.at];
  if (character === '*' || character === '+' || character === '?') {
    reader.at += 1;
    return [character === '+' ? 1 : 0, character === '?' ? 1 : Number.POSITIVE_INFINITY];
  }
  COUNTED.lastIndex = reader.at;
  const counted = character === '{' ? COUNTED.exec(reader.text) : null;
  if (counted === null) return undefined;
  reader.at = COUNTED.lastIndex;
  if (counted[4] !== undefined) return [0, Number(counted[4])];
  const min = Number(counted[1]);
  if (counted[2] === undefined) return [min, min];
  return [min, counted[3] === undefined ? Number.POSITIVE_INFINITY : Number(counted[3])];
}

function startsCount(reader: Reader): boolean {
  COUNTED.lastIndex = reader.at;
  return COUNTED.test(reader.text);
}
