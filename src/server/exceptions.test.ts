import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '#access/secrets.ts';
import { createAccess } from '#access/sign-in.ts';
import type { Api } from '#api/routes/route.ts';
import { createApi } from '#api/server.ts';
import type { ApiServices } from '#api/services.ts';
import type { Alert } from '#model/alert.ts';
import type { Exception } from '#model/exception.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { createExceptions } from './exceptions.ts';

const DAY_MS = 86_400_000;
const SECRET = 'a-secret-of-the-local-command-line';

let folder: string;
let state: StateStore;
let api: Api;
let nowMs: number;
let refused: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-exceptions-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = 1_700_000_000_000;
  refused = [];
  const clock = () => nowMs;
  const services = {
    state,
    clock,
    localSecretHash: () => hashSecret(SECRET),
    exceptions: createExceptions({
      state,
      clock,
      refuse: async (id) => void refused.push(id),
      causeOf: async () => ['src_ip'],
    }),
  } as Partial<ApiServices> as ApiServices;
  api = await createApi({
    services,
    access: createAccess({ state, record: async () => undefined, clock }),
    version: '1',
  });
});
afterEach(async () => {
  await api.close();
  await state.close();
  rmSync(folder, { recursive: true });
});

async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
  secret: string | undefined = SECRET,
) {
  const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const answer = await api.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}

const propose = (id: string, scope?: object) => ask('POST', `/alerts/${id}/exception-proposal`, { scope });
const create = (changes: object) =>
  ask('POST', '/exceptions', { alertId: 'a', scope: { user: 'backup' }, reason: 'our own backup', ...changes });

describe('a proposal', () => {
  it('is the narrowest scope: all that the alert has exactly one of, known in full', async () => {
    const entities = { user: 'backup', src_ip: '192.0.2.1', path: '/a, /b', command: `${'c'.repeat(256)}…` };
    await save(anAlert('a', entities, { several: ['path'] }));
    const { body } = await propose('a');
    expect(body).toEqual({
      ruleId: 'r',
      choices: { user: 'backup', src_ip: '192.0.2.1' },
      scope: { user: 'backup', src_ip: '192.0.2.1' },
      wouldHide: {
        count: 1,
        ofRule: 1,
        isWhole: true,
        alerts: [expect.objectContaining({ id: 'a', status: 'open', level: 'high' })],
      },
    });
  });

  it('counts what a wider one would have hidden in the last 30 days, of this rule and no other', async () => {
    await save(
      anAlert('a', { user: 'backup', src_ip: '192.0.2.1' }),
      anAlert('b', { user: 'backup', src_ip: '192.0.2.2' }),
      anAlert('old', { user: 'backup' }, { lastMs: nowMs - 31 * DAY_MS }),
      anAlert('other', { user: 'root', src_ip: '192.0.2.1' }),
      anAlert('elsewhere', { user: 'backup' }, { rule: { ...anAlert('', {}).rule, id: 'r2' } }),
    );
    expect((await propose('a')).body.wouldHide.count).toBe(1);
    const { body } = await propose('a', { user: 'backup' });
    expect(body.wouldHide).toMatchObject({ count: 2, ofRule: 3, isWhole: true });
    expect(body.wouldHide.alerts.map(({ id }: { id: string }) => id)).toEqual(['b', 'a']);
    expect(await state.exceptions.list(10)).toEqual([]);
  });

  it('lists at most 50 and counts all', async () => {
    await save(...Array.from({ length: 70 }, (_, index) => anAlert(`a${index}`, { user: 'backup' })));
    const { wouldHide } = (await propose('a0')).body;
    expect([wouldHide.count, wouldHide.alerts.length]).toEqual([70, 50]);
  });

  it('says why a scope will not do', async () => {
    await save(anAlert('a', { user: 'backup' }));
    const { body } = await propose('a', {});
    expect(body.refusal.code).toBe('BTZ_EXCEPTION_EMPTY');
    expect(body.wouldHide).toEqual({ count: 0, ofRule: 1, isWhole: true, alerts: [] });
    expect((await propose('nobody')).body.code).toBe('BTZ_NOT_FOUND');
  });
});

describe('an exception', () => {
  it('has an owner, a reason and an end, and hides what was shown, but not what was judged', async () => {
    await save(anAlert('a', { user: 'backup' }), anAlert('b', { user: 'backup' }), anAlert('c', { user: 'backup' }));
    await state.alerts.setStatus('b', 'closed', nowMs);
    await state.actions.insert({
      id: 'q1',
      verb: 'block',
      target: '203.0.113.9',
      state: 'asked',
      alertId: 'c',
      requestedBy: 'auto:r',
      requestedMs: nowMs,
      dryRun: false,
    });
    await state.actions.insert({
      id: 'q2',
      verb: 'block',
      target: '203.0.113.8',
      state: 'asked',
      requestedBy: 'user:ann',
      requestedMs: nowMs,
      dryRun: false,
    });
    const { status, body } = await create({ reason: '  our own backup ' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ruleIds: ['r'], owner: 'cli', reason: 'our own backup', scope: { user: 'backup' } });
    expect(body.expiresMs - body.createdMs).toBe(30 * DAY_MS);
    const statuses = await Promise.all(['a', 'b', 'c'].map(async (id) => (await state.alerts.find(id))?.status));
    expect(statuses).toEqual(['hidden', 'closed', 'hidden']);
    expect(refused).toEqual(['q1']);
    const leaves = await state.evidence.read(0, 10);
    expect(leaves[0]).toMatchObject({
      kind: 'exception.created',
      actor: 'cli',
      subject: body.id,
      details: {
        rules: ['r'],
        scope: { user: 'backup' },
        reason: 'our own backup',
        expiresMs: body.expiresMs,
        hides: 2,
        alerts: ['c', 'a'],
      },
    });
    const list = (await ask('GET', '/alerts')).body;
    expect(list.items.map(({ id }: Alert) => id)).toEqual(['b']);
    expect([list.total, list.hidden]).toEqual([1, 2]);
    const hidden = (await ask('GET', `/alerts?status=hidden&exception=${body.id}`)).body;
    expect(hidden.items.map(({ id }: Alert) => id)).toEqual(['c', 'a']);
  });

  it('can be ended once, which is a leaf, and is listed with what it hides', async () => {
    await save(anAlert('a', { user: 'backup' }));
    const { id } = (await create({})).body as Exception;
    nowMs += 5_000;
    expect((await ask('DELETE', `/exceptions/${id}`)).body).toMatchObject({ id, endedMs: nowMs });
    expect((await ask('DELETE', `/exceptions/${id}`)).status).toBe(404);
    const [leaf, ...before] = await state.evidence.latest(10, id);
    expect(leaf).toMatchObject({ kind: 'exception.ended', actor: 'cli', details: { rules: ['r'], owner: 'cli' } });
    expect(before.map(({ kind }) => kind)).toEqual(['exception.created']);
    expect((await ask('GET', '/exceptions')).body.items).toMatchObject([{ id, hidden: 1, endedMs: nowMs }]);
  });

  it('is refused without anything named, with what the alert has not, and with nothing said', async () => {
    await save(anAlert('a', { user: 'backup', path: '/a, /b' }, { several: ['path'] }));
    const codes = async (changes: object) => (await create(changes)).body.code;
    expect(await codes({ scope: {} })).toBe('BTZ_EXCEPTION_EMPTY');
    expect(await codes({ scope: { user: 'root' } })).toBe('BTZ_EXCEPTION_NOT_OF_ALERT');
    expect(await codes({ scope: { user: 'BACKUP' } })).toBe('BTZ_EXCEPTION_NOT_OF_ALERT');
    expect(await codes({ scope: { path: '/a, /b' } })).toBe('BTZ_EXCEPTION_NOT_OF_ALERT');
    expect(await codes({ scope: { user: 'backup', host: 'web' } })).toBe('BTZ_EXCEPTION_NOT_OF_ALERT');
    expect(await codes({ scope: { toString: 'x' } })).toBe('BTZ_EXCEPTION_NOT_OF_ALERT');
    for (const changes of [
      { reason: '   ' },
      { reason: 'x'.repeat(501) },
      { durationMs: 366 * DAY_MS },
      { durationMs: 0 },
    ])
      expect(await codes(changes)).toBe('BTZ_BODY_INVALID');
    expect(await codes({ alertId: 'nobody' })).toBe('BTZ_NOT_FOUND');
    expect(await state.exceptions.list(10)).toEqual([]);
    expect(await state.evidence.count()).toBe(0);
    expect(await state.alerts.find('a')).toMatchObject({ status: 'open' });
  });

  it('for critical alerts names two things, one of them who or where', async () => {
    const entities = { user: 'backup', path: '/x', user_agent: 'curl' };
    await save(anAlert('a', entities, { rule: { ...anAlert('', {}).rule, level: 'critical' } }));
    expect((await create({})).body.code).toBe('BTZ_EXCEPTION_TOO_WIDE');
    expect((await create({ scope: { path: '/x', user_agent: 'curl' } })).body.code).toBe('BTZ_EXCEPTION_TOO_WIDE');
    expect((await create({ scope: { path: '/x', user: 'backup' } })).status).toBe(200);
  });

  it('takes whatever an attacker writes as the text it is', async () => {
    const hostile = `%' or 1=1 --\0 <img src=x onerror=alert(1)> \ud800 ","user":"root`;
    await save(anAlert('a', { user: hostile }), anAlert('b', { user: 'root' }), anAlert('c', { user: '%' }));
    const { body } = await propose('a');
    expect([body.wouldHide.count, body.scope.user.isWellFormed()]).toEqual([1, false]);
    const { status } = await create({ scope: body.scope });
    expect(status).toBe(200);
    expect(await state.alerts.find('a')).toMatchObject({ status: 'hidden' });
    expect(await state.alerts.find('b')).toMatchObject({ status: 'open' });
    expect((await ask('POST', '/exceptions', JSON.parse('{"__proto__":{"alertId":"a"}}'))).status).toBe(400);
  });

  it('is for administrators: without a session none of it answers', async () => {
    await save(anAlert('a', { user: 'backup' }));
    const calls = [
      ['POST', '/alerts/a/exception-proposal'],
      ['GET', '/exceptions'],
      ['POST', '/exceptions'],
      ['DELETE', '/exceptions/e'],
    ] as const;
    for (const [method, path] of calls) {
      const answer = await api.inject({ method, url: `/api/v1${path}`, payload: method === 'POST' ? {} : undefined });
      expect([path, answer.statusCode]).toEqual([path, 401]);
    }
  });
});

it('a person can say what becomes of an alert, but not put it away', async () => {
  await save(anAlert('a', { user: 'backup' }));
  expect((await ask('POST', '/alerts/a/status', { status: 'hidden' })).status).toBe(400);
  expect((await ask('POST', '/alerts/a/status', { status: 'closed' })).status).toBe(200);
});

function save(...alerts: readonly Alert[]) {
  return state.alerts.save(alerts, nowMs);
}

function anAlert(id: string, entities: Record<string, string>, changes: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: { id: 'r', title: { zh: '规则', en: 'Rule' }, level: 'high', attack: [] },
    entities,
    firstMs: nowMs,
    lastMs: nowMs,
    count: 5,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    demo: false,
    ...changes,
  };
}
