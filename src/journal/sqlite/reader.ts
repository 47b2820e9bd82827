import type { DatabaseSync } from 'node:sqlite';
import { BartizanError } from '#kit/errors.ts';
import type { Cursor, JournalBatch, StreamCounters } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import type { JournalReader } from '../journal.ts';
import { type BatchCache, createBatchCache } from './batch-cache.ts';
import { type Layout, unpackBatch } from './codec.ts';
import { journalError, openForReading } from './database.ts';

const DEFAULT_CACHE_BYTES = 8 * 2 ** 20;
/** Batches that one `read` gives back at most, however small they are. */
const MAX_READ_BATCHES = 1024;

/**
 * Opens a journal that another thread or process writes. Holds no lock between calls, so the writer's log can be
 * emptied. Throws BTZ_JOURNAL_UNREADABLE when it is absent, damaged or something else.
 */
export function openJournalReader(path: string, options: { readonly cacheBytes?: number } = {}): JournalReader {
  const database = openForReading(path);
  return readingFrom(database, path, createBatchCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES));
}

/** The reading half of a journal over an open database. */
export function readingFrom(database: DatabaseSync, path: string, cache: BatchCache): JournalReader {
  const selectPlan = database.prepare(
    `SELECT sequence, records, payload_bytes AS payloadBytes, senders_bytes AS sendersBytes
     FROM batch WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  );
  const selectBatch = database.prepare(
    `SELECT stream.name AS stream, batch.format, received_ms AS receivedMs, body
     FROM batch JOIN stream ON stream.id = batch.stream_id WHERE sequence = ?`,
  );
  const selectLast = database.prepare('SELECT max(sequence) AS sequence FROM batch');
  const selectBack = database.prepare(
    `SELECT sequence, received_ms AS receivedMs, payload_bytes AS payloadBytes FROM batch ORDER BY sequence DESC`,
  );
  const selectCursor = database.prepare('SELECT cursor FROM stream WHERE name = ?');
  const selectStreams = database.prepare('SELECT * FROM stream ORDER BY name');

  function fetch({ sequence, ...layout }: PlanRow): JournalBatch | undefined {
    const cached = cache.get(sequence);
    if (cached) return cached;
    const row = selectBatch.get(sequence) as unknown as BatchRow | undefined;
    if (!row) return undefined;
    const { stream, format, receivedMs, body } = row;
    try {
      const batch = { sequence, stream, format, receivedMs, ...unpackBatch(body, layout) };
      cache.put(batch);
      return batch;
    } catch (thrown) {
      const problem = `batch ${sequence} is damaged (${thrown instanceof Error ? thrown.message : String(thrown)})`;
      throw new BartizanError('BTZ_JOURNAL_UNREADABLE', { path, problem, sequence }, { cause: thrown });
    }
  }

  /** What stands before a damaged batch is given first; the next read, which begins with it, throws. */
  function fetchAfter(count: number, row: PlanRow): JournalBatch | 'damaged' | undefined {
    try {
      return fetch(row);
    } catch (thrown) {
      if (count === 0) throw thrown;
      return 'damaged';
    }
  }

  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw journalError(thrown, path, 'BTZ_JOURNAL_UNREADABLE');
    }
  };

  return {
    read: (afterSequence, maxBytes) =>
      guarded(() => {
        const batches: JournalBatch[] = [];
        let bytes = 0;
        for (const row of selectPlan.all(afterSequence, MAX_READ_BATCHES) as unknown as PlanRow[]) {
          bytes += row.payloadBytes;
          if (batches.length > 0 && bytes > maxBytes) break;
          const batch = fetchAfter(batches.length, row);
          if (batch === 'damaged') break;
          // Pruned by the writer since the plan was made: what comes after it is there.
          if (batch) batches.push(batch);
        }
        return batches;
      }),
    sequenceBefore: (sinceMs, maxBytes = Number.POSITIVE_INFINITY) =>
      guarded(() => {
        let before = 0;
        let bytes = 0;
        for (const row of selectBack.iterate() as Iterable<unknown>) {
          const { sequence, receivedMs, payloadBytes } = row as BackRow;
          bytes += payloadBytes;
          before = sequence;
          if (receivedMs < sinceMs || bytes > maxBytes) return before;
        }
        return Math.max(0, before - 1);
      }),
    lastSequence: () => guarded(() => (selectLast.get() as unknown as { sequence: number | null }).sequence ?? 0),
    cursor: (stream) =>
      guarded(() => {
        const row = selectCursor.get(stream) as unknown as Pick<StreamRow, 'cursor'> | undefined;
        return row?.cursor ? (JSON.parse(row.cursor) as Cursor) : undefined;
      }),
    counters: () => guarded(() => (selectStreams.all() as unknown as StreamRow[]).map(countersOf)),
    close: () => database.close(),
  };
}

/** A row of the table `stream`. */
export interface StreamRow {
  readonly id: number;
  readonly name: string;
  readonly format: SourceFormat;
  readonly received: number;
  readonly stored: number;
  readonly bytes: number;
  readonly dropped: string;
  readonly last_received_ms: number;
  readonly cursor: string | null;
}

export function countersOf(row: StreamRow): StreamCounters {
  const { name: stream, format, received, stored, bytes, dropped, last_received_ms: lastReceivedMs } = row;
  return { stream, format, received, stored, bytes, dropped: JSON.parse(dropped), lastReceivedMs };
}

interface PlanRow extends Layout {
  readonly sequence: number;
}

interface BackRow {
  readonly sequence: number;
  readonly receivedMs: number;
  readonly payloadBytes: number;
}

interface BatchRow {
  readonly stream: string;
  readonly format: SourceFormat;
  readonly receivedMs: number;
  readonly body: Uint8Array;
}
