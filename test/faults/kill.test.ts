import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ingestToken, type RunningCentre, runCentre, send, until } from '../centre.ts';
import { everyEvent } from './every-event.ts';

/** `BARTIZAN_KILLS=1000 npx vitest run test/faults/kill.test.ts` for a longer night. */
const KILLS = Number(process.env['BARTIZAN_KILLS'] ?? 100);
const LINES_PER_REQUEST = 40;
const folder = mkdtempSync(join(tmpdir(), 'bartizan-kill-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`kill -9, ${KILLS} times during ingest`, () => {
  it('of the server in turn with its lake: every acknowledged line is found exactly once by its id', {
    timeout: KILLS * 6_000 + 60_000,
  }, async () => {
    const acknowledged = new Set<string>();
    let token = '';
    let count = 0;
    let centre = await runCentre({ folder, argv: ['--only'] });
    for (let round = 0; round < KILLS; round++) {
      token ||= await ingestToken(centre);
      const isEnd = { now: false };
      const sending = keepSending(centre, token, isEnd, () => `kill-${count++}`, acknowledged);
      await sleep(30 + Math.random() * 250);
      if (round % 2 === 0) {
        killLake(centre);
        await sleep(Math.random() * 150);
        isEnd.now = true;
        await sending;
      } else {
        const before = [...centre.tree()];
        await centre.kill();
        isEnd.now = true;
        await sending;
        // At once: what the killed one started may still be there.
        centre = await runCentre({ folder, argv: ['--only'] });
        await until(() => before.every((pid) => !isAlive(pid)), 'what the killed server started ends by itself');
      }
    }
    await until(
      async () => (await centre.ask<{ events: { searchable: number } }>('/overview')).events.searchable === 1,
      () => `the lake catches up; it said: ${centre.said()}`,
      60_000,
    );
    const found = await everyEvent(centre);
    await centre.stop();

    const ids = new Set(found.map(({ id }) => id));
    expect(ids.size, 'an id is there twice').toBe(found.length);
    const words = found.map(({ raw }) => /kill-\d+/.exec(raw)?.[0] ?? '');
    const once = new Set(words);
    expect(once.size, 'a line is there twice').toBe(words.length);
    expect([...acknowledged].filter((word) => !once.has(word))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(KILLS * LINES_PER_REQUEST);
  });
});

/** Sends and never repeats: what was not acknowledged may be there or not, but nothing may be there twice. */
async function keepSending(
  centre: RunningCentre,
  token: string,
  isEnd: { now: boolean },
  next: () => string,
  acknowledged: Set<string>,
): Promise<void> {
  while (!isEnd.now) {
    const words = Array.from({ length: LINES_PER_REQUEST }, next);
    const lines = words.map(
      (word) => `${new Date().toISOString()} web-1 sshd[1]: Failed password for ${word} from 203.0.113.9 port 1 ssh2`,
    );
    try {
      const answer = await send(centre, token, 'syslog', lines.join('\n'));
      if (answer.ok) for (const word of words) acknowledged.add(word);
    } catch {
      return;
    }
  }
}

function killLake(centre: RunningCentre): void {
  const lake = centre.tree().find((pid) => pid !== centre.process.pid);
  if (lake === undefined) return;
  try {
    process.kill(lake, 'SIGKILL');
  } catch {
    // It was just being started anew.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
