/** Where the rows of one insert go: the day of the event, or the strays of the day on which it arrived. */
export interface Placement {
  /** `undefined`: with the strays of `arrivalDay`. */
  dayOf(timeMs: number): number | undefined;
  readonly arrivalDay: number;
}

export const DAY_MS = 86_400_000;
/** Older events than this are kept with the strays. */
const MAX_AGE_DAYS = 730;
/** Clocks may be ahead, and zones wrong. */
const MAX_AHEAD_DAYS = 2;
const MAX_DAYS_PER_INSERT = 8;

/**
 * Days are partitions, and each part of each is a folder with its own fsync: an event may say any time that it likes, but
 * not make a folder of it. Own partitions get the days that are near the time of arrival and, of these, the eight with
 * most rows in this insert. All other rows are strays: in one partition per day of arrival, found by their stated time
 * like any other, dropped by their time of arrival.
 */
export function placeByDay(timesMs: Iterable<number>, arrivedMs: number): Placement {
  const arrivalDay = Math.min(Math.max(Math.floor(arrivedMs / DAY_MS), 0), 65_535);
  const rowsByDay = new Map<number, number>();
  let day = Number.NaN;
  let rows = 0;
  for (const timeMs of timesMs) {
    const next = Math.floor(timeMs / DAY_MS);
    if (next === day) {
      rows += 1;
      continue;
    }
    if (rows > 0) rowsByDay.set(day, (rowsByDay.get(day) ?? 0) + rows);
    day = next;
    rows = isNear(day, arrivalDay) ? 1 : 0;
    // Days that are not near stay at 0 rows, but their run must not be counted to another day.
    if (rows === 0) day = Number.NaN;
  }
  if (rows > 0) rowsByDay.set(day, (rowsByDay.get(day) ?? 0) + rows);
  const days = new Set(
    [...rowsByDay]
      .sort((one, other) => other[1] - one[1] || other[0] - one[0])
      .slice(0, MAX_DAYS_PER_INSERT)
      .map(([chosen]) => chosen),
  );
  return {
    arrivalDay,
    dayOf(timeMs) {
      const own = Math.floor(timeMs / DAY_MS);
      return days.has(own) ? own : undefined;
    },
  };
}

function isNear(day: number, arrivalDay: number): boolean {
  return day >= 0 && day >= arrivalDay - MAX_AGE_DAYS && day <= arrivalDay + MAX_AHEAD_DAYS;
}
