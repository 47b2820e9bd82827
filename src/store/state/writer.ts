import type { ControlledTransaction, Kysely, Transaction } from 'kysely';

import { BartizanError, toBartizanError } from '#kit/errors.ts';

import type { StateQueries } from '../state-store.ts';
import type { StateSchema } from './schema.ts';
import { attempt, type TaskLimits } from './task.ts';

/** Runs pieces of work one after another, each all or nothing. */
export interface Writer {
  run<T>(work: (queries: StateQueries) => Promise<T>): Promise<T>;
  /** Finishes what is queued; whatever comes later is refused. */
  close(): Promise<void>;
}

export interface WriterLimits extends TaskLimits {
  /** Work that has not begun after this time is refused: the database is too slow or gone. */
  readonly startWithinMs: number;
}

interface Task {
  readonly work: (queries: StateQueries) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const MAX_GROUP_TASKS = 256;
const MAX_GROUP_MS = 20;

/**
 * Group commit: whatever was asked for while the disk was busy is done in one transaction, each piece behind a savepoint,
 * and all of it is durable with one sync. A piece that fails is undone alone; the callers of the others do not notice.
 *
 * One writer per process makes transactions serial on both engines: no deadlocks, no lost updates, gapless evidence.
 * `lock` makes them serial between processes too (SQLite: BEGIN IMMEDIATE does; PostgreSQL: an advisory lock).
 */
export function groupCommitWriter(
  db: Kysely<StateSchema>,
  lock: (transaction: Transaction<StateSchema>) => Promise<void>,
  limits: WriterLimits,
): Writer {
  const queue: Task[] = [];
  let draining: Promise<void> | undefined;
  let isClosed = false;

  return {
    run<T>(work: (queries: StateQueries) => Promise<T>) {
      if (isClosed) return Promise.reject(unavailable('it is closed'));
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => giveUp(task), limits.startWithinMs);
        const task: Task = { work, resolve: resolve as (value: unknown) => void, reject, timer };
        queue.push(task);
        draining ??= drain();
      });
    },
    async close() {
      isClosed = true;
      await draining;
    },
  };

  function giveUp(task: Task): void {
    const place = queue.indexOf(task);
    if (place === -1) return;
    queue.splice(place, 1);
    task.reject(unavailable('too much is waiting for it'));
  }

  async function drain(): Promise<void> {
    // Whoever asks in the same turn of the loop shares the first commit.
    await Promise.resolve();
    while (queue.length > 0) await runGroup(queue.splice(0, MAX_GROUP_TASKS));
    draining = undefined;
  }

  async function runGroup(group: readonly Task[]): Promise<void> {
    let transaction: ControlledTransaction<StateSchema> | undefined;
    try {
      transaction = await db.startTransaction().execute();
      await lock(transaction);
      await runTasks(group, transaction);
    } catch (thrown) {
      const error = toBartizanError(thrown, 'BTZ_STATE_UNAVAILABLE');
      if (transaction) await transaction.rollback().execute().catch(ignored);
      // A dead database is dead for those who wait as well: they are told now, not one time-out after another.
      if (error.code === 'BTZ_STATE_UNAVAILABLE') refuse(queue.splice(0), error);
      refuse(group, thrown);
    }
  }

  async function runTasks(group: readonly Task[], transaction: ControlledTransaction<StateSchema>): Promise<void> {
    const startedMs = performance.now();
    const finished: { readonly task: Task; readonly value: unknown }[] = [];
    for (const [place, task] of group.entries()) {
      if (place > 0 && performance.now() - startedMs > MAX_GROUP_MS) {
        queue.unshift(...group.slice(place));
        break;
      }
      clearTimeout(task.timer);
      if (group.length === 1) {
        finished.push({ task, value: await attempt(task.work, transaction, limits) });
        continue;
      }
      const guarded = await transaction.savepoint('task').execute();
      try {
        const value = await attempt(task.work, guarded, limits);
        finished.push({ task, value });
      } catch (thrown) {
        // When even that fails, the cause is what the task met, and nobody's work can be kept.
        await guarded
          .rollbackToSavepoint('task')
          .execute()
          .catch(() => Promise.reject(thrown));
        task.reject(thrown);
      }
      await guarded.releaseSavepoint('task').execute();
    }
    await transaction.commit().execute();
    for (const { task, value } of finished) task.resolve(value);
  }

  function refuse(tasks: readonly Task[], error: unknown): void {
    for (const task of tasks) {
      // Put back for the next group: not touched by this failure.
      if (queue.includes(task)) continue;
      clearTimeout(task.timer);
      task.reject(error);
    }
  }
}

export function unavailable(problem: string): BartizanError {
  return new BartizanError('BTZ_STATE_UNAVAILABLE', { problem });
}

/** The rollback of a lost connection fails too; the server has rolled back by itself. */
function ignored(): void {}
