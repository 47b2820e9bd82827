import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Alert } from '#model/alert.ts';
import type { Exception } from '#model/exception.ts';

import type { StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

const HOSTILE = 'a\0b \u001b[31m 望楼 \ud800 \'";-- %_! \r\n';

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`quiet and maintenance on ${titleOf(engine)}`, () => {
    let running: RunningEngine;
    let store: StateStore;
    let reopen: () => Promise<void>;
    beforeAll(async () => {
      running = await engine.start();
    });
    afterAll(() => running.stop());
    beforeEach(async () => {
      const database = await running.create();
      store = await database.open();
      reopen = async () => {
        await store.close();
        store = await database.open();
      };
    });
    afterEach(() => store.close());

    test('maintenance is in force from its start to its end, for every rule that it may be about', async () => {
      const any = aWindow({ id: 'any', ruleIds: [], scope: { host: HOSTILE }, reason: HOSTILE });
      const two = aWindow({ id: 'two', ruleIds: ['r1', 'r2'], createdMs: 101 });
      const one = aWindow({ id: 'one', ruleIds: ['r1'], createdMs: 102 });
      for (const window of [any, two, one]) await store.exceptions.insert(window);
      await reopen();
      const live = async (nowMs: number, rules?: readonly string[]) =>
        (await store.exceptions.live(nowMs, rules)).map(({ id }) => id);
      expect(await store.exceptions.find('any')).toEqual(any);
      expect(await live(999)).toEqual([]);
      expect(await live(1_000)).toEqual(['any', 'two', 'one']);
      expect(await live(1_999, ['r1'])).toEqual(['any', 'two', 'one']);
      expect(await live(1_999, ['other'])).toEqual(['any', 'two']);
      expect(await live(1_999, [])).toEqual([]);
      expect(await live(2_000)).toEqual([]);
    });

    test('of two who change the same one, the second is told; and none once it is over', async () => {
      await store.exceptions.insert(aWindow({}));
      const changed = (reason: string, revision: number, nowMs = 1_500) =>
        store.exceptions.change(aWindow({ reason, revision, expiresMs: 1_800 }), nowMs);
      expect((await Promise.all([changed('ann', 1), changed('bob', 1)])).filter(Boolean)).toHaveLength(1);
      expect(await changed('late', 2, 1_800)).toBe(false);
      expect(await store.exceptions.find('w1')).toMatchObject({ revision: 1, expiresMs: 1_800 });
      expect(await store.exceptions.live(1_800)).toEqual([]);
      await store.exceptions.end('w1', 1_700);
      expect(await changed('ended', 2)).toBe(false);
      expect(await store.exceptions.change(aWindow({ id: 'nobody', revision: 1 }), 0)).toBe(false);
    });

    test('what is over by itself is answered once, and stays over when the clock goes back', async () => {
      await store.exceptions.insert(aWindow({}));
      await store.exceptions.insert(aWindow({ id: 'w2', expiresMs: 1_900 }));
      await store.exceptions.insert(aWindow({ id: 'w3', expiresMs: 5_000 }));
      expect(await store.exceptions.lapse(1_899)).toEqual([]);
      expect((await store.exceptions.lapse(2_000)).map(({ id, endedMs }) => [id, endedMs])).toEqual([
        ['w2', 1_900],
        ['w1', 2_000],
      ]);
      expect(await store.exceptions.lapse(2_001)).toEqual([]);
      expect((await store.exceptions.live(1_500)).map(({ id }) => id)).toEqual(['w3']);
    });

    test('what repeats an alert that was made quiet is counted with it, and nothing else is', async () => {
      await store.exceptions.insert(aWindow({ id: 'q1', kind: 'quiet', alertId: 'a1' }));
      await store.exceptions.insert(aWindow({ id: 'q2', kind: 'quiet', alertId: 'a1', createdMs: 200 }));
      await store.exceptions.insert(aWindow({ id: 'e1', kind: 'false_positive', alertId: 'a2' }));
      const hidden = (exceptionId: string) => ({ status: 'hidden', exceptionId }) as const;
      await store.alerts.save(
        [anAlert('a1', {}), anAlert('b', { lastMs: 7_000 }), anAlert('c', {}), anAlert('d', {}), anAlert('e', {})],
        1,
        new Map([
          ['b', hidden('q1')],
          ['c', hidden('q2')],
          ['d', hidden('e1')],
        ]),
      );
      expect(await store.alerts.repeats(['a1', 'a2', 'b'])).toEqual(new Map([['a1', { count: 2, lastMs: 7_000 }]]));
      expect(await store.alerts.repeats([])).toEqual(new Map());
      expect((await store.exceptions.ofAlert('a1')).map(({ id }) => id)).toEqual(['q2', 'q1']);
      expect(await store.exceptions.ofAlert('nobody')).toEqual([]);
    });

    test('alerts are covered by any of several rules, or by every rule, critical ones by what is narrow', async () => {
      const ofRule = (id: string, level: Alert['rule']['level'] = 'high') => ({ ...anAlert('', {}).rule, id, level });
      await store.alerts.save(
        [
          anAlert('1', { rule: ofRule('r1'), lastMs: 3_004 }),
          anAlert('2', { rule: ofRule('r2'), lastMs: 3_003 }),
          anAlert('3', { rule: ofRule('r3'), lastMs: 3_002 }),
          anAlert('4', { rule: ofRule('r1', 'critical'), lastMs: 3_001 }),
          anAlert('5', { rule: ofRule('r1'), entities: { host: 'db' } }),
        ],
        1,
      );
      const ids = async (ruleIds: readonly string[], scope: Record<string, string>) =>
        (await store.alerts.covered({ ruleIds, scope, demo: false, fromMs: 0, limit: 9 })).all.map(({ id }) => id);
      expect(await ids([], { host: 'web' })).toEqual(['1', '2', '3']);
      expect(await ids(['r1', 'r2'], { host: 'web' })).toEqual(['1', '2']);
      expect(await ids(['r1'], {})).toEqual(['1', '5']);
      expect(await ids([], { host: 'web', user: 'root' })).toEqual(['1', '2', '3', '4']);
      expect(await ids([], {})).toEqual([]);
    });

    test('how often each rule fired is counted apart for what was put away', async () => {
      await store.alerts.save([anAlert('old', {}), anAlert('demo', { demo: true })], 10);
      await store.alerts.save(
        [anAlert('1', {}), anAlert('2', {}), anAlert('3', { demo: true })],
        20,
        new Map([['2', { status: 'held_back' }]]),
      );
      expect(await store.alerts.firedSince(10)).toEqual(new Map([['r1', { shown: 1, putAway: 1, lastMs: 20 }]]));
      expect(await store.alerts.firedSince(20)).toEqual(new Map());
    });
  });
}

function anAlert(id: string, changes: Partial<Alert>): Alert {
  return {
    id,
    rule: { id: 'r1', title: { zh: '规则', en: 'Rule' }, level: 'high', attack: [] },
    entities: { host: 'web', user: 'root' },
    firstMs: 1_000,
    lastMs: 2_000,
    count: 5,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    demo: false,
    ...changes,
  };
}

function aWindow(changes: Partial<Exception>): Exception {
  return {
    id: 'w1',
    kind: 'maintenance',
    ruleIds: ['r1'],
    scope: { host: 'web' },
    owner: 'user:ann',
    reason: 'new kernel',
    demo: false,
    createdMs: 100,
    startsMs: 1_000,
    expiresMs: 2_000,
    revision: 0,
    ...changes,
  };
}
