import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';

import { toBartizanError } from '#kit/errors.ts';

import { openStateStore } from '../state/index.ts';
import type { StateSchema } from '../state/schema.ts';
import type { StateStore } from '../state-store.ts';
import { type Claim, type ClaimOptions, claimDatabase } from './claim.ts';
import { openPool } from './pool.ts';

/** `BTZ` and a number: a key that is unlikely to be another program's in a shared database. */
const WRITER_LOCK = 0x42545a01;

/**
 * Opens the state store in a PostgreSQL database (13 or newer; its user must be allowed to create tables in the schema
 * that comes first in its search path). A server that is dead, frozen or slow gives BTZ_STATE_UNAVAILABLE within 5 s; the
 * store works again by itself when the server does.
 *
 * Transactions take an advisory lock first, released at their end by the server itself, so those of all processes are
 * serial as in SQLite: the next evidence index can be read without a gap or a rival, and no two lock each other out.
 * Plain reads take none. For a few decisions a second, one lock is nothing.
 *
 * @param url `postgres://user:password@host:5432/database?sslmode=verify-full`
 * @param claim Makes this process the only one that writes the database; without it several may.
 * @throws BTZ_STATE_UNAVAILABLE, BTZ_STATE_TOO_NEW, BTZ_DATA_IN_USE
 */
export async function openPostgresStateStore(url: string, claim?: ClaimOptions): Promise<StateStore> {
  const db = new Kysely<StateSchema>({
    dialect: new PostgresDialect({
      pool: openPool(url),
      // Whatever is awaited is durable, also where the server's own setting is faster than that.
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(DURABLE));
      },
    }),
  });
  const lock = async (transaction: Kysely<StateSchema>) => {
    await sql`select pg_advisory_xact_lock(${WRITER_LOCK}::bigint)`.execute(transaction);
  };
  const claimed = claim && (await claimOrClose(db, lock, claim));
  return openStateStore({
    writer: db,
    reader: db,
    lock: async (transaction) => {
      await lock(transaction);
      await claimed?.check(transaction);
    },
    limits: { startWithinMs: 3_000, workWithinMs: 3_000 },
    onClose: claimed?.release,
  });
}

async function claimOrClose(
  db: Kysely<StateSchema>,
  lock: (transaction: Kysely<StateSchema>) => Promise<void>,
  options: ClaimOptions,
): Promise<Claim> {
  try {
    return await claimDatabase(db, lock, options);
  } catch (thrown) {
    await db.destroy();
    throw toBartizanError(thrown, 'BTZ_STATE_UNAVAILABLE');
  }
}

const DURABLE = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`;
