import { maskSecrets } from '../mask.ts';

/** An attacker may hide a payload behind several encodings; a proxy, a server and a framework undo one each. */
const ROUNDS = 3;

/**
 * Path and query as the application will see them, for rules to search in: percent-decoded at most three times, `+` as a
 * space in the query, the escapes that servers put into their logs (`\x22`, `\"`) undone, lower-cased.
 *
 * `%uXXXX` (full-width forms too), overlong UTF-8 (`%c0%af`, `%e0%80%af`) and `\u0027` are read as lenient servers and
 * expression languages read them. What is not a valid escape stays.
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
  if (text.includes('\\u00')) text = text.replace(UNICODE_ESCAPE, (_whole, hex: string) => characterOf(hex));
  // What was hidden from the masker by its encoding is not now.
  return maskSecrets(text.toLowerCase());
}

const ENCODED = /[%+\\]/;
/** Bytes that a server did not want to write down come in runs: together they may be UTF-8. */
const LOGGED_ESCAPE = /(?:\\x[\dA-Fa-f]{2}){1,1000}|\\["\\]/g;
/** One run of escapes, bounded so that a long one is decoded in pieces. */
const ESCAPES = /%u[\dA-Fa-f]{4}|(?:%[\dA-Fa-f]{2}){1,1000}/g;
const UNICODE_ESCAPE = /\\u(00[2-7][\dA-Fa-f])/g;

function unescapeLogged(run: string): string {
  return run.charCodeAt(1) === SMALL_X ? textOfBytes(run, 4) : run.slice(1);
}

function decodeRun(run: string): string {
  if (run.charCodeAt(1) === SMALL_U) return String.fromCharCode(narrow(Number.parseInt(run.slice(2), 16)));
  return textOfBytes(run, 3);
}

/** The full-width forms of ASCII, which IIS takes for ASCII when they come as `%uFF07`; as UTF-8 they are what they are. */
function narrow(code: number): number {
  return code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
}

function characterOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** Bytes written as hexadecimal, the two digits at the end of every `width` characters, read as UTF-8. */
function textOfBytes(run: string, width: 3 | 4): string {
  const byteAt = (at: number): number => Number.parseInt(run.slice(at + width - 2, at + width), 16);
  if (run.length === width) {
    const code = byteAt(0);
    return code < 0x80 ? String.fromCharCode(code) : '\u{fffd}';
  }
  const bytes: number[] = [];
  for (let at = 0; at < run.length; at += width) {
    const byte = byteAt(at);
    const next = byteAt(at + width);
    // Overlong: two or three bytes that stand for one of ASCII, which a correct decoder refuses.
    if ((byte === 0xc0 || byte === 0xc1) && isContinuation(next)) {
      bytes.push(((byte & 1) << 6) | (next & 0x3f));
      at += width;
    } else if (byte === 0xe0 && (next === 0x80 || next === 0x81) && isContinuation(byteAt(at + 2 * width))) {
      bytes.push(((next & 1) << 6) | (byteAt(at + 2 * width) & 0x3f));
      at += 2 * width;
    } else {
      bytes.push(byte);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

const SMALL_X = 0x78;
const SMALL_U = 0x75;
