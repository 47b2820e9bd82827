import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Action } from '#model/action.ts';
import type { Alert, Level } from '#model/alert.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { Exception } from '#model/exception.ts';

import type { StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

const HOSTILE = 'a\0b \u001b[31m \u{1F525} 望楼 \ud800 \'";-- %_! \r\n';

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`the state store on ${titleOf(engine)}`, () => {
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

    describe('alerts', () => {
      test('come back as they were saved, open, with the time they were raised', async () => {
        const alert = anAlert({ entities: { user: HOSTILE, src_ip: '203.0.113.9' } });
        expect(await store.alerts.save([alert], 5_000)).toEqual(['a1']);
        await reopen();
        expect(await store.alerts.find('a1')).toEqual({ ...alert, status: 'open', raisedMs: 5_000, updatedMs: 5_000 });
        expect(await store.alerts.find('a2')).toBeUndefined();
      });

      test('that are saved again keep their status and their time, and are not new', async () => {
        await store.alerts.save([anAlert({})], 5_000);
        expect(await store.alerts.setStatus('a1', 'closed', 6_000)).toBe(true);
        const fresh = await store.alerts.save([anAlert({ count: 9, lastMs: 9_000 }), anAlert({ id: 'a2' })], 7_000);
        expect(fresh).toEqual(['a2']);
        expect(await store.alerts.find('a1')).toMatchObject({
          status: 'closed',
          count: 9,
          lastMs: 9_000,
          raisedMs: 5_000,
          updatedMs: 7_000,
        });
        expect(await store.alerts.setStatus('nobody', 'closed', 1)).toBe(false);
      });

      test('given twice in one call are one, the later one', async () => {
        expect(await store.alerts.save([anAlert({ count: 1 }), anAlert({ count: 2 })], 1)).toEqual(['a1']);
        expect((await store.alerts.list({ limit: 10 })).items.map((alert) => alert.count)).toEqual([2]);
      });

      test('are listed newest first, by page, with the total', async () => {
        const alerts = Array.from({ length: 450 }, (_, index) =>
          anAlert({ id: `a${String(index).padStart(3, '0')}`, lastMs: 1_000 + index }),
        );
        expect(await store.alerts.save(alerts, 1)).toHaveLength(450);
        const page = await store.alerts.list({ limit: 3, offset: 2 });
        expect(page.total).toBe(450);
        expect(page.items.map((alert) => alert.id)).toEqual(['a447', 'a446', 'a445']);
      });

      test('are filtered by status, level, time, demo and text', async () => {
        await store.alerts.save(
          [
            anAlert({ id: 'low', level: 'low', lastMs: 1_000 }),
            anAlert({ id: 'high', level: 'high', lastMs: 2_000, entities: { user: 'Müller_50%' } }),
            anAlert({ id: 'demo', level: 'critical', lastMs: 3_000, demo: true }),
          ],
          1,
        );
        await store.alerts.setStatus('low', 'acknowledged', 2);
        const ids = async (filter: object) =>
          (await store.alerts.list({ limit: 10, ...filter })).items.map((alert) => alert.id);
        expect(await ids({ status: 'acknowledged' })).toEqual(['low']);
        expect(await ids({ minLevel: 'high' })).toEqual(['demo', 'high']);
        expect(await ids({ fromMs: 1_000, toMs: 2_000 })).toEqual(['low']);
        expect(await ids({ demo: false })).toEqual(['high', 'low']);
        expect(await ids({ text: 'müller_50%' })).toEqual(['high']);
        expect(await ids({ text: '爆破' })).toEqual(['demo', 'high', 'low']);
        expect(await ids({ text: 'm_ller' })).toEqual([]);
        expect(await ids({ text: "' or 1=1 --" })).toEqual([]);
        expect(await ids({ text: HOSTILE })).toEqual([]);
      });

      test('are counted in buckets by level', async () => {
        await store.alerts.save(
          [
            anAlert({ id: '1', firstMs: 60_000 }),
            anAlert({ id: '2', firstMs: 119_999.5 }),
            anAlert({ id: '3', firstMs: 120_000, level: 'low' }),
            anAlert({ id: '4', firstMs: 180_000 }),
          ],
          1,
        );
        expect(await store.alerts.histogram(60_000, 180_000, 60_000)).toEqual([
          { bucketMs: 60_000, level: 'high', count: 2 },
          { bucketMs: 120_000, level: 'low', count: 1 },
        ]);
      });

      test('are raised at the place they are given, and moved only where a place is given', async () => {
        const places = new Map([
          ['hid', { status: 'hidden', exceptionId: 'e1' }],
          ['held', { status: 'held_back' }],
        ] as const);
        const alerts = ['seen', 'hid', 'held'].map((id) => anAlert({ id }));
        await store.alerts.save(alerts, 5_000, places);
        expect(await store.alerts.find('hid')).toMatchObject({ status: 'hidden', exceptionId: 'e1' });
        expect(await store.alerts.standings(['seen', 'hid', 'held', 'no'])).toEqual(
          new Map([
            ['seen', { status: 'open', exceptionId: undefined, count: 0 }],
            ['hid', { status: 'hidden', exceptionId: 'e1', count: 5 }],
            ['held', { status: 'held_back', exceptionId: undefined, count: 0 }],
          ]),
        );
        await store.alerts.save(alerts, 6_000, new Map([['hid', { status: 'open' }]]));
        await reopen();
        const found = (await store.alerts.list({ limit: 10 })).items.map(({ id, status }) => [id, status]);
        expect(Object.fromEntries(found)).toEqual({ seen: 'open', hid: 'open', held: 'held_back' });
        expect(await store.alerts.find('hid')).not.toHaveProperty('exceptionId');
      });

      test('that were put away are in no figures, and come forward when a person says so', async () => {
        await store.alerts.save([anAlert({ id: 'a' }), anAlert({ id: 'b' }), anAlert({ id: 'c' })], 1);
        await store.alerts.place(['b', 'c'], { status: 'hidden', exceptionId: 'e1' }, 2);
        expect((await store.alerts.histogram(0, 10_000, 10_000)).map(({ count }) => count)).toEqual([1]);
        expect(await store.alerts.hiddenBy(['e1', 'e2'])).toEqual(new Map([['e1', 2]]));
        expect((await store.alerts.list({ isPutAway: false, limit: 10 })).total).toBe(1);
        expect((await store.alerts.list({ isPutAway: true, limit: 10 })).total).toBe(2);
        expect((await store.alerts.list({ exceptionId: 'e1', ruleId: 'ssh-bruteforce', limit: 10 })).total).toBe(2);
        expect((await store.alerts.list({ exceptionId: 'e1', ruleId: 'other', limit: 10 })).total).toBe(0);
        await store.alerts.setStatus('b', 'open', 3);
        expect((await store.alerts.list({ isPutAway: true, limit: 10 })).total).toBe(1);
        expect(await store.alerts.find('b')).not.toHaveProperty('exceptionId');
        expect(await store.alerts.hiddenBy(['e1'])).toEqual(new Map([['e1', 1]]));
      });

      test('are counted per rule as they came before people, forgeable ones apart', async () => {
        const another = { ...anAlert({}).rule, id: 'other' };
        await store.alerts.save(
          [
            anAlert({ id: '1' }),
            anAlert({ id: '2' }),
            anAlert({ id: '3', forgeable: true }),
            anAlert({ id: '4', demo: true }),
            anAlert({ id: '5', rule: another }),
            anAlert({ id: '6' }),
          ],
          1_000,
          new Map([['6', { status: 'held_back' }]]),
        );
        await store.alerts.save([anAlert({ id: '7' })], 500);
        const counts = await store.alerts.shownSince(['ssh-bruteforce'], 500);
        expect(new Set(counts)).toEqual(
          new Set([
            { ruleId: 'ssh-bruteforce', forgeable: false, count: 2 },
            { ruleId: 'ssh-bruteforce', forgeable: true, count: 1 },
          ]),
        );
        expect(await store.alerts.shownSince([], 0)).toEqual([]);
        expect(await store.alerts.heldBack(999)).toEqual([
          { ruleId: 'ssh-bruteforce', title: anAlert({}).rule.title, count: 1, sinceMs: 1_000 },
        ]);
        expect(await store.alerts.heldBack(1_000)).toEqual([]);
      });

      test('are found by the exact values they have one of, whatever an attacker writes into them', async () => {
        const forged = `x","user":"root`;
        await store.alerts.save(
          [
            anAlert({ id: 'plain', entities: { user: 'root', path: '/a_b%!' }, lastMs: 3_000 }),
            anAlert({ id: 'case', entities: { user: 'Root', path: '/a_b%!' }, lastMs: 3_001 }),
            anAlert({ id: 'forged', entities: { path: forged }, lastMs: 3_002 }),
            anAlert({ id: 'several', entities: { user: 'root, bin' }, several: ['user'], lastMs: 3_003 }),
            anAlert({ id: 'hostile', entities: { user: HOSTILE }, lastMs: 3_004 }),
            anAlert({ id: 'wild', entities: { user: 'root', path: '/axbyy!' }, lastMs: 3_005 }),
            anAlert({ id: 'old', entities: { user: 'root' }, lastMs: 999 }),
            anAlert({ id: 'shown', entities: { user: 'root' }, demo: true }),
            anAlert({ id: 'cut', entities: { user: `${'u'.repeat(256)}…` }, lastMs: 3_006 }),
          ],
          1,
        );
        const covered = async (scope: Record<string, string>, limit = 10) =>
          store.alerts.covered({ ruleIds: ['ssh-bruteforce'], scope, demo: false, fromMs: 1_000, limit });
        const ids = async (scope: Record<string, string>) => (await covered(scope)).all.map(({ id }) => id);
        expect(await ids({ user: 'root' })).toEqual(['wild', 'plain']);
        expect(await ids({ user: 'root', path: '/a_b%!' })).toEqual(['plain']);
        expect(await ids({ user: 'root, bin' })).toEqual([]);
        expect(await ids({ user: HOSTILE })).toEqual(['hostile']);
        expect(await ids({ path: forged })).toEqual(['forged']);
        expect(await ids({ user: `${'u'.repeat(256)}…` })).toEqual([]);
        expect(await covered({ user: 'root' }, 1)).toEqual({
          items: [
            {
              id: 'wild',
              title: anAlert({}).rule.title,
              level: 'high',
              entities: { user: 'root', path: '/axbyy!' },
              status: 'open',
              lastMs: 3_005,
            },
          ],
          all: [
            { id: 'wild', status: 'open', level: 'high', firstMs: 1_000 },
            { id: 'plain', status: 'open', level: 'high', firstMs: 1_000 },
          ],
          ofRule: 7,
          isWhole: true,
        });
      });

      test('of the demonstration go, and only those', async () => {
        await store.alerts.save([anAlert({ id: 'real' }), anAlert({ id: 'demo', demo: true })], 1);
        expect(await store.alerts.deleteDemo()).toBe(1);
        expect((await store.alerts.list({ limit: 10 })).items.map((alert) => alert.id)).toEqual(['real']);
      });
    });

    describe('exceptions', () => {
      test('come back as they were made, and are in force until their time', async () => {
        const exception = anException({ scope: { user: HOSTILE }, reason: HOSTILE });
        await store.exceptions.insert(exception);
        await reopen();
        expect(await store.exceptions.find('e1')).toEqual(exception);
        expect(await store.exceptions.find('e1\0')).toBeUndefined();
        expect(await store.exceptions.live(1_999)).toEqual([exception]);
        expect(await store.exceptions.live(2_000)).toEqual([]);
        expect(await store.exceptions.live(1_999, ['other', 'ssh-bruteforce'])).toEqual([exception]);
        expect(await store.exceptions.live(1_999, ['other'])).toEqual([]);
        expect(await store.exceptions.live(1_999, [])).toEqual([]);
        await expect(store.exceptions.insert(exception)).rejects.toMatchObject({ code: 'BTZ_ALREADY_EXISTS' });
      });

      test('are ended once, and not after their time', async () => {
        await store.exceptions.insert(anException({}));
        await store.exceptions.insert(anException({ id: 'e2', createdMs: 1_500 }));
        const ends = await Promise.all([store.exceptions.end('e1', 1_600), store.exceptions.end('e1', 1_601)]);
        expect(ends).toEqual([{ ...anException({}), endedMs: 1_600 }, undefined]);
        expect(await store.exceptions.end('e2', 2_000)).toBeUndefined();
        expect((await store.exceptions.live(1_700)).map(({ id }) => id)).toEqual(['e2']);
        expect((await store.exceptions.list(10)).map(({ id, endedMs }) => [id, endedMs])).toEqual([
          ['e2', undefined],
          ['e1', 1_600],
        ]);
      });
    });

    describe('actions', () => {
      test('move on only from the states that are named', async () => {
        const action = anAction({});
        await store.actions.insert(action);
        expect(await store.actions.find('x1')).toEqual(action);
        const approved = await store.actions.transition('x1', ['asked'], { state: 'approved', approvedBy: 'user:ann' });
        expect(approved).toEqual({ ...action, state: 'approved', approvedBy: 'user:ann' });
        expect(await store.actions.transition('x1', ['asked'], { state: 'refused' })).toBeUndefined();
        expect(await store.actions.transition('x1', [], { state: 'refused' })).toBeUndefined();
        const problem = { code: 'BTZ_FIREWALL_UNAVAILABLE', message: HOSTILE };
        await store.actions.transition('x1', ['approved', 'running'], { state: 'failed', problem, endedMs: 7.5 });
        await reopen();
        expect(await store.actions.find('x1')).toMatchObject({
          state: 'failed',
          problem,
          endedMs: 7.5,
          approvedBy: 'user:ann',
        });
      });

      test('are listed newest first by state, alert and target', async () => {
        await store.actions.insert(anAction({ id: '1', requestedMs: 1 }));
        await store.actions.insert(anAction({ id: '2', requestedMs: 2, state: 'done', alertId: 'a9' }));
        await store.actions.insert(anAction({ id: '3', requestedMs: 3, target: '198.51.100.0/24' }));
        const ids = async (filter: object) =>
          (await store.actions.list({ limit: 10, ...filter })).map((action) => action.id);
        expect(await ids({})).toEqual(['3', '2', '1']);
        expect(await ids({ states: ['asked', 'running'] })).toEqual(['3', '1']);
        expect(await ids({ states: [] })).toEqual([]);
        expect(await ids({ alertId: 'a9' })).toEqual(['2']);
        expect(await ids({ target: '198.51.100.0/24', limit: 1 })).toEqual(['3']);
      });

      test('keep what a repair changes, and are told apart by verb', async () => {
        const repair = {
          kind: 'bucket-acl',
          check: 'oss-bucket-not-public',
          resource: { provider: 'alicloud', account: '1', type: 't', id: HOSTILE, name: HOSTILE },
          before: { acl: 'public-read', ttl: 30, on: false },
          after: {},
          changes: [{ attribute: 'acl', before: 'public-read' }],
          calls: [],
          effects: [],
        };
        await store.actions.insert(anAction({ id: '1' }));
        await store.actions.insert(anAction({ id: '2', verb: 'repair', repair }));
        await store.actions.transition('2', ['asked'], { state: 'done', repair: { ...repair, verdict: 'pass' } });
        await reopen();
        expect((await store.actions.find('2'))?.repair).toEqual({ ...repair, verdict: 'pass' });
        expect((await store.actions.find('1'))?.repair).toBeUndefined();
        expect((await store.actions.list({ verb: 'repair', limit: 9 })).map(({ id }) => id)).toEqual(['2']);
        expect((await store.actions.list({ verb: 'block', limit: 9 })).map(({ id }) => id)).toEqual(['1']);
      });

      test('have an identifier of their own', async () => {
        await store.actions.insert(anAction({}));
        await expect(store.actions.insert(anAction({}))).rejects.toMatchObject({ code: 'BTZ_ALREADY_EXISTS' });
      });
    });

    describe('evidence', () => {
      test('is numbered from 0 and reads back exactly', async () => {
        const leaves = Array.from({ length: 1_203 }, (_, index) =>
          aLeaf({ subject: `s${index % 3}`, details: { index } }),
        );
        const first = await store.evidence.append(leaves);
        const hostile = JSON.parse(
          `{"__proto__":{"x":1},"big":12345678901234567890,"text":${JSON.stringify(HOSTILE)}}`,
        );
        const second = await store.evidence.append([aLeaf({ subject: HOSTILE, details: hostile })]);
        expect(first.map((leaf) => leaf.index)).toEqual(leaves.map((_, index) => index));
        expect(second[0]).toEqual({ ...aLeaf({ subject: HOSTILE, details: hostile }), index: 1_203 });
        await reopen();
        expect(await store.evidence.count()).toBe(1_204);
        expect(await store.evidence.read(1_200, 10)).toEqual([...first.slice(1_200), ...second]);
        expect(JSON.stringify(await store.evidence.read(1_203, 1))).toBe(JSON.stringify(second));
        expect((await store.evidence.latest(2, 's1')).map((leaf) => leaf.index)).toEqual([1_201, 1_198]);
        expect(await store.evidence.latest(5, HOSTILE)).toEqual(second);
        expect(await store.evidence.append([])).toEqual([]);
      });
    });

    describe('people and tokens', () => {
      test('a name is taken once, also when two ask at the same time', async () => {
        const user = {
          id: 'u1',
          name: '王芳',
          role: 'administrator',
          passwordHash: '$argon2id$…',
          createdMs: 1,
        } as const;
        const results = await Promise.allSettled([
          store.users.insert(user),
          store.users.insert({ ...user, id: 'u2' }),
          store.users.insert({ ...user, id: 'u3', name: 'ann' }),
        ]);
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(results[1]).toMatchObject({ reason: { code: 'BTZ_ALREADY_EXISTS' } });
        expect(await store.users.count()).toBe(2);
        expect(await store.users.findByName('王芳')).toEqual(user);
        expect(await store.users.findById('u2')).toBeUndefined();
        expect(await store.users.findByName('ann\0')).toBeUndefined();
        expect(await store.users.findByName("' or ''='")).toBeUndefined();
      });

      test('a session belongs to a person, is touched, and ends', async () => {
        const session = { idHash: 'h', userId: 'u1', address: '::1', createdMs: 1, lastSeenMs: 1, expiresMs: 100 };
        await expect(store.sessions.insert(session)).rejects.toMatchObject({ code: 'BTZ_INTERNAL' });
        await store.users.insert({ id: 'u1', name: 'ann', role: 'administrator', passwordHash: '', createdMs: 1 });
        await store.sessions.insert(session);
        await store.sessions.touch('h', '203.0.113.7', 50);
        expect(await store.sessions.activeSince(50)).toEqual([{ ...session, address: '203.0.113.7', lastSeenMs: 50 }]);
        expect(await store.sessions.activeSince(51)).toEqual([]);
        expect(await store.sessions.deleteExpired(99)).toBe(0);
        expect(await store.sessions.deleteExpired(100)).toBe(1);
        expect(await store.sessions.find('h')).toBeUndefined();
        await store.sessions.insert(session);
        await store.sessions.delete('h');
        expect(await store.sessions.find('h')).toBeUndefined();
      });

      test('a token is used up once, and not after its time', async () => {
        const token = { id: 't', kind: 'setup', name: 'first', secretHash: 'aa', createdMs: 1, expiresMs: 10 } as const;
        await store.tokens.insert(token);
        await store.tokens.insert({ ...token, id: 'i', kind: 'ingest', secretHash: 'bb', expiresMs: undefined });
        expect(await store.tokens.revoke('t', 10)).toBe(false);
        const uses = await Promise.all([store.tokens.revoke('t', 5), store.tokens.revoke('t', 6)]);
        expect(uses).toEqual([true, false]);
        expect(await store.tokens.findBySecretHash('aa')).toEqual({ ...token, revokedMs: 5 });
        expect((await store.tokens.list('ingest')).map((row) => row.id)).toEqual(['i']);
        expect(await store.tokens.revoke('i', 1e12)).toBe(true);
      });
    });

    describe('settings and checkpoints', () => {
      test('hold any JSON, and undefined only where nothing was set', async () => {
        await store.settings.set('respond', { mode: 'ask', text: HOSTILE, none: null }, 1);
        await store.settings.set('respond', ['auto'], 2);
        await store.settings.set('__proto__', 1, 3);
        await store.settings.set('nothing', null, 3);
        expect(await store.settings.get('respond')).toEqual(['auto']);
        expect(await store.settings.get('nothing')).toBeNull();
        expect(await store.settings.get('other')).toBeUndefined();
        expect(Object.entries(await store.settings.all()).sort()).toEqual([
          ['__proto__', 1],
          ['nothing', null],
          ['respond', ['auto']],
        ]);
      });

      test('a checkpoint keeps its bytes', async () => {
        expect(await store.checkpoints.get('detect')).toBeUndefined();
        const state = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        await store.checkpoints.set('detect', 2 ** 33 - 1, state);
        await reopen();
        expect(await store.checkpoints.get('detect')).toEqual({ sequence: 2 ** 33 - 1, state });
        await store.checkpoints.set('detect', 7, undefined);
        expect(await store.checkpoints.get('detect')).toEqual({ sequence: 7, state: undefined });
      });
    });
  });
}

function anAlert({ level = 'high', ...changes }: Partial<Alert> & { level?: Level }): Alert {
  return {
    id: 'a1',
    rule: {
      id: 'ssh-bruteforce',
      title: { zh: 'SSH 密码爆破', en: 'SSH password guessing' },
      level,
      attack: ['T1110.001'],
    },
    entities: { src_ip: '203.0.113.9' },
    firstMs: 1_000,
    lastMs: 2_000,
    count: 5,
    reason: { zh: '五次失败', en: 'Five failures' },
    advice: { zh: '封禁', en: 'Block' },
    events: [{ id: 1_048_576, time: 1_000, raw: 'Failed password for root' }],
    demo: false,
    ...changes,
  };
}

function anException(changes: Partial<Exception>): Exception {
  return {
    id: 'e1',
    kind: 'false_positive',
    ruleIds: ['ssh-bruteforce'],
    ruleTitle: { zh: 'SSH 密码爆破', en: 'SSH password guessing' },
    alertId: 'a1',
    scope: { user: 'backup' },
    owner: 'user:ann',
    reason: 'our own scanner',
    demo: false,
    createdMs: 1_000,
    startsMs: 1_000,
    expiresMs: 2_000,
    revision: 0,
    ...changes,
  };
}

function anAction(changes: Partial<Action>): Action {
  return {
    id: 'x1',
    verb: 'block',
    target: '203.0.113.9',
    state: 'asked',
    requestedBy: 'user:ann',
    requestedMs: 1_700_000_000_000,
    dryRun: true,
    ...changes,
  };
}

function aLeaf(changes: Partial<NewEvidence>): NewEvidence {
  return { timeMs: 1_700_000_000_000, kind: 'action.asked', actor: 'user:ann', subject: 'x1', details: {}, ...changes };
}
