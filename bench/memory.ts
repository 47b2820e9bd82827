import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runCentre } from '../test/centre.ts';
import { machine } from './machine.ts';
import { sshdLines, writeLines } from './sshd-lines.ts';

/** `npm run bench:memory`: resident memory of `up` at rest, all processes, and the peak of `analyze` over a 1 GB file. */
const LAUNCHER = fileURLToPath(new URL('../bartizan', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
const centre = await runCentre({ folder: join(folder, 'data'), argv: ['--only', '--demo'] });
const rest: number[] = [];
for (let second = 0; second < 60; second++) {
  await sleep(1000);
  rest.push(centre.residentBytes() / 2 ** 20);
}
await centre.stop();
const atRest = rest.slice(-10).reduce((sum, value) => sum + value, 0) / 10;
console.log(`${machine()}; at rest, a minute after the start: ${atRest.toFixed(0)} MB`);

const file = join(folder, 'auth.log');
await writeLines(file, sshdLines(9_200_000));
const startedMs = performance.now();
const analyze = spawn(LAUNCHER, ['analyze', file], { stdio: ['ignore', 'ignore', 'inherit'] });
let peakKb = 0;
while (analyze.exitCode === null) {
  try {
    peakKb = Math.max(
      peakKb,
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${analyze.pid}/status`, 'utf8'))?.[1] ?? 0),
    );
  } catch {
    // It has just ended.
  }
  await sleep(100);
}
const seconds = (performance.now() - startedMs) / 1000;
const gigabytes = statSync(file).size / 2 ** 30;
rmSync(folder, { recursive: true });
console.log(`analyze of ${gigabytes.toFixed(2)} GB: ${seconds.toFixed(1)} s, peak ${(peakKb / 1024).toFixed(0)} MB`);
console.log(
  JSON.stringify({
    machine: machine(),
    atRestMegabytes: Math.round(atRest),
    analyzePeakMegabytes: Math.round(peakKb / 1024),
    analyzeLinesPerSecond: Math.round(9_200_000 / seconds),
  }),
);
