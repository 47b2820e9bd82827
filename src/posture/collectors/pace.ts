import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, FailureKind, Limit } from './collector.ts';

/** Asks no faster than the published limits, and again what was throttled. */
export interface Pace {
  /**
   * @returns the last answer: a failure that asking again may mend was asked again until patience ended.
   * @throws the signal’s reason once it is given up.
   */
  readonly call: (limit: Limit, ask: () => Promise<Answer>) => Promise<Answer>;
  /** Requests sent so far, and how many of them were throttled. */
  readonly counts: () => { readonly calls: number; readonly throttled: number };
}

export interface PaceOptions {
  /** Requests under way at once, over all products and regions. */
  readonly inFlight?: number;
  /** The first pause after throttling; each further one is twice as long. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One bucket for each key of a limit (GCRA). A tenth of a second’s calls may come at once and the rest at nine tenths of
 * the rate, so that no second ever sees more than the limit. Throttling halves a bucket’s rate for a while: others use
 * the same account.
 *
 * With pauses of 1, 2, 4 … 32 s a call outlasts a minute, which is how long ECS goes on throttling.
 */
export function createPace({ inFlight = 64, pauseMs = 1000, signal }: PaceOptions = {}): Pace {
  const buckets = new Map<string, Bucket>();
  const waiting: (() => void)[] = [];
  let free = inFlight;
  let calls = 0;
  let throttled = 0;

  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const bucketOf = ({ key, perSecond }: Limit): Bucket => {
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { perSecond, slower: 1, dueMs: 0, sentMs: [] };
      buckets.set(key, bucket);
    }
    return bucket;
  };

  /** A turn that waited for a free place may come beside others that did: then it waits again. */
  const enterInTime = async (bucket: Bucket): Promise<void> => {
    let waitMs = reserve(bucket, performance.now());
    for (;;) {
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      await enter();
      waitMs = untilAllowed(bucket, performance.now());
      if (waitMs <= 0) return;
      leave();
    }
  };

  return {
    async call(limit, ask) {
      const bucket = bucketOf(limit);
      for (let tries = 1; ; tries += 1) {
        await enterInTime(bucket);
        let answer: Answer;
        try {
          signal?.throwIfAborted();
          calls += 1;
          answer = await ask();
        } finally {
          leave();
        }
        if (answer.ok) bucket.slower = Math.max(1, bucket.slower * 0.98);
        else if (answer.failure.kind === 'throttled') {
          throttled += 1;
          bucket.slower = Math.min(16, bucket.slower * 2);
        }
        if (answer.ok || tries >= PATIENCE[answer.failure.kind]) return answer;
        const pause = pauseMs * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
        if (answer.failure.kind === 'throttled') bucket.dueMs = Math.max(bucket.dueMs, performance.now() + pause);
        else await sleep(pause, undefined, { signal });
      }
    },
    counts: () => ({ calls, throttled }),
  };
}

/** How often at most the same is asked. */
const PATIENCE: Readonly<Record<FailureKind, number>> = {
  throttled: 7,
  busy: 4,
  malformed: 2,
  denied: 1,
  credentials: 1,
  not_offered: 1,
  refused: 1,
};

interface Bucket {
  readonly perSecond: number;
  /** How many times slower than the limit, after throttling. */
  slower: number;
  /** When the next call would be due, were they evenly spread. */
  dueMs: number;
  /** When the last ones went out, as many as a second allows. */
  readonly sentMs: number[];
}

/** How long until one more may go out; if at once, it counts as gone. The network may push calls together by a little. */
function untilAllowed({ perSecond, sentMs }: Bucket, nowMs: number): number {
  const most = Math.max(1, Math.floor(perSecond * 0.9));
  const first = sentMs.length < most ? undefined : sentMs[sentMs.length - most];
  const waitMs = first === undefined ? 0 : first + SECOND_MS - nowMs;
  if (waitMs > 0) return waitMs;
  sentMs.push(nowMs);
  if (sentMs.length > most) sentMs.splice(0, sentMs.length - most);
  return 0;
}

const SECOND_MS = 1000;

function reserve(bucket: Bucket, nowMs: number): number {
  const intervalMs = (1000 / (bucket.perSecond * 0.9)) * bucket.slower;
  const burstMs = intervalMs * Math.max(0, Math.floor(bucket.perSecond / 10) - 1);
  const startMs = Math.max(nowMs, bucket.dueMs - burstMs);
  bucket.dueMs = Math.max(nowMs, bucket.dueMs) + intervalMs;
  return startMs - nowMs;
}
