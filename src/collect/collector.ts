import type { Accounting, Cursor, RawBatch } from '#model/batch.ts';

/**
 * Where a collector delivers. The promise settles when the batch is durable; a collector that waits for it has
 * back-pressure for free. Rejections are coded; the collector keeps the data and tries again. A batch without records
 * carries accounting only.
 */
export interface Intake {
  deliver(batch: RawBatch, accounting?: Accounting): Promise<void>;
  cursor(stream: string): Cursor | undefined;
}

/** A running collector. */
export interface Collector {
  readonly stream: string;
  /** What it is doing right now, for the list of sources. */
  status(): CollectorStatus;
  /** Stops taking in, delivers what it holds, and closes what it opened. */
  stop(): Promise<void>;
}

/**
 * `waiting`: what it watches is not there yet. `no_permission`: this user may not read it. `error`: it keeps trying.
 */
export type CollectorState = 'watching' | 'waiting' | 'no_permission' | 'error' | 'stopped';

export interface CollectorStatus {
  readonly state: CollectorState;
  /** Why, and what to do; empty when all is well. */
  readonly detail: string;
  /** Epoch milliseconds since when. */
  readonly sinceMs: number;
}
