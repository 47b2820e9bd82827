import type { Accounting, Cursor, JournalBatch, RawBatch, StreamCounters } from '#model/batch.ts';

/**
 * The port for raw records: an ordered log, and the source of truth for events. `append` returns when the batch, its
 * cursor and its counters are fsynced together (group commit: concurrent appends share one sync).
 */
export interface Journal extends JournalReader {
  /**
   * A batch without records carries accounting only: cursor and counters are committed, no batch is stored and no
   * sequence is used, so consumers never see it.
   *
   * @returns the sequence of the batch; the last one in use for a batch without records. Throws BTZ_DISK_FULL when there
   * is no space, BTZ_JOURNAL_UNWRITABLE when the disk fails; nothing is stored or counted then.
   */
  append(batch: RawBatch, accounting?: Accounting): Promise<number>;
  /**
   * Deletes batches up to a sequence (inclusive) that arrived before the time. Never one that a consumer still needs:
   * the caller knows. The newest batch stays, so that sequences go on after a restart.
   *
   * @returns how many were deleted.
   */
  prune(upToSequence: number, beforeMs: number): number;
  /** Disk space in use; space freed by `prune` and not yet used again is not counted. */
  sizeBytes(): number;
}

/**
 * What consumers need, in whichever thread or process they run. A reader sees a batch as soon as it is durable;
 * `lastSequence` is one page look-up, cheap enough to be polled every few milliseconds.
 */
export interface JournalReader {
  /**
   * Batches after a sequence, oldest first; empty when there are none. Bounded by `maxBytes` of unpacked payload, but at
   * least one. Throws BTZ_JOURNAL_UNREADABLE naming the batch when its bytes are damaged.
   */
  read(afterSequence: number, maxBytes: number): readonly JournalBatch[];
  /**
   * Where to begin to read what arrived at or after a time (epoch ms), but no more than the newest `maxBytes` of unpacked
   * payload: the sequence before the first such batch. Goes back from the newest, so a clock that was set back hides nothing newer.
   */
  sequenceBefore(sinceMs: number, maxBytes?: number): number;
  /** 0 when nothing was ever stored. */
  lastSequence(): number;
  /** The cursor last committed for a stream. */
  cursor(stream: string): Cursor | undefined;
  counters(): readonly StreamCounters[];
  close(): void;
}
