import { AsyncLocalStorage } from 'node:async_hooks';

import { type Kysely, sql, type Transaction } from 'kysely';

import { BartizanError, toBartizanError } from '#kit/errors.ts';

import type { StateQueries, StateStore } from '../state-store.ts';
import { migrate } from './migrate.ts';
import { routedQueries, stateQueries } from './queries.ts';
import type { StateSchema } from './schema.ts';
import { groupCommitWriter, unavailable, type WriterLimits } from './writer.ts';

/** What an engine brings; all else is the same for each. */
export interface StateEngine {
  /** Where transactions run. */
  readonly writer: Kysely<StateSchema>;
  /** Where everything else reads: sees what is committed, and nothing that is under way. */
  readonly reader: Kysely<StateSchema>;
  /** Makes transactions of several processes wait for one another; run first in each. */
  readonly lock: (transaction: Transaction<StateSchema>) => Promise<void>;
  readonly limits: WriterLimits;
  /** Run before the connections are closed, if they still work. */
  readonly onClose?: (() => Promise<void>) | undefined;
}

const PING_MS = 2_000;

/** Migrates the database and opens the store on it. */
export async function openStateStore({ writer: db, reader, lock, limits, onClose }: StateEngine): Promise<StateStore> {
  const close = async () => {
    // Out of reach: whatever it gives up lapses by itself.
    await onClose?.().catch(() => undefined);
    await reader.destroy();
    if (db !== reader) await db.destroy();
  };
  try {
    await migrate(db, lock);
  } catch (thrown) {
    await close();
    throw toBartizanError(thrown, 'BTZ_STATE_UNAVAILABLE');
  }
  const writer = groupCommitWriter(db, lock, limits);
  const reads = stateQueries(reader);
  const inside = new AsyncLocalStorage<{ isOver: boolean }>();
  let closing: Promise<void> | undefined;

  return {
    ...routedQueries(reads, async (isWrite, call) => {
      refuseNested();
      if (isWrite) return writer.run(call);
      if (closing) throw unavailable('it is closed');
      return call(reads);
    }),

    async transaction<T>(work: (queries: StateQueries) => Promise<T>) {
      refuseNested();
      return writer.run((queries) => {
        const scope = { isOver: false };
        return inside.run(scope, async () => {
          try {
            return await work(queries);
          } finally {
            scope.isOver = true;
          }
        });
      });
    },

    async ping() {
      if (closing) throw unavailable('it is closed');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(unavailable(`no answer in ${PING_MS} ms`)), PING_MS);
      });
      try {
        await Promise.race([sql`select 1`.execute(reader), late]);
      } catch (thrown) {
        throw toBartizanError(thrown, 'BTZ_STATE_UNAVAILABLE');
      } finally {
        clearTimeout(timer);
      }
    },

    close() {
      closing ??= writer.close().then(close);
      return closing;
    },
  };

  /** A nested call would wait for the transaction that waits for it. */
  function refuseNested(): void {
    const scope = inside.getStore();
    if (scope && !scope.isOver) {
      throw new BartizanError('BTZ_INTERNAL', { problem: 'the store was used inside its own transaction' });
    }
  }
}
