import type { Kysely } from 'kysely';

import { BartizanError } from '#kit/errors.ts';

import type { StateQueries } from '../state-store.ts';
import { routedQueries, stateQueries } from './queries.ts';
import type { StateSchema } from './schema.ts';

export interface TaskLimits {
  /** Work that takes longer is rolled back, so that a hanging callback cannot hold the writer. */
  readonly workWithinMs: number;
}

/**
 * Runs one piece of work inside a transaction. The queries that it is given work only until it is over. A query that
 * fails dooms the whole piece even when the callback swallows the error: PostgreSQL does so, and SQLite must be alike.
 */
export async function attempt<T>(
  work: (queries: StateQueries) => Promise<T>,
  db: Kysely<StateSchema>,
  { workWithinMs }: TaskLimits,
): Promise<T> {
  const inside = stateQueries(db);
  const pending = new Set<Promise<unknown>>();
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  const queries = routedQueries(inside, (_isWrite, call) => {
    if (isOver) return Promise.reject(new BartizanError('BTZ_INTERNAL', { problem: 'the transaction is over' }));
    if (failure) return Promise.reject(failure.error);
    const running = call(inside);
    pending.add(running);
    running.then(
      () => pending.delete(running),
      (error: unknown) => {
        pending.delete(running);
        failure ??= { error };
      },
    );
    return running;
  });
  try {
    const value = await inTime(work(queries), workWithinMs);
    // The callback may not have waited for all that it asked.
    await Promise.allSettled(pending);
    if (failure) throw failure.error;
    return value;
  } finally {
    isOver = true;
    await Promise.allSettled(pending);
  }
}

async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new BartizanError('BTZ_STATE_UNAVAILABLE', {
      problem: `a transaction took longer than ${limitMs} ms`,
    });
    timer = setTimeout(() => reject(error), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
