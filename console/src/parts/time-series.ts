import type { Charts } from '../api/shapes.ts';

export interface Series {
  readonly name: string;
  /** One count per bucket, zero where there was nothing. */
  readonly counts: readonly number[];
  readonly total: number;
}

export interface TimeGrid {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

/** Start times of the buckets that cover the range; buckets are aligned to the epoch, as the server's are. */
export function bucketTimes({ from, to, bucketMs }: TimeGrid): readonly number[] {
  const first = Math.floor(from / bucketMs) * bucketMs;
  const length = Math.min(MAX_BUCKETS, Math.max(0, Math.ceil((to - first) / bucketMs)));
  return Array.from({ length }, (_, index) => first + index * bucketMs);
}

const MAX_BUCKETS = 2_000;

/** Spreads sparse counts over the grid, one series per name in the order given; names without a count are left out. */
export function spread<Name extends string>(
  points: readonly { readonly bucketMs: number; readonly name: Name; readonly count: number }[],
  names: readonly Name[],
  grid: TimeGrid,
): readonly Series[] {
  const times = bucketTimes(grid);
  const indexOf = new Map(times.map((time, index) => [time, index]));
  const counts = new Map<Name, number[]>();
  for (const { bucketMs, name, count } of points) {
    const index = indexOf.get(Math.floor(bucketMs / grid.bucketMs) * grid.bucketMs);
    if (index === undefined) continue;
    const row = counts.get(name) ?? new Array<number>(times.length).fill(0);
    row[index] = (row[index] ?? 0) + count;
    counts.set(name, row);
  }
  return names.flatMap((name) => {
    const row = counts.get(name);
    return row ? [{ name, counts: row, total: row.reduce((sum, count) => sum + count, 0) }] : [];
  });
}

export function eventPoints(events: Charts['events']) {
  return events.map(({ bucketMs, source, count }) => ({ bucketMs, name: source, count }));
}

export function alertPoints(alerts: Charts['alerts']) {
  return alerts.map(({ bucketMs, level, count }) => ({ bucketMs, name: level, count }));
}

const STEPS_MS = [
  1_000,
  5_000,
  10_000,
  30_000,
  60_000,
  300_000,
  600_000,
  1_800_000,
  3_600_000,
  7_200_000,
  21_600_000,
  43_200_000,
  86_400_000,
  7 * 86_400_000,
] as const;
const WANTED_BUCKETS = 90;

/** A round bucket that gives about ninety bars. */
export function bucketFor(spanMs: number): number {
  return STEPS_MS.find((step) => spanMs / step <= WANTED_BUCKETS * 1.15) ?? Math.ceil(spanMs / WANTED_BUCKETS);
}
