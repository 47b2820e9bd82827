import type { Kysely } from 'kysely';

import type { SettingQueries } from '../state-store.ts';
import type { StateSchema } from './schema.ts';

export function settingQueries(db: Kysely<StateSchema>): SettingQueries {
  return {
    async get(name) {
      const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
      return row && (JSON.parse(row.value) as unknown);
    },

    /** `undefined` takes the setting away. */
    async set(name, value, nowMs) {
      const json = JSON.stringify(value) as string | undefined;
      if (json === undefined) {
        await db.deleteFrom('settings').where('name', '=', name).execute();
        return;
      }
      await db
        .insertInto('settings')
        .values({ name, value: json, updated_ms: nowMs })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: json, updated_ms: nowMs }))
        .execute();
    },

    async all() {
      const rows = await db.selectFrom('settings').select(['name', 'value']).orderBy('name').execute();
      return Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value) as unknown]));
    },
  };
}
