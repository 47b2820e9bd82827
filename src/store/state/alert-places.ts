import { type Kysely, sql } from 'kysely';

import { type Alert, type AlertStatus, type Entities, LEVELS, type Level } from '#model/alert.ts';
import { isInScope } from '#model/exception.ts';

import type { AlertQueries, CoveredAlert, Placement, RuleCounts, Standing } from '../state-store.ts';
import { chunksOf, storableText } from './encoding.ts';
import type { StateSchema } from './schema.ts';

export type AlertPlaceQueries = Pick<
  AlertQueries,
  'standings' | 'shownSince' | 'covered' | 'place' | 'heldBack' | 'hiddenBy' | 'repeats' | 'firedSince'
>;

const IDS_PER_QUERY = 500;
/** Of one rule: a quarter of a second in SQLite. */
const MOST_SEARCHED = 100_000;
const MOST_COMPARED = 20_000;
const MOST_HELD_BACK_RULES = 20;

/** Questions about where alerts are kept: before people, behind an exception, or folded away. */
export function alertPlaceQueries(db: Kysely<StateSchema>): AlertPlaceQueries {
  return {
    async standings(ids) {
      const found = new Map<string, Standing>();
      for (const chunk of chunksOf(ids, IDS_PER_QUERY)) {
        const rows = await db
          .selectFrom('alerts')
          .select(['id', 'status', 'exception_id'])
          .where('id', 'in', chunk)
          .execute();
        const hidden = rows.filter(({ status }) => status === 'hidden').map(({ id }) => id);
        const counts = await countsOf(hidden);
        for (const { id, status, exception_id: exceptionId } of rows)
          found.set(id, {
            status: status as AlertStatus,
            exceptionId: exceptionId ?? undefined,
            count: counts.get(id) ?? 0,
          });
      }
      return found;
    },

    async shownSince(ruleIds, sinceMs) {
      const counts: { ruleId: string; forgeable: boolean; count: number }[] = [];
      for (const chunk of chunksOf(ruleIds, IDS_PER_QUERY)) {
        const rows = await db
          .selectFrom('alerts')
          .select(({ fn }) => ['rule_id', 'forgeable', fn.countAll<number>().as('count')])
          .where('rule_id', 'in', chunk)
          .where('raised_ms', '>', sinceMs)
          .where('demo', '=', 0)
          .where('put_away', '=', 0)
          .groupBy(['rule_id', 'forgeable'])
          .execute();
        for (const row of rows)
          counts.push({ ruleId: row.rule_id, forgeable: row.forgeable === 1, count: Number(row.count) });
      }
      return counts;
    },

    async covered({ ruleIds, scope, demo, fromMs, limit }) {
      const names = Object.entries(scope);
      let newest = db
        .selectFrom('alerts')
        .select(['id', 'status', 'level_rank', 'exact', 'first_ms', 'last_ms'])
        .where('last_ms', '>=', fromMs)
        .where('demo', '=', demo ? 1 : 0)
        .orderBy('last_ms', 'desc')
        .limit(MOST_SEARCHED);
      if (ruleIds.length > 0) newest = newest.where('rule_id', 'in', ruleIds.map(storableText));
      const { ofRule } = await db
        .selectFrom(newest.as('newest'))
        .select(({ fn }) => fn.countAll<number>().as('ofRule'))
        .executeTakeFirstOrThrow();
      if (names.length === 0 && ruleIds.length === 0)
        return { items: [], all: [], ofRule: Number(ofRule), isWhole: true };
      let query = db.selectFrom(newest.as('newest')).select(['id', 'status', 'level_rank', 'exact', 'first_ms']);
      // JSON escapes quotes inside of values, so an entry in this form stands nowhere but in its place. LIKE may be blind
      // to case: what it finds is compared once more below.
      for (const [name, value] of names) {
        const entry = `${JSON.stringify(name)}:${JSON.stringify(value)}`.replace(/[!%_]/g, '!$&');
        query = query.where(sql<boolean>`exact like ${`%${entry}%`} escape '!'`);
      }
      const rows = await query
        .orderBy('last_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(MOST_COMPARED + 1)
        .execute();
      const all = rows
        .slice(0, MOST_COMPARED)
        .map(({ id, status, level_rank: rank, first_ms: firstMs, exact }) => ({
          found: { id, status: status as AlertStatus, level: levelAt(rank), firstMs },
          exact: JSON.parse(exact) as Entities,
        }))
        .filter(({ found, exact }) => isInScope(found.level, exact, scope))
        .map(({ found }) => found);
      return {
        items: await described(all.slice(0, limit).map(({ id }) => id)),
        all,
        ofRule: Number(ofRule),
        isWhole: rows.length <= MOST_COMPARED && Number(ofRule) < MOST_SEARCHED,
      };
    },

    async place(ids, placement, nowMs) {
      await placeRows(db, ids, placement, nowMs);
    },

    async heldBack(sinceMs) {
      const held = await db
        .selectFrom('alerts')
        .select(({ fn }) => [
          'rule_id',
          fn.countAll<number>().as('count'),
          fn.min<number>('raised_ms').as('since'),
          fn.max<string>('id').as('example'),
        ])
        .where('status', '=', 'held_back')
        .where('raised_ms', '>', sinceMs)
        .groupBy('rule_id')
        .orderBy('count', 'desc')
        .orderBy('rule_id')
        .limit(MOST_HELD_BACK_RULES)
        .execute();
      const examples = new Map((await described(held.map(({ example }) => example))).map((one) => [one.id, one]));
      return held.map(({ rule_id: ruleId, count, since, example }) => ({
        ruleId,
        title: examples.get(example)?.title ?? { zh: ruleId, en: ruleId },
        count: Number(count),
        sinceMs: since,
      }));
    },

    async hiddenBy(exceptionIds) {
      const counts = new Map<string, number>();
      for (const chunk of chunksOf(exceptionIds, IDS_PER_QUERY)) {
        const rows = await db
          .selectFrom('alerts')
          .select(({ fn }) => ['exception_id', fn.countAll<number>().as('count')])
          .where('exception_id', 'in', chunk)
          .groupBy('exception_id')
          .execute();
        for (const row of rows) counts.set(row.exception_id ?? '', Number(row.count));
      }
      return counts;
    },

    async repeats(ids) {
      const found = new Map<string, { readonly count: number; readonly lastMs: number }>();
      for (const chunk of chunksOf(ids, IDS_PER_QUERY)) {
        const rows = await db
          .selectFrom('exceptions')
          .innerJoin('alerts', 'alerts.exception_id', 'exceptions.id')
          .select(({ fn }) => [
            'exceptions.alert_id',
            fn.countAll<number>().as('count'),
            fn.max<number>('alerts.last_ms').as('lastMs'),
          ])
          .where('exceptions.alert_id', 'in', chunk.map(storableText))
          .where('exceptions.kind', '=', 'quiet')
          .groupBy('exceptions.alert_id')
          .execute();
        for (const { alert_id: id, count, lastMs } of rows) found.set(id ?? '', { count: Number(count), lastMs });
      }
      return found;
    },

    async firedSince(sinceMs) {
      const rows = await db
        .selectFrom('alerts')
        .select(({ fn }) => [
          'rule_id',
          'put_away',
          fn.countAll<number>().as('count'),
          fn.max<number>('raised_ms').as('lastMs'),
        ])
        .where('raised_ms', '>', sinceMs)
        .where('demo', '=', 0)
        .groupBy(['rule_id', 'put_away'])
        .execute();
      const counts = new Map<string, RuleCounts>();
      for (const { rule_id: id, put_away: putAway, count, lastMs } of rows) {
        const before = counts.get(id) ?? { shown: 0, putAway: 0, lastMs: 0 };
        counts.set(id, {
          shown: before.shown + (putAway === 0 ? Number(count) : 0),
          putAway: before.putAway + (putAway === 0 ? 0 : Number(count)),
          lastMs: Math.max(before.lastMs, lastMs),
        });
      }
      return counts;
    },
  };

  async function countsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await db.selectFrom('alerts').select(['id', 'body']).where('id', 'in', ids).execute();
    return new Map(rows.map(({ id, body }) => [id, (JSON.parse(body) as Alert).count]));
  }

  /** In the order given. */
  async function described(ids: readonly string[]): Promise<CoveredAlert[]> {
    if (ids.length === 0) return [];
    const rows = await db
      .selectFrom('alerts')
      .select(['id', 'status', 'level_rank', 'last_ms', 'body'])
      .where('id', 'in', ids)
      .execute();
    const found = new Map(
      rows.map((row) => {
        const { rule, entities } = JSON.parse(row.body) as Alert;
        return [
          row.id,
          {
            id: row.id,
            title: rule.title,
            level: levelAt(row.level_rank),
            entities,
            status: row.status as AlertStatus,
            lastMs: row.last_ms,
          },
        ];
      }),
    );
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

export async function placeRows(
  db: Kysely<StateSchema>,
  ids: readonly string[],
  placement: Placement,
  nowMs: number,
): Promise<void> {
  for (const chunk of chunksOf(ids, IDS_PER_QUERY)) {
    await db
      .updateTable('alerts')
      .set({
        ...placeColumns(placement.status, placement.status === 'hidden' ? placement.exceptionId : undefined),
        updated_ms: nowMs,
      })
      .where('id', 'in', chunk)
      .execute();
  }
}

export function levelAt(rank: number): Level {
  return LEVELS[rank] ?? 'informational';
}

/** What says where an alert is kept, always written together. */
export function placeColumns(
  status: AlertStatus,
  exceptionId?: string,
): { status: AlertStatus; put_away: number; exception_id: string | null } {
  const isPutAway = status === 'hidden' || status === 'held_back';
  return { status, put_away: isPutAway ? 1 : 0, exception_id: exceptionId ?? null };
}
