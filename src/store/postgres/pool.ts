import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';

import { storableText } from '../state/encoding.ts';
import { fromPostgresError } from './errors.ts';

const CONNECT_MS = 2_000;
const STATEMENT_MS = 2_000;
const MAX_CONNECTIONS = 6;

/**
 * Connections that never wait long: to connect, for a lock, or for an answer. The limit is kept twice, by the server and,
 * should it be frozen, by the client. A connection on which anything but a statement failed is thrown away.
 */
export function openPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'bartizan',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 60_000,
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 250,
    // Should this process freeze, the server ends its transaction and with it the writers' lock.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // An idle connection that the server closes: the next query opens another.
  pool.on('error', () => {});
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        return watched(await pool.connect());
      } catch (thrown) {
        throw fromPostgresError(thrown);
      }
    },
  };
}

const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

/** One wrapper for each client, for Kysely tells connections apart by identity. */
function watched(client: pg.PoolClient): PostgresPoolClient {
  let known = clients.get(client);
  if (!known) {
    known = wrap(client);
    clients.set(client, known);
  }
  return known;
}

function wrap(client: pg.PoolClient): PostgresPoolClient {
  let lost: Error | undefined;
  // Without a listener a connection that breaks while in use would end the process.
  client.on('error', (error) => {
    lost ??= error;
  });
  const query = async (text: string, values: readonly unknown[] = []): Promise<PostgresQueryResult<unknown>> => {
    try {
      // After a time-out its late answer would be taken for that of the next query.
      if (lost) throw lost;
      const result = await client.query(text, values.map(toPostgres));
      return result as unknown as PostgresQueryResult<unknown>;
    } catch (thrown) {
      if (!(thrown instanceof pg.DatabaseError)) lost ??= thrown as Error;
      throw fromPostgresError(thrown);
    }
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy || lost !== undefined),
  };
}

function toPostgres(value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value;
}

const INT8 = 20;

/** Counts and positions stay far below 2^53, so they are numbers as in SQLite. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown;
}
