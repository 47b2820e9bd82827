import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert, Level } from '#model/alert.ts';
import type { Channel, ChannelKindId, Delivery } from '#model/notification.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { CHANNELS } from './channels/index.ts';
import { type Courier, createCourier } from './courier.ts';
import { createEgress, type Egress } from './egress.ts';
import { testMessage } from './message.ts';
import { dingtalkRules, said, wecomRules } from './testing/groups.ts';
import { type PretendProvider, type ProviderRules, startProvider } from './testing/provider.ts';
import { feishuRules, pagerdutyRules } from './testing/services.ts';

const SECRET = 'SEC0123456789';
const MINUTE_MS = 60_000;

let folder: string;
let state: StateStore;
let channel: Channel;
let courier: Courier;
let provider: PretendProvider;
let problems: string[];
/** One clock for everybody; our wall clock may be off by `skewMs`. */
let nowMs: number;
let skewMs: number;
let ids: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-courier-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = Date.UTC(2026, 10, 24);
  skewMs = 0;
  ids = 0;
  problems = [];
});
afterEach(async () => {
  await courier.stop();
  await state.close();
  await provider.stop();
  rmSync(folder, { recursive: true });
});

const clocks = { secret: SECRET, clock: () => nowMs, now: () => nowMs };

async function begin(kind: ChannelKindId, rules: ProviderRules): Promise<void> {
  provider = await startProvider(rules);
  channel = {
    id: 'c1',
    name: 'ops',
    kind,
    url: `${provider.origin}/send?access_token=token&key=key`,
    secret: SECRET,
    minLevel: 'low',
    language: 'zh',
    allowPrivate: true,
    createdMs: nowMs,
  };
  await restart();
}

/** As after a crash: nothing but the state store is left of the courier before. */
async function restart(egress: Egress = createEgress({ limitMs: 300 })): Promise<void> {
  courier = await createCourier({
    state,
    channel,
    kind: CHANNELS[channel.kind],
    egress,
    consoleUrl: () => 'https://console.example',
    clock: () => nowMs + skewMs,
    now: () => nowMs,
    ids: () => `m${(ids += 1)}`,
    onProblem: (problem) => problems.push(problem),
  });
}

async function raise(names: readonly string[], level: Level = 'high'): Promise<void> {
  const alerts = names.map(
    (id): Alert => ({
      id,
      rule: { id: 'r', title: { zh: '暴力破解', en: 'Brute force' }, level, attack: [] },
      entities: { src_ip: '203.0.113.9' },
      firstMs: nowMs,
      lastMs: nowMs,
      count: 1,
      reason: { zh: '原因', en: 'reason' },
      advice: { zh: '建议', en: 'advice' },
      events: [],
      demo: false,
    }),
  );
  await state.transaction(async (queries) => {
    await queries.alerts.save(alerts, nowMs);
    await queries.notices.add(
      names.map((alertId) => ({ channelId: 'c1', alertId, change: 'raised' as const, level, createdMs: nowMs })),
    );
  });
}

/** Lets time go by, with a look every second. */
async function pass(forMs: number, everyMs = 1_000): Promise<void> {
  for (const untilMs = nowMs + forMs; nowMs < untilMs; ) {
    nowMs += everyMs;
    await courier.work();
  }
}

async function deliveries(...states: Delivery['state'][]): Promise<readonly Delivery[]> {
  return state.notices.deliveries({ states, limit: 1_000 });
}

/** Alerts that the group was told of: each of its messages says how many. */
function told(): number {
  return provider.shown
    .map(said)
    .map((text) => Number(/ (\d+) 条新警报/.exec(text)?.[1] ?? 1))
    .reduce((sum, count) => sum + count, 0);
}

describe('many alerts', () => {
  it.each([
    ['dingtalk', dingtalkRules(clocks), 20],
    ['wecom', wecomRules(clocks), 20],
    ['feishu', feishuRules(clocks), 100],
  ] as const)('10,000 in a minute reach %s within its limits, and none is lost', async (kind, rules, most) => {
    await begin(kind, rules);
    for (let second = 0; second < 60; second += 1) {
      await raise(
        Array.from({ length: second < 59 ? 167 : 147 }, (_, index) => `a${second}-${index}`),
        second === 30 ? 'critical' : 'medium',
      );
      await pass(1_000);
    }
    await pass(MINUTE_MS, 5_000);
    expect(provider.asked.length).toBe(provider.shown.length);
    expect(provider.shown.length).toBeLessThanOrEqual(most);
    // A person reads them: a digest each quarter of a minute, not as many as the provider would take.
    expect(provider.shown.length).toBeLessThanOrEqual(8);
    const counted = (await deliveries('sent')).map(({ message }) => message.count);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(10_000);
    if (kind !== 'feishu') expect(told()).toBe(10_000);
    expect(await state.notices.waitingCounts('c1')).toEqual([]);
  });

  it('of which a few come one by one, and a critical one does not wait for the next digest', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    await raise(['a', 'b', 'c']);
    await pass(1_000);
    expect(provider.shown.map(said).every((text) => text.includes('警报（高）：暴力破解'))).toBe(true);
    expect(provider.shown).toHaveLength(3);
    await raise(['d', 'e', 'f', 'g']);
    await pass(1_000);
    expect(provider.shown.map(said).at(3)).toContain('4 条新警报');
    await raise(['h']);
    await pass(1_000);
    expect(provider.shown).toHaveLength(4);
    await raise(['i'], 'critical');
    await pass(1_000);
    expect(provider.shown.map(said).at(4)).toContain('严重');
    await pass(20_000);
    expect(told()).toBe(9);
  });

  it('that are all critical are merged too, and told a few times a minute', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    for (let second = 0; second < 60; second += 1) {
      await raise(
        Array.from({ length: 10 }, (_, index) => `a${second}-${index}`),
        'critical',
      );
      await pass(1_000);
    }
    await pass(20_000);
    expect(provider.shown.length).toBeLessThanOrEqual(6);
    expect(told()).toBe(600);
  });

  it('never exceed the limit even when each comes alone, for ten minutes', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    for (let index = 0; index < 200; index += 1) {
      await raise([`a${index}`], 'critical');
      await pass(3_000, 1_500);
    }
    await pass(MINUTE_MS);
    expect(provider.asked.length).toBe(provider.shown.length);
    expect(told()).toBe(200);
  });

  it('are told once, however often they are noted', async () => {
    await begin('wecom', wecomRules(clocks));
    await raise(['a']);
    await pass(1_000);
    await raise(['a']);
    await pass(MINUTE_MS);
    expect(provider.shown).toHaveLength(1);
  });
});

describe('alerts that a person has dealt with', () => {
  it('are not told, before the first try or between two', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    await raise(['closed']);
    await state.alerts.setStatus('closed', 'closed', nowMs);
    await pass(2_000);
    expect(provider.asked).toHaveLength(0);

    provider.mood = 500;
    await raise(['later']);
    await pass(1_000);
    expect(provider.asked).toHaveLength(1);
    await state.alerts.setStatus('later', 'acknowledged', nowMs);
    provider.mood = 'well';
    await pass(MINUTE_MS);
    expect(provider.shown).toHaveLength(0);
    expect(await deliveries('withdrawn')).toHaveLength(1);
  });

  it('are told when they come forward again, if they were not before', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    provider.mood = 500;
    await raise(['tried', 'told later']);
    await pass(1_000);
    await state.alerts.place(['tried', 'told later'], { status: 'hidden', exceptionId: 'e' }, nowMs);
    provider.mood = 'well';
    await pass(MINUTE_MS);
    expect(provider.shown).toHaveLength(0);
    await state.alerts.place(['tried', 'told later'], { status: 'open' }, nowMs);
    await raise(['tried', 'told later']);
    await pass(MINUTE_MS);
    await raise(['tried', 'told later']);
    await pass(MINUTE_MS);
    expect(provider.shown).toHaveLength(2);
  });
});

describe('a provider in trouble', () => {
  it('answers 500 for hours: it is asked ever more rarely, and then told everything, the rest in one digest', async () => {
    await begin('wecom', wecomRules(clocks));
    provider.mood = 500;
    await raise(['first']);
    await pass(MINUTE_MS);
    await raise(Array.from({ length: 500 }, (_, index) => `a${index}`));
    await pass(4 * 60 * MINUTE_MS, 20_000);
    expect(provider.asked.length).toBeLessThan(60);
    expect((await deliveries('waiting'))[0]).toMatchObject({ problem: 'HTTP 500' });
    provider.mood = 'well';
    await pass(6 * MINUTE_MS, 20_000);
    expect(provider.shown).toHaveLength(2);
    expect(told()).toBe(501);
    expect(provider.shown.map(said).join()).not.toContain('可能重复');
  });

  it('answers 500 for more than a day: the message is given up, can be found, and those behind it follow', async () => {
    await begin('wecom', wecomRules(clocks));
    provider.mood = 500;
    await raise(['first']);
    await pass(25 * 60 * MINUTE_MS, 4 * MINUTE_MS);
    expect(await deliveries('dead')).toMatchObject([{ problem: 'HTTP 500', message: { count: 1 } }]);
    expect((await state.evidence.latest(1))[0]).toMatchObject({
      kind: 'notification.failed',
      details: { alerts: ['first'], name: 'ops' },
    });
    expect(problems.at(-1)).toContain('was given up: HTTP 500');
    provider.mood = 'well';
    await raise(['second']);
    await pass(MINUTE_MS);
    expect(told()).toBe(1);
  });

  it('hangs after it took the message: the next try says that it may be a repeat', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    provider.mood = 'hang';
    await raise(['a']);
    await pass(1_000);
    provider.mood = 'well';
    await pass(10_000);
    expect(provider.shown.map(said).map((text) => text.includes('可能重复'))).toEqual([false, true]);
  });

  it('that tells repeats apart pages once, whether it hangs or we die', async () => {
    await begin('pagerduty', pagerdutyRules(clocks));
    provider.mood = 'hang';
    await raise(['a']);
    await pass(1_000);
    provider.mood = 'well';
    await pass(10_000);
    expect(provider.asked.length).toBeGreaterThan(1);
    expect(provider.shown).toHaveLength(1);
    expect(provider.asked.map(({ text }) => text).join()).not.toContain('可能重复');
  });

  it('refuses for good: the message is given up at once, and the next one is tried', async () => {
    await begin('dingtalk', dingtalkRules({ ...clocks, secret: 'another' }));
    await raise(['a']);
    await pass(1_000);
    expect(await deliveries('dead')).toMatchObject([{ attempts: 1, problem: '310000 sign not match' }]);
    await raise(['b']);
    await pass(1_000);
    expect(provider.asked).toHaveLength(2);
  });

  it('says it is too much: nothing is sent before its silence is over', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    // Somebody else writes through the same robot.
    const egress = createEgress();
    for (let index = 0; index < 20; index += 1) {
      const request = CHANNELS.dingtalk.request(testMessage(channel, 'x', '', nowMs), channel, nowMs);
      await egress({ ...request, allowPrivate: true });
    }
    await raise(['a']);
    await pass(9 * MINUTE_MS, 5_000);
    expect(provider.asked).toHaveLength(21);
    expect(await courier.sendNow(testMessage(channel, 't', '', nowMs))).toBeUndefined();
    await pass(2 * MINUTE_MS, 5_000);
    expect(provider.asked).toHaveLength(22);
    expect(provider.shown).toHaveLength(21);
  });
});

describe('a restart', () => {
  it('in the middle of a message loses nothing and says that it may be a repeat', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    let reached = () => undefined as void;
    const isReached = new Promise<void>((done) => (reached = done));
    // The message arrives, and the program dies before it knows.
    const egress: Egress = async (request) => {
      await createEgress()(request);
      reached();
      return new Promise(() => undefined);
    };
    await restart(egress);
    await raise(['a', 'b']);
    void courier.work();
    await isReached;
    await restart();
    await pass(MINUTE_MS);
    const messages = provider.shown.map(said);
    expect(messages.map((text) => text.includes('可能重复'))).toEqual([false, true, false]);
    expect(messages.map((text) => /alerts\/(\w+)$/.exec(text)?.[1])).toEqual(['a', 'a', 'b']);
  });

  it('does not forget how many messages the last minute had', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    for (let index = 0; index < 18; index += 1) {
      await raise([`a${index}`], 'critical');
      await pass(1_000);
    }
    expect(provider.asked).toHaveLength(18);
    await restart();
    await raise(['b'], 'critical');
    await courier.work();
    expect(provider.asked).toHaveLength(18);
    await pass(MINUTE_MS + 1_000);
    expect(provider.shown).toHaveLength(19);
  });
});

describe('a clock that is wrong', () => {
  it.each([
    ['dingtalk', dingtalkRules],
    ['feishu', feishuRules],
  ] as const)('by a day is told from the answer of %s, said, and put right in the signature', async (kind, rules) => {
    await begin(kind, rules(clocks));
    skewMs = 24 * 60 * MINUTE_MS;
    await raise(['a']);
    await courier.work();
    expect(provider.shown).toHaveLength(1);
    expect(problems.join()).toContain('1440 min off');
    await raise(['b']);
    await courier.work();
    expect(provider.asked).toHaveLength(3);
  });

  it('that was set back does not hold a message for a day', async () => {
    await begin('wecom', wecomRules(clocks));
    provider.mood = 500;
    skewMs = 24 * 60 * MINUTE_MS;
    await raise(['a']);
    await pass(1_000);
    provider.mood = 'well';
    skewMs = 0;
    await pass(5_000);
    expect(provider.shown).toHaveLength(1);
  });
});

describe('a test message', () => {
  it('does not wait behind what waits, but keeps within the limit', async () => {
    await begin('dingtalk', dingtalkRules(clocks));
    provider.mood = 500;
    await raise(['a']);
    await pass(1_000);
    provider.mood = 'well';
    expect(await courier.sendNow(testMessage(channel, 't', '', nowMs))).toEqual({ kind: 'taken' });
    const verdicts = [];
    for (let index = 0; index < 17; index += 1)
      verdicts.push(await courier.sendNow(testMessage(channel, 't', '', nowMs)));
    expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(1);
  });
});
