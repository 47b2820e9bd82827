import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateAlicloud } from './simulated-alicloud.ts';

/**
 * `node bench/cloud-scan.ts [RUNS]`: `cloud scan`, process start included, of a simulated account of about 10,000
 * resources in 30 regions that throttles as the provider does. Prints seconds, calls, throttled calls and memory.
 */
const SIZE = { regions: 30, instances: 100, groups: 30, databases: 3, buckets: 300, users: 200 };
const runs = Number(process.argv[2] ?? 3);
const seconds: number[] = [];
for (let run = 1; run <= runs; run += 1) {
  const account = await simulateAlicloud(SIZE);
  const startedMs = performance.now();
  const { summary, peakMb } = await scan(account.url);
  const took = (performance.now() - startedMs) / 1000;
  seconds.push(took);
  const { calls, throttled } = account.counts;
  account.close();
  console.log(`run ${run}: ${took.toFixed(1)} s, ${calls} calls, ${throttled} throttled, ${peakMb} MB at most`);
  console.log(`  ${summary}`);
}
const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0;
console.log(`median of ${runs}: ${median.toFixed(1)} s (must be at most 60)`);
process.exitCode = median <= 60 ? 0 : 1;

async function scan(url: string): Promise<{ summary: string; peakMb: number }> {
  const main = join(import.meta.dirname, '../src/cli/main.ts');
  const child = spawn(
    process.execPath,
    [main, 'cloud', 'scan', '--provider', 'alicloud', '--endpoint-base', url, '--no-progress', '--format', 'ndjson'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ALIBABA_CLOUD_ACCESS_KEY_ID: 'bench', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'bench' },
    },
  );
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  let peakKb = 0;
  const watch = setInterval(() => {
    peakKb = Math.max(peakKb, readPeakKb(child.pid));
  }, 200);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { summary: told.trim().split('\n').at(-1) ?? '', peakMb: Math.round(peakKb / 1024) };
}

function readPeakKb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
