import type { Kysely } from 'kysely';

import type { Exception } from '#model/exception.ts';

import type { ExceptionQueries } from '../state-store.ts';
import { storableText } from './encoding.ts';
import type { ExceptionRow, StateSchema } from './schema.ts';

const MAX_PAGE = 1_000;

export function exceptionQueries(db: Kysely<StateSchema>): ExceptionQueries {
  return {
    async insert(exception) {
      const { id, ruleId, createdMs, expiresMs, endedMs } = exception;
      await db
        .insertInto('exceptions')
        .values({
          id,
          rule_id: storableText(ruleId),
          created_ms: createdMs,
          expires_ms: expiresMs,
          ended_ms: endedMs ?? null,
          body: JSON.stringify(exception),
        })
        .execute();
    },

    async find(id) {
      const row = await db.selectFrom('exceptions').selectAll().where('id', '=', storableText(id)).executeTakeFirst();
      return row && fromRow(row);
    },

    async live(nowMs, ruleIds) {
      if (ruleIds?.length === 0) return [];
      let query = db.selectFrom('exceptions').selectAll().where('expires_ms', '>', nowMs).where('ended_ms', 'is', null);
      if (ruleIds) query = query.where('rule_id', 'in', ruleIds.map(storableText));
      return (await query.orderBy('created_ms').orderBy('id').execute()).map(fromRow);
    },

    async list(limit) {
      const rows = await db
        .selectFrom('exceptions')
        .selectAll()
        .orderBy('created_ms', 'desc')
        .orderBy('id')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE))
        .execute();
      return rows.map(fromRow);
    },

    async end(id, nowMs) {
      // One statement: of two who end it at the same moment, one does.
      const row = await db
        .updateTable('exceptions')
        .set({ ended_ms: nowMs })
        .where('id', '=', storableText(id))
        .where('ended_ms', 'is', null)
        .where('expires_ms', '>', nowMs)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },
  };
}

function fromRow(row: ExceptionRow): Exception {
  const exception = JSON.parse(row.body) as Exception;
  return row.ended_ms === null ? exception : { ...exception, endedMs: row.ended_ms };
}
