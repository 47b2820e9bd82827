import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, median } from './machine.ts';
import { writeEstate } from './terraform-estate.ts';
import { watchUsage } from './usage.ts';

/**
 * `npm run bench:scan [-- --lines 10000,100000,1000000] [--runs 3] [--checkov PATH] [--corpora DIR]`: `./bartizan scan`, its
 * start included, over TerraGoat and over generated estates, with the same checks on; beside them checkov over the same
 * files where it is installed. Trivy and KICS come as programs from outside of every package registry: not installable here.
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '10000,100000,1000000' },
    runs: { type: 'string', default: '3' },
    checkov: { type: 'string', default: 'checkov' },
    corpora: { type: 'string', default: here('../../shared/corpora') },
  },
});
const runs = Number(values.runs);
const room = mkdtempSync(join(tmpdir(), 'bench-scan-'));

try {
  console.log(`${machine()}; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}; median of ${runs}`);
  await measureAll();
} finally {
  rmSync(room, { recursive: true });
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

async function measureAll(): Promise<void> {
  const hasCheckov = spawnSync(values.checkov, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!hasCheckov) console.log('checkov is not installed (pip install checkov, then --checkov PATH): not measured.');
  const rows: Record<string, string | number>[] = [];
  const goat = join(values.corpora, 'terragoat');
  if (existsSync(goat)) {
    const copy = join(room, 'terragoat');
    cpSync(goat, copy, { recursive: true });
    rows.push(...(await measure('TerraGoat', copy, hasCheckov)));
  } else console.log(`${goat} is absent: not measured.`);
  for (const size of values.lines.split(',').map(Number)) {
    const folder = join(room, `estate-${size}`);
    const lines = writeEstate(folder, size);
    rows.push(...(await measure(`${lines.toLocaleString('en')} lines`, folder, hasCheckov && size <= 100_000)));
    rmSync(folder, { recursive: true });
  }
  console.table(rows);
  console.log(JSON.stringify(rows));
}

async function measure(what: string, folder: string, withCheckov: boolean) {
  const ours = await several(here('../bartizan'), ['scan', folder, '--format', 'ndjson', '--verdict', 'fail']);
  const rows = [{ what, who: 'bartizan', ...ours, times: 1 }];
  if (withCheckov) {
    const theirs = await several(values.checkov, [
      '-d',
      folder,
      '--framework',
      'terraform',
      '--compact',
      '--quiet',
      '-o',
      'json',
    ]);
    rows.push({ what, who: 'checkov', ...theirs, times: Math.round((theirs.seconds / ours.seconds) * 10) / 10 });
  }
  return rows;
}

async function several(command: string, argv: readonly string[]): Promise<Run> {
  const all: Run[] = [];
  for (let run = 0; run < runs; run++) all.push(await once(command, argv));
  const middle = (pick: (run: Run) => number) => Math.round(median(all.map(pick)) * 100) / 100;
  return {
    seconds: middle((one) => one.seconds),
    cpuSeconds: middle((one) => one.cpuSeconds),
    peakMb: middle((one) => one.peakMb),
  };
}

function once(command: string, argv: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'ignore'] });
    child.on('error', reject);
    if (child.pid === undefined) return;
    const usage = watchUsage(child.pid);
    child.on('exit', () => {
      const seconds = (performance.now() - started) / 1_000;
      resolve({ seconds, ...usage.stop() });
    });
  });
}
