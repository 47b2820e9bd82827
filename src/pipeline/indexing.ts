import type { Journal } from '#journal/journal.ts';
import { forEachEvent } from '#normalise/index.ts';
import type { EventLake } from '#store/event-lake.ts';
import { type Follower, followJournal } from './follow.ts';

/** One block of the lake: larger ones are merged less often, and take more memory. */
const ROUND_BYTES = 6 * 1024 * 1024;

export interface IndexingOptions {
  readonly journal: Pick<Journal, 'read'>;
  readonly lake: EventLake;
  readonly utcOffsetMinutes: (timeMs: number) => number;
  /** Waits while others need the machine more; throws when nothing may be stored at the moment, and it is tried again. */
  readonly beforeAppend?: () => Promise<void> | void;
  readonly onStored: (sequence: number) => void;
  readonly onError: (thrown: unknown) => void;
}

/** Journal → lake, from where the lake itself says that it is. A crash repeats at most one round, which the lake knows. */
export async function startIndexing({
  journal,
  lake,
  utcOffsetMinutes,
  beforeAppend,
  onStored,
  onError,
}: IndexingOptions): Promise<Follower> {
  const afterSequence = await lake.storedSequence();
  onStored(afterSequence);
  return followJournal({
    journal,
    afterSequence,
    maxBytes: ROUND_BYTES,
    onError,
    async onBatches(batches) {
      const last = batches.at(-1);
      if (!last) return;
      await beforeAppend?.();
      await lake.append({
        lastSequence: last.sequence,
        each(take) {
          for (const batch of batches)
            forEachEvent(batch, utcOffsetMinutes(batch.receivedMs), (event) => take(event, batch.stream));
        },
      });
      onStored(last.sequence);
    },
  });
}
