import type { Kysely } from 'kysely';

import type { Exception } from '#model/exception.ts';

import type { ExceptionQueries } from '../state-store.ts';
import { storableText } from './encoding.ts';
import type { ExceptionRow, StateSchema } from './schema.ts';

const MAX_PAGE = 1_000;
const MAX_OF_ALERT = 100;
const MAX_LAPSED = 100;
/** Stands for several rules, and for any: which ones it hides is looked at in the exception itself. */
const NO_SINGLE_RULE = '';

export function exceptionQueries(db: Kysely<StateSchema>): ExceptionQueries {
  return {
    async insert(exception) {
      await db.insertInto('exceptions').values(toRow(exception)).execute();
    },

    async find(id) {
      const row = await db.selectFrom('exceptions').selectAll().where('id', '=', storableText(id)).executeTakeFirst();
      return row && fromRow(row);
    },

    async live(nowMs, ruleIds) {
      if (ruleIds?.length === 0) return [];
      let query = db
        .selectFrom('exceptions')
        .selectAll()
        .where('expires_ms', '>', nowMs)
        .where('starts_ms', '<=', nowMs)
        .where('ended_ms', 'is', null);
      if (ruleIds) query = query.where('rule_id', 'in', [...ruleIds.map(storableText), NO_SINGLE_RULE]);
      return (await query.orderBy('created_ms').orderBy('id').execute()).map(fromRow);
    },

    async ofAlert(alertId) {
      const rows = await db
        .selectFrom('exceptions')
        .selectAll()
        .where('alert_id', '=', storableText(alertId))
        .orderBy('created_ms', 'desc')
        .orderBy('id')
        .limit(MAX_OF_ALERT)
        .execute();
      return rows.map(fromRow);
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

    async change(exception, nowMs) {
      const { id, ...row } = toRow(exception);
      const result = await db
        .updateTable('exceptions')
        .set(row)
        .where('id', '=', storableText(id))
        .where('revision', '=', exception.revision - 1)
        .where('ended_ms', 'is', null)
        .where('expires_ms', '>', nowMs)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async lapse(nowMs) {
      const over = await db
        .selectFrom('exceptions')
        .select('id')
        .where('expires_ms', '<=', nowMs)
        .where('ended_ms', 'is', null)
        .orderBy('expires_ms')
        .limit(MAX_LAPSED)
        .execute();
      if (over.length === 0) return [];
      const rows = await db
        .updateTable('exceptions')
        .set(({ ref }) => ({ ended_ms: ref('expires_ms') }))
        .where(
          'id',
          'in',
          over.map(({ id }) => id),
        )
        .where('ended_ms', 'is', null)
        .returningAll()
        .execute();
      return rows.map(fromRow).sort((a, b) => a.expiresMs - b.expiresMs);
    },
  };
}

function toRow(exception: Exception): ExceptionRow {
  const { id, kind, ruleIds, alertId, createdMs, startsMs, expiresMs, endedMs, revision } = exception;
  const [ruleId = NO_SINGLE_RULE] = ruleIds;
  return {
    id,
    rule_id: ruleIds.length === 1 ? storableText(ruleId) : NO_SINGLE_RULE,
    created_ms: createdMs,
    expires_ms: expiresMs,
    ended_ms: endedMs ?? null,
    body: JSON.stringify(exception),
    kind,
    starts_ms: startsMs,
    alert_id: alertId === undefined ? null : storableText(alertId),
    revision,
  };
}

function fromRow(row: ExceptionRow): Exception {
  const exception = JSON.parse(row.body) as Exception;
  return row.ended_ms === null ? exception : { ...exception, endedMs: row.ended_ms };
}
