import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Alert, Level } from '#model/alert.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { SHOWN_PER_RULE_AND_HOUR } from './alert-placing.ts';
import { keepAlerts } from './alerts.ts';
import { createExceptions } from './exceptions.ts';

const HOUR_MS = 3_600_000;

let folder: string;
let state: StateStore;
let nowMs: number;
let answered: string[];
/** What answering one alert waits for; `keep` waits for the answers, unless it is not prompt. */
let delay: Promise<unknown>;
let isPrompt: boolean;
let settled: () => Promise<void>;
let keep: (...alerts: readonly Alert[]) => Promise<void>;
let exceptions: ReturnType<typeof createExceptions>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-alerts-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  nowMs = 1_700_000_000_000;
  answered = [];
  delay = Promise.resolve();
  isPrompt = true;
  exceptions = createExceptions({
    state,
    clock: () => nowMs,
    refuse: async () => undefined,
    causeOf: async () => ['src_ip'],
  });
  start();
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

/** As after a restart: nothing is left but the state. */
function start(): void {
  const keeper = keepAlerts({
    state,
    clock: () => nowMs,
    onAlert: async ({ id }) => {
      await delay;
      answered.push(id);
    },
    onProblem: (problem) => expect.unreachable(problem),
  });
  settled = keeper.settled;
  keep = async (...alerts) => {
    await keeper.keep({ alerts, sequence: 1, state: undefined, events: 1, isBehind: false });
    if (isPrompt) await keeper.settled();
  };
}

it('answers alerts after reports that held nothing to answer', async () => {
  await keep({ ...anAlert('none', { user: 'a' }), proposal: undefined });
  await keep(anAlert('later', { user: 'b' }));
  expect(answered).toEqual(['later']);
});

it('keeps an alert that an exception covers, hides it, and answers it with nothing', async () => {
  await keep(anAlert('seen', { user: 'backup', src_ip: '192.0.2.1' }));
  const { id } = await except('seen', { user: 'backup' });
  expect(await state.alerts.find('seen')).toMatchObject({ status: 'hidden', exceptionId: id });
  answered = [];

  await keep(
    anAlert('same', { user: 'backup', src_ip: '192.0.2.2' }),
    anAlert('other', { user: 'root', src_ip: '192.0.2.2' }),
  );
  expect(await state.alerts.find('same')).toMatchObject({ status: 'hidden', exceptionId: id, count: 5 });
  expect(await state.alerts.find('other')).toMatchObject({ status: 'open' });
  expect(answered).toEqual(['other']);
  const [leaf] = await state.evidence.latest(1, 'same');
  expect(leaf).toMatchObject({ kind: 'alert.raised', details: { hiddenBy: id } });
});

it('does nothing about an alert that was called false while it waited', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  delay = promise;
  isPrompt = false;
  await keep(
    anAlert('first', { user: 'root' }),
    anAlert('second', { user: 'backup' }),
    anAlert('third', { user: 'x' }),
  );
  await except('second', { user: 'backup' });
  resolve();
  await settled();
  expect(answered).toEqual(['first', 'third']);
});

it('brings a hidden alert forward once it is about more than the exception names', async () => {
  await keep(anAlert('seen', { user: 'backup' }));
  await except('seen', { user: 'backup' });
  answered = [];
  await keep(anAlert('next', { user: 'backup' }));
  await keep(anAlert('next', { user: 'backup' }, { count: 6 }));
  expect(await state.alerts.find('next')).toMatchObject({ status: 'hidden', count: 6 });
  expect(answered).toEqual([]);
  await keep(anAlert('next', { user: 'backup, root' }, { count: 7, several: ['user'] }));
  expect(await state.alerts.find('next')).toMatchObject({ status: 'open' });
  expect(await state.alerts.find('next')).not.toHaveProperty('exceptionId');
  expect(answered).toEqual(['next']);
  const [leaf] = await state.evidence.latest(1, 'next');
  expect(leaf).toMatchObject({ kind: 'alert.status_changed', actor: 'system', details: { status: 'open' } });
});

it('shows alerts again when the exception is over: new ones, and hidden ones that go on', async () => {
  await keep(anAlert('seen', { user: 'backup' }));
  const { id, expiresMs } = await except('seen', { user: 'backup' }, HOUR_MS);
  nowMs = expiresMs;
  start();
  // What a replay after the restart tells again is not news.
  await keep(anAlert('seen', { user: 'backup' }));
  expect(await state.alerts.find('seen')).toMatchObject({ status: 'hidden', exceptionId: id });
  await keep(anAlert('late', { user: 'backup' }), anAlert('seen', { user: 'backup' }, { count: 9 }));
  expect(await state.alerts.find('late')).toMatchObject({ status: 'open' });
  expect(await state.alerts.find('seen')).toMatchObject({ status: 'open' });
});

it('shows new alerts again when a person ends the exception', async () => {
  await keep(anAlert('seen', { user: 'backup' }));
  const { id } = await except('seen', { user: 'backup' });
  await exceptions.end(id, 'user:bo');
  await keep(anAlert('late', { user: 'backup' }));
  expect(await state.alerts.find('late')).toMatchObject({ status: 'open' });
  expect(await state.alerts.find('seen')).toMatchObject({ status: 'hidden' });
});

it('leaves an alert before people that a person brought back', async () => {
  await keep(anAlert('seen', { user: 'backup' }));
  await except('seen', { user: 'backup' });
  await state.alerts.setStatus('seen', 'open', nowMs);
  await keep(anAlert('seen', { user: 'backup' }, { count: 20 }));
  expect(await state.alerts.find('seen')).toMatchObject({ status: 'open' });
});

it('hides nothing of a critical rule behind one coincidence, also when the rule became critical later', async () => {
  await keep(anAlert('seen', { path: '/tmp/x', user: 'backup' }));
  await except('seen', { path: '/tmp/x' });
  await keep(anAlert('grave', { path: '/tmp/x', user: 'backup' }, { level: 'critical' }));
  expect(await state.alerts.find('grave')).toMatchObject({ status: 'open' });
});

it('keeps demonstrations and what really happened apart', async () => {
  await keep(anAlert('shown', { user: 'backup' }, { demo: true }));
  await except('shown', { user: 'backup' });
  await keep(anAlert('real', { user: 'backup' }), anAlert('again', { user: 'backup' }, { demo: true }));
  expect(await state.alerts.find('real')).toMatchObject({ status: 'open' });
  expect(await state.alerts.find('again')).toMatchObject({ status: 'hidden' });
});

it('folds what one rule raises beyond its cap, across a restart, and answers none of it', async () => {
  await keep(...many('a', SHOWN_PER_RULE_AND_HOUR - 1));
  start();
  answered = [];
  await keep(...many('b', 3), anAlert('else', { user: 'x' }, { rule: 'another' }));
  expect(await statuses('b')).toEqual(['open', 'held_back', 'held_back']);
  expect(await state.alerts.find('else')).toMatchObject({ status: 'open' });
  expect(answered).toEqual(['b0', 'else']);
  expect(await state.alerts.heldBack(nowMs - HOUR_MS)).toMatchObject([{ ruleId: 'noisy', count: 2, sinceMs: nowMs }]);
  expect((await state.evidence.latest(1, 'b2'))[0]).toMatchObject({ details: { heldBack: true } });

  // A folded alert that grows stays folded; the next hour has room again, and a sustained flood is still seen.
  nowMs += HOUR_MS;
  await keep(anAlert('b1', { user: 'b1' }, { rule: 'noisy', count: 50 }), ...many('c', 2));
  expect(await statuses('b')).toEqual(['open', 'held_back', 'held_back']);
  expect(await statuses('c')).toEqual(['open', 'open']);
});

it('never folds critical alerts', async () => {
  await keep(...many('a', SHOWN_PER_RULE_AND_HOUR));
  await keep(...many('grave', 2, { level: 'critical' }), ...many('b', 1));
  expect(await statuses('grave')).toEqual(['open', 'open']);
  expect(await statuses('b')).toEqual(['held_back']);
});

it('does not let forged lines use up the room of those that prove who sent them', async () => {
  await keep(...many('forged', SHOWN_PER_RULE_AND_HOUR + 1, { forgeable: true }));
  await keep(...many('real', 1));
  expect(await state.alerts.find(`forged${SHOWN_PER_RULE_AND_HOUR}`)).toMatchObject({ status: 'held_back' });
  expect(await statuses('real')).toEqual(['open']);
});

it('gives the room of hidden alerts to others', async () => {
  await keep(anAlert('seen', { user: 'backup', host: 'web' }, { rule: 'noisy' }));
  await except('seen', { user: 'backup' });
  await keep(
    ...Array.from({ length: SHOWN_PER_RULE_AND_HOUR }, (_, index) =>
      anAlert(`h${index}`, { user: 'backup', host: `h${index}` }, { rule: 'noisy' }),
    ),
  );
  await keep(...many('b', 1));
  expect(await statuses('b')).toEqual(['open']);
});

function except(alertId: string, scope: Record<string, string>, durationMs?: number) {
  return exceptions.create(
    { alertId, kind: 'false_positive', scope, reason: 'our own backup', durationMs },
    'user:ann',
  );
}

async function statuses(prefix: string): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (let index = 0; ; index += 1) {
    const alert = await state.alerts.find(`${prefix}${index}`);
    if (alert === undefined) return found;
    found.push(alert.status);
  }
}

interface Changes extends Partial<Pick<Alert, 'count' | 'several' | 'demo' | 'forgeable'>> {
  readonly level?: Level;
  readonly rule?: string;
}

function many(prefix: string, length: number, changes: Changes = {}): Alert[] {
  return Array.from({ length }, (_, index) =>
    anAlert(`${prefix}${index}`, { user: `${prefix}${index}` }, { rule: 'noisy', ...changes }),
  );
}

function anAlert(
  id: string,
  entities: Record<string, string>,
  { level = 'high', rule = 'r', ...rest }: Changes = {},
): Alert {
  return {
    id,
    rule: { id: rule, title: { zh: '规则', en: 'Rule' }, level, attack: [] },
    entities,
    firstMs: nowMs,
    lastMs: nowMs,
    count: 5,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    proposal: { verb: 'block', target: '203.0.113.9' },
    demo: false,
    ...rest,
  };
}
