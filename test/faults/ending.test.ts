import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';

interface Source {
  stream: string;
  received: number;
  stored: number;
}

const LINES = 3_000_000;

describe('the end', () => {
  const root = mkdtempSync(join(tmpdir(), 'btz-end-'));

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('by SIGTERM in the middle of a burst is clean and soon; the next start goes on at the exact line', {
    timeout: 120_000,
  }, async () => {
    const folder = join(root, 'burst');
    const log = join(root, 'burst.log');
    writeLines(log);
    const argv = ['--only', '--watch', `${log}:syslog`];
    let centre = await runCentre({ folder, argv });
    const token = await ingestToken(centre);
    await until(async () => (await stored(centre, log)) > 0, 'the burst has begun');
    const onTheWay = Array.from({ length: 20 }, (_, index) =>
      send(centre, token, 'syslog', `web-1 app[1]: on-the-way-${index}`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const startedMs = performance.now();
    await centre.stop();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(centre.process.exitCode, centre.said()).toBe(0);
    const acknowledged = (await Promise.all(onTheWay)).filter((ok) => ok).length;

    centre = await runCentre({ folder, argv });
    expect(await stored(centre, log), 'the first run was stopped before the end').toBeLessThan(LINES);
    expect((await sources(centre)).find(({ stream }) => stream === 'http:sender')?.stored ?? 0).toBeGreaterThanOrEqual(
      acknowledged,
    );
    await until(
      async () => (await stored(centre, log)) >= LINES,
      () => `all lines are read; ${centre.said()}`,
      60_000,
    );
    await sleep(500);
    expect(await stored(centre, log), 'each line once').toBe(LINES);
    await centre.stop();
    expect(centre.process.exitCode, centre.said()).toBe(0);
  });

  it.each(['SIGINT', 'SIGHUP'] as const)(
    'by %s to the whole group, as from a terminal, is as clean',
    async (signal) => {
      const centre = await runCentre({ folder: join(root, signal), prefix: ['setsid'] });
      process.kill(-(centre.process.pid ?? 0), signal);
      await until(() => centre.process.exitCode !== null || centre.process.signalCode !== null, 'it ends');
      expect(centre.process.exitCode, centre.said()).toBe(0);
      expect(centre.said()).not.toMatch(/Error|started again/);
    },
  );

  it('of whoever reads its output does not end the centre', async () => {
    const centre = await runCentre({ folder: join(root, 'unread'), argv: ['--only'] });
    centre.process.stdout?.destroy();
    centre.process.stderr?.destroy();
    const children = () => centre.tree().filter((pid) => pid !== centre.process.pid);
    const before = children();
    expect(before).not.toEqual([]);
    // Makes it say something, and start the lake again.
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until(() => children().some((pid) => !before.includes(pid)), 'it starts the lake again', 10_000);
    expect(centre.process.exitCode).toBeNull();
    expect((await centre.fetch('/overview')).status).toBe(200);
    await centre.stop();
    expect(centre.process.exitCode).toBe(0);
  });

  it('of whoever reads the output of another command ends that command without a word', async () => {
    const log = join(root, 'many.log');
    writeFileSync(
      log,
      Array.from({ length: 3_000 }, (_, index) =>
        Array.from(
          { length: 12 },
          (_unused, attempt) =>
            `2026-11-20T03:${String(10 + Math.floor(index / 60))
              .padStart(2, '0')
              .slice(
                -2,
              )}:${String(index % 60).padStart(2, '0')}Z web-1 sshd[1]: Failed password for root from 203.0.${index >> 8}.${index & 255} port ${attempt + 1} ssh2\n`,
        ).join(''),
      ).join(''),
    );
    const [program = '', ...argv] = COMMAND;
    const child = spawn(program, [...argv, 'analyze', log], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(stderr).toBe('');
    expect(code).not.toBeNull();
  });
});

async function sources(centre: RunningCentre): Promise<readonly Source[]> {
  return (await centre.ask<{ items: Source[] }>('/sources')).items;
}

async function stored(centre: RunningCentre, log: string): Promise<number> {
  return (await sources(centre)).find(({ stream }) => stream === `file:${log}`)?.stored ?? 0;
}

function writeLines(path: string): void {
  const file = openSync(path, 'w');
  for (let block = 0; block < LINES / 10_000; block++) {
    const lines = Array.from(
      { length: 10_000 },
      (_, index) => `2026-11-20T03:11:01Z web-1 app[7]: burst ${block} ${index} of a program that says a lot\n`,
    );
    writeSync(file, lines.join(''));
  }
  closeSync(file);
}
