import { type Kysely, sql } from 'kysely';

import { type Alert, LEVELS, type StoredAlert } from '#model/alert.ts';
import { exactEntities } from '#model/exception.ts';

import type { AlertFilter, AlertQueries, Placement } from '../state-store.ts';
import { type AlertPlaceQueries, levelAt, placeColumns, placeRows } from './alert-places.ts';
import { chunksOf, containsPattern, storableText } from './encoding.ts';
import type { AlertRow, StateSchema } from './schema.ts';

const ROWS_PER_INSERT = 200;
const MAX_PAGE = 1_000;
const MAX_SEARCH_CHARACTERS = 4_096;

export function alertQueries(db: Kysely<StateSchema>): Omit<AlertQueries, keyof AlertPlaceQueries> {
  return {
    async save(alerts, nowMs, placements = new Map()) {
      const rows = [
        ...new Map(alerts.map((alert) => [alert.id, toRow(alert, nowMs, placements.get(alert.id))])).values(),
      ];
      const added: string[] = [];
      for (const chunk of chunksOf(rows, ROWS_PER_INSERT)) {
        const ids = chunk.map(({ id }) => id);
        const there = await db.selectFrom('alerts').select('id').where('id', 'in', ids).execute();
        const known = new Set(there.map(({ id }) => id));
        await db
          .insertInto('alerts')
          .values(chunk)
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet(({ ref }) => Object.fromEntries(CHANGING.map((name) => [name, ref(`excluded.${name}`)]))),
          )
          .execute();
        added.push(...ids.filter((id) => !known.has(id)));
        for (const id of known) {
          const placement = placements.get(id);
          if (placement) await placeRows(db, [id], placement, nowMs);
        }
      }
      return added;
    },

    async find(id) {
      const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(filter) {
      const matching = filtered(db, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching
        .selectAll()
        .orderBy('last_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(Math.min(Math.max(Math.trunc(filter.limit), 0), MAX_PAGE))
        .offset(Math.max(Math.trunc(filter.offset ?? 0), 0))
        .execute();
      return { items: rows.map(fromRow), total };
    },

    async setStatus(id, status, nowMs) {
      const result = await db
        .updateTable('alerts')
        .set({ updated_ms: nowMs, ...placeColumns(status) })
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async histogram(fromMs, toMs, bucketMs) {
      const bucket = sql<number>`floor(first_ms / ${bucketMs}) * ${bucketMs}`;
      const rows = await db
        .selectFrom('alerts')
        .select(({ fn }) => [bucket.as('bucket'), 'level_rank', fn.countAll<number>().as('count')])
        .where('first_ms', '>=', fromMs)
        .where('first_ms', '<', toMs)
        .where('put_away', '=', 0)
        // By place: PostgreSQL does not see that two bound expressions are the same.
        .groupBy(sql`1, 2`)
        .orderBy(sql`1, 2`)
        .execute();
      return rows.map((row) => ({ bucketMs: row.bucket, level: levelAt(row.level_rank), count: row.count }));
    },

    async deleteDemo() {
      const result = await db.deleteFrom('alerts').where('demo', '=', 1).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function filtered(db: Kysely<StateSchema>, filter: AlertFilter) {
  let query = db.selectFrom('alerts');
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.isPutAway !== undefined) query = query.where('put_away', '=', filter.isPutAway ? 1 : 0);
  if (filter.ruleId !== undefined) query = query.where('rule_id', '=', storableText(filter.ruleId));
  if (filter.exceptionId !== undefined) query = query.where('exception_id', '=', storableText(filter.exceptionId));
  if (filter.minLevel !== undefined) query = query.where('level_rank', '>=', LEVELS.indexOf(filter.minLevel));
  if (filter.fromMs !== undefined) query = query.where('last_ms', '>=', filter.fromMs);
  if (filter.toMs !== undefined) query = query.where('last_ms', '<', filter.toMs);
  if (filter.demo !== undefined) query = query.where('demo', '=', filter.demo ? 1 : 0);
  if (filter.text) query = query.where(sql<boolean>`search like ${containsPattern(filter.text)} escape '!'`);
  return query;
}

function toRow(alert: Alert, nowMs: number, placement: Placement = { status: 'open' }): AlertRow {
  const { id, rule, entities, firstMs, lastMs, demo } = alert;
  return {
    id,
    rule_id: rule.id,
    level_rank: LEVELS.indexOf(rule.level),
    first_ms: firstMs,
    last_ms: lastMs,
    raised_ms: nowMs,
    updated_ms: nowMs,
    demo: demo ? 1 : 0,
    search: [rule.id, rule.title.en, rule.title.zh, ...Object.values(entities)]
      .join('\n')
      .slice(0, MAX_SEARCH_CHARACTERS)
      .toLowerCase(),
    body: JSON.stringify(alert),
    ...placeColumns(placement.status, placement.status === 'hidden' ? placement.exceptionId : undefined),
    forgeable: alert.forgeable ? 1 : 0,
    exact: JSON.stringify(exactEntities(alert)),
  };
}

/** What a grown alert brings along; its status and when it was raised stay. */
const CHANGING = [
  'rule_id',
  'level_rank',
  'first_ms',
  'last_ms',
  'updated_ms',
  'demo',
  'search',
  'body',
  'forgeable',
  'exact',
] as const;

function fromRow(row: AlertRow): StoredAlert {
  const alert = JSON.parse(row.body) as Alert;
  return {
    ...alert,
    ...(row.exception_id !== null && { exceptionId: row.exception_id }),
    status: row.status as StoredAlert['status'],
    raisedMs: row.raised_ms,
    updatedMs: row.updated_ms,
  };
}
