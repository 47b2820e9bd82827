import { refuse } from '../refusal.ts';
import type { Assertion, Reader } from './parse.ts';
import {
  type CharSet,
  DIGIT,
  HORIZONTAL,
  NEWLINE,
  negate,
  POSIX,
  propertySet,
  SPACE,
  unite,
  WORD,
  withoutCase,
} from './sets.ts';

const SETS: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['w', WORD],
  ['s', SPACE],
  ['h', HORIZONTAL],
  ['v', [10, 13]],
  ['N', negate(NEWLINE)],
  ['D', negate(DIGIT)],
  ['W', negate(WORD)],
  ['S', negate(SPACE)],
  ['H', negate(HORIZONTAL)],
  ['V', negate([10, 13])],
]);

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['f', 12],
  ['r', 13],
  ['a', 7],
  ['e', 27],
]);

const PLACES: ReadonlyMap<string, Assertion> = new Map([
  ['b', 'word'],
  ['B', 'not-word'],
  ['A', 'start'],
  ['z', 'end'],
]);

/** Reads what follows a backslash: a set of characters, or a place in the text. */
export function readEscape(reader: Reader, inClass: false): CharSet | Assertion;
export function readEscape(reader: Reader, inClass: true): CharSet;
export function readEscape(reader: Reader, inClass: boolean): CharSet | Assertion {
  const letter = reader.text[reader.at];
  if (letter === undefined) refuse('the regular expression ends with a backslash', 'Write `\\\\` for a backslash.');
  reader.at += 1;
  const set = SETS.get(letter);
  if (set !== undefined) return set;
  const control = CONTROLS.get(letter);
  if (control !== undefined) return [control, control];
  if (letter === 'x' || letter === 'u') return readHex(reader, letter);
  if (letter === 'p' || letter === 'P') return readProperty(reader, letter === 'P');
  if (letter === '0') return readOctal(reader);
  if (inClass && letter === 'b') return [8, 8];
  const place = PLACES.get(letter);
  if (place !== undefined && !inClass) return place;
  if (/[1-9kg]/.test(letter))
    refuse(
      `the regular expression refers back with “\\${letter}”, which cannot run in linear time`,
      'Match it otherwise.',
    );
  if (/[A-Za-z]/.test(letter))
    refuse(`the regular expression has the unknown escape “\\${letter}”`, `For a plain letter write \`${letter}\`.`);
  const code = letter.charCodeAt(0);
  return [code, code];
}

function readHex(reader: Reader, letter: string): CharSet {
  const pattern = letter === 'x' ? /(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{1,2}))/y : /([0-9a-fA-F]{4})/y;
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found === null) refuse(`the regular expression has “\\${letter}” without digits`, 'Write for example `\\x41`.');
  reader.at = pattern.lastIndex;
  const code = Number.parseInt(found[1] ?? (found[2] as string), 16);
  if (code > 0xffff) refuse('the regular expression names a character above U+FFFF', 'Write the character itself.');
  return [code, code];
}

function readOctal(reader: Reader): CharSet {
  const pattern = /[0-7]{0,2}/y;
  pattern.lastIndex = reader.at;
  const digits = pattern.exec(reader.text)?.[0] ?? '';
  reader.at += digits.length;
  const code = Number.parseInt(`0${digits}`, 8);
  return [code, code];
}

function readProperty(reader: Reader, negated: boolean): CharSet {
  const pattern = /\{(\^)?([^{}]{1,80})\}|([A-Z])/y;
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  const set = found === null ? undefined : propertySet(found[2] ?? (found[3] as string));
  if (found === null || set === undefined)
    refuse('the regular expression names an unknown Unicode property', 'Write for example `\\p{L}`.');
  reader.at = pattern.lastIndex;
  return negated !== (found[1] !== undefined) ? negate(set) : set;
}

/** After `[`. A `]` that comes first is plain, as in PCRE. */
export function readClass(reader: Reader, fold: boolean): CharSet {
  const negated = reader.text[reader.at] === '^';
  if (negated) reader.at += 1;
  const ranges: number[] = [];
  for (let first = true; ; first = false) {
    if (reader.at >= reader.text.length) refuse('a class in the regular expression is not closed', 'Add `]`.');
    if (reader.text[reader.at] === ']' && !first) break;
    const low = readMember(reader);
    const dash = reader.text[reader.at] === '-' && (reader.text[reader.at + 1] ?? ']') !== ']';
    if (!dash || low.length !== 2 || low[0] !== low[1]) {
      ranges.push(...low);
      continue;
    }
    reader.at += 1;
    const high = readMember(reader);
    if (high.length !== 2 || high[0] !== high[1]) {
      ranges.push(...low, 45, 45, ...high);
      continue;
    }
    if ((high[0] as number) < (low[0] as number))
      refuse('a class in the regular expression has a range that runs backwards', 'Write the smaller one first.');
    ranges.push(low[0] as number, high[0] as number);
  }
  reader.at += 1;
  const set = fold ? withoutCase(unite(ranges)) : unite(ranges);
  return negated ? negate(set) : set;
}

function readMember(reader: Reader): CharSet {
  const posix = /\[:(\^)?([a-z]{1,10}):\]/y;
  posix.lastIndex = reader.at;
  const named = posix.exec(reader.text);
  const set = named === null ? undefined : POSIX.get(named[2] as string);
  if (named !== null && set !== undefined) {
    reader.at = posix.lastIndex;
    return named[1] === undefined ? set : negate(set);
  }
  const character = reader.text[reader.at] as string;
  reader.at += 1;
  if (character === '\\') return readEscape(reader, true);
  const code = character.charCodeAt(0);
  return [code, code];
}
