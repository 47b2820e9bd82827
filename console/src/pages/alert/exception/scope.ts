/** Milliseconds of a day. */
const DAY_MS = 86_400_000;
/** How long an exception may be asked for; the server allows 365 days at most. */
export const EXCEPTION_DURATIONS_MS = [7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS, 365 * DAY_MS] as const;
/** How long what is known may be quiet; the server allows 30 days at most. */
export const QUIET_DURATIONS_MS = [4 * 3_600_000, DAY_MS, 7 * DAY_MS, 30 * DAY_MS] as const;
export const DEFAULT_QUIET_MS = DAY_MS;
export const DEFAULT_EXCEPTION_MS = 30 * DAY_MS;
export const MAX_REASON_LENGTH = 500;

/** What is left of the narrowest scope after some of it was unticked. */
export function scopeWithout(
  choices: Readonly<Record<string, string>>,
  unticked: ReadonlySet<string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(choices).filter(([name]) => !unticked.has(name)));
}

/** Whether an exception ended, by itself or by a person. */
export function isOver(
  { expiresMs, endedMs }: { readonly expiresMs: number; readonly endedMs?: number | undefined },
  nowMs: number,
): boolean {
  return endedMs !== undefined || expiresMs <= nowMs;
}
