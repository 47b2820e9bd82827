import { LOG_SOURCES, type LogSource } from '../../api/shapes.ts';
import { parseCondition } from './condition.ts';

const HOUR_MS = 3_600_000;
export const RECENT = {
  last1h: HOUR_MS,
  last24h: 24 * HOUR_MS,
  last7d: 168 * HOUR_MS,
  last30d: 720 * HOUR_MS,
} as const;
export type RecentName = keyof typeof RECENT;

/** What is looked for, as it stands in the address of the page. */
export interface Wanted {
  readonly range: RecentName | { readonly from: number; readonly to: number };
  readonly source?: LogSource;
  readonly text: string;
  readonly where: readonly string[];
}

const MAX_CONDITIONS = 20;

/** Reads the address; whatever is not understood is left out. */
export function readAddress(query: URLSearchParams): Wanted {
  const from = epochMs(query.get('from'));
  const to = epochMs(query.get('to'));
  const recent = (Object.keys(RECENT) as RecentName[]).find((name) => name === query.get('range'));
  return {
    range: from !== undefined && to !== undefined && from <= to ? { from, to } : (recent ?? 'last24h'),
    source: LOG_SOURCES.find((known) => known === query.get('source')),
    text: (query.get('text') ?? '').slice(0, 500),
    where: query
      .getAll('where')
      .filter((text) => parseCondition(text) !== undefined)
      .slice(0, MAX_CONDITIONS),
  };
}

export function writeAddress({ range, source, text, where }: Wanted): URLSearchParams {
  const query = new URLSearchParams();
  if (typeof range === 'string') query.set('range', range);
  else {
    query.set('from', String(range.from));
    query.set('to', String(range.to));
  }
  if (source) query.set('source', source);
  if (text) query.set('text', text);
  for (const condition of where) query.append('where', condition);
  return query;
}

/** Times of the range, seen from now. A recent range reaches a little ahead: clocks of senders differ. */
export function timesOf(range: Wanted['range'], nowMs: number): { readonly from: number; readonly to: number } {
  return typeof range === 'string' ? { from: nowMs - RECENT[range], to: nowMs + AHEAD_MS } : range;
}

const AHEAD_MS = 60_000;

function epochMs(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
