import type { JournalBatch } from '#model/batch.ts';
import type { Event, SourceFormat } from '#model/event.ts';
import { accessReader } from './access/index.ts';
import { actiontrailReader } from './actiontrail/index.ts';
import { auditdReader } from './auditd/index.ts';
import { readBatch, readSafely } from './batch.ts';
import { cloudtrailReader } from './cloudtrail/index.ts';
import { dockerReader } from './docker/index.ts';
import { journaldReader } from './journald/index.ts';
import { jsonReader } from './json/index.ts';
import { kubernetesReader } from './kubernetes/index.ts';
import { maskSecrets } from './mask.ts';
import { mysqlReader } from './mysql/index.ts';
import type { Normaliser } from './normaliser.ts';
import { postgresqlReader } from './postgresql/index.ts';
import type { RecordReader } from './reader.ts';
import { syslogReader } from './syslog/index.ts';

export type { NormaliseContext, Normaliser } from './normaliser.ts';

/** One reader per format; the folders beside this file. */
const READERS: Readonly<Record<SourceFormat, RecordReader>> = {
  syslog: syslogReader,
  journald: journaldReader,
  access: accessReader,
  auditd: auditdReader,
  cloudtrail: cloudtrailReader,
  actiontrail: actiontrailReader,
  kubernetes: kubernetesReader,
  docker: dockerReader,
  postgresql: postgresqlReader,
  mysql: mysqlReader,
  json: jsonReader,
};

/** The normaliser of a format. It masks secrets before anything is read, so that no field can hold one that `raw` has not. */
export function normaliserOf(format: SourceFormat): Normaliser {
  const reader = READERS[format];
  return {
    format,
    description: reader.description,
    normalise: (record, context) => readSafely(reader, maskSecrets(record), context),
  };
}

/**
 * Hands on the events of a batch, one per record and in its order; the fast path of the live run and of every replay.
 *
 * Events of an ASCII batch hold slices of the batch's text: keep copies of what outlives the batch.
 *
 * @param utcOffsetMinutes minutes east of UTC for stamps without a zone.
 */
export function forEachEvent(batch: JournalBatch, utcOffsetMinutes: number, take: (event: Event) => void): void {
  readBatch(batch, READERS[batch.format], utcOffsetMinutes, take);
}

/** The same as an array. */
export function normaliseBatch(batch: JournalBatch, utcOffsetMinutes: number): Event[] {
  const events: Event[] = [];
  forEachEvent(batch, utcOffsetMinutes, (event) => events.push(event));
  return events;
}
