import type { Journal } from '#journal/journal.ts';
import type { JournalBatch } from '#model/batch.ts';
import type { Event } from '#model/event.ts';
import { forEachEvent } from '#normalise/index.ts';
import type { EventLake } from '#store/event-lake.ts';
import { type Follower, followJournal } from './follow.ts';

/** One block of the lake: what is held longer than it takes to write it costs the garbage collector. */
const ROUND_BYTES = 2 * 1024 * 1024;

export interface IndexingOptions {
  readonly journal: Pick<Journal, 'read'>;
  readonly lake: EventLake;
  readonly utcOffsetMinutes: (timeMs: number) => number;
  /** Throws when nothing may be stored at the moment; it is tried again. */
  readonly beforeAppend?: () => void;
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
      beforeAppend?.();
      await lake.append(toLakeBatch(batches, last.sequence, utcOffsetMinutes));
      onStored(last.sequence);
    },
  });
}

function toLakeBatch(
  batches: readonly JournalBatch[],
  lastSequence: number,
  utcOffsetMinutes: (timeMs: number) => number,
) {
  const events: Event[] = [];
  const streams: string[] = [];
  for (const batch of batches) {
    forEachEvent(batch, utcOffsetMinutes(batch.receivedMs), (event) => {
      events.push(event);
      streams.push(batch.stream);
    });
  }
  return { lastSequence, events, streams };
}
