import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { createNftFirewall } from './actions/block/index.ts';
import type { Firewall } from './firewall.ts';
import { createGuardFacts } from './guard-facts.ts';
import { createResponder, type Responder } from './responder.ts';
import { ADDRESSES, createTestNetwork, type TestNetwork, whyNoNamespaces } from './testing/namespaces.ts';

const reason = whyNoNamespaces();

describe.skipIf(reason !== undefined)(
  `responder, store and kernel together${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let network: TestNetwork;
    let folder: string;
    let state: StateStore;
    let firewall: Firewall;
    let responder: Responder;
    let lastId = 0;

    beforeAll(async () => {
      network = createTestNetwork();
      folder = mkdtempSync(join(tmpdir(), 'btz-kernel-'));
      state = await openSqliteStateStore(join(folder, 'state.db'));
      firewall = createNftFirewall({ command: ['ip', 'netns', 'exec', network.server, 'nft'] });
      await network.serve(2222);
      const anyone = network.start(network.server, ['sleep', '600']);
      responder = createResponder({
        state,
        firewall,
        evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
        guardFacts: createGuardFacts({
          consoleSessions: async () => [{ address: ADDRESSES.admin4, createdMs: Date.now() }],
          allowList: () => [ADDRESSES.admin6],
          clock: Date.now,
          procNet: `/proc/${anyone.pid}/net`,
        }),
        mode: () => 'auto',
        clock: Date.now,
        ids: () => `action-${++lastId}`,
      });
    });
    afterAll(async () => {
      firewall?.close();
      await network?.remove();
      await state?.close();
      if (folder) rmSync(folder, { recursive: true });
    });

    const attackerReaches = async (patienceMs: number): Promise<boolean> =>
      (await network.talk(network.attacker, ADDRESSES.server4, 2222).event(patienceMs)) === 'connected';

    test('an attacker is blocked, stays blocked through a flush, and is let go by undo', async () => {
      expect(await attackerReaches(3_000)).toBe(true);
      const plan = await responder.plan(ADDRESSES.attacker4);
      expect(plan).toMatchObject({ allowed: true, addresses: '1' });
      const done = await responder.block({ target: ADDRESSES.attacker4, actor: 'cli' });
      expect(done.state).toBe('done');
      expect(await attackerReaches(400)).toBe(false);

      network.nft('flush', 'ruleset');
      expect((await responder.tick()).repair).toMatchObject({ structure: true, missing: [ADDRESSES.attacker4] });
      expect(await attackerReaches(400)).toBe(false);
      expect((await responder.tick()).repair).toBeUndefined();

      expect((await responder.undo(done.id, 'cli')).state).toBe('undone');
      expect(await attackerReaches(3_000)).toBe(true);
    });

    test('what must not be blocked is not, not even as part of a range', async () => {
      for (const [target, code] of [
        [ADDRESSES.server4, 'BTZ_BLOCK_OWN_ADDRESS'],
        ['2001:db8:bad::/64', 'BTZ_BLOCK_OWN_ADDRESS'],
        [ADDRESSES.admin4, 'BTZ_BLOCK_ADMIN_SESSION'],
        ['198.51.0.0/16', 'BTZ_BLOCK_OWN_ADDRESS'],
        [ADDRESSES.admin6, 'BTZ_BLOCK_ALLOW_LISTED'],
      ] as const) {
        expect(await responder.block({ target, actor: 'cli' })).toMatchObject({ state: 'refused', problem: { code } });
      }
      expect(network.nft('list', 'ruleset')).not.toContain('elements');
    });

    test('an expired block is gone from the kernel and from the books', async () => {
      const { id } = await responder.block({ target: ADDRESSES.attacker4, durationMs: 1_000, actor: 'cli' });
      expect(await attackerReaches(300)).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await attackerReaches(3_000)).toBe(true);
      await responder.tick();
      expect((await state.actions.find(id))?.state).toBe('expired');
    });
  },
);
