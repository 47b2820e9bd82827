import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Alert, Level } from '#model/alert.ts';
import { dingtalkRules, said, wecomRules } from '#respond/notify/testing/groups.ts';
import { type PretendProvider, startProvider } from '#respond/notify/testing/provider.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { keepAlerts } from './alerts.ts';
import { createNotifications, type Notifications } from './notifications.ts';

const SECRET = 'SEC000000000000000000000';
const clocks = { clock: Date.now, now: () => performance.now() };

let folder: string;
let state: StateStore;
let notifications: Notifications;
let keep: (...alerts: readonly Alert[]) => Promise<void>;
let problems: string[];
const providers: PretendProvider[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-notify-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  problems = [];
  await start();
});
afterEach(async () => {
  await notifications.stop();
  await state.close();
  for (const provider of providers.splice(0)) await provider.stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  const onProblem = (problem: string) => problems.push(problem);
  notifications = await createNotifications({
    state,
    consoleUrl: () => 'http://127.0.0.1:8787',
    clock: Date.now,
    onProblem,
  });
  notifications.start();
  const keeper = keepAlerts({
    state,
    clock: Date.now,
    onAlert: async () => undefined,
    onShown: notifications.onShown,
    onProblem,
  });
  keep = (...alerts) => keeper.keep({ alerts, sequence: 1, state: undefined, events: 0, isBehind: false });
}

async function dingtalk(): Promise<PretendProvider> {
  const provider = await startProvider(dingtalkRules({ secret: SECRET, ...clocks }));
  providers.push(provider);
  const url = `${provider.origin}/robot/send?access_token=token`;
  await notifications.service.create(
    { name: '值班群', kind: 'dingtalk', url, secret: SECRET, minLevel: 'high', language: 'zh', allowPrivate: true },
    'cli',
  );
  return provider;
}

function alert(id: string, level: Level = 'high', more: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: { id: 'r', title: { zh: '暴力破解', en: 'Brute force' }, level, attack: [] },
    entities: { src_ip: '203.0.113.9', user: 'root' },
    firstMs: Date.now(),
    lastMs: Date.now(),
    count: 12,
    reason: { zh: '同一地址多次失败', en: 'Many failures from one address' },
    advice: { zh: '封禁该地址', en: 'Block it' },
    events: [],
    demo: false,
    ...more,
  };
}

it('tells the owner of an alert through DingTalk, signed, with what to do and where to look', async () => {
  const group = await dingtalk();
  await keep(alert('a1'));
  await vi.waitFor(() => expect(group.shown).toHaveLength(1), 5_000);
  const [message] = group.shown.map(said);
  expect(message).toContain('【望楼】 警报（高）：暴力破解');
  expect(message).toContain('来源地址: 203.0.113.9');
  expect(message).toContain('先做什么: 封禁该地址');
  expect(message?.endsWith('http://127.0.0.1:8787/alerts/a1')).toBe(true);
  await vi.waitFor(async () => expect((await state.evidence.latest(1))[0]?.kind).toBe('notification.sent'), 5_000);
});

it('tells through WeCom within its 2,048 bytes', async () => {
  const group = await startProvider(wecomRules(clocks));
  providers.push(group);
  const url = `${group.origin}/cgi-bin/webhook/send?key=key`;
  await notifications.service.create(
    { name: 'wecom', kind: 'wecom', url, minLevel: 'low', language: 'en', allowPrivate: true },
    'cli',
  );
  await keep(alert('a1', 'low', { reason: { zh: '长'.repeat(2_000), en: '长😀'.repeat(1_000) } }));
  await vi.waitFor(() => expect(group.shown).toHaveLength(1), 5_000);
  expect(group.shown.map(said)[0]).toMatch(/…\nhttp:\/\/127\.0\.0\.1:8787\/alerts\/a1$/);
});

it('does not tell of less than the channel’s level, of demonstrations, nor twice of an alert that grows', async () => {
  const group = await dingtalk();
  await keep(alert('low', 'medium'), alert('demo', 'critical', { demo: true }), alert('a1'));
  await keep(alert('a1', 'high', { count: 40 }));
  await vi.waitFor(() => expect(group.shown).toHaveLength(1), 5_000);
  await keep(alert('a1', 'high', { count: 90 }), alert('last'));
  await vi.waitFor(() => expect(group.shown).toHaveLength(2), 5_000);
  expect(group.shown.map(said).join()).not.toMatch(/alerts\/(low|demo)/);
  expect(group.shown.map(said)[1]).toContain('alerts/last');
});

it('sends a test message, says what the provider said, and never answers what opens a channel', async () => {
  const group = await dingtalk();
  await notifications.service.test('值班群', 'user:li');
  expect(group.shown.map(said)).toEqual([expect.stringContaining('测试消息')]);
  const [channel] = await notifications.service.channels();
  expect(JSON.stringify(channel)).not.toMatch(/token|SEC0/);
  expect(channel).toMatchObject({ hasSecret: true, host: new URL(group.origin).host });
  const leaves = JSON.stringify(await state.evidence.latest(10));
  expect(leaves).toContain('channel.tested');
  expect(leaves).not.toMatch(/access_token|SEC0/);

  const url = `${group.origin}/robot/send?access_token=token`;
  await notifications.service.create(
    { name: 'wrong', kind: 'dingtalk', url, secret: 'other', minLevel: 'high', language: 'en', allowPrivate: true },
    'cli',
  );
  await expect(notifications.service.test('wrong', 'cli')).rejects.toMatchObject({
    code: 'BTZ_NOT_DELIVERED',
    details: { problem: '310000 sign not match' },
  });
});

it('goes on after a restart with what was not told', async () => {
  const group = await dingtalk();
  await notifications.stop();
  await keep(alert('a1'));
  expect(group.shown).toHaveLength(0);
  await start();
  await vi.waitFor(() => expect(group.shown).toHaveLength(1), 5_000);
  await notifications.stop();
  await start();
  await notifications.service.test('值班群', 'cli');
  expect(group.shown.map(said).filter((text) => text.includes('alerts/a1'))).toHaveLength(1);
});

it('tells once what a procedure has to say, however often it says it', async () => {
  const group = await dingtalk();
  const note = {
    key: 'run-1/step-2',
    level: 'high',
    title: { zh: '需要你来做', en: 'Yours to do' },
    text: { zh: '换掉 <@all> 的密码', en: 'Change the password' },
    path: '/responses',
  } as const;
  expect(await notifications.tell(note)).toBe(1);
  expect(await notifications.tell({ ...note, key: 'less', level: 'low' })).toBe(0);
  await vi.waitFor(() => expect(group.shown).toHaveLength(1), 5_000);
  expect(await notifications.tell(note)).toBe(1);
  await keep(alert('after'));
  await vi.waitFor(() => expect(group.shown).toHaveLength(2), 5_000);
  expect(group.shown.map(said)[0]).toBe('【望楼】 需要你来做\n换掉 ＜＠all> 的密码\nhttp://127.0.0.1:8787/responses');
});

it('refuses addresses that lead inwards, unless the channel may', async () => {
  const body = { name: 'x', kind: 'wecom', minLevel: 'high', language: 'zh', allowPrivate: false } as const;
  await expect(
    notifications.service.create({ ...body, url: 'http://example.com/?key=1' }, 'cli'),
  ).rejects.toMatchObject({ code: 'BTZ_CHANNEL_INVALID' });
  await notifications.service.create({ ...body, url: 'https://127.0.0.1:1/?key=1' }, 'cli');
  await expect(notifications.service.test('x', 'cli')).rejects.toMatchObject({ code: 'BTZ_NOT_DELIVERED' });
  expect(await state.evidence.latest(1)).toMatchObject([{ details: { ok: false } }]);
});
