import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POSTGRES_BIN, type PostgresServer, startPostgres } from '../../src/store/conformance/postgres-server.ts';
import { command, ingestToken, processTree, type RunningCentre, runCentre, send, until } from '../centre.ts';

interface Alert {
  id: string;
  entities: Record<string, string>;
  count: number;
  rule: { id: string };
}
interface Source {
  stream: string;
  stored: number;
}

const RULE = 'ssh-bruteforce';
const ATTEMPTS = 50;
const missing = POSTGRES_BIN === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.skipIf(POSTGRES_BIN === undefined)(`decisions in PostgreSQL${missing}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'btz-postgres-'));
  const folder = join(root, 'data');
  const log = join(root, 'auth.log');
  let server: PostgresServer;
  let centre: RunningCentre;
  let url = '';
  let token = '';
  let written = 0;
  let sent = 0;

  beforeAll(async () => {
    server = await startPostgres();
    url = (await server.createDatabase()).url;
    centre = await start();
    token = await ingestToken(centre);
  });

  afterAll(async () => {
    signalServer('SIGCONT');
    await centre?.stop();
    await server?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('closes the loop as with the embedded engine: alert, block (dry run), evidence', async () => {
    attack('203.0.113.31');
    await alertOf('203.0.113.31');
    const drill = await centre.ask<{ ok: boolean; steps: unknown[] }>('/drill', 'POST');
    expect(drill.ok, JSON.stringify(drill.steps)).toBe(true);
  });

  it.each([
    ['frozen', '203.0.113.32', () => signalServer('SIGSTOP'), async () => signalServer('SIGCONT')],
    ['killed', '203.0.113.33', () => server.kill(), () => server.restart()],
  ] as const)(
    'that are %s: logs are taken and journalled, the API answers with a code, and later nothing is lost or doubled',
    { timeout: 90_000 },
    async (_name, address, hurt, heal) => {
      attack(address, ATTEMPTS / 2);
      await sendOne();
      await sleep(300);
      await hurt();
      try {
        attack(address, ATTEMPTS / 2);
        await until(async () => (await stored(`file:${log}`)) === written, 'lines are journalled all the same', 15_000);
        const before = sent;
        for (let round = 0; round < 3; round++) {
          const startedMs = performance.now();
          await sendOne();
          expect(performance.now() - startedMs).toBeLessThan(8_000);
        }
        expect(await stored('http:sender')).toBe(before + 3);
        for (const path of ['/overview', '/alerts', '/actions']) {
          const startedMs = performance.now();
          const answer = await centre.fetch(path);
          expect(answer.status, path).toBe(503);
          expect(((await answer.json()) as { code: string }).code).toBe('BTZ_STATE_UNAVAILABLE');
          expect(performance.now() - startedMs).toBeLessThan(8_000);
        }
      } finally {
        await heal();
      }
      await alertOf(address);
    },
  );

  it('are all there after a restart: each attack is one alert with its count, and the evidence verifies', {
    timeout: 60_000,
  }, async () => {
    await centre.stop();
    expect(centre.process.exitCode, centre.said()).toBe(0);
    centre = await start();
    const { items } = await centre.ask<{ items: Alert[] }>('/alerts?limit=200');
    for (const address of ['203.0.113.31', '203.0.113.32', '203.0.113.33']) {
      const found = items.filter(({ entities, rule }) => entities['src_ip'] === address && rule.id === RULE);
      expect(
        found.map(({ count }) => count),
        address,
      ).toEqual([ATTEMPTS]);
      const { evidence } = await centre.ask<{ evidence: { kind: string }[] }>(`/alerts/${found[0]?.id}`);
      expect(evidence.filter(({ kind }) => kind === 'alert.raised')).toHaveLength(1);
    }
    await sleep(1_500);
    const { status, stdout } = command('log', 'verify', join(folder, 'evidence'));
    expect(stdout).toMatch(/^VERIFIED/);
    expect(status).toBe(0);
  });

  it('do not keep the centre from ending when PostgreSQL is frozen', { timeout: 60_000 }, async () => {
    attack('203.0.113.34');
    signalServer('SIGSTOP');
    const startedMs = performance.now();
    await centre.stop();
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    signalServer('SIGCONT');
    centre = await start();
    await alertOf('203.0.113.34');
  });

  it('are written by one centre: a second one is told who has them, exit 2, and the first goes on', async () => {
    const other = join(root, 'other');
    const { status, stderr } = command('up', '--only', '--data', other, '--listen', '127.0.0.1:0', '--state', url);
    expect(stderr).toMatch(/^BTZ_DATA_IN_USE: .*process \d+ on .*PostgreSQL database state_1/m);
    expect(status).toBe(2);
    attack('203.0.113.36');
    await alertOf('203.0.113.36');
  });

  it('that cannot be reached at the start: one clear line, exit 2', { timeout: 60_000 }, async () => {
    await centre.stop();
    for (const away of ['postgres://127.0.0.1:1/bartizan', url]) {
      if (away === url) await server.kill();
      const startedMs = performance.now();
      const { status, stderr } = command('up', '--only', '--data', folder, '--listen', '127.0.0.1:0', '--state', away);
      expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
      expect(stderr).toMatch(/^BTZ_STATE_UNAVAILABLE: .*PostgreSQL/);
      expect(status).toBe(2);
      expect(performance.now() - startedMs).toBeLessThan(20_000);
    }
    await server.restart();
    centre = await start();
  });

  function start(): Promise<RunningCentre> {
    return runCentre({ folder, argv: ['--only', '--watch', `${log}:syslog`, '--state', url] });
  }

  function attack(address: string, attempts = ATTEMPTS): void {
    const nowMs = Date.now();
    for (let index = 0; index < attempts; index++, written++) {
      const time = new Date(nowMs - (attempts - index) * 10).toISOString();
      appendFileSync(
        log,
        `${time} web-1 sshd[9]: Failed password for root from ${address} port ${index + 1024} ssh2\n`,
      );
    }
  }

  async function alertOf(address: string): Promise<void> {
    let seen: unknown;
    await until(
      async () => {
        const answer = await centre.fetch('/alerts?limit=200');
        if (!answer.ok) return false;
        const { items } = (await answer.json()) as { items: Alert[] };
        const found = items.filter(({ entities, rule }) => entities['src_ip'] === address && rule.id === RULE);
        seen = found;
        return found.length === 1 && found[0]?.count === ATTEMPTS;
      },
      () => `one alert about ${address} with its count; ${JSON.stringify(seen)}; the centre said: ${centre.said()}`,
      40_000,
    );
  }

  async function sendOne(): Promise<void> {
    const answer = await send(centre, token, 'syslog', `web-1 app[1]: sent ${sent}`);
    expect(answer.status, await answer.text()).toBe(200);
    sent++;
  }

  async function stored(stream: string): Promise<number> {
    const { items } = await centre.ask<{ items: Source[] }>('/sources');
    return items.find((source) => source.stream === stream)?.stored ?? 0;
  }

  /** To the postmaster and all its children: none of them answers, no connection is closed. */
  function signalServer(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const file = join(dirname(server.socket), 'data', 'postmaster.pid');
    const [pid = ''] = readFileSync(file, 'utf8').split('\n');
    for (const each of processTree(Number(pid))) process.kill(each, signal);
  }
});
