import { isJsonObject, parseJson } from '#kit/json.ts';

export type Json = Record<string, unknown>;

/**
 * The audit event in an object, or in what services put around it: as text or object under `log`, `message`, `content` …,
 * in Azure’s `properties.log`, or flattened with the parts as text (a log service’s columns, as those of ACK’s clusters).
 */
export function unwrapAudit(value: unknown, depth = 0): Json | undefined {
  if (!isJsonObject(value) || depth > MOST_WRAPPERS) return undefined;
  if (typeof value.auditID === 'string' && typeof value.verb === 'string') return withParts(value);
  for (const name of WRAPPERS) {
    const inner = value[name];
    const found = unwrapAudit(typeof inner === 'string' ? parsed(inner) : inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const MOST_WRAPPERS = 3;
const WRAPPERS = ['log', 'message', 'content', 'properties', 'event', 'data', 'jsonPayload', '_raw'];
const PARTS = [
  'user',
  'impersonatedUser',
  'sourceIPs',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
  'annotations',
];

/** Columns of a log service hold their objects as text. */
function withParts(audit: Json): Json {
  let copy: Json | undefined;
  for (const part of PARTS) {
    const value = audit[part];
    if (typeof value !== 'string') continue;
    const read = parsed(value);
    if (read === undefined) continue;
    copy ??= { ...audit };
    copy[part] = read;
  }
  return copy ?? audit;
}

function parsed(text: string): unknown {
  const first = text.trimStart().charCodeAt(0);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return undefined;
  const result = parseJson(text);
  return result.ok ? result.value : undefined;
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
