/** `node bench/state.ts`: durable evidence leaves per second in SQLite, and how long one alone takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqliteStateStore } from '../src/store/sqlite/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'btz-bench-state-'));
const store = await openSqliteStateStore(join(folder, 'state.db'));
const leaf = {
  timeMs: 1,
  kind: 'action.asked',
  actor: 'user:ann',
  subject: 'x',
  details: { target: '203.0.113.9' },
} as const;

const alone: number[] = [];
for (let run = 0; run < 300; run += 1) alone.push(await timed(() => store.evidence.append([leaf])));
alone.sort((a, b) => a - b);

const batched = await medianRate(1_000, () => store.evidence.append(Array.from({ length: 1_000 }, () => leaf)));
const concurrent = await medianRate(1_000, () =>
  Promise.all(Array.from({ length: 1_000 }, () => store.evidence.append([leaf]))),
);
await store.close();
rmSync(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    aloneMs: { p50: round(alone[150]), p99: round(alone[297]) },
    leavesPerSecond: { batchOf1000: batched, thousandCallers: concurrent },
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
  }),
);

async function medianRate(leaves: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 9; run += 1) times.push(await timed(work));
  return Math.round((leaves / (times.sort((a, b) => a - b)[4] ?? 1)) * 1_000);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function round(value = 0): number {
  return Number(value.toFixed(2));
}
