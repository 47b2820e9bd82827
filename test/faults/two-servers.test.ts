import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';

describe('two servers', () => {
  const root = mkdtempSync(join(tmpdir(), 'btz-two-'));
  const folder = join(root, 'data');
  let first: RunningCentre;
  let token = '';

  beforeAll(async () => {
    first = await runCentre({ folder, argv: ['--only'] });
    token = await ingestToken(first);
  });

  afterAll(async () => {
    await first.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('on one data folder: the second says which process has it and stops, the first does not notice', async () => {
    const pid = first.process.pid;
    const saidBefore = first.said();
    const sending = sendLines(first, token, 'while-second', 60);
    const second = command('up', '--only', '--data', folder, '--listen', '127.0.0.1:0');
    expect(second.stderr.trim().split('\n'), second.stderr).toHaveLength(1);
    expect(second.stderr).toMatch(new RegExp(`^BTZ_DATA_IN_USE: .*process ${pid}.*${folder}`));
    expect(second.stdout).toBe('');
    expect(second.status).toBe(2);
    expect(await sending).toBe(60);
    expect(first.process.exitCode).toBeNull();
    expect(first.said()).toBe(saidBefore);
    expect((await first.ask<{ version: string }>('/overview')).version).toMatch(/^\d/);
  });

  it('on two folders and one port: the second says so and stops before it makes anything', () => {
    const other = join(root, 'other');
    const listen = new URL(first.url).host;
    const { stderr, stdout, status } = command('up', '--only', '--data', other, '--listen', listen);
    expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^BTZ_LISTEN: .*${listen}.*--listen`));
    expect([stdout, status]).toEqual(['', 2]);
    expect(readdirSync(root)).toEqual(['data']);
  });

  it('of which the first was killed: the next one starts at once, with all that was acknowledged', async () => {
    expect(await sendLines(first, token, 'before-kill', 20)).toBe(20);
    await first.kill();
    const startedMs = performance.now();
    first = await runCentre({ folder, argv: ['--only'] });
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    const words = await until(async () => {
      const found = await everyEvent(first, 'before-kill').catch(() => []);
      return found.length >= 20 ? found.map(({ raw }) => raw).sort() : undefined;
    }, 'what was acknowledged is found');
    expect(words).toEqual(Array.from({ length: 20 }, (_, index) => lineOf('before-kill', index)).sort());
  });

  it('one after the other: the folder is free as soon as the first has ended', async () => {
    await first.stop();
    first = await runCentre({ folder, argv: ['--only'] });
    expect(await sendLines(first, token, 'after-stop', 1)).toBe(1);
  });
});

function lineOf(word: string, index: number): string {
  return `web-1 app[1]: ${word} ${index}`;
}

/** One by one. @returns how many were acknowledged. */
async function sendLines(centre: RunningCentre, token: string, word: string, count: number): Promise<number> {
  let acknowledged = 0;
  for (let index = 0; index < count; index++)
    if ((await send(centre, token, 'syslog', lineOf(word, index))).ok) acknowledged++;
  return acknowledged;
}
