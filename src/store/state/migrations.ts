import type { Kysely } from 'kysely';

import type { Alert } from '#model/alert.ts';
import { type Exception, exactEntities } from '#model/exception.ts';

import type { StateSchema } from './schema.ts';

export interface Migration {
  readonly name: string;
  /** Runs inside a transaction, on either engine. */
  readonly up: (db: Kysely<StateSchema>) => Promise<void>;
}

/**
 * Forward only. The place in the list, from 1, is the version of the schema: append, and never change one that was
 * released. Only types that mean the same in both engines: text, bigint, double precision, integer, bytea.
 */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'first tables', up: firstTables },
  { name: 'exceptions and rate caps', up: exceptionsAndRateCaps },
  { name: 'quiet and maintenance', up: quietAndMaintenance },
  { name: 'scans and findings', up: scansAndFindings },
  { name: 'repairs', up: repairs },
  { name: 'notifications', up: notifications },
  { name: 'playbook runs', up: playbookRuns },
];

async function firstTables(db: Kysely<StateSchema>): Promise<void> {
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('level_rank', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('first_ms', 'double precision', (column) => column.notNull())
    .addColumn('last_ms', 'double precision', (column) => column.notNull())
    .addColumn('raised_ms', 'double precision', (column) => column.notNull())
    .addColumn('updated_ms', 'double precision', (column) => column.notNull())
    .addColumn('demo', 'integer', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('alerts_last').on('alerts').columns(['last_ms', 'id']).execute();
  await db.schema.createIndex('alerts_first').on('alerts').columns(['first_ms', 'level_rank']).execute();

  await db.schema
    .createTable('actions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('alert_id', 'text')
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('requested_ms', 'double precision', (column) => column.notNull())
    .addColumn('done_ms', 'double precision')
    .addColumn('expires_ms', 'double precision')
    .addColumn('ended_ms', 'double precision')
    .addColumn('problem', 'text')
    .addColumn('dry_run', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('actions_requested').on('actions').columns(['requested_ms', 'id']).execute();
  await db.schema.createIndex('actions_state').on('actions').columns(['state', 'requested_ms']).execute();
  await db.schema.createIndex('actions_alert').on('actions').column('alert_id').execute();
  await db.schema.createIndex('actions_target').on('actions').column('target').execute();

  await db.schema
    .createTable('evidence')
    .addColumn('leaf_index', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('evidence_subject').on('evidence').columns(['subject', 'leaf_index']).execute();

  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .addColumn('last_seen_ms', 'double precision', (column) => column.notNull())
    .addColumn('expires_ms', 'double precision', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_seen').on('sessions').column('last_seen_ms').execute();

  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .addColumn('expires_ms', 'double precision')
    .addColumn('revoked_ms', 'double precision')
    .execute();

  await db.schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_ms', 'double precision', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('checkpoints')
    .addColumn('consumer', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('state', 'bytea')
    .execute();
}

async function exceptionsAndRateCaps(db: Kysely<StateSchema>): Promise<void> {
  await db.schema.alterTable('alerts').addColumn('exception_id', 'text').execute();
  await db.schema
    .alterTable('alerts')
    .addColumn('put_away', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('alerts')
    .addColumn('forgeable', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('alerts')
    .addColumn('exact', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await noteExactEntities(db);
  await db.schema.createIndex('alerts_rule_last').on('alerts').columns(['rule_id', 'last_ms']).execute();
  // A flood that is held back must not make the lists and counts of what is shown any slower.
  await db.schema.createIndex('alerts_shown_last').on('alerts').columns(['put_away', 'last_ms', 'id']).execute();
  await db.schema
    .createIndex('alerts_shown_raised')
    .on('alerts')
    .columns(['rule_id', 'put_away', 'raised_ms', 'demo', 'forgeable'])
    .execute();
  await db.schema.createIndex('alerts_status').on('alerts').columns(['status', 'raised_ms']).execute();
  await db.schema.createIndex('alerts_exception').on('alerts').column('exception_id').execute();

  await db.schema
    .createTable('exceptions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .addColumn('expires_ms', 'double precision', (column) => column.notNull())
    .addColumn('ended_ms', 'double precision')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('exceptions_expires').on('exceptions').columns(['expires_ms', 'rule_id']).execute();
}

async function quietAndMaintenance(db: Kysely<StateSchema>): Promise<void> {
  const added = [
    ['kind', 'text', 'false_positive'],
    ['starts_ms', 'double precision', 0],
    ['revision', 'integer', 0],
  ] as const;
  for (const [name, type, value] of added)
    await db.schema
      .alterTable('exceptions')
      .addColumn(name, type, (column) => column.notNull().defaultTo(value))
      .execute();
  await db.schema.alterTable('exceptions').addColumn('alert_id', 'text').execute();
  await db.schema.createIndex('exceptions_alert').on('exceptions').column('alert_id').execute();
  for (const { id, rule_id: ruleId, created_ms: startsMs, body } of await db
    .selectFrom('exceptions')
    .selectAll()
    .execute()) {
    const { ruleId: _, ...before } = JSON.parse(body) as Exception & { ruleId?: string };
    const exception: Exception = { ...before, kind: 'false_positive', ruleIds: [ruleId], startsMs, revision: 0 };
    await db
      .updateTable('exceptions')
      .set({ starts_ms: startsMs, alert_id: exception.alertId ?? null, body: JSON.stringify(exception) })
      .where('id', '=', id)
      .execute();
  }
}

/** It was not noted before which entities an alert has several of: whatever looks like a list may be one. */
async function noteExactEntities(db: Kysely<StateSchema>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('alerts')
      .select(['id', 'body'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(500)
      .execute();
    for (const { id, body } of rows) {
      const alert = JSON.parse(body) as Alert;
      const several = Object.keys(alert.entities).filter((name) => alert.entities[name]?.includes(', '));
      await db
        .updateTable('alerts')
        .set({
          exact: JSON.stringify(exactEntities({ ...alert, several })),
          ...(several.length > 0 && { body: JSON.stringify({ ...alert, several }) }),
        })
        .where('id', '=', id)
        .execute();
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function scansAndFindings(db: Kysely<StateSchema>): Promise<void> {
  await db.schema
    .createTable('scans')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('ended_ms', 'double precision', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('scans_target').on('scans').columns(['target', 'ended_ms']).execute();
  await db.schema
    .createTable('findings')
    .addColumn('scan_id', 'text', (column) => column.notNull().references('scans.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('check_id', 'text', (column) => column.notNull())
    .addColumn('level_rank', 'integer', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('findings_key', ['scan_id', 'position'])
    .execute();
  await db.schema.createIndex('findings_rank').on('findings').columns(['scan_id', 'level_rank']).execute();
}

async function repairs(db: Kysely<StateSchema>): Promise<void> {
  await db.schema.alterTable('actions').addColumn('repair', 'text').execute();
}

async function notifications(db: Kysely<StateSchema>): Promise<void> {
  await db.schema
    .createTable('channels')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('notices')
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('alert_id', 'text', (column) => column.notNull())
    .addColumn('change', 'text', (column) => column.notNull())
    .addColumn('level_rank', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('delivery_id', 'text')
    .addPrimaryKeyConstraint('notices_key', ['channel_id', 'alert_id', 'change'])
    .execute();
  await db.schema
    .createIndex('notices_state')
    .on('notices')
    .columns(['channel_id', 'state', 'level_rank', 'created_ms'])
    .execute();
  await db.schema.createIndex('notices_delivery').on('notices').column('delivery_id').execute();
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'double precision', (column) => column.notNull())
    .addColumn('tried_ms', 'double precision')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('deliveries_state')
    .on('deliveries')
    .columns(['channel_id', 'state', 'created_ms'])
    .execute();
}

async function playbookRuns(db: Kysely<StateSchema>): Promise<void> {
  await db.schema
    .createTable('playbook_runs')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('playbook_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('started_ms', 'double precision', (column) => column.notNull())
    .addColumn('wake_ms', 'double precision', (column) => column.notNull())
    .addColumn('ended_ms', 'double precision')
    .addColumn('worker', 'text')
    .addColumn('claimed_until_ms', 'double precision', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('playbook_runs_wake').on('playbook_runs').columns(['state', 'wake_ms']).execute();
  await db.schema.createIndex('playbook_runs_started').on('playbook_runs').columns(['started_ms', 'id']).execute();
  await db.schema
    .createTable('playbook_entries')
    .addColumn('run_id', 'text', (column) => column.notNull().references('playbook_runs.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('playbook_entries_key', ['run_id', 'position'])
    .execute();
}
