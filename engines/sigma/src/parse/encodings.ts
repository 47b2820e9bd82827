import { ANY_MANY, type Pattern, parsePattern, type Token } from './pattern.ts';

/** A value on its way through the modifiers: a pattern, or bytes once an encoding was applied. */
export type Draft = Pattern | Uint8Array;

/** UTF-16 of a text. `utf16` puts the byte order mark FF FE before it. */
export function toUtf16(text: string, kind: 'utf16le' | 'utf16be' | 'utf16'): Uint8Array {
  const mark = kind === 'utf16' ? 1 : 0;
  const bytes = new Uint8Array((text.length + mark) * 2);
  const view = new DataView(bytes.buffer);
  if (mark === 1) view.setUint16(0, 0xfeff, true);
  for (let at = 0; at < text.length; at++) view.setUint16((at + mark) * 2, text.charCodeAt(at), kind !== 'utf16be');
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * What Base64 of a longer text shows of `bytes`, for each of the three places modulo 3 at which they may start: only
 * the characters that do not depend on what stands before and after.
 */
export function toBase64Offsets(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const text = toBase64(padded).replace(/=+$/, '');
    // A character carries six bits: the first whole one after the unknown bytes, and the last one before the end.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6));
  });
}

/** Bytes as text, one character each. */
export function bytesAsText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const DASHES = '-/–—―';
const AT_DASH = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu;

/**
 * `windash`: a dash or slash that begins a word stands for any of `-`, `/`, en dash, em dash and horizontal bar.
 * One place becomes five plain texts, so that they can be looked up; more become a pattern.
 */
export function withDashes(pattern: Pattern): Pattern[] {
  const tokens: Token[] = [];
  let places = 0;
  for (const token of pattern) {
    if (typeof token !== 'string') {
      tokens.push(token);
      continue;
    }
    let from = 0;
    for (const found of token.matchAll(AT_DASH)) {
      if (found.index > from) tokens.push(token.slice(from, found.index));
      tokens.push({ oneOf: DASHES });
      places += 1;
      from = found.index + 1;
    }
    if (from < token.length) tokens.push(token.slice(from));
  }
  if (places === 0) return [pattern];
  if (places > 1) return [tokens];
  return [...DASHES].map((dash) => joined(tokens.map((token) => (typeof token === 'object' ? dash : token))));
}

/** Makes neighbouring literals one token. */
export function joined(tokens: readonly Token[]): Pattern {
  const result: Token[] = [];
  for (const token of tokens) {
    const last = result[result.length - 1];
    if (typeof token === 'string' && typeof last === 'string') result[result.length - 1] = last + token;
    else if (token !== ANY_MANY || last !== ANY_MANY) result.push(token);
  }
  return result;
}

/**
 * Replaces `%name%` by each of the values that the options give; `\%` is a plain percent sign.
 *
 * @returns the patterns, or the name that nothing is known about.
 */
export function expandPlaceholders(
  text: string,
  placeholders: Readonly<Record<string, readonly string[]>>,
): { patterns: Pattern[] } | { unknown: string } | { tooMany: true } {
  let drafts: Token[][] = [[]];
  for (const piece of text.match(/\\%|%[^%\s\\]+%|(?:[^%\\]|\\(?!%))+|%/g) ?? []) {
    const name = piece.length > 2 && piece.startsWith('%') ? piece.slice(1, -1) : undefined;
    if (name === undefined) {
      const tokens = piece === '\\%' ? ['%'] : parsePattern(piece);
      for (const draft of drafts) draft.push(...tokens);
      continue;
    }
    const values = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
    if (values === undefined) return { unknown: name };
    if (drafts.length * values.length > MAX_EXPANSIONS) return { tooMany: true };
    drafts = values.flatMap((value) => drafts.map((draft) => [...draft, ...parsePattern(value)]));
  }
  return { patterns: drafts.map(joined) };
}

const MAX_EXPANSIONS = 10_000;
