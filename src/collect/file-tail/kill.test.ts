import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { batchesOf, recordsOf } from '../journal-intake.fixture.ts';
import { createRotatedLog } from './rotated-log.fixture.ts';

const KILLS = 20;
const fixture = fileURLToPath(new URL('./tail-until-killed.fixture.ts', import.meta.url));

it.concurrent.for(['rename', 'copyTruncate'] as const)(
  `has every line exactly once after ${KILLS} times kill -9 during rotation by %s`,
  { timeout: 120_000 },
  // Of this test: the shared one does not know which of those that run at once is meant.
  async (rotate, { expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tail-kill-'));
    const path = join(folder, 'app.log');
    const journalPath = join(folder, 'journal.db');
    const log = createRotatedLog(path);
    // Several chunks, so that a kill may fall between two of them.
    const write = () => log.write(200);

    // A file that was never seen has no other name: the first line makes it known.
    write();
    const first = await startTail(path, journalPath);
    const reader = openJournalReader(journalPath);
    await expect.poll(() => reader.counters()[0]?.stored, { timeout: 30_000 }).toBe(log.written.length);
    first.kill('SIGKILL');

    for (let kill = 0; kill < KILLS; kill++) {
      const child = await startTail(path, journalPath);
      write();
      await pause((kill * 3) % 17);
      log[rotate]();
      write();
      await pause((kill * 5) % 13);
      child.kill('SIGKILL');
      await once(child, 'close');
      write();
    }
    const last = await startTail(path, journalPath);
    await expect
      .poll(() => reader.counters()[0]?.stored, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(log.written.length);
    last.stdin?.end();
    await once(last, 'close');

    const found = batchesOf(reader).flatMap(recordsOf);
    expect(found).toEqual(log.written);
    expect(reader.counters()[0]).toMatchObject({ received: log.written.length, stored: log.written.length });
    reader.close();
    rmSync(folder, { recursive: true });
  },
);

async function startTail(path: string, journalPath: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fixture, path, journalPath], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
