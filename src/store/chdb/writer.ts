import type { Session } from 'chdb';

import { type Event, eventId, sequenceOf } from '#model/event.ts';

import type { LakeBatch } from '../event-lake.ts';
import { TABLE } from './columns.ts';
import { openBlockFile } from './block-file.ts';
import { type RowBlock, rowBlock } from './encode.ts';
import { fromChdbError } from './errors.ts';
import { existingIds, highestIdFrom } from './existing.ts';
import type { SequenceMarker } from './marker.ts';

export interface LakeWriter {
  append(batch: LakeBatch): Promise<void>;
  /** Waits for what is under way, and ends. */
  close(): Promise<void>;
}

interface Pending {
  readonly batch: LakeBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One INSERT is one part on disk with its own fsync: large enough to be worth it, small enough for memory. */
const BLOCK_ROWS = 65_536;
const MAX_BLOCK_CHARACTERS = 16 * 1024 * 1024;
const MAX_ROUND_BATCHES = 64;

// One block: what is cut in two would be two parts.
const INSERT_SETTINGS =
  'max_threads = 1, max_insert_threads = 1, insert_deduplicate = 0, max_partitions_per_insert_block = 100, max_block_size = 1000000';

/**
 * Stores batches in the order in which they come; those that arrive while one is being stored are stored together.
 *
 * Exactly once: the marker says up to which sequence everything is stored, and moves only after the rows are fsynced. Rows
 * beyond it may have been stored by a call that died halfway (one INSERT that spans several days makes several parts), so
 * up to the highest id found at the start, or in a call that failed, each block is compared with the ids that are there.
 */
export function lakeWriter(session: Session, marker: SequenceMarker, folder: string, nowMs: () => number): LakeWriter {
  const waiting: Pending[] = [];
  const file = openBlockFile(folder);
  /** A block whose memory is used again. */
  const spare: RowBlock[] = [];
  let draining: Promise<void> | undefined;
  let uncertainUpTo: number | undefined;

  return {
    append: (batch) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        draining ??= drain();
      }),
    async close() {
      await draining;
      file.close();
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
    const last = batches.reduce((sequence, { lastSequence }) => Math.max(sequence, lastSequence), marker.noted);
    const stored = await storedUpTo(last);
    const blocks: RowBlock[] = [];
    let highestId = 0;
    const add = (event: Event, stream: string): void => {
      if (sequenceOf(event.id) <= marker.noted || stored.has(event.id)) return;
      if (event.id > highestId) highestId = event.id;
      let block = blocks.at(-1);
      if (block === undefined || isFull(block)) {
        block = spare.pop() ?? rowBlock(nowMs);
        blocks.push(block);
      }
      block.add(event, stream);
    };
    try {
      for (const { each } of batches) each(add);
      for (const block of blocks) await insert(block);
      if (last > marker.noted) await marker.note(last);
    } catch (thrown) {
      // Some of it may be there; the same rows will come again.
      uncertainUpTo = Math.max(uncertainUpTo, highestId);
      throw thrown;
    } finally {
      const [kept] = blocks;
      kept?.clear();
      if (kept !== undefined && spare.length === 0) spare.push(kept);
    }
  }

  async function insert(block: RowBlock): Promise<void> {
    const { columns, chunks } = block.encode();
    file.write(chunks);
    const names = columns.map(({ name }) => name).join(', ');
    const structure = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
    await session.queryAsync(
      `INSERT INTO ${TABLE} (${names}) SETTINGS ${INSERT_SETTINGS}
       SELECT * FROM file('${file.path}', 'Native', '${structure}')`,
    );
  }

  /** Of what may be stored already, the ids up to this sequence: at most the rows of one round. */
  async function storedUpTo(last: number): Promise<ReadonlySet<number>> {
    const first = eventId(marker.noted + 1, 0);
    const end = Math.min(uncertainUpTo ?? 0, eventId(last + 1, 0) - 1);
    return end < first ? NONE : existingIds(session, first, end);
  }
}

const NONE: ReadonlySet<number> = new Set();

function isFull({ rows, characters }: RowBlock): boolean {
  return rows >= BLOCK_ROWS || characters >= MAX_BLOCK_CHARACTERS;
}
