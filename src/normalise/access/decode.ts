import { maskSecrets } from '../mask.ts';

/** An attacker may hide a payload behind several encodings; servers and frameworks undo two. */
const ROUNDS = 2;

/**
 * Path and query as the application will see them, for rules to search in: percent-decoded at most twice, `+` as a
 * space in the query, the escapes that servers put into their logs (`\x22`, `\"`) undone, lower-cased.
 *
 * `%uXXXX` and overlong UTF-8 (`%c0%af`) are read as lenient servers read them. What is not a valid escape stays.
 */
export function decodeTarget(target: string): string {
  if (!ENCODED.test(target)) return target.toLowerCase();
  let text = target.includes('\\') ? target.replace(LOGGED_ESCAPE, unescapeLogged) : target;
  const questionAt = text.indexOf('?');
  if (questionAt !== -1 && text.includes('+', questionAt)) {
    text = text.slice(0, questionAt) + text.slice(questionAt).replaceAll('+', ' ');
  }
  for (let round = 0; round < ROUNDS && text.includes('%'); round += 1) {
    const decoded = text.replace(ESCAPES, decodeRun);
    if (decoded === text) break;
    text = decoded;
  }
  // What was hidden from the masker by its encoding is not now.
  return maskSecrets(text.toLowerCase());
}

const ENCODED = /[%+\\]/;
const LOGGED_ESCAPE = /\\(?:x([\dA-Fa-f]{2})|(["\\]))/g;
/** One run of escapes, bounded so that a long one is decoded in pieces. */
const ESCAPES = /%u[\dA-Fa-f]{4}|(?:%[\dA-Fa-f]{2}){1,1000}/g;

function unescapeLogged(_whole: string, hex: string | undefined, literal: string | undefined): string {
  return hex === undefined ? (literal ?? '') : String.fromCharCode(Number.parseInt(hex, 16));
}

function decodeRun(run: string): string {
  if (run.charCodeAt(1) === 0x75) return String.fromCharCode(Number.parseInt(run.slice(2), 16));
  if (run.length === 3) {
    const code = Number.parseInt(run.slice(1), 16);
    return code < 0x80 ? String.fromCharCode(code) : '\u{fffd}';
  }
  const bytes: number[] = [];
  for (let at = 1; at < run.length; at += 3) {
    const byte = Number.parseInt(run.slice(at, at + 2), 16);
    const next = Number.parseInt(run.slice(at + 3, at + 5), 16);
    // Overlong: two bytes that stand for one of ASCII, which a correct decoder refuses.
    if ((byte === 0xc0 || byte === 0xc1) && next >= 0x80 && next < 0xc0) {
      bytes.push(((byte & 1) << 6) | (next & 0x3f));
      at += 3;
    } else {
      bytes.push(byte);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
