import type { RawBatch } from '#model/batch.ts';

/** A batch of the given records, for tests. */
export function batchOf(records: readonly string[], stream = 'file:/var/log/auth.log'): RawBatch {
  const encoded = records.map((record) => Buffer.from(record));
  let end = 0;
  const ends = Uint32Array.from(encoded, (record) => (end += record.length));
  return { stream, format: 'syslog', receivedMs: 1_700_000_000_000, payload: Buffer.concat(encoded), ends };
}

/** The records of a batch as text. */
export function recordsOf(batch: Pick<RawBatch, 'payload' | 'ends'>): string[] {
  const payload = Buffer.from(batch.payload);
  return Array.from(batch.ends, (end, index) => payload.toString('utf8', batch.ends[index - 1] ?? 0, end));
}
