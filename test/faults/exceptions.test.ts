import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredAlert } from '../../src/model/alert.ts';
import { ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';

let folder: string;
let centre: RunningCentre;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'btz-exceptions-'));
  centre = await runCentre({ folder, argv: ['--only'] });
  token = await ingestToken(centre);
}, 30_000);
afterAll(async () => {
  await centre?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('an exception holds across kill -9, hides what it names and no more, and shows it again when it is ended', async () => {
  const seen = await attack('192.0.2.1', 'backup');
  expect(seen.status).toBe('open');
  const { scope, wouldHide } = await centre.ask<{ scope: Record<string, string>; wouldHide: { count: number } }>(
    `/alerts/${seen.id}/exception-proposal`,
    'POST',
    {},
  );
  expect([scope['src_ip'], scope['user'], wouldHide.count]).toEqual(['192.0.2.1', 'backup', 1]);
  const body = { alertId: seen.id, scope: { user: 'backup' }, reason: 'our own backup, with an old key' };
  const { id } = await centre.ask<{ id: string }>('/exceptions', 'POST', body);

  await centre.kill();
  centre = await runCentre({ folder, argv: ['--only'] });
  expect(await attack('192.0.2.2', 'backup')).toMatchObject({ status: 'hidden', exceptionId: id });
  expect(await attack('192.0.2.3', 'root')).toMatchObject({ status: 'open' });
  // The same address goes on with another user: the exception does not name that.
  await attack('192.0.2.2', 'admin');
  await until(async () => (await alertsOf('192.0.2.2', 'open')).length > 0, 'the hidden alert comes forward');

  expect((await centre.fetch(`/exceptions/${id}`, { method: 'DELETE' })).status).toBe(200);
  expect(await attack('192.0.2.4', 'backup')).toMatchObject({ status: 'open' });
  const { hidden } = await centre.ask<{ hidden: number }>('/alerts');
  expect(hidden).toBe(1);
}, 60_000);

it('maintenance holds across kill -9, and what goes on comes forward when it is ended', async () => {
  const times = { startsMs: Date.now(), expiresMs: Date.now() + 3_600_000 };
  const plan = { ruleIds: [], scope: { host: 'web-1' }, reason: 'new kernel', ...times };
  const { id } = await centre.ask<{ id: string }>('/maintenance', 'POST', plan);
  expect(await attack('192.0.2.30', 'root')).toMatchObject({ status: 'hidden', exceptionId: id });
  await centre.kill();
  centre = await runCentre({ folder, argv: ['--only'] });
  expect(await attack('192.0.2.31', 'root')).toMatchObject({ status: 'hidden', exceptionId: id });
  const { items } = await centre.ask<{ items: { target: string }[] }>('/actions?limit=500');
  expect(items.filter(({ target }) => /^192\.0\.2\.3[01]$/.test(target))).toEqual([]);
  expect((await centre.fetch(`/exceptions/${id}`, { method: 'DELETE' })).status).toBe(200);
  expect(await alertsOf('192.0.2.31', 'open')).toEqual([]);
  await attack('192.0.2.31', 'root');
  await until(async () => (await alertsOf('192.0.2.31', 'open')).length > 0, 'what goes on comes forward');
}, 60_000);

it('a flood of one rule is held back, kept whole, and said', async () => {
  const addresses = Array.from({ length: 120 }, (_, index) => `198.51.100.${index + 1}`);
  const lines = addresses.flatMap((address) => guesses(address, 'root'));
  expect((await send(centre, token, 'syslog', lines.join('\n'))).status).toBe(200);
  const list = await until(async () => {
    const found = await centre.ask<{ total: number; heldBack: { ruleId: string; count: number }[] }>('/alerts?limit=1');
    return found.total + (found.heldBack[0]?.count ?? 0) >= 123 ? found : undefined;
  }, 'all are there');
  expect(list.heldBack).toMatchObject([{ ruleId: 'ssh-bruteforce' }]);
  const held = await centre.ask<{ total: number; items: StoredAlert[] }>(
    '/alerts?status=held_back&rule=ssh-bruteforce',
  );
  expect(held.total).toBe(list.heldBack[0]?.count);
  const { items } = await centre.ask<{ items: { alertId?: string }[] }>('/actions?limit=500');
  const asked = new Set(items.map(({ alertId }) => alertId));
  expect(held.items.filter(({ id }) => asked.has(id))).toEqual([]);
}, 60_000);

/** Sends guesses and answers the alert about them. */
async function attack(address: string, user: string): Promise<StoredAlert> {
  expect((await send(centre, token, 'syslog', guesses(address, user).join('\n'))).status).toBe(200);
  return await until(
    async () => (await Promise.all(['open', 'hidden'].map((status) => alertsOf(address, status)))).flat()[0],
    `an alert about ${address}`,
  );
}

async function alertsOf(address: string, status: string): Promise<readonly StoredAlert[]> {
  return (await centre.ask<{ items: StoredAlert[] }>(`/alerts?text=${address}&status=${status}`)).items.filter(
    ({ entities }) => entities['src_ip'] === address,
  );
}

function guesses(address: string, user: string): readonly string[] {
  const startMs = Date.now() - 5_000;
  return Array.from({ length: 30 }, (_, index) => {
    const stamp = new Date(startMs + index * 100).toISOString();
    return `${stamp} web-1 sshd[4000]: Failed password for ${user} from ${address} port ${40_000 + index} ssh2`;
  });
}
