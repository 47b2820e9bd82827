import { isJsonObject } from '#kit/json.ts';
import type { LogSource, StoredEvent } from '#model/event.ts';

import { COLUMNS, FIXED_COLUMNS, HOT_FIELDS } from './columns.ts';

/** What `decodeRow` reads, in its order. */
export const ROW_COLUMNS = COLUMNS.filter((column) => column !== 'day' && column !== 'stray');
const FIRST_HOT = FIXED_COLUMNS.length - 2;

/** Puts an event together again from its columns and the rest. `event` is all of it but `raw`, which stands beside it. */
export function decodeRow(row: readonly unknown[]): StoredEvent {
  const [id, time, stream, source, messageTail, ownMessage, raw, rest] = row as readonly [
    number,
    number,
    string,
    LogSource,
    number,
    string,
    string,
    string,
  ];
  const message = messageTail >= 0 ? lastBytes(raw, messageTail) : ownMessage;
  const event: Record<string, unknown> = { id, time, source };
  for (const [index, { path, kind }] of HOT_FIELDS.entries()) {
    const value = row[FIRST_HOT + index];
    if (kind === 'number' ? value !== -1 : value !== '') setPath(event, path, value);
  }
  if (message !== '') event.message = message;
  if (rest !== '') merge(event, parseRest(rest));
  event.unmapped ??= {};
  return {
    id,
    time,
    source,
    stream,
    classUid: typeof event.class_uid === 'number' ? event.class_uid : 0,
    host: textAt(event, 'device', 'hostname'),
    user: textAt(event, 'user', 'name') || textAt(event, 'actor', 'user', 'name'),
    srcIp: textAt(event, 'src_endpoint', 'ip'),
    message,
    raw,
    event,
  };
}

function lastBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  return encoded.toString('utf8', Math.max(encoded.length - bytes, 0));
}

function setPath(event: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let fields = event;
  for (const name of names) {
    const below = (fields[name] ?? {}) as Record<string, unknown>;
    fields[name] = below;
    fields = below;
  }
  fields[last] = value;
}

/** JSON that a `RowBlock` wrote: bounded when it came in, its numbers exact. Only a member `__proto__` is left out. */
function parseRest(json: string): Record<string, unknown> {
  const parsed: unknown = json.includes('"__proto__"') ? JSON.parse(json, withoutProto) : JSON.parse(json);
  return isJsonObject(parsed) ? parsed : {};
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(from)) {
    const known = Object.hasOwn(into, name) ? into[name] : undefined;
    if (isJsonObject(known) && isJsonObject(value)) merge(known, value);
    else into[name] = value;
  }
}

function textAt(event: Record<string, unknown>, ...names: readonly string[]): string {
  let value: unknown = event;
  for (const name of names) value = isJsonObject(value) ? value[name] : undefined;
  return typeof value === 'string' ? value : '';
}
