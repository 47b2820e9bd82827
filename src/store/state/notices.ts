import type { Kysely } from 'kysely';
import { LEVELS } from '#model/alert.ts';
import type { Delivery, Notice } from '#model/notification.ts';
import type { NoticeQueries } from '../state-store.ts';
import { chunksOf, storableText } from './encoding.ts';
import type { DeliveryRow, StateSchema } from './schema.ts';

/** Fewer bound values than SQLite (32,766) and PostgreSQL (65,535) take in one statement. */
const INSERT_ROWS = 500;
const MAX_PAGE = 1_000;

export function noticeQueries(db: Kysely<StateSchema>): NoticeQueries {
  async function update(delivery: Delivery): Promise<void> {
    const { id, ...row } = toRow(delivery);
    await db.updateTable('deliveries').set(row).where('id', '=', id).execute();
  }

  return {
    update,

    async add(notices) {
      for (const chunk of chunksOf(notices, INSERT_ROWS))
        await db
          .insertInto('notices')
          .values(
            chunk.map(({ channelId, alertId, change, level, createdMs }) => ({
              channel_id: channelId,
              alert_id: storableText(alertId),
              change,
              level_rank: LEVELS.indexOf(level),
              created_ms: createdMs,
              state: 'waiting',
              delivery_id: null,
            })),
          )
          .onConflict((conflict) =>
            conflict
              .columns(['channel_id', 'alert_id', 'change'])
              .doUpdateSet({ state: 'waiting' })
              .where('notices.state', '=', 'withdrawn'),
          )
          .execute();
    },

    async withdraw(channelId) {
      const { numUpdatedRows } = await db
        .updateTable('notices')
        .set({ state: 'withdrawn' })
        .where('channel_id', '=', channelId)
        .where('state', '=', 'waiting')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('alerts')
                .select('alerts.id')
                .whereRef('alerts.id', '=', 'notices.alert_id')
                .where('alerts.status', '=', 'open'),
            ),
          ),
        )
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async takeBack(delivery) {
      await update({ ...delivery, state: 'withdrawn' });
      await db
        .updateTable('notices')
        .set({ state: 'withdrawn', delivery_id: null })
        .where('delivery_id', '=', delivery.id)
        .execute();
    },

    async waiting(channelId, limit) {
      const rows = await db
        .selectFrom('notices')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('state', '=', 'waiting')
        .orderBy('level_rank', 'desc')
        .orderBy('created_ms')
        .orderBy('alert_id')
        .limit(Math.min(limit, MAX_PAGE))
        .execute();
      return rows.map(
        (row): Notice => ({
          channelId: row.channel_id,
          alertId: row.alert_id,
          change: 'raised',
          level: LEVELS[row.level_rank] ?? 'critical',
          createdMs: row.created_ms,
        }),
      );
    },

    async waitingCounts(channelId) {
      const rows = await db
        .selectFrom('notices')
        .select(['level_rank', ({ fn }) => fn.countAll<number | string>().as('count')])
        .where('channel_id', '=', channelId)
        .where('state', '=', 'waiting')
        .groupBy('level_rank')
        .orderBy('level_rank', 'desc')
        .execute();
      return rows.map(({ level_rank: rank, count }) => ({ level: LEVELS[rank] ?? 'critical', count: Number(count) }));
    },

    async give(delivery, alertIds) {
      await db.insertInto('deliveries').values(toRow(delivery)).execute();
      if (alertIds?.length === 0) return 0;
      let query = db
        .updateTable('notices')
        .set({ state: 'given', delivery_id: delivery.id })
        .where('channel_id', '=', delivery.channelId)
        .where('state', '=', 'waiting');
      if (alertIds !== undefined) query = query.where('alert_id', 'in', alertIds.map(storableText));
      return Number((await query.executeTakeFirst()).numUpdatedRows);
    },

    async alertsOf(deliveryId, limit) {
      const rows = await db
        .selectFrom('notices')
        .select('alert_id')
        .where('delivery_id', '=', deliveryId)
        .orderBy('level_rank', 'desc')
        .orderBy('created_ms')
        .orderBy('alert_id')
        .limit(Math.min(limit, MAX_PAGE))
        .execute();
      return rows.map(({ alert_id: id }) => id);
    },

    async find(id) {
      const row = await db.selectFrom('deliveries').selectAll().where('id', '=', storableText(id)).executeTakeFirst();
      return row && (JSON.parse(row.body) as Delivery);
    },

    async deliveries({ channelId, states, sinceMs, limit }) {
      let query = db.selectFrom('deliveries').select('body').where('state', 'in', states);
      if (channelId !== undefined) query = query.where('channel_id', '=', channelId);
      if (sinceMs !== undefined) query = query.where('tried_ms', '>=', sinceMs);
      const rows = await query.orderBy('created_ms').orderBy('id').limit(Math.min(limit, MAX_PAGE)).execute();
      return rows.map(({ body }) => JSON.parse(body) as Delivery);
    },

    async prune(beforeMs) {
      await db
        .deleteFrom('notices')
        .where('created_ms', '<', beforeMs)
        .where('state', '!=', 'waiting')
        .where(({ or, eb, not, exists, selectFrom }) =>
          or([
            eb('delivery_id', 'is', null),
            not(
              exists(
                selectFrom('deliveries')
                  .select('deliveries.id')
                  .whereRef('deliveries.id', '=', 'notices.delivery_id')
                  .where('deliveries.state', 'in', ['waiting', 'sending']),
              ),
            ),
          ]),
        )
        .execute();
      await db
        .deleteFrom('deliveries')
        .where('created_ms', '<', beforeMs)
        .where('state', 'not in', ['waiting', 'sending'])
        .execute();
    },
  };
}

function toRow(delivery: Delivery): DeliveryRow {
  return {
    id: delivery.id,
    channel_id: delivery.channelId,
    state: delivery.state,
    created_ms: delivery.createdMs,
    tried_ms: delivery.triedMs ?? null,
    body: JSON.stringify(delivery),
  };
}
