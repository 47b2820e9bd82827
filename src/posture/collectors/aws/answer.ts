import { UnreadableAnswer } from './failures.ts';

/** No page of an answer is near that. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_DEPTH = 40;

/**
 * The whole body of an answer.
 *
 * The SDK reads a page of a proxy, an empty body or the answer to another question as “nothing is set”: a body that is
 * good but not an answer is refused here.
 *
 * @throws UnreadableAnswer
 */
export async function readBody(status: number, body: unknown): Promise<Uint8Array> {
  const bytes = await collect(body);
  if (status >= 200 && status < 300 && !isAnswer(bytes)) throw new UnreadableAnswer();
  return bytes;
}

async function collect(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (!(Symbol.asyncIterator in (body as object))) throw new UnreadableAnswer();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new UnreadableAnswer();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An object of JSON, or XML that is closed by the element it began with. */
function isAnswer(bytes: Buffer): boolean {
  const head = bytes.toString('utf8', 0, 512).trimStart();
  const tail = bytes.toString('utf8', Math.max(0, bytes.length - 256)).trimEnd();
  if (head.startsWith('{')) return tail.endsWith('}');
  const root = /^(?:<\?xml[^>]*\?>\s*)?(?:<!--[^>]*-->\s*)?<([A-Za-z][\w.:-]*)/.exec(head)?.[1];
  if (root === undefined || /^html$/i.test(root)) return false;
  return tail.endsWith(`</${root}>`) || (tail.endsWith('/>') && bytes.length <= 512);
}

/**
 * An output of the SDK as plain data: dates as ISO 8601, bytes as Base64; what is not set is not there.
 *
 * @throws UnreadableAnswer where it is nested too deep
 */
export function toPlain(value: unknown, depth = 0): unknown {
  if (depth > MOST_DEPTH) throw new UnreadableAnswer();
  if (typeof value !== 'object' || value === null)
    return typeof value === 'bigint' ? Number(value) : (value ?? undefined);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((one) => toPlain(one, depth + 1));
  const plain: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    if (name === '__proto__' || (depth === 0 && name === '$metadata')) continue;
    const read = toPlain(one, depth + 1);
    if (read !== undefined && typeof read !== 'function') plain[name] = read;
  }
  return plain;
}
