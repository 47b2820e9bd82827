import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runCentre } from '../test/centre.ts';
import { machine, median } from './machine.ts';
import { sshdLines, writeLines } from './sshd-lines.ts';

/**
 * `npm run bench:ingest [-- --lines N --runs N]`: a log file of sshd lines through the running centre. *Burst* is the
 * rate at which lines were journalled (fsynced) and detected; *sustained* counts until the lake has the last one too.
 */
const { values } = parseArgs({
  options: { lines: { type: 'string', default: '3000000' }, runs: { type: 'string', default: '3' } },
});
const lines = Number(values.lines);

interface Overview {
  events: { stored: number; detected: number; searchable: number };
}

const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
const file = join(folder, 'auth.log');
await writeLines(file, sshdLines(lines));
const megabytes = statSync(file).size / 2 ** 20;
console.log(`${machine()}; ${lines} lines, ${megabytes.toFixed(0)} MB`);

const runs: { journalled: number; burst: number; sustained: number; peakMb: number }[] = [];
for (let run = 1; run <= Number(values.runs); run++) {
  const data = join(folder, `data-${run}`);
  const startedMs = performance.now();
  const centre = await runCentre({ folder: data, argv: ['--only', '--watch', `${file}:syslog`, '--respond', 'off'] });
  const seconds = { journalled: 0, detected: 0, stored: 0 };
  let peakBytes = 0;
  while (seconds.stored === 0) {
    await sleep(500);
    peakBytes = Math.max(peakBytes, centre.residentBytes());
    const { events } = await centre.ask<Overview>('/overview');
    const elapsed = (performance.now() - startedMs) / 1000;
    if (events.stored < lines) continue;
    seconds.journalled ||= elapsed;
    if (events.detected === 1) seconds.detected ||= elapsed;
    if (events.searchable === 1 && seconds.detected > 0) seconds.stored = elapsed;
  }
  await centre.stop();
  rmSync(data, { recursive: true });
  const result = {
    journalled: Math.round(lines / seconds.journalled),
    burst: Math.round(lines / seconds.detected),
    sustained: Math.round(lines / seconds.stored),
    peakMb: Math.round(peakBytes / 2 ** 20),
  };
  runs.push(result);
  console.log(
    `run ${run}: journalled ${result.journalled}/s, journalled and detected ${result.burst}/s, with the lake ${result.sustained}/s, peak ${result.peakMb} MB (start of the programs included)`,
  );
}
rmSync(folder, { recursive: true });
const of = (key: keyof (typeof runs)[number]) => median(runs.map((run) => run[key]));
console.log(
  JSON.stringify({
    machine: machine(),
    lines,
    journalledPerSecond: of('journalled'),
    burstPerSecond: of('burst'),
    sustainedPerSecond: of('sustained'),
    peakMegabytes: of('peakMb'),
  }),
);
