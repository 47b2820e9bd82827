import type { Alert } from '../../api/shapes.ts';

/** The fields in which the search finds an entity of an alert. */
const FIELDS: Readonly<Record<string, string>> = { src_ip: 'src_endpoint.ip' };
const MARGIN_MS = 60_000;

/** Event search around an alert: its time, and its source address where it has one. */
export function eventsLink({ firstMs, lastMs, entities }: Pick<Alert, 'firstMs' | 'lastMs' | 'entities'>): string {
  const query = new URLSearchParams({ from: String(firstMs - MARGIN_MS), to: String(lastMs + MARGIN_MS) });
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = entities[name];
    if (value !== undefined) query.append('where', `${field}=${value}`);
  }
  return `/events?${query.toString()}`;
}
