const DAY_MS = 86_400_000;

export const PERIODS = ['day', 'days3', 'all', 'custom'] as const;
export type Period = (typeof PERIODS)[number];

const SPANS_MS = { day: DAY_MS, days3: 3 * DAY_MS } as const;

export interface Times {
  readonly sinceMs: number;
  readonly untilMs?: number;
}

/** What of the past a hunt goes over; undefined while a custom period is none. */
export function timesOf(period: Period, nowMs: number, custom: Partial<Times>): Times | undefined {
  if (period === 'all') return { sinceMs: 0 };
  if (period !== 'custom') return { sinceMs: nowMs - SPANS_MS[period] };
  const { sinceMs, untilMs } = custom;
  if (sinceMs === undefined || untilMs === undefined || sinceMs >= untilMs) return undefined;
  return { sinceMs, untilMs };
}
