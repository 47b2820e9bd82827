import type { Accounting, Cursor, RawBatch } from '#model/batch.ts';

/**
 * Where a collector delivers. The promise settles when the batch is durable; a collector that waits for it has
 * back-pressure for free. Rejections are coded; the collector keeps the data and tries again.
 */
export interface Intake {
  deliver(batch: RawBatch, accounting?: Accounting): Promise<void>;
  cursor(stream: string): Cursor | undefined;
}

/** A running collector. */
export interface Collector {
  readonly stream: string;
  /** Stops taking in, delivers what it holds, and closes what it opened. */
  stop(): Promise<void>;
}
