import type { Kysely } from 'kysely';

import type { User, UserQueries } from '../state-store.ts';
import { storableText } from './encoding.ts';
import type { StateSchema, UserRow } from './schema.ts';

export function userQueries(db: Kysely<StateSchema>): UserQueries {
  return {
    async insert(user) {
      await db
        .insertInto('users')
        .values({
          id: user.id,
          name: user.name,
          role: user.role,
          password_hash: user.passwordHash,
          created_ms: user.createdMs,
        })
        .execute();
    },

    async findByName(name) {
      // A name that no engine can store is nobody's.
      if (storableText(name) !== name) return undefined;
      const row = await db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
      return row && fromRow(row);
    },

    async findById(id) {
      const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async count() {
      const { total } = await db
        .selectFrom('users')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return total;
    },
  };
}

function fromRow(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role as User['role'],
    passwordHash: row.password_hash,
    createdMs: row.created_ms,
  };
}
