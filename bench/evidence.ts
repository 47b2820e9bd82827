/**
 * Measures the evidence log: durable leaves a second through the queue (SQLite, full sync) and the signed tree, the latency
 * of one leaf, and how old the checkpoint over a recorded leaf is. `node bench/evidence.ts [ROUNDS]`; one JSON line last.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { openEvidenceLog, verifyEvidence } from '#audit/index.ts';
import type { NewEvidence } from '#model/evidence.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';

const BATCH_LEAVES = 100;
const LEAVES_PER_ROUND = 20_000;
const SINGLE_LEAVES = 500;
const rounds = Number(process.argv[2] ?? 3);
const home = await mkdtemp(join(process.cwd(), '.bench-evidence-'));

try {
  const state = await openSqliteStateStore(join(home, 'state.db'));
  const folder = join(home, 'log');
  const log = await openEvidenceLog({ state, folder, keyFile: join(home, 'key'), origin: 'bench', clock: Date.now });
  await log.start();

  const throughputs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    for (let done = 0; done < LEAVES_PER_ROUND; done += BATCH_LEAVES) await log.record(leaves(BATCH_LEAVES));
    await log.flush();
    throughputs.push((LEAVES_PER_ROUND / (performance.now() - startMs)) * 1_000);
  }

  const latenciesMs: number[] = [];
  for (let done = 0; done < SINGLE_LEAVES; done += 1) {
    const startMs = performance.now();
    await log.record(leaves(1));
    latenciesMs.push(performance.now() - startMs);
  }
  await log.flush();

  const agesMs: number[] = [];
  for (let done = 0; done < 20; done += 1) {
    const before = log.status().size;
    const startMs = performance.now();
    await log.record(leaves(1));
    while (log.status().size === before) await new Promise((resolve) => setTimeout(resolve, 2));
    agesMs.push(performance.now() - startMs);
  }
  await log.stop();

  const startMs = performance.now();
  const report = await verifyEvidence(folder);
  const verifyPerSecond = (report.size / (performance.now() - startMs)) * 1_000;
  await state.close();

  const result = {
    bench: 'evidence',
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    rounds,
    durableLeavesPerSecond: Math.round(quantile(throughputs, 0.5)),
    singleLeafMs: { p50: round(quantile(latenciesMs, 0.5)), p99: round(quantile(latenciesMs, 0.99)) },
    checkpointAgeMs: { p50: round(quantile(agesMs, 0.5)), max: round(quantile(agesMs, 1)) },
    verifiedLeavesPerSecond: Math.round(verifyPerSecond),
    verdict: report.verdict,
  };
  console.log(
    `${result.durableLeavesPerSecond} leaves/s recorded in batches of ${BATCH_LEAVES} and under a signed checkpoint`,
  );
  console.log(`one leaf durable in ${result.singleLeafMs.p50} ms (p99 ${result.singleLeafMs.p99} ms)`);
  console.log(
    `checkpoint over a leaf after ${result.checkpointAgeMs.p50} ms (at most ${result.checkpointAgeMs.max} ms)`,
  );
  console.log(JSON.stringify(result));
} finally {
  await rm(home, { recursive: true, force: true });
}

function leaves(count: number): NewEvidence[] {
  return Array.from({ length: count }, (_, place) => ({
    timeMs: Date.now(),
    kind: 'alert.raised',
    actor: 'auto:ssh-bruteforce',
    subject: `alert-${place}`,
    details: { title: 'Password guessing over SSH', source: '203.0.113.9', count: 4_711, user: 'root', level: 'high' },
  }));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
