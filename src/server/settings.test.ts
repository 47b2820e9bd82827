import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { openSettings } from './settings.ts';

let folder: string;
let state: StateStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-settings-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

test('the allow list keeps the addresses that it was given, in their canonical form, over a restart', async () => {
  const settings = await openSettings(state, Date.now);
  await settings.change({ allowList: ['198.51.100.7', '2001:DB8:0::/48', '10.1.2.3/8'] }, 'cli');
  const canonical = ['198.51.100.7', '2001:db8::/48', '10.0.0.0/8'];
  expect(settings.get().allowList).toEqual(canonical);
  expect((await openSettings(state, Date.now)).get().allowList).toEqual(canonical);
});

test('a kept setting that cannot be understood takes no other with it', async () => {
  await state.settings.set('allowList', ['198.51.100.7'], 0);
  await state.settings.set('respond', 'auto', 0);
  await state.settings.set('retentionDays', 'many', 0);
  expect((await openSettings(state, Date.now)).get()).toMatchObject({
    allowList: ['198.51.100.7'],
    respond: 'auto',
    retentionDays: 180,
  });
});

test('what is no address is refused and changes nothing, no leaf is written', async () => {
  const settings = await openSettings(state, Date.now);
  await expect(settings.change({ allowList: ['198.51.100.7', 'office'] }, 'cli')).rejects.toMatchObject({
    code: 'BTZ_BLOCK_TARGET_INVALID',
  });
  expect(settings.get().allowList).toEqual([]);
  expect(await state.evidence.count()).toBe(0);
});
