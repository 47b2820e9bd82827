import { DatabaseSync } from 'node:sqlite';

import { Kysely } from 'kysely';

import { openStateStore } from '../state/index.ts';
import type { StateSchema } from '../state/schema.ts';
import type { StateStore } from '../state-store.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { fromSqliteError } from './errors.ts';

const OPEN_WAIT_MS = 2_000;
/** Short, for it stops the event loop; the long wait is for the write lock, in dialect.ts. */
const BUSY_MS = 20;

/**
 * Opens or creates the state database in one file (and its `-wal` and `-shm` beside it). Every commit is fsynced.
 *
 * One connection writes; a second, read-only one answers queries outside of transactions, so that nobody sees what is
 * not yet durable. Other processes may open the same file: they wait for one another up to 2 s.
 *
 * @throws BTZ_STATE_UNAVAILABLE, BTZ_STATE_TOO_NEW, BTZ_DISK_FULL
 */
export async function openSqliteStateStore(path: string): Promise<StateStore> {
  const writer = open(path, false);
  let reader: DatabaseSync;
  try {
    reader = open(path, true);
  } catch (thrown) {
    writer.close();
    throw thrown;
  }
  return openStateStore({
    writer: new Kysely<StateSchema>({ dialect: nodeSqliteDialect(writer, path) }),
    reader: new Kysely<StateSchema>({ dialect: nodeSqliteDialect(reader, path) }),
    // BEGIN IMMEDIATE has taken the write lock already.
    lock: async () => {},
    limits: { startWithinMs: 10_000, workWithinMs: 3_000 },
  });
}

function open(path: string, readOnly: boolean): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly, timeout: OPEN_WAIT_MS, enableForeignKeyConstraints: true });
    database.exec('PRAGMA trusted_schema = OFF');
    if (!readOnly) {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      database.exec(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
    }
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return database;
  } catch (thrown) {
    database?.close();
    throw fromSqliteError(thrown, path);
  }
}
