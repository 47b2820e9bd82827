import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { NewEvidence } from '#model/evidence.ts';

import type { StateQueries, StateStore } from '../state-store.ts';
import { ENGINES, type RunningEngine, titleOf } from './engines.ts';

for (const engine of ENGINES) {
  describe.skipIf(engine.missing)(`transactions on ${titleOf(engine)}`, () => {
    let running: RunningEngine;
    let database: { open(): Promise<StateStore> };
    let store: StateStore;
    beforeAll(async () => {
      running = await engine.start();
    });
    afterAll(() => running.stop());
    beforeEach(async () => {
      database = await running.create();
      store = await database.open();
    });
    afterEach(() => store.close());

    test('keep all or nothing', async () => {
      const failure = new Error('the caller changed its mind');
      await expect(
        store.transaction(async (queries) => {
          await queries.settings.set('a', 1, 1);
          await queries.evidence.append([leaf(0)]);
          throw failure;
        }),
      ).rejects.toBe(failure);
      expect(await store.settings.get('a')).toBeUndefined();
      expect(await store.evidence.append([leaf(1)])).toMatchObject([{ index: 0 }]);
    });

    test('show what is under way to nobody else', async () => {
      let seen: unknown = 'not asked';
      const open = gate();
      const written = gate();
      const transaction = store.transaction(async (queries) => {
        await queries.settings.set('a', 1, 1);
        written.pass();
        await open.passed;
        return queries.settings.get('a');
      });
      await written.passed;
      seen = await store.settings.get('a');
      open.pass();
      expect(await transaction).toBe(1);
      expect(seen).toBeUndefined();
      expect(await store.settings.get('a')).toBe(1);
    });

    test('are lost as a whole when one query fails, even if the caller looks away', async () => {
      await expect(
        store.transaction(async (queries) => {
          await queries.settings.set('a', 1, 1);
          await queries.users.insert(USER);
          await queries.users.insert(USER).catch(() => 'never mind');
        }),
      ).rejects.toMatchObject({ code: 'BTZ_ALREADY_EXISTS' });
      expect(await store.settings.get('a')).toBeUndefined();
      expect(await store.users.count()).toBe(0);
    });

    test('refuse to be nested, at once instead of waiting for themselves', async () => {
      const inner = (work: () => Promise<unknown>) => store.transaction(() => work());
      for (const work of [
        () => store.transaction(async () => {}),
        () => store.settings.set('a', 1, 1),
        () => store.settings.get('a'),
      ]) {
        await expect(inner(work)).rejects.toMatchObject({ code: 'BTZ_INTERNAL' });
      }
      await store.settings.set('after', true, 1);
      expect(await store.settings.get('after')).toBe(true);
    });

    test('take their queries away with them', async () => {
      let kept: StateQueries | undefined;
      await store.transaction(async (queries) => {
        kept = queries;
      });
      await expect(kept?.settings.set('late', 1, 1)).rejects.toMatchObject({ code: 'BTZ_INTERNAL' });
      expect(await store.settings.get('late')).toBeUndefined();
    });

    test('that hang are rolled back, and the next one runs', { timeout: 20_000 }, async () => {
      const hanging = store.transaction(async (queries) => {
        await queries.settings.set('a', 1, 1);
        await new Promise(() => {});
      });
      await expect(hanging).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
      await store.settings.set('b', 1, 1);
      expect(await store.settings.all()).toEqual({ b: 1 });
    });

    test('hammer: of many who move an action on, exactly one wins', async () => {
      const rival = await database.open();
      try {
        for (let round = 0; round < 10; round += 1) {
          const id = `x${round}`;
          await store.actions.insert({
            id,
            verb: 'block',
            target: '203.0.113.9',
            state: 'asked',
            requestedBy: 'cli',
            requestedMs: 1,
            dryRun: false,
          });
          const moves = Array.from({ length: 24 }, (_, index) =>
            (index % 2 ? store : rival).transaction(async (queries) => {
              const moved = await queries.actions.transition(id, ['asked'], {
                state: 'approved',
                approvedBy: `user:${index}`,
              });
              if (moved) await queries.evidence.append([leaf(index)]);
              return moved;
            }),
          );
          const won = (await Promise.all(moves)).filter((moved) => moved !== undefined);
          expect(won).toHaveLength(1);
          expect(await store.actions.find(id)).toEqual(won[0]);
        }
        expect(await store.evidence.count()).toBe(10);
      } finally {
        await rival.close();
      }
    });

    test('hammer: evidence of two programs, with failures in between, has no gap and no twin', async () => {
      const rival = await database.open();
      try {
        const appended: number[] = [];
        const work = Array.from({ length: 120 }, (_, index) =>
          (index % 2 ? store : rival)
            .transaction(async (queries) => {
              const stored = await queries.evidence.append(Array.from({ length: 1 + (index % 4) }, () => leaf(index)));
              if (index % 5 === 0) throw new Error('rolled back');
              return stored;
            })
            .then(
              (stored) => appended.push(...stored.map((item) => item.index)),
              (error: Error) => expect(error.message).toBe('rolled back'),
            ),
        );
        await Promise.all(work);
        const indexes = (await store.evidence.read(0, 10_000)).map((item) => item.index);
        expect(indexes).toEqual(indexes.map((_, place) => place));
        expect(appended.sort((a, b) => a - b)).toEqual(indexes);
        expect(indexes.length).toBeGreaterThan(200);
      } finally {
        await rival.close();
      }
    });

    test('after close are refused, and close waits for what is queued', async () => {
      const queued = store.settings.set('last', 1, 1);
      await store.close();
      await queued;
      await expect(store.settings.set('late', 1, 1)).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
      await expect(store.ping()).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
      const again = await database.open();
      expect(await again.settings.all()).toEqual({ last: 1 });
      await again.close();
    });
  });
}

const USER = { id: 'u1', name: 'ann', role: 'administrator', passwordHash: '', createdMs: 1 } as const;

function leaf(index: number): NewEvidence {
  return { timeMs: 1, kind: 'action.asked', actor: 'cli', subject: `x${index}`, details: { index } };
}

function gate(): { readonly passed: Promise<void>; readonly pass: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, pass: resolve };
}
