/** Nesting that evidence may have; what lies deeper is replaced by its own mark. */
const MAX_DEPTH = 32;
const TOO_DEEP = '[nested too deep]';

/**
 * JSON with one form only: members sorted by their UTF-16 code units, no white space, numbers and strings as JSON.stringify
 * writes them (RFC 8785). What JSON cannot say is said in the nearest way: a bigint as its digits, bytes as base64,
 * `undefined` members are left out, other undefined and infinite values are `null`. Never throws, however hostile the value.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0) ?? 'null';
}

function write(value: unknown, depth: number): string | undefined {
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return JSON.stringify(TOO_DEEP);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1) ?? 'null').join(',')}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const text = write((value as Record<string, unknown>)[name], depth + 1);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
