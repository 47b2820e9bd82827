import { refuse } from '../refusal.ts';

/** A rule's condition, with patterns (`1 of sel*`) already resolved to the searches that they mean. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'search'; readonly name: string };

/**
 * Parses a condition (specification, section “Condition”): `and`, `or`, `not`, parentheses, `1 of`, `any of`, `all of`
 * with a pattern or `them`. Precedence from loose to tight: or, and, not, x of, parentheses. Words are read in any case.
 *
 * @param names the search identifiers of the rule.
 * @param where under which key they stand, for messages.
 * @throws Refusal when it does not parse or names a search that does not exist.
 */
export function parseCondition(text: string, names: readonly string[], where = 'detection'): Condition {
  if (text.length > MAX_LENGTH)
    refuse(`the condition is ${text.length} characters long`, `Keep it under ${MAX_LENGTH}.`);
  const reader: Reader = { tokens: text.match(TOKEN) ?? [], at: 0, depth: 0, names, where };
  if (reader.tokens.length === 0) refuse('the condition is empty', 'Write for example `condition: selection`.');
  const condition = readOr(reader);
  const rest = reader.tokens[reader.at];
  if (rest === '|')
    refuse('the condition uses the old aggregation syntax `|`', 'Write a correlation rule instead (`correlation:`).');
  if (rest !== undefined)
    refuse(`the condition has “${rest}” where it should end`, 'Join searches with `and` or `or`.');
  return condition;
}

/** The words of a condition that are neither operators nor quantifiers with their patterns. */
export function namesIn(text: string): readonly string[] {
  const tokens = text.match(TOKEN) ?? [];
  return tokens.filter((token, at) => {
    const isQuantified = tokens[at + 1]?.toLowerCase() === 'of' || tokens[at - 1]?.toLowerCase() === 'of';
    return token !== '(' && !WORDS.has(token.toLowerCase()) && !isQuantified;
  });
}

interface Reader {
  readonly tokens: readonly string[];
  readonly names: readonly string[];
  readonly where: string;
  at: number;
  depth: number;
}

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 64;
const TOKEN = /[()|]|[^\s()|]+/g;
const WORDS = new Set(['and', 'or', 'not', 'of', 'them', ')', '|']);

function readOr(reader: Reader): Condition {
  return readChain(reader, 'or', readAnd);
}

function readAnd(reader: Reader): Condition {
  return readChain(reader, 'and', readNot);
}

function readChain(reader: Reader, word: 'and' | 'or', next: (reader: Reader) => Condition): Condition {
  const first = next(reader);
  if (!peekIs(reader, word)) return first;
  const of = [first];
  while (peekIs(reader, word)) {
    reader.at += 1;
    of.push(next(reader));
  }
  return { kind: word, of };
}

function readNot(reader: Reader): Condition {
  if (!peekIs(reader, 'not')) return readAtom(reader);
  reader.at += 1;
  return deeper(reader, () => ({ kind: 'not', of: readNot(reader) }));
}

function readAtom(reader: Reader): Condition {
  const token = reader.tokens[reader.at];
  if (token === undefined) refuse('the condition ends too early', 'A search name or `(` should follow.');
  reader.at += 1;
  if (token === '(') {
    const inner = deeper(reader, () => readOr(reader));
    if (reader.tokens[reader.at] !== ')') refuse('a parenthesis in the condition is not closed', 'Add `)`.');
    reader.at += 1;
    return inner;
  }
  if (peekIs(reader, 'of') && QUANTIFIERS.has(token.toLowerCase())) return readQuantified(reader, token.toLowerCase());
  if (reader.names.includes(token)) return { kind: 'search', name: token };
  if (WORDS.has(token.toLowerCase())) refuse(`the condition has “${token}” where a search should be`, 'Name a search.');
  return refuse(
    `the condition names “${token}”, which is not under \`${reader.where}\``,
    `Known are: ${reader.names.slice(0, 10).join(', ') || 'none'}.`,
  );
}

const QUANTIFIERS = new Set(['1', 'any', 'all']);

function readQuantified(reader: Reader, quantifier: string): Condition {
  reader.at += 1;
  const target = reader.tokens[reader.at];
  if (target === undefined || target === '(' || target === ')')
    refuse(`“${quantifier} of” is not followed by a pattern`, 'Write for example `1 of selection_*` or `all of them`.');
  reader.at += 1;
  const found =
    target.toLowerCase() === 'them'
      ? reader.names.filter((name) => !name.startsWith('_'))
      : reader.names.filter((name) => matchesPattern(name, target));
  if (found.length === 0)
    refuse(`“${quantifier} of ${target}” matches no search`, `Known are: ${reader.names.slice(0, 10).join(', ')}.`);
  const of = found.map((name): Condition => ({ kind: 'search', name }));
  return of.length === 1 ? (of[0] as Condition) : { kind: quantifier === 'all' ? 'and' : 'or', of };
}

/** `*` stands for any characters, anywhere in the pattern. */
function matchesPattern(name: string, pattern: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] as string;
  if (pieces.length === 1) return name === pattern;
  const last = pieces[pieces.length - 1] as string;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

function peekIs(reader: Reader, word: string): boolean {
  return reader.tokens[reader.at]?.toLowerCase() === word;
}

function deeper<R>(reader: Reader, read: () => R): R {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) refuse(`the condition nests deeper than ${MAX_DEPTH}`, 'Split the rule.');
  const result = read();
  reader.depth -= 1;
  return result;
}
