import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert, Level } from '#model/alert.ts';
import type { Channel, Delivery, Notice } from '#model/notification.ts';
import type { StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

const channel: Channel = {
  id: 'c1',
  name: '值班 群',
  kind: 'dingtalk',
  url: 'https://oapi.dingtalk.com/robot/send?access_token=x',
  secret: 's',
  minLevel: 'high',
  language: 'zh',
  allowPrivate: false,
  createdMs: 1,
};
const notice = (alertId: string, level: Level = 'high', createdMs = 1_000): Notice => ({
  channelId: 'c1',
  alertId,
  change: 'raised',
  level,
  createdMs,
});
const alert = (id: string): Alert => ({
  id,
  rule: { id: 'r', title: { zh: '题', en: 't' }, level: 'high', attack: [] },
  entities: {},
  firstMs: 1,
  lastMs: 1,
  count: 1,
  reason: { zh: '因', en: 'r' },
  advice: { zh: '议', en: 'a' },
  events: [],
  demo: false,
});
const delivery = (id: string, change: Partial<Delivery> = {}): Delivery => ({
  id,
  channelId: 'c1',
  state: 'waiting',
  attempts: 0,
  uncertain: false,
  createdMs: 1_000,
  dueMs: 1_000,
  message: {
    kind: 'alert',
    id,
    language: 'zh',
    level: 'high',
    timeMs: 1,
    title: '望\u0000\uD800',
    facts: [],
    paragraphs: [],
    count: 1,
  },
  ...change,
});

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`notices in the state store on ${titleOf(engine)}`, () => {
    let running: RunningEngine;
    let store: StateStore;
    beforeAll(async () => {
      running = await engine.start();
    });
    afterAll(() => running.stop());
    beforeEach(async () => {
      store = await (await running.create()).open();
    });
    afterEach(() => store.close());

    test('of an alert and channel stand once, whatever became of them', async () => {
      await store.notices.add([notice('a'), notice('b', 'critical', 2_000), notice('c', 'high', 500)]);
      await store.notices.add([notice('a', 'critical', 9_000)]);
      expect((await store.notices.waiting('c1', 10)).map(({ alertId }) => alertId)).toEqual(['b', 'c', 'a']);
      expect(await store.notices.waitingCounts('c1')).toEqual([
        { level: 'critical', count: 1 },
        { level: 'high', count: 2 },
      ]);
      expect(await store.notices.give(delivery('d1'), ['a'])).toBe(1);
      await store.notices.add([notice('a')]);
      expect(await store.notices.waiting('c1', 10)).toHaveLength(2);
      expect(await store.notices.waiting('other', 10)).toEqual([]);
    });

    test('are taken back when their alert is not open, or gone', async () => {
      await store.alerts.save([alert('open'), alert('closed'), alert('hidden')], 1);
      await store.alerts.setStatus('closed', 'closed', 1);
      await store.alerts.place(['hidden'], { status: 'hidden', exceptionId: 'e' }, 1);
      await store.notices.add(['open', 'closed', 'hidden', 'gone'].map((id) => notice(id)));
      expect(await store.notices.withdraw('c1')).toBe(3);
      expect((await store.notices.waiting('c1', 10)).map(({ alertId }) => alertId)).toEqual(['open']);
      await store.notices.give(delivery('d1'), ['open']);
      await store.notices.takeBack(delivery('d1'));
      expect(await store.notices.find('d1')).toMatchObject({ state: 'withdrawn' });
      await store.notices.add([notice('open'), notice('closed')]);
      expect(await store.notices.waiting('c1', 10)).toHaveLength(2);
    });

    test('are given to a message all at once, which comes back as it was kept', async () => {
      await store.notices.add(Array.from({ length: 1_200 }, (_, index) => notice(`a${index}`)));
      expect(await store.notices.give(delivery('d1'))).toBe(1_200);
      expect(await store.notices.alertsOf('d1', 50)).toHaveLength(50);
      expect(await store.notices.find('d1')).toEqual(delivery('d1'));
      const tried = delivery('d1', { state: 'sent', triedMs: 5_000, attempts: 2 });
      await store.notices.update(tried);
      const filter = { channelId: 'c1', states: ['sent'], limit: 10 } as const;
      expect(await store.notices.deliveries({ ...filter, sinceMs: 5_000 })).toEqual([tried]);
      expect(await store.notices.deliveries({ ...filter, sinceMs: 5_001 })).toEqual([]);
      expect(await store.notices.deliveries({ ...filter, states: ['waiting'] })).toEqual([]);
    });

    test('are forgotten with time, but not while they or their message wait', async () => {
      await store.notices.add([notice('sent'), notice('under way'), notice('waits')]);
      await store.notices.give(delivery('d1'), ['sent']);
      await store.notices.give(delivery('d2'), ['under way']);
      await store.notices.update(delivery('d1', { state: 'sent' }));
      await store.notices.prune(1_001);
      expect(await store.notices.find('d1')).toBeUndefined();
      expect(await store.notices.alertsOf('d1', 9)).toEqual([]);
      expect(await store.notices.alertsOf('d2', 9)).toEqual(['under way']);
      expect(await store.notices.waiting('c1', 9)).toHaveLength(1);
    });

    test('go with their channel, whose name is given once', async () => {
      await store.channels.insert(channel);
      await expect(store.channels.insert({ ...channel, id: 'c2' })).rejects.toMatchObject({
        code: 'BTZ_ALREADY_EXISTS',
      });
      expect(await store.channels.list()).toEqual([channel]);
      await store.notices.add([notice('a'), { ...notice('a'), channelId: 'c2' }]);
      await store.notices.give(delivery('d1'), ['a']);
      expect(await store.channels.delete('c1')).toBe(true);
      expect(await store.channels.delete('c1')).toBe(false);
      expect(await store.channels.list()).toEqual([]);
      expect(await store.notices.find('d1')).toBeUndefined();
      expect(await store.notices.waiting('c2', 9)).toHaveLength(1);
    });
  });
}
