import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { drainPending, Session } from 'chdb';

import { BartizanError } from '#kit/errors.ts';

import type { EventLake } from '../event-lake.ts';
import { CREATE_TABLE, TABLE } from './columns.ts';
import { fromChdbError } from './errors.ts';
import { openMarker } from './marker.ts';
import { DAY_MS } from './partition.ts';
import { inTurns } from './queue.ts';
import { lakeSearch } from './search.ts';
import { lakeWriter } from './writer.ts';

export interface ChdbLakeOptions {
  /** Limits of one search. Default 10 s and 160 MB. */
  readonly searchSeconds?: number;
  readonly searchMemoryBytes?: number;
  /** Epoch milliseconds, for events that say no time or an absurd one. */
  readonly nowMs?: () => number;
}

const MB = 1024 * 1024;
const MAX_WAITING_SEARCHES = 32;

/** Sizes for a machine with 2 GB; they have to be given when the engine starts. */
const ENGINE = [
  '--max_threads=1',
  '--mark_cache_size=16777216',
  '--primary_index_cache_size=16777216',
  '--index_mark_cache_size=4194304',
  '--query_condition_cache_size=4194304',
  '--compiled_expression_cache_size=4194304',
  '--max_server_memory_usage=900000000',
  '--merges_mutations_memory_usage_soft_limit=200000000',
  '--background_pool_size=1',
];

/**
 * Opens the event lake in a folder, which it makes. One process at a time, and one folder per process: chDB is one engine
 * per process. It runs its own threads and takes memory outside of the JavaScript heap, so it belongs in a child process.
 *
 * @throws BTZ_LAKE_UNAVAILABLE, BTZ_DISK_FULL
 */
export function openChdbLake(path: string, options: ChdbLakeOptions = {}): EventLake {
  const { searchSeconds = 10, searchMemoryBytes = 160 * MB, nowMs = Date.now } = options;
  const { writing, reading } = openSessions(path);
  const marker = openMarker(path);
  const writer = lakeWriter(writing, marker, path, nowMs);
  const search = lakeSearch(reading, { seconds: searchSeconds, memoryBytes: searchMemoryBytes });
  const inTurn = inTurns(MAX_WAITING_SEARCHES);
  let closing: Promise<void> | undefined;

  return {
    async append(batch) {
      refuseClosed();
      await writer.append(batch);
    },
    storedSequence: async () => marker.noted,
    search: (query) => read(() => search.search(query)),
    histogram: (query, bucketMs) => read(() => search.histogram(query, bucketMs)),
    dropBefore: (timeMs) => read(() => dropBefore(timeMs)),
    size: () => read(size),
    close() {
      closing ??= (async () => {
        await writer.close();
        await inTurn(async () => {}).catch(() => {});
        reading.close();
        writing.close();
        await drainPending();
      })();
      return closing;
    },
  };

  /** One after the other: each search may use its whole share of memory, and chDB would make them wait on a thread. */
  async function read<T>(work: () => Promise<T>): Promise<T> {
    refuseClosed();
    try {
      return await inTurn(work);
    } catch (thrown) {
      throw fromChdbError(thrown, path);
    }
  }

  async function dropBefore(timeMs: number): Promise<readonly string[]> {
    const result = await reading.queryBindAsync(
      `SELECT DISTINCT partition_id FROM system.parts WHERE database = 'lake' AND table = 'events' AND active`,
      {},
      { format: 'TSV' },
    );
    const dropped = new Set<string>();
    for (const partition of result.text().trim().split('\n').sort()) {
      const day = /^(\d{1,5})-[01]$/.exec(partition)?.[1];
      if (day === undefined || (Number(day) + 1) * DAY_MS > timeMs) continue;
      await reading.queryAsync(`ALTER TABLE ${TABLE} DROP PARTITION ID '${partition}'`);
      dropped.add(new Date(Number(day) * DAY_MS).toISOString().slice(0, 10));
    }
    return [...dropped].sort();
  }

  async function size() {
    const result = await reading.queryAsync(
      `SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE database = 'lake' AND table = 'events' AND active`,
      { format: 'TSV' },
    );
    const [rows = 0, bytes = 0] = result.text().trim().split('\t').map(Number);
    return { rows, bytes };
  }

  function refuseClosed(): void {
    if (closing) throw new BartizanError('BTZ_LAKE_UNAVAILABLE', { problem: 'it is closed' });
  }
}

/** Two connections to one engine: a long search does not hold up the inserts. */
function openSessions(path: string): { readonly writing: Session; readonly reading: Session } {
  let writing: Session | undefined;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = join(path, 'chdb');
    writing = new Session(folder, { connectionArgs: ENGINE });
    writing.query('CREATE DATABASE IF NOT EXISTS lake');
    writing.query(CREATE_TABLE);
    return { writing, reading: new Session(folder, { connectionArgs: ENGINE }) };
  } catch (thrown) {
    writing?.close();
    throw fromChdbError(thrown, path);
  }
}
