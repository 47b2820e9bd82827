/** Deep enough for every format that we read (CloudTrail stays below 20), shallow enough for recursion anywhere. */
export const MAX_JSON_DEPTH = 64;

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: 'BTZ_JSON_INVALID' | 'BTZ_JSON_TOO_DEEP'; readonly problem: string };

/**
 * Reads one JSON document (RFC 8259) from hostile text. Never throws.
 *
 * Integers that a double cannot hold come back as strings of their digits, exact; so does a number that overflows to
 * infinity. Members named `__proto__` are left out. Nesting deeper than `maxDepth` is refused before anything is
 * built, in one pass over the text.
 */
export function parseJson(
  text: string,
  limits: { readonly maxDepth: number } = { maxDepth: MAX_JSON_DEPTH },
): JsonResult {
  if (hasMoreOpenings(text, limits.maxDepth) && isDeeperThan(text, limits.maxDepth)) {
    return { ok: false, code: 'BTZ_JSON_TOO_DEEP', problem: `nested deeper than ${limits.maxDepth} levels` };
  }
  try {
    const needsCare = LONG_NUMBER.test(text) || mayNameProto(text);
    return { ok: true, value: needsCare ? JSON.parse(text, keepExact as Reviver) : JSON.parse(text) };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message.slice(0, 200) : 'not JSON';
    return { ok: false, code: 'BTZ_JSON_INVALID', problem };
  }
}

/** A JSON object, and not an array or null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number of sixteen digits, or with an exponent of three: whatever a double may get wrong. May also hit inside strings. */
const LONG_NUMBER = /(?:[:,[]|^)\s*-?(?:\d{16}|\d{1,15}(?:\.\d*)?[eE]\+?\d{3})/;
/** The member's name, plain or with some of its letters escaped. */
function mayNameProto(text: string): boolean {
  return text.includes('__proto__') || (text.includes('\\u00') && ESCAPED_PROTO.test(text));
}
const ESCAPED_PROTO = /\\u00(?:5f|7[02]|6f|74)/i;

// The library's types do not know the third argument yet (ECMAScript 2025, JSON.parse source text access).
type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function keepExact(this: unknown, key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || context.source === undefined) return value;
  if (!Number.isFinite(value)) return context.source;
  return INTEGER.test(context.source) && !Number.isSafeInteger(value) ? context.source : value;
}

const INTEGER = /^-?\d+$/;

/** Most documents have fewer brackets than they may have levels, and need no closer look. */
function hasMoreOpenings(text: string, limit: number): boolean {
  let count = 0;
  for (const opening of ['{', '[']) {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
}

function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return false;
}

/** Index of the quote that ends the string which begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
