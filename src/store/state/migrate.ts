import type { Kysely, Transaction } from 'kysely';

import { BartizanError } from '#kit/errors.ts';

import { MIGRATIONS, type Migration } from './migrations.ts';
import type { StateSchema } from './schema.ts';

/**
 * Brings the schema up to date, all missing steps in one transaction: a crash leaves the old schema.
 *
 * @param lock Keeps a second program from migrating at the same time; run first inside the transaction.
 * @returns the version that the database is at now.
 * @throws BTZ_STATE_TOO_NEW when a newer program has migrated it already.
 */
export async function migrate(
  db: Kysely<StateSchema>,
  lock: (transaction: Transaction<StateSchema>) => Promise<void>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    await lock(transaction);
    await transaction.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('applied_ms', 'double precision', (column) => column.notNull())
      .execute();
    const row = await transaction
      .selectFrom('schema_version')
      .select(({ fn }) => fn.max('version').as('version'))
      .executeTakeFirst();
    const found = row?.version ?? 0;
    if (found > migrations.length) {
      throw new BartizanError('BTZ_STATE_TOO_NEW', { found, known: migrations.length });
    }
    for (const [index, migration] of migrations.entries()) {
      if (index < found) continue;
      await migration.up(transaction);
      await transaction
        .insertInto('schema_version')
        .values({ version: index + 1, name: migration.name, applied_ms: Date.now() })
        .execute();
    }
    return migrations.length;
  });
}
