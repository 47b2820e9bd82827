import type { Kysely } from 'kysely';

import type { CheckpointQueries } from '../state-store.ts';
import type { StateSchema } from './schema.ts';

export function checkpointQueries(db: Kysely<StateSchema>): CheckpointQueries {
  return {
    async get(consumer) {
      const row = await db
        .selectFrom('checkpoints')
        .select(['sequence', 'state'])
        .where('consumer', '=', consumer)
        .executeTakeFirst();
      return row && { sequence: row.sequence, state: row.state === null ? undefined : new Uint8Array(row.state) };
    },

    async set(consumer, sequence, state) {
      const values = { sequence, state: state ?? null };
      await db
        .insertInto('checkpoints')
        .values({ consumer, ...values })
        .onConflict((conflict) => conflict.column('consumer').doUpdateSet(values))
        .execute();
    },
  };
}
