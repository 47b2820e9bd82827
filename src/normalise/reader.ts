import type { Event, LogSource, SourceFormat } from '#model/event.ts';
import type { NormaliseContext } from './normaliser.ts';

/** What a format's folder offers. Like a `Normaliser`, but it is given records whose secrets are masked already. */
export interface RecordReader {
  readonly format: SourceFormat;
  readonly description: string;
  /** Does not keep the context: it is used again for the next record. */
  read(record: string, context: NormaliseContext): Event;
}

export const INFORMATIONAL = 1;
export const LOW = 2;

/** What is known of a record that no parser understands. */
export interface BaseFacts {
  readonly timeMs?: number;
  readonly message?: string;
  readonly hostname?: string;
  readonly process?: Event['process'];
  readonly severity?: number;
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** OCSF's base event, class 0: kept and searchable, but not understood. */
export function baseEvent(
  source: LogSource,
  record: string,
  context: NormaliseContext,
  facts: BaseFacts = NOTHING,
): Event {
  return {
    id: context.id,
    time: facts.timeMs ?? context.receivedMs,
    source,
    class_uid: 0,
    activity_id: 0,
    severity_id: facts.severity ?? INFORMATIONAL,
    message: facts.message ?? record,
    device: facts.hostname === undefined ? undefined : { hostname: facts.hostname },
    process: facts.process,
    unmapped: facts.unmapped ?? NOTHING_UNMAPPED,
    raw: record,
  };
}

const NOTHING: BaseFacts = {};
const NOTHING_UNMAPPED: Readonly<Record<string, unknown>> = Object.freeze({});
