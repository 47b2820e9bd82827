import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { BartizanError } from '#kit/errors.ts';
import type { Accounting, RawBatch } from '#model/batch.ts';
import type { Journal } from '../journal.ts';
import { createBatchCache } from './batch-cache.ts';
import { type PackedBatch, packBatch } from './codec.ts';
import { journalError, number, openForWriting } from './database.ts';
import { readingFrom } from './reader.ts';
import { checkAccounting, loadStreams } from './streams.ts';

/** After a commit, small appends wait this long for company; a journal that has rested longer commits at once. */
const GROUP_MS = 3;
/** Payload that is worth a commit of its own. */
const GROUP_BYTES = 32 * 1024;
/** The write-ahead log is moved into the database after this much, so that it stays about this long. */
const CHECKPOINT_BYTES = 8 * 2 ** 20;
/** Past this length the writer waits a moment for readers to let go of it. */
const LONG_LOG_BYTES = 64 * 2 ** 20;
/** Freed pages that `prune` gives back to the file system at most; the rest is used again by later batches. */
const VACUUM_PAGES = 8192;

/** Batches deleted in one transaction: few, so that pruning needs little space itself. */
const PRUNE_SLICE = 512;
/** Some consumers may have come further than the one that was asked; 8,000 renewals are possible. */
const RENEWAL_GAP = 2 ** 20;
/** What deleting a batch adds to the write-ahead log, about. */
const PRUNED_BATCH_BYTES = 4096;

interface Pending {
  readonly batch: RawBatch;
  readonly packed: PackedBatch;
  readonly accounting: Accounting;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: BartizanError) => void;
}

export interface JournalOptions {
  readonly cacheBytes?: number;
  /**
   * The highest sequence that a consumer has seen. A journal that ends before it was begun anew, and goes on far behind
   * it: consumers would skip what came below, and event ids must not be given twice.
   */
  readonly seenSequence?: number;
}

/**
 * Opens (or makes) the journal file. There must be one writer; readers come through `openJournalReader`.
 *
 * Throws BTZ_JOURNAL_UNREADABLE for a damaged file or another program's, BTZ_JOURNAL_UNWRITABLE, BTZ_DISK_FULL.
 */
export function openJournal(path: string, options: JournalOptions = {}): Journal {
  const database = openForWriting(path);
  const cache = createBatchCache(options.cacheBytes ?? 8 * 2 ** 20);
  const reading = readingFrom(database, path, cache);
  const streams = loadStreams(database);
  const insertBatch = database.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const deleteBatches = database.prepare(
    `DELETE FROM batch WHERE sequence IN
     (SELECT sequence FROM batch WHERE sequence <= ? AND received_ms < ? ORDER BY sequence LIMIT ?)`,
  );
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const checkpoint = createCheckpoint(database);

  let lastSequence = firstFree(reading.lastSequence(), options.seenSequence ?? 0);
  let pending: Pending[] = [];
  let pendingBytes = 0;
  let cancelScheduled: (() => void) | undefined;
  let committedAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  function schedule(): void {
    const restMs = pendingBytes >= GROUP_BYTES ? 0 : committedAtMs + GROUP_MS - performance.now();
    if (restMs > 0) {
      if (cancelScheduled) return;
      const timer = setTimeout(commitPending, restMs);
      cancelScheduled = () => clearTimeout(timer);
    } else {
      cancelScheduled?.();
      // The check phase comes after everything that was ready to be read has been appended.
      const immediate = setImmediate(commitPending);
      cancelScheduled = () => clearImmediate(immediate);
    }
  }

  function commitPending(): void {
    cancelScheduled?.();
    cancelScheduled = undefined;
    const group = pending;
    pending = [];
    pendingBytes = 0;
    if (group.length === 0) return;
    const draft = streams.draft();
    let next = lastSequence;
    try {
      const ids = group.map(({ batch, packed, accounting }) =>
        draft.count(batch, packed.records, packed.payloadBytes, accounting),
      );
      begin.run();
      draft.write();
      for (const [index, { batch, packed }] of group.entries()) {
        if (packed.records === 0) continue;
        const { records, payloadBytes, sendersBytes, body } = packed;
        const { format, receivedMs } = batch;
        insertBatch.run(++next, ids[index] as number, format, receivedMs, records, payloadBytes, sendersBytes, body);
      }
      commit.run();
    } catch (thrown) {
      rollBack(database);
      const error = journalError(thrown, path);
      for (const { reject } of group) reject(error);
      return;
    } finally {
      committedAtMs = performance.now();
    }
    draft.keep();
    for (const { batch, packed, resolve } of group) {
      if (packed.records > 0) {
        const { stream, format, receivedMs } = batch;
        cache.put({ sequence: ++lastSequence, stream, format, receivedMs, ...packed.unpacked });
      }
      resolve(lastSequence);
      checkpoint.written(packed.body.byteLength);
    }
    checkpoint.runIfDue();
  }

  return {
    ...reading,
    append(batch, accounting = {}) {
      return new Promise((resolve, reject) => {
        if (isClosed) throw new BartizanError('BTZ_JOURNAL_UNWRITABLE', { path, problem: 'it is closed' });
        checkAccounting(accounting);
        const packed = packBatch(batch);
        pending.push({ batch, packed, accounting, resolve, reject });
        pendingBytes += packed.payloadBytes;
        schedule();
      });
    },
    lastSequence: () => lastSequence,
    cursor: (stream) => streams.get(stream)?.cursor,
    counters: () => streams.all(),
    prune(upToSequence, beforeMs) {
      try {
        const limit = Math.min(upToSequence, lastSequence - 1);
        let deleted = 0;
        for (let slice = PRUNE_SLICE; slice === PRUNE_SLICE; deleted += slice) {
          slice = Number(deleteBatches.run(limit, beforeMs, PRUNE_SLICE).changes);
          checkpoint.written(slice * PRUNED_BATCH_BYTES);
          checkpoint.runIfDue();
        }
        if (deleted > 0) database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
        return deleted;
      } catch (thrown) {
        rollBack(database);
        throw journalError(thrown, path);
      }
    },
    sizeBytes() {
      const pages = number(database, 'PRAGMA page_count') - number(database, 'PRAGMA freelist_count');
      const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
      return pages * number(database, 'PRAGMA page_size') + (log?.size ?? 0);
    },
    close() {
      if (isClosed) return;
      commitPending();
      isClosed = true;
      database.close();
    },
  };
}

function firstFree(lastSequence: number, seenSequence: number): number {
  return lastSequence >= seenSequence ? lastSequence : seenSequence + RENEWAL_GAP;
}

function createCheckpoint(database: DatabaseSync) {
  const pageBytes = number(database, 'PRAGMA page_size');
  let writtenBytes = CHECKPOINT_BYTES;
  const run = (mode: 'PASSIVE' | 'RESTART') =>
    database.prepare(`PRAGMA wal_checkpoint(${mode})`).get() as unknown as { readonly log: number };
  return {
    written(bytes: number): void {
      // Two pages more per batch: its row and its stream's.
      writtenBytes += bytes + 2 * pageBytes;
    },
    runIfDue(): void {
      if (writtenBytes < CHECKPOINT_BYTES) return;
      writtenBytes = 0;
      try {
        if (run('PASSIVE').log * pageBytes > LONG_LOG_BYTES) run('RESTART');
      } catch {
        // What was committed is safe in the log; if it cannot grow either, the next append says so with its code.
      }
    },
  };
}

function rollBack(database: DatabaseSync): void {
  if (!database.isTransaction) return;
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself already; the first error is the one that counts.
  }
}
