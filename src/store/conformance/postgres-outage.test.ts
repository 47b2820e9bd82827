import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openPostgresStateStore } from '../postgres/index.ts';
import type { StateStore } from '../state-store.ts';
import { POSTGRES_BIN, type PostgresServer, startPostgres } from './postgres-server.ts';

const MISSING = POSTGRES_BIN === undefined ? ' (skipped: PostgreSQL is not installed)' : '';
/** The contract says 2–5 s; the rest is for a busy machine. */
const LATEST_MS = 7_000;

describe.skipIf(POSTGRES_BIN === undefined)(`a PostgreSQL that fails${MISSING}`, () => {
  let server: PostgresServer;
  let wire: Wire;
  let store: StateStore;
  beforeAll(async () => {
    server = await startPostgres();
    const { name } = await server.createDatabase();
    wire = await openWire(server.socket);
    store = await openPostgresStateStore(`postgres://bartizan@127.0.0.1:${wire.port}/${name}`);
  });
  afterAll(async () => {
    wire.resume();
    await store.close();
    await wire.close();
    await server.stop();
  });

  test('killed in mid-transaction: the caller is told, nothing half-done stays, and it works again after', {
    timeout: 60_000,
  }, async () => {
    await store.settings.set('before', 1, 1);
    const dead = store.transaction(async (queries) => {
      await queries.evidence.append([LEAF, LEAF]);
      await queries.settings.set('half', 1, 1);
      await server.kill();
      await queries.settings.set('other half', 1, 1);
    });
    await expect(dead).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
    await expectUnavailable(() => store.ping());
    await expectUnavailable(() => store.settings.get('before'));
    await expectUnavailable(() => store.settings.set('during', 1, 1));
    await server.restart();
    await store.ping();
    expect(await store.settings.all()).toEqual({ before: 1 });
    expect(await store.evidence.append([LEAF])).toMatchObject([{ index: 0 }]);
  });

  test('frozen: everything that waits is told in time, and it works again after', { timeout: 60_000 }, async () => {
    await store.settings.set('before', 2, 1);
    wire.freeze();
    await expectUnavailable(() => store.ping());
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        expectUnavailable(() =>
          index % 3 === 0
            ? store.settings.get('before')
            : store.transaction((queries) => queries.settings.set(`frozen ${index}`, 1, 1)),
        ),
      ),
    );
    expect(many).toHaveLength(12);
    wire.resume();
    await sleep(50);
    await store.settings.set('after', 3, 1);
    expect(await store.settings.get('before')).toBe(2);
    expect(await store.settings.get('after')).toBe(3);
  });

  test('that is not there at all is said when the store is opened', { timeout: 30_000 }, async () => {
    await expectUnavailable(() => openPostgresStateStore('postgres://bartizan@127.0.0.1:1/none'));
    await expectUnavailable(() =>
      openPostgresStateStore(`postgres://bartizan@127.0.0.1:${wire.port}/no_such_database`),
    );
  });
});

const LEAF = { timeMs: 1, kind: 'action.asked', actor: 'cli', subject: 'x', details: {} } as const;

async function expectUnavailable(work: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  await expect(work()).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
  expect(performance.now() - startedMs).toBeLessThan(LATEST_MS);
}

/** A TCP way to the server's socket that can be frozen: connections stay open, and not a byte moves. */
interface Wire {
  readonly port: number;
  freeze(): void;
  resume(): void;
  close(): Promise<void>;
}

async function openWire(socketPath: string): Promise<Wire> {
  const sockets = new Set<net.Socket>();
  let isFrozen = false;
  const listener = net.createServer((near) => {
    const far = net.connect(socketPath);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isFrozen) from.pause();
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as net.AddressInfo).port,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
