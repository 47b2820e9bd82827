import type { Event, SourceFormat } from '#model/event.ts';

/** Reads records of one format. Pure: the same record and context give the same event, today and at a replay. */
export interface Normaliser {
  readonly format: SourceFormat;
  readonly description: string;
  /** Never throws: a record that is not understood becomes a base event (class 0) with its text as the message. */
  normalise(record: string, context: NormaliseContext): Event;
}

export interface NormaliseContext {
  readonly id: number;
  /** Epoch milliseconds of arrival: gives the year to stamps without one, and the time to records without a stamp. */
  readonly receivedMs: number;
  /** Minutes east of UTC for stamps without a zone (the collecting host's own). */
  readonly utcOffsetMinutes: number;
  readonly stream: string;
}
