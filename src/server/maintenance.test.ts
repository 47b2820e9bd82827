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
import { keepAlerts } from './alerts.ts';
import { createExceptions, lapseExceptions } from './exceptions.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECRET = 'a-secret-of-the-local-command-line';

let folder: string;
let state: StateStore;
let api: Api;
let nowMs: number;
let refused: string[];
let acted: string[];
let keeper: ReturnType<typeof keepAlerts>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-maintenance-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = 1_700_000_000_000;
  refused = [];
  acted = [];
  const clock = () => nowMs;
  const refuse = async (id: string) => void refused.push(id);
  const services = {
    state,
    clock,
    localSecretHash: () => hashSecret(SECRET),
    exceptions: createExceptions({ state, clock, refuse, causeOf: async () => ['src_ip', 'host'] }),
  } as Partial<ApiServices> as ApiServices;
  api = await createApi({
    services,
    access: createAccess({ state, record: async () => undefined, clock }),
    version: '1',
  });
  const onAlert = async ({ id }: Alert) => void acted.push(id);
  keeper = keepAlerts({ state, clock, onAlert, onProblem: (problem) => acted.push(problem) });
});
afterEach(async () => {
  await api.close();
  await state.close();
  rmSync(folder, { recursive: true });
});

describe('maintenance', () => {
  it('keeps what comes within it, out of sight and without response, and lets it forward when it goes on after', async () => {
    const { id } = await plan({ startsMs: nowMs + HOUR_MS, expiresMs: nowMs + 2 * HOUR_MS });
    await keep(anAlert('before'));
    nowMs += HOUR_MS;
    await keep(anAlert('within'), anAlert('elsewhere', { entities: { host: 'db' } }));
    expect(await statuses('before', 'within', 'elsewhere')).toEqual(['open', 'hidden', 'open']);
    expect(acted).toEqual(['before', 'elsewhere']);
    const page = (await ask('GET', '/alerts/within')).body;
    expect(page).toMatchObject({
      alert: { exceptionId: id },
      exception: { kind: 'maintenance', reason: 'new kernel' },
    });
    expect((await ask('GET', '/exceptions')).body.items).toMatchObject([{ id, hidden: 1 }]);
    const note = async () => (await ask('GET', '/alerts')).body.maintenance;
    expect(await note()).toEqual([{ id, reason: 'new kernel', hidden: 1, endsMs: nowMs + HOUR_MS, isOver: false }]);
    nowMs += HOUR_MS;
    expect(await note()).toMatchObject([{ id, hidden: 1, isOver: true }]);
    await keep(anAlert('after'), anAlert('within', { firstMs: nowMs - HOUR_MS, count: 9 }));
    expect(await statuses('after', 'within')).toEqual(['open', 'open']);
    expect(await note()).toEqual([]);
  });

  it('does not hide what began before it and completes within it, nor what is critical', async () => {
    await plan({ startsMs: nowMs, expiresMs: nowMs + HOUR_MS });
    await keep(
      anAlert('slow', { firstMs: nowMs - HOUR_MS }),
      anAlert('skewed', { firstMs: nowMs - 60_000 }),
      anAlert('grave', { rule: { ...anAlert('').rule, level: 'critical' } }),
      anAlert('shown', { demo: true }),
    );
    expect(await statuses('slow', 'skewed', 'grave', 'shown')).toEqual(['open', 'hidden', 'open', 'open']);
  });

  it('that began in the past puts away what came since, says so first, and withdraws what was asked', async () => {
    await keep(anAlert('earlier', { firstMs: nowMs }));
    nowMs += HOUR_MS;
    await keep(anAlert('since'), anAlert('judged'), anAlert('slow', { firstMs: nowMs - HOUR_MS }));
    await state.alerts.setStatus('judged', 'closed', nowMs);
    await state.actions.insert({
      id: 'q1',
      verb: 'block',
      target: '203.0.113.9',
      state: 'asked',
      alertId: 'since',
      requestedBy: 'auto:r',
      requestedMs: nowMs,
      dryRun: false,
    });
    nowMs += 60_000;
    const times = { startsMs: nowMs - HOUR_MS / 2, expiresMs: nowMs + HOUR_MS };
    const { body } = await ask('POST', '/maintenance-proposal', { ruleIds: [], scope: { host: 'web' }, ...times });
    expect([body.putsAway, body.wouldHide.count, body.refusal]).toEqual([1, 4, undefined]);
    const { id } = await plan(times);
    expect(await statuses('earlier', 'since', 'judged', 'slow')).toEqual(['open', 'hidden', 'closed', 'open']);
    expect(refused).toEqual(['q1']);
    const [leaf] = await state.evidence.latest(1, id);
    expect(leaf).toMatchObject({
      kind: 'exception.created',
      details: { kind: 'maintenance', hides: 1, alerts: ['since'], scope: { host: 'web' }, rules: [] },
    });
  });

  it('is refused when it names nothing, is over, too long, too old or too far', async () => {
    const code = async (changes: object) => {
      const times = { startsMs: nowMs, expiresMs: nowMs + HOUR_MS };
      const body = { ruleIds: [], scope: { host: 'web' }, ...times, ...changes };
      const made = (await ask('POST', '/maintenance', { ...body, reason: 'r' })).body.code;
      const proposed = (await ask('POST', '/maintenance-proposal', body)).body;
      expect(proposed.refusal?.code ?? proposed.code).toBe(made);
      return made;
    };
    expect(await code({ scope: {} })).toBe('BTZ_EXCEPTION_EMPTY');
    expect(await code({ expiresMs: nowMs })).toBe('BTZ_EXCEPTION_TIMES');
    expect(await code({ startsMs: nowMs + HOUR_MS, expiresMs: nowMs })).toBe('BTZ_EXCEPTION_TIMES');
    expect(await code({ startsMs: nowMs - 2 * HOUR_MS, expiresMs: nowMs - HOUR_MS })).toBe('BTZ_EXCEPTION_TIMES');
    expect(await code({ expiresMs: nowMs + 7 * DAY_MS + 1 })).toBe('BTZ_EXCEPTION_TIMES');
    expect(await code({ startsMs: nowMs - DAY_MS - 1 })).toBe('BTZ_EXCEPTION_TIMES');
    const far = nowMs + 366 * DAY_MS;
    expect(await code({ startsMs: far, expiresMs: far + HOUR_MS })).toBe('BTZ_EXCEPTION_TIMES');
    for (const scope of [{ 'a b': 'x' }, { host: '' }, JSON.parse('{"__proto__":"x"}'), { host: 'h'.repeat(257) }])
      expect(await code({ scope })).toBe('BTZ_BODY_INVALID');
    expect(await code({ ruleIds: Array.from({ length: 51 }, (_, index) => `r${index}`) })).toBe('BTZ_BODY_INVALID');
    expect(await code({ startsMs: 1e300 })).toBe('BTZ_BODY_INVALID');
    expect(await state.evidence.count()).toBe(0);
  });

  it('can be changed by one of two at the same time, which is a leaf, and its beginning not once it began', async () => {
    const { id } = await plan({ startsMs: nowMs + HOUR_MS, expiresMs: nowMs + 2 * HOUR_MS });
    const change = (body: object) => ask('PUT', `/exceptions/${id}`, body);
    const answers = await Promise.all([
      change({ revision: 0, startsMs: nowMs + HOUR_MS / 2 }),
      change({ revision: 0, reason: 'another' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const codes = answers.map(({ body }) => body.code).filter(Boolean);
    expect(codes).toEqual(['BTZ_EXCEPTION_CHANGED']);
    nowMs += HOUR_MS;
    expect((await change({ revision: 1, startsMs: nowMs })).body.code).toBe('BTZ_EXCEPTION_TIMES');
    expect((await change({ revision: 1, expiresMs: nowMs - 1 })).body.code).toBe('BTZ_EXCEPTION_TIMES');
    await keep(anAlert('a', { entities: { host: 'db' } }));
    expect((await change({ revision: 1, scope: { host: 'db' } })).body).toMatchObject({ revision: 2 });
    expect(await statuses('a')).toEqual(['hidden']);
    expect((await state.evidence.latest(1, id))[0]).toMatchObject({
      kind: 'exception.changed',
      actor: 'cli',
      details: { from: { scope: { host: 'web' } }, to: { scope: { host: 'db' } }, hides: 1, alerts: ['a'] },
    });
    expect((await ask('DELETE', `/exceptions/${id}`)).status).toBe(200);
    expect((await change({ revision: 2, reason: 'r' })).status).toBe(404);
  });

  it('that ends by itself leaves a leaf, once, and is not revived by a clock that goes back', async () => {
    const { id } = await plan({ startsMs: nowMs, expiresMs: nowMs + HOUR_MS });
    expect(await lapseExceptions(state, nowMs)).toBe(0);
    nowMs += HOUR_MS;
    expect([await lapseExceptions(state, nowMs), await lapseExceptions(state, nowMs)]).toEqual([1, 0]);
    expect((await state.evidence.latest(9, id)).map(({ kind, actor }) => [kind, actor])).toEqual([
      ['exception.ended', 'system'],
      ['exception.created', 'cli'],
    ]);
    nowMs -= HOUR_MS / 2;
    await keep(anAlert('a'));
    expect(await statuses('a')).toEqual(['open']);
  });

  it('is listed as long as it hides something, however many were made since', async () => {
    const { id } = await plan({ startsMs: nowMs, expiresMs: nowMs + DAY_MS });
    for (let made = 0; made < 510; made += 1) {
      const other = { kind: 'quiet', ruleIds: ['r'], scope: { user: 'x' }, owner: 'cli', reason: 'r' } as const;
      const times = { createdMs: nowMs + 1, startsMs: nowMs + 1, expiresMs: nowMs + 2 };
      await state.exceptions.insert({ ...other, ...times, ruleIds: ['r'], id: `q${made}`, demo: false, revision: 0 });
    }
    nowMs += HOUR_MS;
    const { items } = (await ask('GET', '/exceptions')).body;
    expect([items.length, items.at(-1).id]).toEqual([501, id]);
    expect((await ask('GET', '/exceptions')).body.nowMs).toBe(nowMs);
  });

  it('holds of ten thousand alerts what it names, in bounded time, and says how many', async () => {
    const { id } = await plan({ startsMs: nowMs, expiresMs: nowMs + HOUR_MS });
    const startedMs = performance.now();
    for (let from = 0; from < 10_000; from += 1_000)
      await keep(
        ...Array.from({ length: 1_000 }, (_, at) =>
          anAlert(`n${from + at}`, { entities: { host: at % 2 ? 'web' : '%', src_ip: `10.0.0.${at}` } }),
        ),
      );
    expect((await ask('GET', '/exceptions')).body.items).toMatchObject([{ id, hidden: 5_000 }]);
    const body = { ruleIds: [], scope: { host: 'web' }, startsMs: nowMs, expiresMs: nowMs + HOUR_MS };
    const proposal = (await ask('POST', '/maintenance-proposal', body)).body;
    expect([proposal.wouldHide.count, proposal.wouldHide.alerts.length]).toEqual([5_000, 50]);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

describe('an alert that is made quiet', () => {
  const quiet = (changes: object = {}) =>
    ask('POST', '/exceptions', {
      alertId: 'a',
      kind: 'quiet',
      scope: { src_ip: '192.0.2.1' },
      reason: 'known',
      ...changes,
    });
  const repeat = (id: string, changes: Partial<Alert> = {}) =>
    anAlert(id, { entities: { src_ip: '192.0.2.1', user: id }, ...changes });

  it('is seen, and takes up what repeats its cause, which is neither shown nor acted on', async () => {
    await keep(repeat('a'));
    const { body: proposal } = await ask('POST', '/alerts/a/exception-proposal', { kind: 'quiet' });
    expect([proposal.scope, proposal.choices]).toEqual([{ src_ip: '192.0.2.1' }, { src_ip: '192.0.2.1', user: 'a' }]);
    const { body } = await quiet();
    expect(body).toMatchObject({ kind: 'quiet', expiresMs: nowMs + DAY_MS });
    nowMs += 2 * HOUR_MS;
    await keep(repeat('b'), repeat('c', { lastMs: nowMs + 5 }), anAlert('d', { entities: { src_ip: '192.0.2.2' } }));
    await keep(repeat('a', { count: 99 }));
    expect(await statuses('a', 'b', 'c', 'd')).toEqual(['acknowledged', 'hidden', 'hidden', 'open']);
    expect(acted).toEqual(['a', 'd']);
    const list = (await ask('GET', '/alerts')).body.items;
    expect(list.map((alert: { id: string; repeats?: object }) => [alert.id, alert.repeats])).toEqual([
      ['d', undefined],
      ['a', { count: 2, lastMs: nowMs + 5 }],
    ]);
    expect((await ask('GET', '/alerts/a')).body).toMatchObject({
      quiet: { id: body.id },
      alert: { repeats: { count: 2 } },
    });
    nowMs += DAY_MS;
    await keep(repeat('e'), repeat('a', { count: 100 }));
    expect(await statuses('e')).toEqual(['open']);
    expect(acted).toEqual(['a', 'd', 'e', 'a']);
    expect((await ask('GET', '/alerts/a')).body).not.toHaveProperty('quiet');
  });

  it('stays as it was judged, and is for 30 days at most', async () => {
    await keep(repeat('a'));
    await state.alerts.setStatus('a', 'closed', nowMs);
    expect((await quiet({ durationMs: 31 * DAY_MS })).body.code).toBe('BTZ_EXCEPTION_TIMES');
    const { id } = (await quiet()).body as Exception;
    expect(await statuses('a')).toEqual(['closed']);
    const change = await ask('PUT', `/exceptions/${id}`, { revision: 0, expiresMs: nowMs + 31 * DAY_MS });
    expect(change.body.code).toBe('BTZ_EXCEPTION_TIMES');
    expect((await ask('PUT', `/exceptions/${id}`, { revision: 0, scope: { host: 'x' } })).status).toBe(400);
    expect((await ask('PUT', `/exceptions/${id}`, { revision: 0, reason: 'longer' })).body.revision).toBe(1);
    const [leaf] = await state.evidence.latest(1, 'a');
    expect(leaf).toMatchObject({ kind: 'alert.status_changed', details: { quietBy: id, reason: 'known' } });
    expect(leaf?.details).not.toHaveProperty('status');
  });

  it('that is critical is proposed with all that is known where its cause alone is too wide', async () => {
    await keep(repeat('a', { rule: { ...anAlert('').rule, level: 'critical' } }));
    const { body } = await ask('POST', '/alerts/a/exception-proposal', { kind: 'quiet' });
    expect([body.scope, body.refusal]).toEqual([{ src_ip: '192.0.2.1', user: 'a' }, undefined]);
    expect((await quiet()).body.code).toBe('BTZ_EXCEPTION_TOO_WIDE');
  });
});

it('is for administrators: without a session none of it answers', async () => {
  const calls = [
    ['POST', '/maintenance'],
    ['POST', '/maintenance-proposal'],
    ['PUT', '/exceptions/e'],
    ['GET', '/rules/catalog'],
    ['GET', '/rules/catalog/r'],
    ['GET', '/hunts'],
  ] as const;
  for (const [method, path] of calls) {
    const answer = await api.inject({ method, url: `/api/v1${path}`, payload: method === 'GET' ? undefined : {} });
    expect([path, answer.statusCode]).toEqual([path, 401]);
  }
});

it('takes names that an attacker chose as the text they are', async () => {
  const hostile = `%' or 1=1 -- <img src=x> ","user":"root`;
  await keep(anAlert('a', { entities: { host: hostile } }), anAlert('b'));
  await plan({ startsMs: nowMs, expiresMs: nowMs + HOUR_MS, scope: { host: hostile } });
  expect(await statuses('a', 'b')).toEqual(['hidden', 'open']);
});

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${SECRET}` };
  const answer = await api.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}

async function plan(changes: object): Promise<Exception> {
  const body = { ruleIds: [], scope: { host: 'web' }, reason: 'new kernel', ...changes };
  const answer = await ask('POST', '/maintenance', body);
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ kind: 'maintenance', owner: 'cli' })]);
  return answer.body;
}

async function keep(...alerts: readonly Alert[]): Promise<void> {
  await keeper.keep({ alerts, sequence: 1, state: undefined, events: 1, isBehind: false });
  await keeper.settled();
}

function statuses(...ids: readonly string[]) {
  return Promise.all(ids.map(async (id) => (await state.alerts.find(id))?.status));
}

function anAlert(id: string, changes: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: { id: 'r', title: { zh: '规则', en: 'Rule' }, level: 'high', attack: [] },
    entities: { host: 'web' },
    firstMs: nowMs,
    lastMs: nowMs,
    count: 5,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    proposal: { verb: 'block', target: '203.0.113.9' },
    demo: false,
    ...changes,
  };
}
