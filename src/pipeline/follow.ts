import type { Journal } from '#journal/journal.ts';
import { BartizanError } from '#kit/errors.ts';
import type { JournalBatch } from '#model/batch.ts';

/** How long to wait before looking by itself, when nobody says that there is more. */
const POLL_MS = 200;

export interface Follower {
  /** There is more in the journal: look now. */
  wake(): void;
  /** Ends after the batches in hand. */
  stop(): Promise<void>;
}

export interface FollowOptions {
  readonly journal: Pick<Journal, 'read'>;
  readonly afterSequence: number;
  /** Unpacked payload per round, so that memory is bounded however far behind the follower is. */
  readonly maxBytes: number;
  /** Called with one or more batches, in order; the next round waits for it. With none when it has caught up. */
  readonly onBatches: (batches: readonly JournalBatch[]) => Promise<void> | void;
  /**
   * A round failed; it is tried again after `retryMs` from the same place. A batch whose bytes are damaged is left out at
   * the second time.
   */
  readonly onError: (thrown: unknown) => void;
  readonly retryMs?: number;
}

/** Reads the journal to its end and then follows it. The one loop behind detection and the lake. */
export function followJournal({
  journal,
  afterSequence,
  maxBytes,
  onBatches,
  onError,
  retryMs = 1_000,
}: FollowOptions): Follower {
  let sequence = afterSequence;
  let isStopped = false;
  let hasMore = false;
  let wakeUp: (() => void) | undefined;

  async function run(): Promise<void> {
    let isIdle = false;
    let lastDamaged: number | undefined;
    while (!isStopped) {
      try {
        const batches = journal.read(sequence, maxBytes);
        if (batches.length > 0 || !isIdle) await onBatches(batches);
        const last = batches.at(-1);
        isIdle = last === undefined;
        if (last) {
          sequence = last.sequence;
          // Lets messages in between rounds of a long catch-up.
          await new Promise((resolve) => setImmediate(resolve));
        } else if (!hasMore) await sleep(POLL_MS);
        hasMore = false;
      } catch (thrown) {
        onError(thrown);
        const damaged = damagedSequence(thrown);
        // Nothing makes its bytes whole again, and what came after it must not wait for ever.
        if (damaged !== undefined && damaged === lastDamaged) sequence = damaged;
        lastDamaged = damaged;
        await sleep(retryMs);
      }
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      wakeUp = done;
      function done(): void {
        clearTimeout(timer);
        wakeUp = undefined;
        resolve();
      }
    });
  }

  const running = run();
  return {
    wake() {
      hasMore = true;
      wakeUp?.();
    },
    async stop() {
      isStopped = true;
      wakeUp?.();
      await running;
    },
  };
}

/** The batch that BTZ_JOURNAL_UNREADABLE names. */
function damagedSequence(thrown: unknown): number | undefined {
  if (!(thrown instanceof BartizanError) || thrown.code !== 'BTZ_JOURNAL_UNREADABLE') return undefined;
  const { sequence } = thrown.details;
  return typeof sequence === 'number' ? sequence : undefined;
}
