import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../src/model/action.ts';
import { whyNoNamespaces } from '../../src/respond/testing/namespaces.ts';
import { openSqliteStateStore } from '../../src/store/sqlite/index.ts';
import { command, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';
import { createSteppedClock, type SteppedClock, whyNoSteppedClock } from './faketime.ts';

interface Alert {
  entities: Record<string, string>;
  rule: { id: string };
  count: number;
  lastMs: number;
}

const HOUR_MS = 3_600_000;
const BLOCK_MS = 50_000;
const BLOCKED = '203.0.113.77';
const ATTEMPTS = 20;
const PASSWORD = 'correct horse battery';
const reason = whyNoSteppedClock ?? (whyNoNamespaces() && `skipped: ${whyNoNamespaces()}`);

describe.skipIf(reason !== undefined)(
  `a clock that jumps a day forward and two back${reason ? ` (${reason})` : ''}`,
  () => {
    const root = mkdtempSync(join(tmpdir(), 'btz-step-'));
    const folder = join(root, 'data');
    const log = join(root, 'auth.log');
    const namespace = `btz-clock-${process.pid}`;
    let clock: SteppedClock;
    let centre: RunningCentre;
    let token = '';
    let cookie = '';
    let offsetHours = 0;
    /** The block was made between the two. */
    let startedAtMs = 0;
    let blockedAtMs = 0;

    beforeAll(async () => {
      execFileSync('ip', ['netns', 'add', namespace]);
      clock = createSteppedClock();
      await leaveApprovedBlock();
      const argv = ['--only', '--watch', `${log}:syslog`, '--nft', `ip netns exec ${namespace} nft`];
      startedAtMs = performance.now();
      centre = await runCentre({ folder, argv, env: clock.env });
      token = await ingestToken(centre);
      cookie = await makeAdministrator();
      await until(isDropped, 'the block is in the kernel');
      blockedAtMs = performance.now();
    });

    afterAll(async () => {
      await centre?.stop();
      clock?.remove();
      execFileSync('ip', ['netns', 'del', namespace]);
      rmSync(root, { recursive: true, force: true });
    });

    it.each([
      ['before it jumps', 0, '203.0.113.61'],
      ['a day forward', 24, '203.0.113.62'],
      ['two days back', -24, '203.0.113.63'],
    ] as const)(
      '%s: an attack is one alert with its count, the block stands, all can be found',
      { timeout: 90_000 },
      async (_name, hours, address) => {
        await step(hours);
        attack(address);
        const alert = await until(
          () => alertOf(address),
          () => `an alert about ${address}; ${centre.said()}`,
        );
        expect(alert.count).toBe(ATTEMPTS);
        expect(Math.abs(alert.lastMs - wallMs())).toBeLessThan(60_000);
        expect((await send(centre, token, 'syslog', `web-1 app[1]: marker-${address}`)).status).toBe(200);
        await until(
          async () => (await everyEvent(centre, `marker-${address}`)).length === 1,
          'it can be searched',
          35_000,
        );

        expect(performance.now() - blockedAtMs, 'this machine is too slow for the test').toBeLessThan(BLOCK_MS - 2_000);
        expect(isDropped(), 'the kernel drops it').toBe(true);
        const blocked = await theBlock();
        expect(blocked?.state).toBe('done');
        const leftMs = BLOCK_MS - (performance.now() - blockedAtMs);
        expect(Math.abs((blocked?.expiresMs ?? 0) - wallMs() - leftMs), 'the books say when it ends').toBeLessThan(
          5_000,
        );
        expect((await centre.ask<{ blocked: number }>('/overview')).blocked).toBe(1);
      },
    );

    it('a session is either good or over, and signing in works', async () => {
      const { state } = await session();
      expect(['signed_in', 'signed_out']).toContain(state);
      cookie = await signIn();
      expect((await session()).state).toBe('signed_in');
      await step(24);
      expect((await session()).state, 'twelve hours are over').toBe('signed_out');
      await step(-24);
      cookie = await signIn();
      expect((await session()).state).toBe('signed_in');
    });

    it('the block ends when its time has really passed, in the kernel and in the books', {
      timeout: 90_000,
    }, async () => {
      const restMs = BLOCK_MS - (performance.now() - blockedAtMs);
      await until(
        async () => (await theBlock())?.state === 'expired',
        'the books say that it expired',
        restMs + 10_000,
      );
      expect(performance.now() - startedAtMs).toBeGreaterThan(BLOCK_MS - 1_000);
      await until(() => !isDropped(), 'the kernel lets go');
    });

    it('nothing runs hot', async () => {
      await sleep(1_000);
      const before = cpuSeconds();
      await sleep(3_000);
      expect(cpuSeconds() - before).toBeLessThan(1.5);
    });

    it('events keep the order in which they came, nothing is there twice, and the evidence verifies', {
      timeout: 90_000,
    }, async () => {
      await centre.stop();
      expect(centre.process.exitCode, centre.said()).toBe(0);
      centre = await runCentre({ folder, argv: ['--only'] });
      const byId = [...(await found())].sort((a, b) => a.id - b.id);
      const addresses = byId.map(({ raw }) => /203\.0\.113\.6\d/.exec(raw)?.[0]);
      const sorted = ['203.0.113.61', '203.0.113.62', '203.0.113.63'].flatMap((address) =>
        Array.from({ length: ATTEMPTS + 1 }, () => address),
      );
      expect(addresses).toEqual(sorted);
      const { items } = await centre.ask<{ items: Alert[] }>('/alerts?limit=200');
      for (const address of new Set(sorted))
        expect(items.filter((alert) => isBruteForce(alert, address)).map(({ count }) => count)).toEqual([ATTEMPTS]);
      await sleep(1_500);
      const { status, stdout } = command('log', 'verify', join(folder, 'evidence'));
      expect(stdout).toMatch(/^VERIFIED/);
      expect(status).toBe(0);
    });

    /** What a crash between approval and execution leaves: shorter than a person may ask for. */
    async function leaveApprovedBlock(): Promise<void> {
      mkdirSync(folder, { mode: 0o700 });
      const state = await openSqliteStateStore(join(folder, 'state.db'));
      const nowMs = Date.now();
      const times = { requestedMs: nowMs, expiresMs: nowMs + BLOCK_MS };
      const rest = { verb: 'block', target: BLOCKED, state: 'approved', dryRun: false } as const;
      await state.actions.insert({ id: 'short', requestedBy: 'cli', approvedBy: 'cli', ...rest, ...times });
      await state.close();
    }

    async function step(hours: number): Promise<void> {
      offsetHours = hours;
      clock.stepTo(hours);
      await until(async () => {
        const { nowMs } = await centre.ask<{ nowMs: number }>('/overview');
        return Math.abs(nowMs - wallMs()) < 60_000;
      }, 'the centre has the new clock');
      // Upkeep looks once a second.
      await sleep(1_500);
    }

    function wallMs(): number {
      return Date.now() + offsetHours * HOUR_MS;
    }

    function attack(address: string): void {
      const lines = Array.from({ length: ATTEMPTS }, (_, index) => {
        const time = new Date(wallMs() - (ATTEMPTS - index) * 50).toISOString();
        return `${time} web-1 sshd[7]: Failed password for root from ${address} port ${2_000 + index} ssh2\n`;
      });
      appendFileSync(log, lines.join(''));
    }

    async function alertOf(address: string): Promise<Alert | undefined> {
      const { items } = await centre.ask<{ items: Alert[] }>('/alerts?limit=200');
      return items.find((alert) => isBruteForce(alert, address) && alert.count === ATTEMPTS);
    }

    async function theBlock(): Promise<Action | undefined> {
      const { items } = await centre.ask<{ items: Action[] }>('/actions?state=all');
      return items.find(({ id }) => id === 'short');
    }

    function isDropped(): boolean {
      try {
        const set = ['netns', 'exec', namespace, 'nft', 'list', 'set', 'inet', 'bartizan', 'blocked4'];
        return execFileSync('ip', set, { encoding: 'utf8', stdio: 'pipe' }).includes(BLOCKED);
      } catch {
        return false;
      }
    }

    async function found(): Promise<readonly { id: number; raw: string }[]> {
      return await until(async () => {
        const events = await everyEvent(centre, '203.0.113.6').catch(() => []);
        return events.length >= 3 * (ATTEMPTS + 1) ? events : undefined;
      }, 'all events are found');
    }

    async function makeAdministrator(): Promise<string> {
      const setup = await until(() => /setup#token=(\S+)/.exec(centre.said())?.[1], 'the link');
      return cookieOf(await post('/setup', { token: setup, name: 'owner', password: PASSWORD }));
    }

    async function signIn(): Promise<string> {
      return cookieOf(await post('/session', { name: 'owner', password: PASSWORD }));
    }

    async function post(path: string, body: unknown): Promise<Response> {
      const answer = await fetch(`${centre.url}/api/v1${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status, path).toBe(200);
      return answer;
    }

    async function session(): Promise<{ state: string }> {
      const answer = await fetch(`${centre.url}/api/v1/session`, { headers: { cookie } });
      return (await answer.json()) as { state: string };
    }

    /** Of the centre and all below it, since they began. */
    function cpuSeconds(): number {
      return centre.tree().reduce((total, pid) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return total + (Number(fields[11]) + Number(fields[12])) / 100;
      }, 0);
    }
  },
);

function isBruteForce({ entities, rule }: Alert, address: string): boolean {
  return rule.id === 'ssh-bruteforce' && entities['src_ip'] === address;
}

function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
