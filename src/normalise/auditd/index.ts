import type { Event } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { toEvent } from './event.ts';
import { readAuditLine } from './fields.ts';
import { type AuditFacts, joinRecords } from './join.ts';
import { readLaurel } from './laurel.ts';

export const auditdReader: RecordReader = {
  format: 'auditd',
  description: 'Events of the Linux audit system: the lines of one event joined, or one object of laurel',
  read(record: string, context: NormaliseContext): Event {
    const facts = record.charCodeAt(0) === OPEN_BRACE ? readLaurel(record) : readLines(record);
    return facts === undefined ? baseEvent('auditd', record, context) : toEvent(facts, context);
  },
};

const OPEN_BRACE = 0x7b;
/** The kernel writes at most a few dozen records for one event. */
const MAX_LINES = 4096;

function readLines(record: string): AuditFacts | undefined {
  const lines = record.includes('\n') ? record.split('\n', MAX_LINES) : [record];
  const records = [];
  for (const line of lines) {
    const read = readAuditLine(line);
    if (read !== undefined) records.push(read);
  }
  return records.length === 0 ? undefined : joinRecords(records, record);
}
