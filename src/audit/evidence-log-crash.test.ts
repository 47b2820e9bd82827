import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { openSqliteStateStore } from '#store/sqlite/index.ts';

import { openEvidenceLog } from './evidence-log.ts';
import { verifyEvidence } from './verify.ts';

const KILLS = 8;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'btz-evidence-crash-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

it(`loses, repeats and reorders no acknowledged leaf when it is killed ${KILLS} times`, async () => {
  const acknowledged: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    acknowledged.push(await recordUntilKilled((kill + 1) * 1_000_000, 150 + ((kill * 97) % 300)));
  }
  const state = await openSqliteStateStore(join(home, 'state.db'));
  const folder = join(home, 'evidence');
  const log = await openEvidenceLog({
    state,
    folder,
    keyFile: join(home, 'evidence.key'),
    origin: '',
    clock: Date.now,
  });
  await log.start();
  await log.flush();
  await log.stop();

  const queued = await state.evidence.read(0, 100_000);
  expect((await verifyEvidence(folder)).problems).toEqual([]);
  expect(log.status().size).toBe(queued.length);
  const numbers = queued.map(({ timeMs }) => timeMs);
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
  for (const [kill, last] of acknowledged.entries()) {
    const first = (kill + 1) * 1_000_000;
    const found = numbers.filter((number) => number >= first && number < first + 1_000_000);
    expect(found.length).toBeGreaterThanOrEqual(last - first + 1);
    expect(found).toEqual(found.map((_, place) => first + place));
  }
  await state.close();
});

async function recordUntilKilled(first: number, afterMs: number): Promise<number> {
  const child = fork(new URL('./evidence-log.crash.ts', import.meta.url), [home, String(first)]);
  let last = first - 1;
  const hasBegun = new Promise<void>((resolve, reject) => {
    child.on('message', (number) => {
      last = Number(number);
      resolve();
    });
    child.on('exit', () => reject(new Error('the writer died by itself')));
  });
  await hasBegun;
  await setTimeout(afterMs);
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return last;
}
