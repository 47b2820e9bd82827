import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { PlaybookRun } from '#model/playbook-run.ts';

import type { StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`runs of playbooks on ${titleOf(engine)}`, () => {
    let running: RunningEngine;
    let database: { open(): Promise<StateStore> };
    let store: StateStore;
    beforeAll(async () => {
      running = await engine.start();
    });
    afterAll(() => running.stop());
    beforeEach(async () => {
      database = await running.create();
      store = await database.open();
    });
    afterEach(() => store.close());

    test('come back as they were, changed as they were', async () => {
      const run = runOf('a', 1);
      await store.playbooks.insert(run);
      expect(await store.playbooks.find('a')).toEqual(run);
      await store.playbooks.update('a', { state: 'failed', endedMs: 9, problem: 'no channel' });
      expect(await store.playbooks.find('a')).toEqual({ ...run, state: 'failed', endedMs: 9, problem: 'no channel' });
      expect(await store.playbooks.find('b')).toBeUndefined();
      await store.playbooks.insert(runOf('b', 2));
      const listed = async (filter: object) =>
        (await store.playbooks.list({ limit: 9, ...filter })).map(({ id }) => id);
      expect(await listed({})).toEqual(['b', 'a']);
      expect(await listed({ states: ['running'] })).toEqual(['b']);
      expect(await listed({ states: [] })).toEqual([]);
      expect(await listed({ playbookId: 'other' })).toEqual([]);
    });

    test('are written on by one of two, whole and in order, with their evidence or not at all', async () => {
      await store.playbooks.insert(runOf('a', 1));
      expect(await store.playbooks.append('a', 0, [{ n: 0 }, { n: 1 }])).toBe(true);
      const both = await Promise.all([
        store.playbooks.append('a', 2, [{ n: 2, by: 'one' }]),
        store.playbooks.append('a', 2, [{ n: 2, by: 'other' }]),
      ]);
      expect(both).toEqual([true, false]);
      expect(await store.playbooks.append('a', 9, [{ n: 9 }])).toBe(false);
      const failure = new Error('the power went');
      const lost = store.transaction(async (queries) => {
        await queries.playbooks.append('a', 3, [{ n: 3 }]);
        await queries.evidence.append([{ timeMs: 1, kind: 'playbook.step', actor: 'cli', subject: 'a', details: {} }]);
        throw failure;
      });
      await expect(lost).rejects.toBe(failure);
      expect(await store.evidence.count()).toBe(0);
      const again = await database.open().catch(() => store);
      expect(await again.playbooks.journal('a')).toEqual([{ n: 0 }, { n: 1 }, { n: 2, by: 'one' }]);
      if (again !== store) await again.close();
    });

    test('are taken by one worker, when they are due, until its time is over', async () => {
      await store.playbooks.insert(runOf('a', 10));
      await store.playbooks.insert(runOf('b', 5));
      await store.playbooks.insert(runOf('later', 1_000));
      await store.playbooks.insert({ ...runOf('over', 1), state: 'succeeded' });
      const claimed = async (...call: Parameters<StateStore['playbooks']['claim']>) =>
        (await store.playbooks.claim(...call)).map(({ id }) => id);
      expect(await claimed('one', 100, 200, 1)).toEqual(['b']);
      expect(await claimed('other', 100, 200, 9)).toEqual(['a']);
      expect(await claimed('other', 150, 250, 9)).toEqual(['a']);
      expect(await claimed('third', 199, 300, 9)).toEqual([]);
      expect(await claimed('third', 200, 300, 9)).toEqual(['b']);
    });
  });
}

function runOf(id: string, wakeMs: number): PlaybookRun {
  return {
    id,
    playbookId: 'playbook--1',
    state: 'running',
    actor: 'auto:ssh-bruteforce',
    alertId: 'alert-1',
    startedMs: wakeMs,
    wakeMs,
    endedMs: undefined,
    given: { __address__: '203.0.113.9' },
    playbooks: { 'playbook--1': { name: '暴力破解', list: [1, 'two'] } },
  };
}
