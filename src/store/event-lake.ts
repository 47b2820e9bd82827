import type { Event, LogSource, StoredEvent } from '#model/event.ts';

/** The port for events at rest: searchable, compressed, dropped by whole days. */
export interface EventLake {
  /**
   * Stores the events of whole journal batches, in order. Thousands of events at a time are cheaper than a few; calls that
   * overlap are stored together. What is given at once is held in memory at once.
   * Durable when it returns, and exactly once: after a crash the same call is repeated with the same ids, and rows that
   * are there already are not stored again.
   */
  append(batch: LakeBatch): Promise<void>;
  /** The highest journal sequence that is wholly stored; 0 when empty. Survives kill -9. */
  storedSequence(): Promise<number>;
  /**
   * Newest first. A page may hold fewer than `limit` events although there are more, when they are large: see `next`.
   * @throws BTZ_BODY_INVALID, BTZ_SEARCH_TOO_WIDE, BTZ_LAKE_UNAVAILABLE
   */
  search(query: EventPageQuery): Promise<EventPage>;
  histogram(
    query: EventQuery,
    bucketMs: number,
  ): Promise<readonly { readonly bucketMs: number; readonly source: LogSource; readonly count: number }[]>;
  /** Drops day partitions that lie wholly before the time; answers the days dropped (`YYYY-MM-DD`). */
  dropBefore(timeMs: number): Promise<readonly string[]>;
  /** Rows and compressed bytes on disk. */
  size(): Promise<{ readonly rows: number; readonly bytes: number }>;
  close(): Promise<void>;
}

export interface LakeBatch {
  readonly lastSequence: number;
  /** Hands on each event with the collector that it came through, in the order of ids; events need not outlive the call. */
  each(take: (event: Event, stream: string) => void): void;
}

export interface EventQuery {
  /** From here up to but not including `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly source?: LogSource;
  /**
   * Conditions on OCSF paths or on the source's own names: `user.name`, `src_endpoint.ip`, `unmapped.eventName`.
   * All must hold. Values are bound, never spliced. `eq` and `ne` are exact, the others look past upper and lower case;
   * a field that is absent equals nothing. What is not a string is compared as its JSON.
   */
  readonly where?: readonly {
    readonly field: string;
    readonly op: 'eq' | 'ne' | 'contains' | 'startswith' | 'endswith' | 'exists';
    readonly value?: string;
  }[];
  /** Words that must all occur in the raw text, case-insensitively. */
  readonly text?: string;
  readonly ids?: readonly number[];
}

export interface EventPage {
  readonly items: readonly StoredEvent[];
  /** Give it back as `before` to see older ones. */
  readonly next?: string;
}

export interface EventPageQuery extends EventQuery {
  /** At most 1,000. */
  readonly limit: number;
  readonly before?: string;
}
