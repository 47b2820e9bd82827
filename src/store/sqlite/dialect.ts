import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

import { BartizanError } from '#kit/errors.ts';

import { storableText } from '../state/encoding.ts';
import { fromSqliteError, isBusy } from './errors.ts';

/** Kysely on one `node:sqlite` connection. Kysely itself lets only one user at a time have it. */
export function nodeSqliteDialect(database: DatabaseSync, path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver(database, connection(database, path)),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function driver(database: DatabaseSync, only: DatabaseConnection): Driver {
  const run = async (sql: string) => {
    await only.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    acquireConnection: async () => only,
    beginTransaction: () => whenFree(() => run('begin immediate')),
    commitTransaction: () => run('commit'),
    rollbackTransaction: async () => {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction) await run('rollback');
    },
    savepoint: (_connection, name) => run(`savepoint "${name}"`),
    rollbackToSavepoint: (_connection, name) => run(`rollback to "${name}"`),
    releaseSavepoint: (_connection, name) => run(`release "${name}"`),
    releaseConnection: async () => {},
    destroy: async () => {
      if (database.isOpen) database.close();
    },
  };
}

const LOCK_WAIT_MS = 2_000;
const LOCK_POLL_MS = 2;

/**
 * IMMEDIATE takes the write lock now; a plain BEGIN would fail halfway when another process wrote in between. SQLite's
 * own wait for it would stop the whole event loop, so the waiting is done here.
 */
async function whenFree(begin: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    try {
      return await begin();
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() - startedMs > LOCK_WAIT_MS) throw thrown;
      await sleep(LOCK_POLL_MS);
    }
  }
}

const MAX_CACHED_STATEMENTS = 200;

interface Prepared {
  readonly statement: StatementSync;
  readonly answersRows: boolean;
}

function connection(database: DatabaseSync, path: string): DatabaseConnection {
  const cache = new Map<string, Prepared>();

  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      try {
        const { statement, answersRows } = prepare(sql);
        const values = parameters.map(toSqlite);
        if (answersRows) return { rows: statement.all(...values) as Row[] };
        const { changes, lastInsertRowid } = statement.run(...values);
        return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
      } catch (thrown) {
        throw fromSqliteError(thrown, path);
      }
    },
    // Nothing in the state is so large that it would need a cursor.
    async *streamQuery() {
      throw new BartizanError('BTZ_INTERNAL', { problem: 'SQLite queries are not streamed' });
    },
  };

  function prepare(sql: string): Prepared {
    let prepared = cache.get(sql);
    if (prepared) {
      cache.delete(sql);
    } else {
      const statement = database.prepare(sql);
      prepared = { statement, answersRows: statement.columns().length > 0 };
    }
    cache.set(sql, prepared);
    if (cache.size > MAX_CACHED_STATEMENTS) {
      const oldest = cache.keys().next().value;
      if (oldest !== undefined) cache.delete(oldest);
    }
    return prepared;
  }
}

function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'string' ? storableText(value) : (value as SQLInputValue);
}
