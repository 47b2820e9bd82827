import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { BartizanError } from '#kit/errors.ts';

import { POSTGRES_BIN, type PostgresServer, startPostgres } from '../conformance/postgres-server.ts';
import type { StateStore } from '../state-store.ts';
import { openPostgresStateStore } from './index.ts';

const MISSING = POSTGRES_BIN === undefined ? ' (skipped: PostgreSQL is not installed)' : '';
const LAPSES_MS = 3_000;
const fixture = fileURLToPath(new URL('./claim-until-killed.fixture.ts', import.meta.url));

describe.skipIf(POSTGRES_BIN === undefined)(`a PostgreSQL database that one centre claims${MISSING}`, () => {
  let server: PostgresServer;
  let url: string;
  const opened: StateStore[] = [];
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    url = (await server.createDatabase()).url;
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  async function claim(holder: string, taken: BartizanError[] = [], waits: string[] = []): Promise<StateStore> {
    const store = await openPostgresStateStore(url, {
      holder,
      renewEveryMs: 100,
      lapsesAfterMs: LAPSES_MS,
      onTaken: (error) => taken.push(error),
      onWaiting: (sentence) => waits.push(sentence),
    });
    opened.push(store);
    return store;
  }

  /** Another process, its output line by line. */
  async function claimInChild(): Promise<{ readonly child: ChildProcess; readonly lines: string[] }> {
    const child = spawn(process.execPath, [fixture, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines: string[] = [];
    child.stdout.on('data', (bytes: Buffer) => lines.push(...bytes.toString().trim().split('\n')));
    await expect.poll(() => lines[0], { timeout: 15_000 }).toBe('claimed');
    return { child, lines };
  }

  it('refuses a second centre, by name, and leaves the first at work; lets it in at once when the first has ended', async () => {
    const taken: BartizanError[] = [];
    const first = await claim('4711 on web-1', taken);
    await expect(claim('4712 on web-2')).rejects.toMatchObject({
      code: 'BTZ_DATA_IN_USE',
      message: expect.stringMatching(/4711 on web-1.*PostgreSQL database state_/),
    });
    await first.settings.set('still', 'at work', 1);
    expect(taken).toEqual([]);
    await first.close();
    const waits: string[] = [];
    const second = await claim('4712 on web-2', [], waits);
    expect(await second.settings.get('still')).toBe('at work');
    expect(waits).toEqual([]);
  });

  it('lets one of several in that come at the same moment', async () => {
    const all = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => claim(`centre ${index}`)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'BTZ_DATA_IN_USE' });
  });

  it('is taken over after a kill -9, once the claim has lapsed and not before', async () => {
    const { child } = await claimInChild();
    child.kill('SIGKILL');
    await once(child, 'close');
    const startedMs = performance.now();
    const waits: string[] = [];
    const second = await claim('the second one', [], waits);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(LAPSES_MS);
    expect(waits).toEqual([expect.stringContaining('the first one')]);
    await second.settings.set('second', 1, 1);
    await expect(claim('a third one')).rejects.toMatchObject({ code: 'BTZ_DATA_IN_USE' });
  });

  it('is not written any more by a centre that was frozen while another took over, and that one is told', async () => {
    const { child, lines } = await claimInChild();
    child.kill('SIGSTOP');
    const second = await claim('the second one');
    const before = await second.settings.get('first');
    child.kill('SIGCONT');
    await expect.poll(() => lines, { timeout: 10_000 }).toContain('refused BTZ_DATA_IN_USE');
    expect(lines.filter((line) => line === 'taken BTZ_DATA_IN_USE')).toHaveLength(1);
    await sleep(300);
    expect(await second.settings.get('first')).toBe(before);
    // It gives up; it does not take back.
    await second.settings.set('second', 2, 1);
  });

  it('stays claimed over a restart of the server, which ends every session', { timeout: 60_000 }, async () => {
    const taken: BartizanError[] = [];
    const first = await claim('the first one', taken);
    await server.kill();
    await expect(first.settings.set('during', 1, 1)).rejects.toMatchObject({ code: 'BTZ_STATE_UNAVAILABLE' });
    await server.restart();
    await expect(claim('the second one')).rejects.toMatchObject({ code: 'BTZ_DATA_IN_USE' });
    await first.settings.set('after', 1, 1);
    expect(taken).toEqual([]);
  });

  it('is claimed anew when the claim has vanished, e.g. with a database put back to an earlier state', async () => {
    const first = await claim('the first one');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('delete from centre_claim');
    await client.end();
    await first.settings.set('still', 1, 1);
    await expect(claim('the second one')).rejects.toMatchObject({ code: 'BTZ_DATA_IN_USE' });
  });
});
