import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';

interface Overview {
  todo: { kind: string; subject: string }[];
  lake: { state: string };
  events: { searchable: number };
}

describe('a part that dies again and again', () => {
  const root = mkdtempSync(join(tmpdir(), 'btz-die-'));
  const folder = join(root, 'data');
  const orders = join(root, 'orders');
  const acknowledged = new Set<string>();
  let centre: RunningCentre;
  let token = '';
  let count = 0;

  beforeAll(async () => {
    mkdirSync(orders);
    const preload = pathToFileURL(join(import.meta.dirname, 'die-on-demand.crash.ts')).href;
    const env = { BARTIZAN_TEST_DIE: orders, NODE_OPTIONS: `--import=${preload}` };
    centre = await runCentre({ folder, argv: ['--only'], env });
    token = await ingestToken(centre);
  });

  afterAll(async () => {
    await centre.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(['intake', 'detection'] as const)(
    'the %s thread is started again, the console answers meanwhile, and nothing acknowledged is lost',
    { timeout: 60_000 },
    async (name) => {
      for (let round = 0; round < 3; round++) {
        const sending = keepSending(1_500);
        await sleep(200);
        writeFileSync(join(orders, name), '');
        await until(() => !readdirSync(orders).includes(name), 'the thread dies');
        for (const path of ['/overview', '/sources', '/alerts']) {
          const startedMs = performance.now();
          expect((await centre.fetch(path)).status, path).toBe(200);
          expect(performance.now() - startedMs).toBeLessThan(3_000);
        }
        await sending;
        await until(async () => (await sendOne()).ok, 'logs are taken again');
      }
      expect(centre.process.exitCode).toBeNull();
      expect(centre.said()).toContain(`the ${name} thread was told to die`);
      const attacker = name === 'intake' ? '203.0.113.41' : '203.0.113.42';
      expect((await send(centre, token, 'syslog', bruteForce(attacker))).ok).toBe(true);
      await until(
        async () => {
          const { items } = await centre.ask<{ items: { entities: Record<string, string> }[] }>('/alerts');
          return items.some(({ entities }) => entities['src_ip'] === attacker);
        },
        () => `detection works; ${centre.said()}`,
      );
    },
  );

  it('a request that was on its way when the thread died is refused with a code, not left waiting', async () => {
    writeFileSync(join(orders, 'intake'), '');
    const refused = await until(async () => {
      const answer = await sendOne();
      return answer.ok ? undefined : answer;
    }, 'one is refused');
    expect(refused.status).toBe(503);
    expect(((await refused.json()) as { code: string }).code).toBe('BTZ_COLLECTING_STOPPED');
    await until(async () => (await sendOne()).ok, 'logs are taken again');
  });

  it('the lake: searches are refused with a code, alerts and collecting go on, and it comes back by itself', {
    timeout: 60_000,
  }, async () => {
    for (let round = 0; round < 3; round++) {
      await until(() => lakePid() !== undefined, 'the lake runs');
      process.kill(lakePid() ?? 0, 'SIGKILL');
      await sleep(50);
    }
    const answer = await centre.fetch('/events?from=0&to=1');
    if (!answer.ok) expect(((await answer.json()) as { code: string }).code).toBe('BTZ_LAKE_UNAVAILABLE');
    expect((await sendOne()).ok).toBe(true);
    expect((await centre.fetch('/alerts')).status).toBe(200);
    await until(
      async () => {
        const { lake, todo, events } = await centre.ask<Overview>('/overview');
        return lake.state === 'ready' && events.searchable === 1 && todo.every(({ kind }) => kind !== 'lake');
      },
      () => `the lake is ready and caught up; ${centre.said()}`,
      40_000,
    );
    const words = (await everyEvent(centre, 'alive-')).map(({ raw }) => /alive-\d+-/.exec(raw)?.[0] ?? '');
    expect(new Set(words).size, 'a line is there twice').toBe(words.length);
    expect([...acknowledged].filter((word) => !words.includes(word))).toEqual([]);
  });

  it('the lake whose folder is spoiled: the overview says so, all else works, and it heals when the folder does', {
    timeout: 60_000,
  }, async () => {
    await centre.stop();
    const lake = join(folder, 'lake');
    rmSync(lake, { recursive: true });
    writeFileSync(lake, 'not a folder');
    centre = await runCentre({ folder, argv: ['--only'] });
    const todo = await until(
      async () => (await centre.ask<Overview>('/overview')).todo.find(({ kind }) => kind === 'lake'),
      'the overview says that the lake has failed',
    );
    expect(todo.subject).toMatch(/journal/);
    expect((await sendOne()).ok).toBe(true);
    expect((await centre.ask<{ ok: boolean }>('/drill', 'POST')).ok).toBe(true);
    rmSync(lake);
    await until(
      async () => (await centre.ask<Overview>('/overview')).events.searchable === 1,
      'the lake is filled again from the journal',
      40_000,
    );
    const words = new Set((await everyEvent(centre, 'alive-')).map(({ raw }) => /alive-\d+-/.exec(raw)?.[0]));
    expect([...acknowledged].filter((word) => !words.has(word))).toEqual([]);
  });

  function sendOne(): Promise<Response> {
    const word = `alive-${count++}-`;
    return send(centre, token, 'syslog', `web-1 app[1]: ${word}`).then((answer) => {
      if (answer.ok) acknowledged.add(word);
      return answer;
    });
  }

  async function keepSending(forMs: number): Promise<void> {
    for (const untilMs = performance.now() + forMs; performance.now() < untilMs; ) {
      const answer = await sendOne();
      if (!answer.ok) await sleep(20);
    }
  }

  function lakePid(): number | undefined {
    return centre.tree().find((pid) => pid !== centre.process.pid);
  }
});

function bruteForce(address: string): string {
  return Array.from({ length: 30 }, (_, index) => {
    const time = new Date(Date.now() - (30 - index) * 100).toISOString();
    return `${time} web-1 sshd[8]: Failed password for root from ${address} port ${4_000 + index} ssh2`;
  }).join('\n');
}
