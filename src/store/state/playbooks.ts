import type { Kysely } from 'kysely';

import type { PlaybookRun } from '#model/playbook-run.ts';

import type { PlaybookQueries } from '../state-store.ts';
import { chunksOf, optional } from './encoding.ts';
import type { PlaybookRunRow, StateSchema } from './schema.ts';

const MAX_PAGE = 1_000;
const ROWS_PER_INSERT = 500;

export function playbookQueries(db: Kysely<StateSchema>): PlaybookQueries {
  return {
    async insert(run) {
      await db.insertInto('playbook_runs').values(toRow(run)).execute();
    },

    async find(id) {
      const row = await db.selectFrom('playbook_runs').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list({ states, playbookId, limit }) {
      if (states?.length === 0) return [];
      let query = db.selectFrom('playbook_runs').selectAll();
      if (states) query = query.where('state', 'in', states);
      if (playbookId !== undefined) query = query.where('playbook_id', '=', playbookId);
      const rows = await query.orderBy('started_ms', 'desc').orderBy('id', 'desc').limit(pageOf(limit)).execute();
      return rows.map(fromRow);
    },

    async journal(id) {
      const rows = await db
        .selectFrom('playbook_entries')
        .select('body')
        .where('run_id', '=', id)
        .orderBy('position')
        .execute();
      return rows.map(({ body }) => JSON.parse(body) as unknown);
    },

    async append(id, position, entries) {
      const rows = entries.map((entry, offset) => ({
        run_id: id,
        position: position + offset,
        body: JSON.stringify(entry),
      }));
      // Writers wait for one another, so what is counted here is still so when it is written.
      const last = await db
        .selectFrom('playbook_entries')
        .select('position')
        .where('run_id', '=', id)
        .orderBy('position', 'desc')
        .limit(1)
        .executeTakeFirst();
      if ((last?.position ?? -1) !== position - 1) return false;
      for (const chunk of chunksOf(rows, ROWS_PER_INSERT)) {
        await db.insertInto('playbook_entries').values(chunk).execute();
      }
      return true;
    },

    async update(id, change) {
      const row = await db.selectFrom('playbook_runs').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return;
      const { state, wake_ms, ended_ms, body } = toRow({ ...fromRow(row), ...change });
      await db.updateTable('playbook_runs').set({ state, wake_ms, ended_ms, body }).where('id', '=', id).execute();
    },

    async claim(worker, nowMs, untilMs, limit) {
      const due = db
        .selectFrom('playbook_runs')
        .select('id')
        .where('state', '=', 'running')
        .where('wake_ms', '<=', nowMs)
        .where((is) =>
          is.or([is('worker', 'is', null), is('worker', '=', worker), is('claimed_until_ms', '<=', nowMs)]),
        )
        .orderBy('wake_ms')
        .limit(pageOf(limit));
      const rows = await db
        .updateTable('playbook_runs')
        .set({ worker, claimed_until_ms: untilMs })
        .where('id', 'in', due)
        .returningAll()
        .execute();
      return rows.sort((one, other) => one.wake_ms - other.wake_ms).map(fromRow);
    },
  };
}

function pageOf(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE);
}

function toRow(run: PlaybookRun): PlaybookRunRow {
  const { id, playbookId, state, startedMs, wakeMs, endedMs, ...body } = run;
  return {
    id,
    playbook_id: playbookId,
    state,
    started_ms: startedMs,
    wake_ms: wakeMs,
    ended_ms: endedMs ?? null,
    worker: null,
    claimed_until_ms: 0,
    body: JSON.stringify(body),
  };
}

function fromRow(row: PlaybookRunRow): PlaybookRun {
  const body = JSON.parse(row.body) as Pick<PlaybookRun, 'actor' | 'given' | 'playbooks'>;
  return {
    ...body,
    id: row.id,
    playbookId: row.playbook_id,
    state: row.state as PlaybookRun['state'],
    startedMs: row.started_ms,
    wakeMs: row.wake_ms,
    endedMs: optional(row.ended_ms),
  };
}
