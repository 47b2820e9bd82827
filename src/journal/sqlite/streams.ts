import type { DatabaseSync } from 'node:sqlite';
import { BartizanError } from '#kit/errors.ts';
import { type Accounting, type Cursor, DROP_REASONS, type RawBatch, type StreamCounters } from '#model/batch.ts';
import { countersOf, type StreamRow } from './reader.ts';

/** What the journal knows of a stream: its counters and where its collector goes on. */
export interface StreamState extends StreamCounters {
  readonly id: number;
  readonly cursor?: Cursor;
}

/** The streams of a journal, held in memory by its one writer and written with each commit. */
export interface Streams {
  get(stream: string): StreamState | undefined;
  all(): readonly StreamCounters[];
  /** Begins a set of changes, of which nothing shows until `keep`. */
  draft(): StreamDraft;
}

export interface StreamDraft {
  /** Counts a batch and gives the stream's id. */
  count(batch: RawBatch, records: number, payloadBytes: number, accounting: Accounting): number;
  /** Writes what changed; call it inside the transaction, before the batches. */
  write(): void;
  /** The transaction is durable: makes the changes the truth. */
  keep(): void;
}

export function loadStreams(database: DatabaseSync): Streams {
  const rows = database.prepare('SELECT * FROM stream').all() as unknown as StreamRow[];
  const known = new Map<string, StreamState>(rows.map((row) => [row.name, stateOf(row)]));
  const upsert = database.prepare(
    `INSERT INTO stream (id, name, format, received, stored, bytes, dropped, last_received_ms, cursor)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET format = excluded.format, received = excluded.received, stored = excluded.stored,
       bytes = excluded.bytes, dropped = excluded.dropped, last_received_ms = excluded.last_received_ms,
       cursor = excluded.cursor`,
  );

  return {
    get: (stream) => known.get(stream),
    all: () => [...known.values()].sort(byName).map(({ id: _id, cursor: _cursor, ...counters }) => counters),
    draft() {
      const changed = new Map<string, StreamState>();
      let newStreams = 0;
      return {
        count(batch, records, payloadBytes, accounting) {
          const before = changed.get(batch.stream) ?? known.get(batch.stream);
          const id = before?.id ?? known.size + ++newStreams;
          changed.set(batch.stream, { ...counted(before, batch, records, payloadBytes, accounting), id });
          return id;
        },
        write() {
          for (const state of changed.values()) {
            const { id, stream, format, received, stored, bytes, dropped, lastReceivedMs, cursor } = state;
            const cursorText = cursor ? JSON.stringify(cursor) : null;
            upsert.run(
              id,
              stream,
              format,
              received,
              stored,
              bytes,
              JSON.stringify(dropped),
              lastReceivedMs,
              cursorText,
            );
          }
        },
        keep() {
          for (const [stream, state] of changed) known.set(stream, state);
        },
      };
    },
  };
}

/** Throws BTZ_INTERNAL for counts that cannot be. */
export function checkAccounting(accounting: Accounting): void {
  for (const reason of DROP_REASONS) {
    const count = accounting.dropped?.[reason] ?? 0;
    if (!Number.isSafeInteger(count) || count < 0)
      throw new BartizanError('BTZ_INTERNAL', { problem: `${count} records dropped as ${reason}` });
  }
}

function counted(
  before: StreamState | undefined,
  batch: RawBatch,
  records: number,
  payloadBytes: number,
  accounting: Accounting,
): Omit<StreamState, 'id'> {
  const dropped = { ...before?.dropped };
  let droppedNow = 0;
  for (const reason of DROP_REASONS) {
    const count = accounting.dropped?.[reason] ?? 0;
    if (count === 0) continue;
    dropped[reason] = (dropped[reason] ?? 0) + count;
    droppedNow += count;
  }
  return {
    stream: batch.stream,
    format: batch.format,
    received: (before?.received ?? 0) + records + droppedNow,
    stored: (before?.stored ?? 0) + records,
    bytes: (before?.bytes ?? 0) + payloadBytes,
    dropped,
    lastReceivedMs: records + droppedNow > 0 ? batch.receivedMs : (before?.lastReceivedMs ?? 0),
    cursor: accounting.cursor ?? before?.cursor,
  };
}

function stateOf(row: StreamRow): StreamState {
  return { ...countersOf(row), id: row.id, cursor: row.cursor ? (JSON.parse(row.cursor) as Cursor) : undefined };
}

function byName(a: StreamCounters, b: StreamCounters): number {
  return a.stream < b.stream ? -1 : 1;
}
