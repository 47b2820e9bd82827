import { isAscii } from 'node:buffer';
import type { JournalBatch } from '#model/batch.ts';
import { type Event, eventId } from '#model/event.ts';
import { maskSecrets } from './mask.ts';
import type { NormaliseContext } from './normaliser.ts';
import { baseEvent, type RecordReader } from './reader.ts';
import { scanForSuspects } from './suspects.ts';

/** Context of `NormaliseContext`, written anew for each record instead of made anew. */
type ReusedContext = { -readonly [Key in keyof NormaliseContext]: NormaliseContext[Key] };

/**
 * Reads every record of a batch, in order; one event for each, whatever it holds. Each is handed on before the next is
 * read: an event that nobody keeps is gone before it costs the garbage collector anything.
 *
 * A batch of plain ASCII is decoded once and its events hold slices of that one text: whoever keeps an event beyond
 * its batch copies the strings it needs. Other batches are decoded record by record as UTF-8, invalid bytes as U+FFFD.
 */
export function readBatch(
  batch: JournalBatch,
  reader: RecordReader,
  utcOffsetMinutes: number,
  take: (event: Event) => void,
): void {
  const { payload, ends, sequence } = batch;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const context: ReusedContext = { id: 0, receivedMs: batch.receivedMs, utcOffsetMinutes, stream: batch.stream };
  const text = isAscii(payload) ? bytes.toString('latin1') : undefined;
  const suspects = text === undefined ? undefined : scanForSuspects(text, bytes);
  let start = 0;
  for (let index = 0; index < ends.length; index += 1) {
    const end = ends[index] ?? start;
    context.id = eventId(sequence, index);
    if (text === undefined || suspects === undefined) {
      take(readSafely(reader, maskSecrets(bytes.toString('utf8', start, end)), context));
    } else {
      const record = text.slice(start, end);
      take(readSafely(reader, suspects.isSuspect(start, end) ? maskSecrets(record) : record, context));
    }
    start = end;
  }
}

/**
 * A reader never throws; should one do so all the same, its record must not stop all that come after it. It stays, as
 * a base event that says what happened.
 */
export function readSafely(reader: RecordReader, masked: string, context: NormaliseContext): Event {
  try {
    return reader.read(masked, context);
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    const event = baseEvent(UNREAD_SOURCE[reader.format], masked, context);
    event.status_detail = `The ${reader.format} reader failed: ${problem}`;
    return event;
  }
}

const UNREAD_SOURCE = {
  syslog: 'syslog',
  journald: 'syslog',
  access: 'nginx',
  auditd: 'auditd',
  cloudtrail: 'cloudtrail',
  actiontrail: 'actiontrail',
  kubernetes: 'kubernetes',
  docker: 'docker',
  postgresql: 'postgresql',
  mysql: 'mysql',
  json: 'json',
} as const;
