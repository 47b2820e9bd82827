import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './index.ts';
import { recordsOf } from './records.fixture.ts';

const appendUntilKilled = fileURLToPath(new URL('./append-until-killed.fixture.ts', import.meta.url));
const fillDisk = fileURLToPath(new URL('./fill-disk.fixture.ts', import.meta.url));
const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('has every acknowledged batch once after kill -9, and no gap', async () => {
  const path = join(folder, 'journal.db');
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [appendUntilKilled, path, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = await outputUntilKilled(child, 20 + ((round * 37) % 120));
    for (const line of lines) {
      const [sequence = '', record = ''] = line.split('\t');
      expect(acknowledged.has(Number(sequence))).toBe(false);
      acknowledged.set(Number(sequence), record);
    }
  }

  const journal = openJournal(path, { cacheBytes: 0 });
  const batches = [];
  for (let after = 0; after < journal.lastSequence(); after = batches.at(-1)?.sequence ?? 0)
    batches.push(...journal.read(after, 2 ** 22));
  expect(acknowledged.size).toBeGreaterThan(50);
  expect(batches.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: batches.length }, (_, index) => index + 1),
  );
  for (const [sequence, record] of acknowledged) expect(recordsOf(batches[sequence - 1] as never)).toEqual([record]);
  const records = batches.flatMap(recordsOf);
  expect(new Set(records).size).toBe(records.length);
  const counters = journal.counters();
  expect(counters.reduce((sum, { stored }) => sum + stored, 0)).toBe(records.length);
  for (const { received, stored, dropped } of counters) expect(received).toBe(stored + (dropped.too_long ?? 0));
  journal.close();
});

describe.skipIf(!mayMount)(`a full disk${mayMount ? '' : ' (skipped: needs root, to mount a small tmpfs)'}`, () => {
  it('is refused with BTZ_DISK_FULL, stores nothing half, and is over when there is space', () => {
    const script = 'mount -t tmpfs -o size=6m none "$1" && exec "$2" "$3" "$1"';
    const output = execFileSync('unshare', ['-m', 'sh', '-c', script, 'sh', folder, process.execPath, fillDisk]);
    const seen = JSON.parse(output.toString());
    expect(seen.refusal).toMatchObject({ code: 'BTZ_DISK_FULL', message: `No space is left in ${folder}.` });
    expect(seen.second.code).toBe('BTZ_DISK_FULL');
    expect(seen.atRefusal.appended).toBeGreaterThan(20);
    expect(seen.atRefusal.last).toBe(seen.atRefusal.appended);
    expect(seen.atRefusal.stored).toBe(seen.atRefusal.appended);
    expect(seen.readableWhenFull).toBe(seen.sequenceAfter - 1);
    expect(seen.last).toBe(seen.appended);
    expect(seen.counters).toMatchObject({ received: seen.appended, stored: seen.appended });
  });
});

async function outputUntilKilled(child: ChildProcessByStdio<null, Readable, null>, afterMs: number): Promise<string[]> {
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  child.stdout.on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}
