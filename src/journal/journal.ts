import type { Accounting, Cursor, JournalBatch, RawBatch, StreamCounters } from '#model/batch.ts';

/**
 * The port for raw records: an ordered log, and the source of truth for events. `append` returns when the batch, its
 * cursor and its counters are fsynced together (group commit: concurrent appends share one sync).
 */
export interface Journal {
  /** @returns the sequence of the batch. Throws BTZ_DISK_FULL when there is no space; nothing is stored then. */
  append(batch: RawBatch, accounting?: Accounting): Promise<number>;
  /** Batches after a sequence, oldest first; empty when there are none. Bounded by `maxBytes` of unpacked payload. */
  read(afterSequence: number, maxBytes: number): readonly JournalBatch[];
  lastSequence(): number;
  /** The cursor last committed for a stream. */
  cursor(stream: string): Cursor | undefined;
  counters(): readonly StreamCounters[];
  /** Deletes batches up to a sequence (inclusive) that are older than the time. Never one that a consumer still needs: the caller knows. */
  prune(upToSequence: number, beforeMs: number): number;
  sizeBytes(): number;
  close(): void;
}
