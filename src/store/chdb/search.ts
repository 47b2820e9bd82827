import type { Session } from 'chdb';

import type { LogSource } from '#model/event.ts';

import type { EventLake, EventPage, EventPageQuery, EventQuery } from '../event-lake.ts';
import { TABLE } from './columns.ts';
import { filterOf, invalid } from './condition.ts';
import { decodeRow, ROW_COLUMNS } from './decode.ts';

export interface LakeSearch extends Pick<EventLake, 'search' | 'histogram'> {}

export interface SearchLimits {
  readonly seconds: number;
  readonly memoryBytes: number;
}

const MAX_PAGE = 1_000;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const MAX_BUCKETS = 10_000;
const CURSOR = /^(-?\d{1,16}):(\d{1,16})$/;

/** Newest first, by stated time; events of the same millisecond by id. Every query is bounded in time and memory. */
export function lakeSearch(session: Session, limits: SearchLimits): LakeSearch {
  const settings = [
    `max_execution_time = ${limits.seconds}`,
    `timeout_overflow_mode = 'throw'`,
    `max_memory_usage = ${limits.memoryBytes}`,
    'max_threads = 1',
    'max_rows_to_group_by = 200000',
    'output_format_json_quote_64bit_integers = 0',
  ].join(', ');

  return {
    async search(query: EventPageQuery): Promise<EventPage> {
      const limit = Math.min(Math.max(Math.trunc(query.limit), 1), MAX_PAGE);
      const filter = filterOf(query);
      const cursor = cursorOf(query.before);
      const older = cursor
        ? ` AND time_ms <= {lastMs:Int64} AND (time_ms < {lastMs:Int64} OR id < {lastId:UInt64})`
        : '';
      // First only where they are and how long, so that a page of giant rows is cut before they are read.
      const found = await rows<readonly [number, number, number]>(
        `SELECT time_ms, id, length(raw) + length(event) + length(message) FROM ${TABLE} WHERE ${filter.sql}${older} ORDER BY time_ms DESC, id DESC LIMIT ${limit + 1}`,
        { ...filter.parameters, ...cursor },
      );
      const page = firstBytes(found.slice(0, limit));
      const last = page.at(-1);
      if (!last) return { items: [] };
      const keys = page.map(([timeMs, id]) => `(${Number(timeMs)},${Number(id)})`).join(',');
      const whole = await rows<readonly unknown[]>(
        `SELECT ${ROW_COLUMNS.join(', ')} FROM ${TABLE} WHERE (time_ms, id) IN (${keys}) ORDER BY time_ms DESC, id DESC`,
        {},
      );
      const items = whole.map(decodeRow);
      return page.length < found.length ? { items, next: `${last[0]}:${last[1]}` } : { items };
    },

    async histogram(query: EventQuery, bucketMs: number) {
      const bucket = Math.trunc(bucketMs);
      if (!(bucket >= 1)) throw invalid('bucketMs: at least 1');
      if ((query.toMs - query.fromMs) / bucket > MAX_BUCKETS) throw invalid(`bucketMs: at most ${MAX_BUCKETS} buckets`);
      const filter = filterOf(query);
      const counted = await rows<readonly [number, LogSource, number]>(
        `SELECT time_ms - positiveModulo(time_ms, {bucket:Int64}) AS start, source, count() FROM ${TABLE} WHERE ${filter.sql} GROUP BY start, source ORDER BY start, source`,
        { ...filter.parameters, bucket },
      );
      return counted.map(([start, source, count]) => ({ bucketMs: start, source, count }));
    },
  };

  async function rows<Row>(sql: string, parameters: Readonly<Record<string, unknown>>): Promise<readonly Row[]> {
    const result = await session.queryBindAsync(`${sql} SETTINGS ${settings}`, parameters, {
      format: 'JSONCompactEachRow',
    });
    const text = result.text();
    return text === '' ? [] : (JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as Row[]);
  }
}

function cursorOf(before: string | undefined): { readonly lastMs: number; readonly lastId: number } | undefined {
  if (before === undefined) return undefined;
  const match = CURSOR.exec(before);
  if (!match) throw invalid('before: not a place in a list of events');
  return { lastMs: Number(match[1]), lastId: Number(match[2]) };
}

/** As many as fit, and always one. */
function firstBytes<Row extends readonly [number, number, number]>(found: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const fits = found.findIndex(([, , length], index) => {
    bytes += length;
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return fits === -1 ? found : found.slice(0, fits);
}
