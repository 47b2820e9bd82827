import { BartizanError } from '#kit/errors.ts';

import type { EventQuery } from '../event-lake.ts';
import { HOT_FIELDS } from './columns.ts';
import { DAY_MS } from './partition.ts';

/** Part of a WHERE clause; every value of the caller is in `parameters` and bound by the engine. */
export interface Filter {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

type Condition = NonNullable<EventQuery['where']>[number];
type Bind = (value: unknown, type: string) => string;

const MAX_CONDITIONS = 32;
const MAX_WORDS = 16;
const MAX_VALUE_CHARACTERS = 4_096;
const MAX_IDS = 1_000;
const MAX_SAFE_TIME_MS = 8.64e15;
/** Names joined by dots. Also names are bound, never spliced; the pattern keeps them to what a field can be called. */
const FIELD = /^[A-Za-z_@][\w@:/-]{0,99}(?:\.[\w@:/-]{1,100}){0,9}$/;

/** @throws BTZ_BODY_INVALID for a field that cannot be one, and where there is too much of something. */
export function filterOf(query: EventQuery): Filter {
  const parameters: Record<string, unknown> = {};
  const bind: Bind = (value, type) => {
    const name = `p${Object.keys(parameters).length}`;
    parameters[name] = value;
    return `{${name}:${type}}`;
  };
  const all = [timeRange(query, bind)];
  if (query.source !== undefined) all.push(`source = ${bind(query.source, 'String')}`);
  if (query.ids) {
    if (query.ids.length > MAX_IDS) throw invalid(`ids: at most ${MAX_IDS}`);
    const ids = query.ids.filter((id) => Number.isSafeInteger(id) && id >= 0);
    all.push(ids.length === 0 ? 'false' : `id IN ${bind(ids, 'Array(UInt64)')}`);
  }
  const words = (query.text ?? '').split(/\s+/u).filter((word) => word !== '');
  if (words.length > MAX_WORDS) throw invalid(`text: at most ${MAX_WORDS} words`);
  for (const word of words) all.push(contains('raw', bounded(word, 'text'), bind));
  const conditions = query.where ?? [];
  if (conditions.length > MAX_CONDITIONS) throw invalid(`where: at most ${MAX_CONDITIONS} conditions`);
  for (const condition of conditions) all.push(conditionSql(condition, bind));
  return { sql: all.map((part) => `(${part})`).join(' AND '), parameters };
}

export function invalid(problem: string): BartizanError {
  return new BartizanError('BTZ_BODY_INVALID', { problem });
}

/** From `fromMs` up to but not including `toMs`; only the partitions that can hold such times are opened. */
function timeRange({ fromMs, toMs }: EventQuery, bind: Bind): string {
  const from = safeTime(fromMs, 'fromMs');
  const to = safeTime(toMs, 'toMs');
  const days = [from, to].map((time) => bind(Math.min(Math.max(Math.floor(time / DAY_MS), 0), 65_535), 'UInt16'));
  return `time_ms >= ${bind(from, 'Int64')} AND time_ms < ${bind(to, 'Int64')} AND ((day >= ${days[0]} AND day <= ${days[1]}) OR stray = 1)`;
}

function safeTime(timeMs: number, name: string): number {
  if (Number.isNaN(timeMs)) throw invalid(`${name}: not a time`);
  return Math.ceil(Math.min(Math.max(timeMs, -MAX_SAFE_TIME_MS), MAX_SAFE_TIME_MS));
}

/** `eq` and `ne` are exact; the rest looks past upper and lower case. A field that is absent equals nothing. */
function conditionSql({ field, op, value }: Condition, bind: Bind): string {
  if (!FIELD.test(field)) throw invalid(`where: “${field.slice(0, 100)}” is not a field name`);
  const { text, exists } = expressionOf(field, bind);
  if (op === 'exists') return exists;
  const wanted = bounded(value ?? '', field);
  switch (op) {
    case 'eq':
      return `${exists} AND ${text} = ${bind(wanted, 'String')}`;
    case 'ne':
      return `NOT (${exists}) OR ${text} != ${bind(wanted, 'String')}`;
    case 'contains':
      return `${exists} AND ${contains(text, wanted, bind)}`;
    case 'startswith':
      return `${exists} AND startsWith(lowerUTF8(${text}), lowerUTF8(${bind(wanted, 'String')}))`;
    case 'endswith':
      return `${exists} AND endsWith(lowerUTF8(${text}), lowerUTF8(${bind(wanted, 'String')}))`;
    default:
      throw invalid(`where: unknown operator “${String(op satisfies never).slice(0, 40)}”`);
  }
}

interface Expression {
  /** A String, '' where the field is absent. */
  readonly text: string;
  readonly exists: string;
}

const COLUMN_BY_PATH: ReadonlyMap<string, Expression> = new Map<string, Expression>([
  ...HOT_FIELDS.map(({ path, column, kind }): [string, Expression] => [
    path,
    kind === 'number'
      ? { text: `toString(${column})`, exists: `${column} != -1` }
      : { text: column, exists: `${column} != ''` },
  ]),
  ['id', { text: 'toString(id)', exists: 'true' }],
  ['time', { text: 'toString(time_ms)', exists: 'true' }],
  ['source', { text: 'source', exists: 'true' }],
  ['stream', { text: 'stream', exists: `stream != ''` }],
  ['raw', { text: 'raw', exists: `raw != ''` }],
  [
    'message',
    {
      text: `if(message_tail >= 0, substring(raw, greatest(length(raw) - message_tail, 0) + 1), message)`,
      exists: `(message_tail >= 0 OR message != '')`,
    },
  ],
]);

/** Attributes of an event at its top; any other name is one of the source's own, and those are below `unmapped`. */
const OWN_NAMES = new Set([
  ...HOT_FIELDS.map(({ path }) => path.split('.')[0] ?? path),
  ...['unmapped', 'cloud', 'network', 'metadata'],
]);

function expressionOf(field: string, bind: Bind): Expression {
  const column = COLUMN_BY_PATH.get(field);
  if (column) return column;
  const names = field.split('.');
  const path = OWN_NAMES.has(names[0] ?? '') ? names : ['unmapped', ...names];
  const place = (parts: readonly string[]) => `event, ${parts.map((name) => bind(name, 'String')).join(', ')}`;
  const nested = jsonExpression(place(path));
  if (path[0] !== 'unmapped' || path.length < 3) return nested;
  // The source's own names may have dots in them.
  const flat = jsonExpression(place(['unmapped', path.slice(1).join('.')]));
  return {
    text: `if(${nested.exists}, ${nested.text}, ${flat.text})`,
    exists: `(${nested.exists} OR ${flat.exists})`,
  };
}

/** Strings as they are, everything else as its JSON. */
function jsonExpression(place: string): Expression {
  return {
    text: `if(JSONType(${place}) = 'String', JSONExtractString(${place}), JSONExtractRaw(${place}))`,
    exists: `JSONType(${place}) != 'Null'`,
  };
}

function contains(text: string, word: string, bind: Bind): string {
  const isAscii = /^[\x00-\x7f]*$/.test(word);
  const search = isAscii ? 'positionCaseInsensitive' : 'positionCaseInsensitiveUTF8';
  return `${search}(${text}, ${bind(word, 'String')}) > 0`;
}

function bounded(value: string, name: string): string {
  if (value.length > MAX_VALUE_CHARACTERS) throw invalid(`${name}: at most ${MAX_VALUE_CHARACTERS} characters`);
  return value.toWellFormed();
}
