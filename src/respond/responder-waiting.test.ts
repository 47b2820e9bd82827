import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RespondMode } from '#model/action.ts';
import type { Alert, Level } from '#model/alert.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { createResponder, type Responder } from './responder.ts';
import { createPretendFirewall } from './testing/pretend-firewall.ts';

const TARGET = '203.0.113.9';
let folder: string;
let state: StateStore;
let mode: RespondMode;
let responder: Responder;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-waiting-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  mode = 'auto';
  let id = 0;
  responder = createResponder({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    firewall: createPretendFirewall(),
    guardFacts: async () => ({ ownAddresses: [], gateways: [], nameServers: [], adminSessions: [], allowList: [] }),
    mode: () => mode,
    clock: () => Date.UTC(2026, 0, 1),
    monotonic: () => 0,
    ids: () => `action-${++id}`,
    autoBlocksPerHour: 2,
  });
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

function alertOf(id: string, level: Level, target = TARGET, automatic?: false): Alert {
  return {
    id,
    rule: { id: `rule-${id}`, title: { zh: '', en: '' }, level, attack: [] },
    entities: { src_ip: target },
    firstMs: 0,
    lastMs: 0,
    count: 10,
    reason: { zh: '', en: '' },
    advice: { zh: '', en: '' },
    events: [],
    proposal: { verb: 'block', target, automatic },
    demo: false,
  };
}

test('a question that waits does not shield its target from a grave alert', async () => {
  expect(await responder.onAlert(alertOf('probe', 'low'))).toMatchObject({ state: 'asked' });
  expect(await responder.onAlert(alertOf('guessing', 'critical'))).toMatchObject({
    id: 'action-1',
    state: 'done',
    approvedBy: 'auto:rule-guessing',
  });
});

test('what was asked in `ask` is done when the owner turns to `auto` and the attack goes on', async () => {
  mode = 'ask';
  expect(await responder.onAlert(alertOf('guessing', 'high'))).toMatchObject({ state: 'asked' });
  mode = 'auto';
  expect(await responder.onAlert(alertOf('guessing', 'high'))).toMatchObject({ state: 'done' });
});

test('a rule that leaves it to a person is never acted upon alone', async () => {
  expect(await responder.onAlert(alertOf('web', 'critical', TARGET, false))).toMatchObject({ state: 'asked' });
  expect(await responder.onAlert(alertOf('web', 'critical', TARGET, false))).toMatchObject({ state: 'asked' });
  expect(await responder.blocked()).toBe(0);
});

test('a flood of high alerts leaves room for a critical one', async () => {
  for (const last of [1, 2]) await responder.onAlert(alertOf(`flood-${last}`, 'high', `2001:db8::${last}`));
  expect(await responder.onAlert(alertOf('flood-3', 'high', '2001:db8::3'))).toMatchObject({ state: 'asked' });
  expect(await responder.onAlert(alertOf('grave', 'critical'))).toMatchObject({ state: 'done' });
});
