import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespondMode } from '#model/action.ts';
import type { Alert, Level } from '#model/alert.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import type { AdminSession, LockoutGuard } from './guard.ts';
import { createResponder, MAX_BLOCK_MS, type Responder, type ResponderOptions } from './responder.ts';
import { parseTarget } from './target.ts';
import { createPretendFirewall, type PretendFirewall, unavailable } from './testing/pretend-firewall.ts';
import { ASKED_LIFETIME_MS } from './upkeep.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const TARGET = '203.0.113.9';
const session = (address: string, sinceMs: number, live: boolean): AdminSession => ({
  address: parseTarget(address),
  kind: 'ssh',
  sinceMs,
  live,
});

let folder: string;
let state: StateStore;
let firewall: PretendFirewall;
let nowMs: number;
let mode: RespondMode;
let guard: LockoutGuard;
let lastId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-respond-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  firewall = createPretendFirewall();
  nowMs = START_MS;
  mode = 'ask';
  lastId = 0;
  guard = {
    ownAddresses: [parseTarget('10.0.0.5')],
    gateways: [],
    nameServers: [],
    adminSessions: [session('198.51.100.7', START_MS - HOUR_MS, true)],
    allowList: [],
  };
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

const newResponder = (more: Partial<ResponderOptions> = {}): Responder =>
  createResponder({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    firewall,
    guardFacts: async () => guard,
    mode: () => mode,
    clock: () => nowMs,
    // Time passes for both clocks alike, unless a test says otherwise.
    monotonic: () => nowMs,
    ids: () => `action-${++lastId}`,
    ...more,
  });
const alertOf = (target: string, more: Partial<Alert> & { level?: Level } = {}): Alert => ({
  id: `alert-${target}`,
  rule: { id: 'ssh-bruteforce', title: { zh: '', en: '' }, level: more.level ?? 'high', attack: ['T1110.001'] },
  entities: { src_ip: target },
  firstMs: START_MS - 60_000,
  lastMs: START_MS,
  count: 10,
  reason: { zh: '', en: '' },
  advice: { zh: '', en: '' },
  events: [],
  proposal: { verb: 'block', target },
  demo: false,
  ...more,
});
const raise = async (alert: Alert): Promise<Alert> => {
  await state.alerts.save([alert], nowMs);
  return alert;
};
const kindsOf = async (subject: string): Promise<string[]> =>
  (await state.evidence.read(0, 1_000)).filter((leaf) => leaf.subject === subject).map(({ kind }) => kind);

describe('asking and answering', () => {
  test('a question changes nothing until a person approves it, and then lasts as long as was asked', async () => {
    const responder = newResponder();
    const asked = await responder.ask({ target: '::ffff:203.0.113.9', durationMs: 2 * HOUR_MS, actor: 'user:li' });
    expect(asked).toMatchObject({ state: 'asked', target: TARGET });
    expect(firewall.blocked.size).toBe(0);
    nowMs += 600_000;
    const done = await responder.approve(asked.id, 'user:wang');
    expect(done).toMatchObject({
      state: 'done',
      requestedBy: 'user:li',
      approvedBy: 'user:wang',
      doneMs: nowMs,
      expiresMs: nowMs + 2 * HOUR_MS,
    });
    expect(firewall.blocked.get(TARGET)).toBe(2 * HOUR_MS);
    expect(await kindsOf(asked.id)).toEqual(['action.asked', 'action.approved', 'action.started', 'action.done']);
  });

  test('a refused question cannot be approved', async () => {
    const responder = newResponder();
    const { id } = await responder.ask({ target: TARGET, actor: 'user:li' });
    expect((await responder.refuse(id, 'user:wang')).state).toBe('refused');
    await expect(responder.approve(id, 'user:wang')).rejects.toMatchObject({ code: 'BTZ_ACTION_STATE' });
    await expect(responder.refuse(id, 'user:wang')).rejects.toMatchObject({ code: 'BTZ_ACTION_STATE' });
    expect(firewall.blocked.size).toBe(0);
    expect(await kindsOf(id)).toEqual(['action.asked', 'action.refused']);
  });

  test('of two who approve at once one wins, and the kernel is changed once', async () => {
    const responder = newResponder();
    const changes: string[] = [];
    firewall.beforeChange = (what) => void changes.push(what);
    const { id } = await responder.ask({ target: TARGET, actor: 'user:li' });
    const answers = await Promise.allSettled([responder.approve(id, 'user:a'), newResponder().approve(id, 'user:b')]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(changes).toEqual([`apply ${TARGET}`]);
    expect((await kindsOf(id)).filter((kind) => kind === 'action.started')).toHaveLength(1);
  });

  test('the same target is not asked about twice', async () => {
    const responder = newResponder();
    const [a, b] = await Promise.all([
      responder.ask({ target: TARGET, actor: 'user:li' }),
      responder.ask({ target: `${TARGET}/32`, actor: 'user:wang' }),
    ]);
    expect(b?.id).toBe(a?.id);
  });

  test('what starts is in the evidence before the kernel is changed', async () => {
    const responder = newResponder();
    let before: string[] = [];
    firewall.beforeChange = async () => {
      before = (await state.evidence.read(0, 100)).map(({ kind }) => kind);
    };
    const done = await responder.block({ target: TARGET, actor: 'cli' });
    expect(before).toEqual(['action.asked', 'action.approved', 'action.started']);
    await responder.undo(done.id, 'cli');
    expect(before.at(-1)).toBe('action.started');
    expect((await kindsOf(done.id)).slice(-2)).toEqual(['action.started', 'action.undone']);
  });

  test('evidence that cannot be written leaves the kernel as it was', async () => {
    const responder = newResponder({ evidence: { record: async () => Promise.reject(new Error('disk full')) } });
    await expect(responder.block({ target: TARGET, actor: 'cli' })).rejects.toThrow('disk full');
    expect(firewall.blocked.size).toBe(0);
    expect(await state.actions.list({ limit: 10 })).toEqual([]);
  });

  test.each([
    ['1.2.3', 'BTZ_BLOCK_TARGET_INVALID'],
    ['010.1.1.1', 'BTZ_BLOCK_TARGET_INVALID'],
  ])('%s is not a target', async (target, code) => {
    await expect(newResponder().block({ target, actor: 'cli' })).rejects.toMatchObject({ code });
    expect(await state.evidence.count()).toBe(0);
  });

  test.each([0, -1, Number.NaN, MAX_BLOCK_MS + 1, Number.POSITIVE_INFINITY])(
    '%s ms is no duration',
    async (durationMs) => {
      await expect(newResponder().block({ target: TARGET, durationMs, actor: 'cli' })).rejects.toMatchObject({
        code: 'BTZ_BLOCK_DURATION_INVALID',
      });
    },
  );

  test('a dry run shows the commands, in the evidence too, and changes nothing', async () => {
    mode = 'off';
    const done = await newResponder().block({ target: TARGET, dryRun: true, actor: 'user:li' });
    expect(done).toMatchObject({ state: 'done', dryRun: true });
    expect(firewall.blocked.size).toBe(0);
    expect((await state.evidence.latest(1, done.id))[0]?.details).toMatchObject({
      dryRun: true,
      plan: { commands: [`block ${TARGET}`] },
    });
  });

  test('responses that are switched off are off for everybody, but undoing is not', async () => {
    const responder = newResponder();
    const done = await responder.block({ target: TARGET, actor: 'cli' });
    const asked = await responder.ask({ target: '203.0.113.10', actor: 'cli' });
    mode = 'off';
    await expect(responder.block({ target: '203.0.113.11', actor: 'cli' })).rejects.toMatchObject({
      code: 'BTZ_RESPONSE_OFF',
    });
    await expect(responder.approve(asked.id, 'cli')).rejects.toMatchObject({ code: 'BTZ_RESPONSE_OFF' });
    expect((await responder.undo(done.id, 'cli')).state).toBe('undone');
    expect(firewall.blocked.size).toBe(0);
  });
});

describe('the guard', () => {
  test('is asked when the question is put', async () => {
    const answer = await newResponder().ask({ target: '198.51.100.7', actor: 'user:li' });
    expect(answer).toMatchObject({ state: 'refused', problem: { code: 'BTZ_BLOCK_ADMIN_SESSION' } });
    expect(await kindsOf(answer.id)).toEqual(['action.asked', 'action.refused']);
  });

  test('is asked again when it is done: an administrator signed in meanwhile', async () => {
    const responder = newResponder();
    const { id } = await responder.ask({ target: TARGET, actor: 'user:li' });
    guard = { ...guard, adminSessions: [session(TARGET, nowMs, true)] };
    expect(await responder.approve(id, 'user:li')).toMatchObject({
      state: 'refused',
      problem: { code: 'BTZ_BLOCK_ADMIN_SESSION' },
    });
    expect(firewall.blocked.size).toBe(0);
  });

  test('protects an administrator who left before the attack, not somebody who came with it', async () => {
    mode = 'auto';
    const responder = newResponder();
    const attacked = await raise(alertOf(TARGET));
    guard = { ...guard, adminSessions: [session(TARGET, attacked.firstMs - 1, false)] };
    expect((await responder.onAlert(attacked))?.state).toBe('refused');
    const other = await raise(alertOf('203.0.113.10'));
    guard = { ...guard, adminSessions: [session('203.0.113.10', other.firstMs + 1, false)] };
    expect((await responder.onAlert(other))?.state).toBe('done');
  });

  test('lifts a block that it would refuse by now', async () => {
    const responder = newResponder();
    const { id } = await responder.block({ target: TARGET, actor: 'cli' });
    guard = { ...guard, allowList: [parseTarget('203.0.113.0/24')] };
    expect((await responder.tick()).lifted).toBe(1);
    expect(await state.actions.find(id)).toMatchObject({
      state: 'undone',
      problem: { code: 'BTZ_BLOCK_ALLOW_LISTED' },
    });
    expect(firewall.blocked.size).toBe(0);
  });

  test('a guard that cannot be asked lets nothing through', async () => {
    const responder = newResponder({ guardFacts: async () => Promise.reject(new Error('no /proc')) });
    await expect(responder.block({ target: TARGET, actor: 'cli' })).rejects.toThrow('no /proc');
    expect(firewall.blocked.size).toBe(0);
  });
});

describe('alerts', () => {
  test.each([
    ['off', 'critical', undefined],
    ['ask', 'critical', 'asked'],
    ['auto', 'critical', 'done'],
    ['auto', 'high', 'done'],
    ['auto', 'medium', 'asked'],
  ] as const)('in mode %s a %s alert comes to %s', async (which, level, expected) => {
    mode = which;
    const answer = await newResponder().onAlert(await raise(alertOf(TARGET, { level })));
    expect(answer?.state).toBe(expected);
    expect(firewall.blocked.has(TARGET)).toBe(expected === 'done');
  });

  test('that rest on lines anyone could have sent only ask, whatever mode and level; what others say is done', async () => {
    mode = 'auto';
    const responder = newResponder();
    const forged = await raise(alertOf(TARGET, { level: 'critical', forgeable: true }));
    expect(await responder.onAlert(forged)).toMatchObject({ state: 'asked' });
    expect(await responder.onAlert({ ...forged, count: 1_000 })).toMatchObject({ state: 'asked' });
    expect(firewall.blocked.size).toBe(0);
    // The question that waits does not shield the target.
    const proven = await raise(alertOf(TARGET, { id: 'proven' }));
    expect(await responder.onAlert(proven)).toMatchObject({ state: 'done' });
    expect(firewall.blocked.has(TARGET)).toBe(true);
  });

  test('that rest on such lines cannot use up the questions of the others', async () => {
    const responder = newResponder({ questionsPerHour: 20 });
    for (let last = 1; last <= 30; last++)
      await responder.onAlert(await raise(alertOf(`192.0.2.${last}`, { forgeable: true })));
    expect(await state.actions.list({ states: ['asked'], limit: 100 })).toHaveLength(2);
    expect(await responder.onAlert(await raise(alertOf(TARGET)))).toMatchObject({ state: 'asked' });
  });

  test('that propose nothing do nothing', async () => {
    mode = 'auto';
    expect(await newResponder().onAlert(alertOf(TARGET, { proposal: undefined }))).toBeUndefined();
  });

  test('of the demonstration never touch the kernel', async () => {
    mode = 'auto';
    const answer = await newResponder().onAlert(await raise(alertOf(TARGET, { demo: true })));
    expect(answer).toMatchObject({ state: 'done', dryRun: true });
    expect(firewall.blocked.size).toBe(0);
  });

  test('that grow, or come from another rule, do not ask or block again', async () => {
    mode = 'auto';
    const responder = newResponder();
    const alert = await raise(alertOf(TARGET));
    const answers = await Promise.all([
      responder.onAlert(alert),
      responder.onAlert({ ...alert, count: 11 }),
      responder.onAlert(await raise(alertOf(TARGET, { id: 'another' }))),
    ]);
    expect(new Set(answers.map((answer) => answer?.id)).size).toBe(1);
    expect(await state.actions.list({ limit: 10 })).toHaveLength(1);
  });

  test('do not block again what a person took back: the same alert is silent, another one asks', async () => {
    mode = 'auto';
    const responder = newResponder();
    const alert = await raise(alertOf(TARGET));
    const done = await responder.onAlert(alert);
    await responder.undo(done?.id ?? '', 'user:li');
    expect((await responder.onAlert(alert))?.state).toBe('undone');
    expect((await responder.onAlert(await raise(alertOf(TARGET, { id: 'another' }))))?.state).toBe('asked');
    expect(firewall.blocked.size).toBe(0);
  });

  test('that go on after the block expired are answered again', async () => {
    mode = 'auto';
    const responder = newResponder();
    const alert = await raise(alertOf(TARGET));
    const first = await responder.onAlert(alert);
    nowMs += HOUR_MS;
    await responder.tick();
    expect(firewall.blocked.size).toBe(0);
    const second = await responder.onAlert(alert);
    expect(second).toMatchObject({ state: 'done' });
    expect(second?.id).not.toBe(first?.id);
  });

  test('in a flood block only so many an hour, then ask, then are only counted; a restart does not reset it', async () => {
    mode = 'auto';
    const responder = newResponder({ autoBlocksPerHour: 3, questionsPerHour: 2 });
    const states = [];
    for (let index = 0; index < 8; index += 1) {
      states.push((await responder.onAlert(await raise(alertOf(`203.0.113.${index}`))))?.state);
    }
    expect(states).toEqual(['done', 'done', 'done', 'asked', 'asked', undefined, undefined, undefined]);
    expect(responder.heldBack()).toBe(5);
    const held = (await state.actions.list({ states: ['asked'], limit: 10 }))[0];
    expect((await state.evidence.latest(1, held?.id))[0]?.details).toMatchObject({
      heldBack: { code: 'BTZ_BLOCK_HOURLY_CAP' },
    });
    expect(await kindsOf('alert-203.0.113.5')).toEqual(['action.refused']);
    expect(await kindsOf('alert-203.0.113.6')).toEqual([]);

    const restarted = newResponder({ autoBlocksPerHour: 3 });
    expect((await restarted.onAlert(await raise(alertOf('203.0.113.20'))))?.state).toBe('asked');
    nowMs += HOUR_MS + 1;
    expect((await restarted.onAlert(await raise(alertOf('203.0.113.21'))))?.state).toBe('done');
  });

  test('are not tried again at once when the kernel refused', async () => {
    mode = 'auto';
    const responder = newResponder();
    firewall.beforeChange = unavailable;
    const alert = await raise(alertOf(TARGET));
    const failed = await responder.onAlert(alert);
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'BTZ_FIREWALL_UNAVAILABLE' } });
    expect(responder.firewall()).toMatchObject({ available: false });
    expect((await responder.onAlert(alert))?.id).toBe(failed?.id);
    firewall.beforeChange = () => undefined;
    nowMs += 60_000;
    expect((await responder.onAlert(alert))?.state).toBe('done');
    expect(responder.firewall()).toEqual({ available: true, problem: undefined });
  });
});

describe('the end of a block', () => {
  test('it expires in the books as in the kernel', async () => {
    const responder = newResponder();
    const { id } = await responder.block({ target: TARGET, actor: 'cli' });
    nowMs += HOUR_MS - 1;
    expect((await responder.tick()).expired).toBe(0);
    expect(await responder.blocked()).toBe(1);
    nowMs += 1;
    expect((await responder.tick()).expired).toBe(1);
    expect(await state.actions.find(id)).toMatchObject({ state: 'expired', endedMs: nowMs });
    expect(await responder.blocked()).toBe(0);
    await expect(responder.undo(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_ACTION_STATE' });
  });

  test('a longer block of the same target survives the undoing of the shorter one', async () => {
    const responder = newResponder();
    const short = await responder.block({ target: TARGET, durationMs: HOUR_MS, actor: 'cli' });
    const long = await responder.block({ target: TARGET, durationMs: 3 * HOUR_MS, actor: 'cli' });
    expect(long.id).not.toBe(short.id);
    expect((await responder.block({ target: TARGET, durationMs: HOUR_MS, actor: 'cli' })).id).toBe(long.id);
    await responder.undo(short.id, 'cli');
    expect(firewall.blocked.get(TARGET)).toBe(3 * HOUR_MS);
    await responder.undo(long.id, 'cli');
    expect(firewall.blocked.size).toBe(0);
  });

  test('a question that nobody answers is dropped after a day', async () => {
    const responder = newResponder();
    const { id } = await responder.ask({ target: TARGET, actor: 'cli' });
    nowMs += ASKED_LIFETIME_MS;
    await responder.tick();
    expect((await state.actions.find(id))?.state).toBe('expired');
  });

  test('an undoing that the kernel refuses is told, and made good by the next tick', async () => {
    const responder = newResponder();
    const { id } = await responder.block({ target: TARGET, actor: 'cli' });
    firewall.beforeChange = unavailable;
    await expect(responder.undo(id, 'cli')).rejects.toMatchObject({ code: 'BTZ_FIREWALL_UNAVAILABLE' });
    firewall.beforeChange = () => undefined;
    expect((await responder.tick()).repair?.surplus).toEqual([TARGET]);
    expect(firewall.blocked.size).toBe(0);
    expect((await kindsOf(id)).slice(-2)).toEqual(['action.started', 'action.failed']);
  });

  test('what a flush took away is restored, and that is in the evidence first', async () => {
    const responder = newResponder();
    await responder.block({ target: TARGET, actor: 'cli' });
    firewall.blocked.clear();
    expect((await responder.tick()).repair?.missing).toEqual([TARGET]);
    expect([...firewall.blocked.keys()]).toEqual([TARGET]);
    expect(await kindsOf('firewall')).toEqual(['action.started', 'action.done']);
    expect((await responder.tick()).repair).toBeUndefined();
    expect(await kindsOf('firewall')).toHaveLength(2);
  });

  test('a repair that fails is not tried, nor written down, every second', async () => {
    let monotonicMs = 0;
    const responder = newResponder({ monotonic: () => monotonicMs });
    await responder.block({ target: TARGET, actor: 'cli' });
    firewall.blocked.clear();
    firewall.beforeChange = unavailable;
    expect((await responder.tick()).problem?.code).toBe('BTZ_FIREWALL_UNAVAILABLE');
    monotonicMs += 1_000;
    expect((await responder.tick()).problem?.code).toBe('BTZ_FIREWALL_UNAVAILABLE');
    expect(responder.firewall().available).toBe(false);
    expect(await kindsOf('firewall')).toEqual(['action.started', 'action.failed']);
    firewall.beforeChange = () => undefined;
    monotonicMs += 60_000;
    expect((await responder.tick()).problem).toBeUndefined();
    expect(firewall.blocked.has(TARGET)).toBe(true);
  });

  test('a clock that jumps back a day does not make a block longer than it was meant to be', async () => {
    let monotonicMs = 0;
    const responder = newResponder({ monotonic: () => monotonicMs });
    const { id } = await responder.block({ target: TARGET, actor: 'cli' });
    await responder.tick();
    nowMs -= 24 * HOUR_MS;
    monotonicMs += HOUR_MS - 1;
    expect((await responder.tick()).expired).toBe(0);
    monotonicMs += 1;
    expect((await responder.tick()).expired).toBe(1);
    expect((await state.actions.find(id))?.state).toBe('expired');
    expect(firewall.blocked.size).toBe(0);
  });

  test('a clock that jumps forward a day does not end it early, and the books say when it ends by the new clock', async () => {
    let monotonicMs = 0;
    const responder = newResponder({ monotonic: () => monotonicMs });
    const { id, expiresMs = 0 } = await responder.block({ target: TARGET, actor: 'cli' });
    await responder.tick();
    nowMs += 24 * HOUR_MS;
    expect((await responder.tick()).expired).toBe(0);
    expect(firewall.blocked.size).toBe(1);
    expect(await responder.blocked()).toBe(1);
    expect((await state.actions.find(id))?.expiresMs).toBe(expiresMs + 24 * HOUR_MS);
    expect(await kindsOf('clock')).toEqual(['clock.stepped']);
    nowMs += HOUR_MS;
    monotonicMs += HOUR_MS;
    expect((await responder.tick()).expired).toBe(1);
    expect(firewall.blocked.size).toBe(0);
  });

  test('more blocks than a page of the store are all kept', async () => {
    const responder = newResponder();
    await state.transaction(async ({ actions }) => {
      for (let index = 0; index < 1_500; index += 1) {
        const times = { requestedMs: nowMs, doneMs: nowMs, expiresMs: nowMs + HOUR_MS };
        const target = `203.0.${index >> 8}.${index & 255}`;
        const rest = { verb: 'block', state: 'done', requestedBy: 'cli', dryRun: false } as const;
        await actions.insert({ id: `old-${index}`, target, ...rest, ...times });
      }
    });
    expect((await responder.tick()).repair?.missing).toHaveLength(1_500);
    expect(firewall.blocked.size).toBe(1_500);
  });
});

describe('a restart in the middle', () => {
  /** The program ends for good when the kernel is about to be changed, or just was. */
  const dieAt = async (moment: 'before' | 'after'): Promise<string> => {
    const responder = newResponder();
    const dying = new Promise<void>((resolve) => {
      const apply = firewall.apply;
      firewall.apply = async (block) => {
        if (moment === 'after') await apply(block);
        firewall.apply = apply;
        resolve();
        return await new Promise<never>(() => undefined);
      };
    });
    void responder.block({ target: TARGET, actor: 'cli' });
    await dying;
    const [action] = await state.actions.list({ states: ['running'], limit: 10 });
    return action?.id ?? '';
  };

  test.each([
    ['before', 'it was done again'],
    ['after', 'it was found in the kernel'],
  ] as const)('%s the kernel was changed: it is finished, and said how', async (moment, resumed) => {
    const id = await dieAt(moment);
    expect((await newResponder().tick()).resumed).toBe(1);
    expect((await state.actions.find(id))?.state).toBe('done');
    expect(firewall.blocked.has(TARGET)).toBe(true);
    expect((await state.evidence.latest(1, id))[0]).toMatchObject({ kind: 'action.done', details: { resumed } });
  });

  test('after its time was over: it has failed, and nothing is blocked', async () => {
    const id = await dieAt('before');
    nowMs += 2 * HOUR_MS;
    await newResponder().tick();
    expect(await state.actions.find(id)).toMatchObject({
      state: 'failed',
      problem: { code: 'BTZ_FIREWALL_NOT_APPLIED' },
    });
    expect(firewall.blocked.size).toBe(0);
  });

  test('when the guard refuses by now: it has failed, and the kernel is clean', async () => {
    const id = await dieAt('after');
    guard = { ...guard, allowList: [parseTarget(TARGET)] };
    await newResponder().tick();
    expect(await state.actions.find(id)).toMatchObject({
      state: 'failed',
      problem: { code: 'BTZ_BLOCK_ALLOW_LISTED' },
    });
    expect(firewall.blocked.size).toBe(0);
  });

  test('without a firewall: it has failed, honestly', async () => {
    const id = await dieAt('before');
    firewall.beforeChange = unavailable;
    await newResponder().tick();
    expect(await state.actions.find(id)).toMatchObject({
      state: 'failed',
      problem: { code: 'BTZ_FIREWALL_UNAVAILABLE' },
    });
  });
});
