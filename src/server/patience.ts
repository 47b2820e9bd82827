/** Lets somebody wait for others, but not for ever: waiting uses up a budget that comes back while nobody is waited for. */
export interface Patience {
  /** Others are behind: wait until so many milliseconds from now. */
  hold(ms: number): void;
  /** How long to wait, in milliseconds; 0 when it is time to go on. */
  waitMs(): number;
}

/**
 * @param budgetMs at most so long in one go; a minute without waiting gives a minute back.
 * @param nowMs a clock that only goes forward.
 */
export function createPatience(budgetMs: number, nowMs: () => number = () => performance.now()): Patience {
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let leftMs = budgetMs;
  let seenMs = nowMs();

  function settle(): void {
    const now = nowMs();
    const heldMs = Math.max(0, Math.min(now, heldUntilMs) - seenMs);
    leftMs = Math.max(0, Math.min(budgetMs, leftMs - heldMs + (now - seenMs - heldMs)));
    seenMs = now;
  }

  return {
    hold(ms) {
      settle();
      heldUntilMs = Math.max(heldUntilMs, seenMs + ms);
    },
    waitMs() {
      settle();
      return Math.max(0, Math.min(heldUntilMs - seenMs, leftMs));
    },
  };
}
