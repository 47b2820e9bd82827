import type { Session } from 'chdb';

import { sequenceOf } from '#model/event.ts';

import type { LakeBatch } from '../event-lake.ts';
import { TABLE } from './columns.ts';
import { encodeBlock, type LakeRow } from './encode.ts';
import { fromChdbError } from './errors.ts';
import { existingIds, highestIdFrom } from './existing.ts';
import type { SequenceMarker } from './marker.ts';
import { placeByDay } from './partition.ts';
import { rowBuffer } from './row-buffer.ts';

export interface LakeWriter {
  append(batch: LakeBatch): Promise<void>;
  /** Waits for what is under way. */
  drain(): Promise<void>;
}

interface Pending {
  readonly batch: LakeBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One INSERT is one part on disk with its own fsync: large enough to be worth it, small enough for memory. */
const BLOCK_ROWS = 16_384;
/** Only for large events: a block of small ones must not be cut into a part and a crumb. */
const MAX_BLOCK_BYTES = 10 * 1024 * 1024;
const MAX_ROUND_BATCHES = 64;

const INSERT_SETTINGS = {
  // One parser and one block: the work is a single stream, and a block that is cut in two would be two parts.
  input_format_parallel_parsing: 0,
  max_insert_threads: 1,
  max_threads: 1,
  insert_deduplicate: 0,
  max_partitions_per_insert_block: 100,
};

/**
 * Stores batches in the order in which they come; those that arrive while one is being stored are stored together.
 *
 * Exactly once: the marker says up to which sequence everything is stored, and moves only after the rows are fsynced. Rows
 * beyond it may have been stored by a call that died halfway (one INSERT that spans several days makes several parts), so
 * up to the highest id found at the start, or in a call that failed, each block is compared with the ids that are there.
 */
export function lakeWriter(session: Session, marker: SequenceMarker, folder: string, nowMs: () => number): LakeWriter {
  const waiting: Pending[] = [];
  const buffers = [rowBuffer(), rowBuffer()] as const;
  let turn = 0;
  let inserting: Promise<void> = Promise.resolve();
  let draining: Promise<void> | undefined;
  let uncertainUpTo: number | undefined;

  return {
    append: (batch) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        draining ??= drain();
      }),
    drain: async () => {
      await draining;
    },
  };

  async function drain(): Promise<void> {
    await Promise.resolve();
    while (waiting.length > 0) {
      const round = waiting.splice(0, MAX_ROUND_BATCHES);
      try {
        await storeRound(round.map(({ batch }) => batch));
        for (const { resolve } of round) resolve();
      } catch (thrown) {
        const error = fromChdbError(thrown, folder, 'append');
        for (const { reject } of round) reject(error);
      }
    }
    draining = undefined;
  }

  async function storeRound(batches: readonly LakeBatch[]): Promise<void> {
    uncertainUpTo ??= await highestIdFrom(session, marker.noted + 1);
    let highestId = 0;
    const rows: LakeRow[] = [];
    for (const { events, streams } of batches) {
      for (const [index, event] of events.entries()) {
        if (sequenceOf(event.id) <= marker.noted) continue;
        if (event.id > highestId) highestId = event.id;
        rows.push({ event, stream: streams[index] ?? '' });
      }
    }
    try {
      const blocks = Math.max(Math.round(rows.length / BLOCK_ROWS), 1);
      const size = Math.ceil(rows.length / blocks);
      for (let start = 0; start < rows.length; start += size) await storeBlock(rows.slice(start, start + size));
      await inserting;
      const last = batches.reduce((sequence, { lastSequence }) => Math.max(sequence, lastSequence), marker.noted);
      if (last > marker.noted) await marker.note(last);
    } catch (thrown) {
      await inserting.catch(settled);
      inserting = Promise.resolve();
      // What waited in a buffer must not go in with the next round.
      for (const buffer of buffers) buffer.clear();
      // Some of it may be there; the same rows will come again.
      uncertainUpTo = Math.max(uncertainUpTo, highestId);
      throw thrown;
    }
  }

  async function storeBlock(rows: readonly LakeRow[]): Promise<void> {
    const fresh = await withoutExisting(rows);
    const arrivedMs = nowMs();
    const placement = placeByDay(timesOf(fresh), arrivedMs);
    let buffer = buffers[turn & 1 ? 1 : 0];
    const block = encodeBlock(fresh, placement, arrivedMs);
    for (const line of block.lines()) {
      buffer.add(line);
      if (buffer.sizeBytes() < MAX_BLOCK_BYTES) continue;
      await insert(block.columns);
      buffer = buffers[turn & 1 ? 1 : 0];
    }
    if (buffer.sizeBytes() > 0) await insert(block.columns);
  }

  /** Starts the insert of the filled buffer when the one before is done, and turns to the other buffer. */
  async function insert(columns: readonly string[]): Promise<void> {
    const buffer = buffers[turn & 1 ? 1 : 0];
    await inserting;
    inserting = session
      .insert({
        table: TABLE,
        columns,
        format: 'JSONCompactEachRow',
        values: buffer.bytes(),
        settings: INSERT_SETTINGS,
      })
      .then(
        () => buffer.clear(),
        (error: unknown) => {
          buffer.clear();
          throw error;
        },
      );
    // Whoever awaits it next hears of a failure; until then it must not count as unhandled.
    inserting.catch(settled);
    turn += 1;
  }

  async function withoutExisting(rows: readonly LakeRow[]): Promise<readonly LakeRow[]> {
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const { event } of rows) {
      if (event.id < first) first = event.id;
      if (event.id > last) last = event.id;
    }
    if (first > (uncertainUpTo ?? 0)) return rows;
    // An insert of this round may still be under way.
    await inserting;
    const existing = await existingIds(session, first, last);
    return existing.size === 0 ? rows : rows.filter(({ event }) => !existing.has(event.id));
  }
}

function* timesOf(rows: readonly LakeRow[]): Generator<number> {
  for (const { event } of rows) yield event.time;
}

function settled(): void {}
