/** How many of the last window’s places are taken, by a clock that only goes forward. */
export interface RateWindow {
  /** Takes a place, if there is one. */
  take(): boolean;
  /** Nothing is taken before so many milliseconds from now: the provider asked for quiet. */
  rest(forMs: number): void;
  /** Places that are free now. */
  free(): number;
}

/**
 * A sliding window: never more than `count` within any `windowMs`, wherever the provider’s own window begins.
 *
 * @param taken places that were taken before a restart; when is not known by this clock, so they count as just now.
 */
export function createRateWindow(
  { count, windowMs }: { readonly count: number; readonly windowMs: number },
  now: () => number = () => performance.now(),
  taken = 0,
): RateWindow {
  const at: number[] = Array.from({ length: Math.min(taken, count) }, () => now());
  let restUntil = Number.NEGATIVE_INFINITY;

  function free(): number {
    const since = now() - windowMs;
    while (at[0] !== undefined && at[0] <= since) at.shift();
    return now() < restUntil ? 0 : count - at.length;
  }

  return {
    free,
    take() {
      if (free() <= 0) return false;
      at.push(now());
      return true;
    },
    rest(forMs) {
      restUntil = Math.max(restUntil, now() + forMs);
    },
  };
}
