/** Keeps costly work that could be done at any time to a share of the time. Milliseconds of a clock that only goes forward. */
export interface Pacer {
  /** Whether enough time has passed since the last run, measured by how long that took. */
  isDue(): boolean;
  /** Runs the work and notes how long it took. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** How long the run that is under way has taken so far; 0 when there is none. */
  runningMs(): number;
}

export function createPacer({
  atLeastMs,
  share,
  now = () => performance.now(),
}: {
  atLeastMs: number;
  share: number;
  now?: () => number;
}): Pacer {
  let endedMs = now();
  let tookMs = 0;
  let startedMs: number | undefined;
  return {
    isDue: () => startedMs === undefined && now() - endedMs >= Math.max(atLeastMs, tookMs / share - tookMs),
    async run(work) {
      startedMs = now();
      try {
        return await work();
      } finally {
        endedMs = now();
        tookMs = endedMs - startedMs;
        startedMs = undefined;
      }
    },
    runningMs: () => (startedMs === undefined ? 0 : now() - startedMs),
  };
}
