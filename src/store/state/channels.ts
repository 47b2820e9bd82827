import type { Kysely } from 'kysely';
import type { Channel } from '#model/notification.ts';
import type { ChannelQueries } from '../state-store.ts';
import { storableText } from './encoding.ts';
import type { StateSchema } from './schema.ts';

export function channelQueries(db: Kysely<StateSchema>): ChannelQueries {
  return {
    async insert(channel) {
      await db
        .insertInto('channels')
        .values({ id: channel.id, name: storableText(channel.name), body: JSON.stringify(channel) })
        .execute();
    },

    async list() {
      const rows = await db.selectFrom('channels').select('body').orderBy('name').execute();
      return rows.map(({ body }) => JSON.parse(body) as Channel);
    },

    async delete(id) {
      await db.deleteFrom('notices').where('channel_id', '=', id).execute();
      await db.deleteFrom('deliveries').where('channel_id', '=', id).execute();
      const { numDeletedRows } = await db.deleteFrom('channels').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
