import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteStateStore } from '../sqlite/index.ts';

it('takes alerts from before there were exceptions along, and treats what looks like a list as one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'btz-migrations-'));
  const path = join(folder, 'state.db');
  try {
    await (await openSqliteStateStore(path)).close();
    back(path);
    const state = await openSqliteStateStore(path);
    try {
      expect(await state.alerts.find('old')).toMatchObject({ status: 'open', several: ['user'] });
      expect((await state.alerts.find('old'))?.exceptionId).toBeUndefined();
      const scope = { src_ip: '192.0.2.1' };
      const search = { ruleIds: ['r'], scope, demo: false, fromMs: 0, limit: 9 };
      expect((await state.alerts.covered(search)).all).toEqual([
        { id: 'old', status: 'open', level: 'high', firstMs: 1 },
      ]);
      expect((await state.alerts.covered({ ...search, scope: { user: 'a, b' } })).all).toEqual([]);
      expect(await state.alerts.shownSince(['r'], 0)).toEqual([{ ruleId: 'r', forgeable: false, count: 1 }]);
      expect(await state.exceptions.list(1)).toEqual([]);
    } finally {
      await state.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('takes exceptions along from before there were other kinds, in force as they were', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'btz-migrations-'));
  const path = join(folder, 'state.db');
  try {
    await (await openSqliteStateStore(path)).close();
    backToExceptions(path);
    const state = await openSqliteStateStore(path);
    try {
      const exception = {
        id: 'e1',
        kind: 'false_positive',
        ruleIds: ['r'],
        ruleTitle: { zh: '规则', en: 'Rule' },
        alertId: 'a',
        scope: { user: 'backup' },
        owner: 'cli',
        reason: 'our own',
        demo: false,
        createdMs: 1_000,
        startsMs: 1_000,
        expiresMs: 9_000,
        revision: 0,
      } as const;
      expect(await state.exceptions.live(5_000, ['r'])).toEqual([exception]);
      expect(await state.exceptions.live(5_000, ['other'])).toEqual([]);
      expect((await state.exceptions.ofAlert('a')).map(({ id }) => id)).toEqual(['e1']);
      const changed = { ...exception, ruleIds: ['r'], reason: 'still ours', revision: 1 };
      expect(await state.exceptions.change(changed, 5_000)).toBe(true);
      expect(await state.exceptions.end('e1', 6_000)).toEqual({ ...changed, endedMs: 6_000 });
    } finally {
      await state.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Makes the database what the second version left, with one exception in it. */
function backToExceptions(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(
    'drop table playbook_entries; drop table playbook_runs; drop table deliveries; drop table notices; drop table channels; drop table findings; drop table scans; drop index exceptions_alert; alter table actions drop column repair',
  );
  for (const column of ['kind', 'starts_ms', 'revision', 'alert_id'])
    database.exec(`alter table exceptions drop column ${column}`);
  database.exec('delete from schema_version where version > 2');
  const exception = {
    id: 'e1',
    ruleId: 'r',
    ruleTitle: { zh: '规则', en: 'Rule' },
    alertId: 'a',
    scope: { user: 'backup' },
    owner: 'cli',
    reason: 'our own',
    demo: false,
    createdMs: 1_000,
    expiresMs: 9_000,
  };
  database.prepare(`insert into exceptions values ('e1', 'r', 1000, 9000, null, ?)`).run(JSON.stringify(exception));
  database.close();
}

/** Makes the database what the first version left, with one alert in it. */
function back(path: string): void {
  const database = new DatabaseSync(path);
  const later = ['alerts_rule_last', 'alerts_shown_last', 'alerts_shown_raised', 'alerts_status', 'alerts_exception'];
  for (const index of later) database.exec(`drop index ${index}`);
  for (const column of ['exception_id', 'put_away', 'forgeable', 'exact'])
    database.exec(`alter table alerts drop column ${column}`);
  database.exec(
    'drop table playbook_entries; drop table playbook_runs; drop table deliveries; drop table notices; drop table channels; drop table exceptions; drop table findings; drop table scans; alter table actions drop column repair; delete from schema_version where version > 1',
  );
  const alert = {
    id: 'old',
    rule: { id: 'r', title: { zh: '规则', en: 'Rule' }, level: 'high', attack: [] },
    entities: { src_ip: '192.0.2.1', user: 'a, b' },
    count: 1,
  };
  database
    .prepare(`insert into alerts values ('old', 'r', 3, 'open', 1, 1, 1, 1, 0, '', ?)`)
    .run(JSON.stringify(alert));
  database.close();
}
