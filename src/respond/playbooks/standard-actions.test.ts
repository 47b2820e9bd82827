import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';

import { createResponder, type Responder } from '../responder.ts';
import { parseTarget } from '../target.ts';
import { createPretendFirewall, type PretendFirewall } from '../testing/pretend-firewall.ts';
import { createRunner } from './runner.ts';
import { blockAction, waitAction } from './standard-actions.ts';
import { automatic, makePlaybook, stepId } from './testing/make-playbook.ts';

const START = stepId('start', 1);
const BLOCK = stepId('action', 2);
const WAIT = stepId('action', 3);
const LAST = stepId('action', 4);
const END = stepId('end', 9);

let folder: string;
let state: StateStore;
let firewall: PretendFirewall;
let responder: Responder;
let nowMs: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-playbook-actions-'));
  state = await openSqliteStateStore(join(folder, 'state.db'));
  firewall = createPretendFirewall();
  nowMs = Date.UTC(2026, 0, 1);
  let lastId = 0;
  responder = createResponder({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    firewall,
    guardFacts: async () => ({
      ...{ ownAddresses: [parseTarget('10.0.0.5')], gateways: [], nameServers: [] },
      ...{ adminSessions: [], allowList: [] },
    }),
    mode: () => 'auto',
    clock: () => nowMs,
    ids: () => `action-${(lastId += 1)}`,
  });
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

const run = async (address: string) => {
  const playbook = makePlaybook({
    [START]: { type: 'start', on_completion: BLOCK },
    [BLOCK]: automatic('block', { address, for_seconds: '60' }, { on_completion: WAIT }, { undo_on_failure: true }),
    [WAIT]: automatic('wait', { seconds: '600' }, { on_completion: LAST }),
    [LAST]: automatic('notify', { message: 'there is nobody to tell it' }, { on_completion: END }),
    [END]: { type: 'end' },
  });
  const runner = createRunner({
    state,
    evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
    actions: new Map([
      ['block', blockAction(responder, state)],
      ['wait', waitAction(() => nowMs)],
    ]),
    clock: () => nowMs,
  });
  const { id } = await runner.start({ playbook, actor: 'cli' });
  return { advance: () => runner.advance(id) };
};

test('a playbook blocks through the responder, waits in the journal, and lets go when it fails', async () => {
  const { advance } = await run('203.0.113.9');
  expect((await advance()).state).toBe('running');
  expect([...firewall.blocked.keys()]).toEqual(['203.0.113.9']);
  nowMs += 30_000;
  expect((await advance()).state).toBe('running');
  nowMs += 570_000;
  expect(await advance()).toMatchObject({ state: 'failed', problem: 'nobody here carries out notify' });
  expect(firewall.blocked.size).toBe(0);
  const actions = await state.actions.list({ limit: 10 });
  expect(actions).toHaveLength(1);
  expect(actions[0]?.requestedBy).toMatch(/^playbook:/);
});

test('what the guard refuses stays unblocked, and fails the step', async () => {
  const { advance } = await run('10.0.0.5');
  expect(await advance()).toMatchObject({ state: 'failed', problem: 'BTZ_BLOCK_OWN_ADDRESS' });
  expect(firewall.blocked.size).toBe(0);
});

test('a block that was there before stays when the playbook fails', async () => {
  await responder.block({ target: '203.0.113.9', durationMs: 86_400_000, actor: 'user:ann' });
  const { advance } = await run('203.0.113.9');
  await advance();
  nowMs += 600_000;
  expect((await advance()).state).toBe('failed');
  expect([...firewall.blocked.keys()]).toEqual(['203.0.113.9']);
});
