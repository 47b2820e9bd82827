/** `?`: exactly one character. */
export const ANY_ONE = 1;
/** `*`: any number of characters. */
export const ANY_MANY = 2;
/** Literal text, a wildcard, or one character out of several. */
export type Token = string | typeof ANY_ONE | typeof ANY_MANY | { readonly oneOf: string };
export type Pattern = readonly Token[];

/**
 * Reads a Sigma value with its wildcards and escapes (specification, sections “String Wildcard” and “Escaping”):
 * a backslash takes the meaning from a following `*`, `?` or backslash, and is plain before anything else.
 * Neighbouring literals are one token and `**` is `*`.
 */
export function parsePattern(text: string): Pattern {
  if (!SPECIAL.test(text)) return text === '' ? [] : [text];
  const tokens: Token[] = [];
  let literal = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isEscape = code === BACKSLASH && isSpecial(text.charCodeAt(at + 1));
    if (!isEscape && code !== STAR && code !== MARK) continue;
    // Cut out in pieces: a text put together letter by letter would stay in memory as so many pieces.
    literal += text.slice(from, at);
    from = at + 1;
    if (isEscape) at += 1;
    else {
      if (literal !== '') tokens.push(literal);
      literal = '';
      if (code === MARK) tokens.push(ANY_ONE);
      else if (tokens[tokens.length - 1] !== ANY_MANY) tokens.push(ANY_MANY);
    }
  }
  literal += text.slice(from);
  if (literal !== '') tokens.push(literal);
  return tokens.slice();
}

const SPECIAL = /[*?]|\\\\/;
const BACKSLASH = 92;
const STAR = 42;
const MARK = 63;

function isSpecial(code: number): boolean {
  return code === BACKSLASH || code === STAR || code === MARK;
}

/** A pattern that has to stand at the start, at the end, or anywhere. */
export function placed(pattern: Pattern, place: 'whole' | 'start' | 'end' | 'anywhere'): Pattern {
  if (place === 'whole') return pattern;
  const [only] = pattern;
  if (pattern.length === 1 && typeof only === 'string') {
    if (place === 'anywhere') return [ANY_MANY, only, ANY_MANY];
    return place === 'start' ? [only, ANY_MANY] : [ANY_MANY, only];
  }
  const opened: Pattern = place === 'start' || pattern[0] === ANY_MANY ? pattern : [ANY_MANY, ...pattern];
  if (place === 'end' || opened[opened.length - 1] === ANY_MANY) return opened;
  return [...opened, ANY_MANY];
}

/** The text of a pattern without wildcards; undefined when it has some. */
export function plainText(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  return pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : undefined;
}

export function foldPattern(pattern: Pattern): Pattern {
  return pattern.map((token) => {
    if (typeof token === 'string') return token.toLowerCase();
    return typeof token === 'object' ? { oneOf: token.oneOf.toLowerCase() } : token;
  });
}

/**
 * Makes a function that says whether a text matches as a whole. Case is compared as it stands: fold both sides first.
 * Time is at most the product of both lengths.
 */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const segments: Token[][] = [[]];
  for (const token of pattern) {
    if (token === ANY_MANY) segments.push([]);
    else (segments[segments.length - 1] as Token[]).push(token);
  }
  const lengths = segments.map(lengthOf);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const first = segments[0] as Token[];
  if (segments.length === 1) return (text) => text.length === total && standsAt(first, text, 0);
  const last = segments[segments.length - 1] as Token[];
  const middle = segments.slice(1, -1);
  const start = lengths[0] as number;
  const tail = lengths[lengths.length - 1] as number;
  return (text) => {
    if (text.length < total) return false;
    const end = text.length - tail;
    if (!standsAt(first, text, 0) || !standsAt(last, text, end)) return false;
    let at = start;
    for (let index = 0; index < middle.length; index++) {
      const found = find(middle[index] as Token[], lengths[index + 1] as number, text, at, end);
      if (found < 0) return false;
      at = found + (lengths[index + 1] as number);
    }
    return true;
  };
}

function lengthOf(segment: readonly Token[]): number {
  return segment.reduce<number>((sum, token) => sum + (typeof token === 'string' ? token.length : 1), 0);
}

function find(segment: readonly Token[], length: number, text: string, from: number, end: number): number {
  const head = segment[0];
  for (let at = from; at + length <= end; at++) {
    if (typeof head === 'string') {
      at = text.indexOf(head, at);
      if (at < 0 || at + length > end) return -1;
    }
    if (standsAt(segment, text, at)) return at;
  }
  return -1;
}

function standsAt(segment: readonly Token[], text: string, from: number): boolean {
  let at = from;
  for (const token of segment) {
    if (typeof token === 'string') {
      if (!text.startsWith(token, at)) return false;
      at += token.length;
    } else {
      if (typeof token === 'object' && !token.oneOf.includes(text[at] as string)) return false;
      at += 1;
    }
  }
  return true;
}
