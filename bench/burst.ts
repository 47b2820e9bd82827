import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type RunningCentre, runCentre, until } from '../test/centre.ts';
import { endsWithUs, passingFolder } from './ending.ts';
import { machine, median, quantile } from './machine.ts';
import { MOST_SECONDS, type Written } from './paced-writer.ts';
import { watchUsage } from './usage.ts';

/**
 * `npm run bench:burst [-- --rate N --seconds N --runs N]`: sshd lines arrive in a followed file at a pace, from a process of
 * its own on the same cores; do journal and detection keep up while the lake may fall behind? Of the journal the lag is
 * sampled once a second; of detection it is that of one address a second which guesses then only, from the write of its
 * sixth line to its alert being kept.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string', default: '1' },
  },
});
const rate = Number(values.rate);
const seconds = Math.min(MOST_SECONDS, Number(values.seconds));
const WRITER = fileURLToPath(new URL('paced-writer.ts', import.meta.url));
const LONGEST_MS = 1_200_000;

interface Overview {
  readonly events: { readonly stored: number; readonly detected: number; readonly searchable: number };
}

interface Lag {
  readonly ms: number;
  readonly lines: number;
}

console.log(`${machine()}; ${rate} lines/s for ${seconds} s`);
const runs: Awaited<ReturnType<typeof measure>>[] = [];
for (let run = 1; run <= Number(values.runs); run++) {
  const result = await measure();
  runs.push(result);
  console.log(
    `run ${run}: ${result.writtenPerSecond} lines/s written; journal behind by p50 ${result.journalLagMs.p50} ms, p99 ${result.journalLagMs.p99} ms, at most ${result.journalLagLines} lines; line to alert p50 ${result.detectionLagMs.p50} ms, p99 ${result.detectionLagMs.p99} ms, at most ${result.detectionLagLines} lines (${result.markersSeen} of ${seconds} addresses seen)`,
  );
  console.log(
    `  after the last line: all journalled ${result.journalledAfterMs} ms, detected ${result.detectedAfterMs} ms, in the lake ${result.lakeAfterMs} ms; journalled and detected ${result.acceptedPerSecond}/s from the first line on; CPU ${result.cpuCores} cores and the writer ${result.writerCores}; peak ${result.peakMb} MB`,
  );
}
const of = (pick: (run: (typeof runs)[number]) => number) => median(runs.map(pick));
console.log(
  JSON.stringify({
    bench: 'burst',
    machine: machine(),
    rate,
    seconds,
    runs: runs.length,
    writtenPerSecond: of((run) => run.writtenPerSecond),
    acceptedPerSecond: of((run) => run.acceptedPerSecond),
    journalLagMs: { p50: of((run) => run.journalLagMs.p50), p99: of((run) => run.journalLagMs.p99) },
    detectionLagMs: { p50: of((run) => run.detectionLagMs.p50), p99: of((run) => run.detectionLagMs.p99) },
    detectionLagLines: of((run) => run.detectionLagLines),
    detectedAfterMs: of((run) => run.detectedAfterMs),
    lakeAfterMs: of((run) => run.lakeAfterMs),
    writerCores: of((run) => run.writerCores),
    peakMb: of((run) => run.peakMb),
  }),
);

async function measure() {
  const folder = passingFolder();
  const log = join(folder, 'auth.log');
  writeFileSync(log, '');
  const writer = endsWithUs(
    spawn(process.execPath, [WRITER, log, String(rate), String(seconds)], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const said = createInterface({ input: writer.stdout })[Symbol.asyncIterator]();
  await said.next();
  const argv = ['--only', '--watch', `${log}:syslog`, '--respond', 'off'];
  const centre = await runCentre({ folder: join(folder, 'data'), argv });
  endsWithUs(centre.process);
  try {
    await sleep(2_000);
    const usage = watchUsage(centre.process.pid ?? 0);
    writer.stdin.write('go\n');
    const end = said.next();
    const samples = await sampleUntil(centre, end);
    const written = JSON.parse(String((await end).value)) as Written;
    const { cpuSeconds } = usage.read();
    const [endMs, lines] = written.writes.at(-1) ?? [0, 0];
    const since = async (isDone: (events: Overview['events']) => boolean, what: string) => {
      await until(async () => isDone((await centre.ask<Overview>('/overview')).events), what, LONGEST_MS);
      return Math.round(Date.now() - endMs);
    };
    const journalledAfterMs = await since(({ stored }) => stored >= lines, 'not all was journalled');
    const detectedAfterMs = await since(({ detected }) => detected === 1, 'not all was detected');
    const lakeAfterMs = await since(({ searchable }) => searchable === 1, 'not all was stored');
    const { peakMb } = usage.stop();
    const beganMs = written.writes[0]?.[0] ?? endMs;
    const journal = samples.map(({ atMs, stored }) => lagOf(written, atMs, stored));
    const detection = await detectionLags(centre, written);
    return {
      writtenPerSecond: Math.round(lines / ((endMs - beganMs) / 1000)),
      acceptedPerSecond: Math.round(lines / ((endMs - beganMs + Math.max(journalledAfterMs, detectedAfterMs)) / 1000)),
      journalLagMs: spread(journal.map(({ ms }) => ms)),
      journalLagLines: Math.max(...journal.map((lag) => lag.lines)),
      detectionLagMs: spread(detection.map(({ ms }) => ms)),
      detectionLagLines: Math.max(...detection.map((lag) => lag.lines)),
      markersSeen: detection.length,
      journalledAfterMs,
      detectedAfterMs,
      lakeAfterMs,
      cpuCores: Number((cpuSeconds / seconds).toFixed(2)),
      writerCores: Number((written.cpuSeconds / seconds).toFixed(2)),
      peakMb,
    };
  } finally {
    writer.kill('SIGKILL');
    await centre.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many lines were journalled, once a second until the writer has ended. */
async function sampleUntil(centre: RunningCentre, end: Promise<unknown>) {
  const samples: { atMs: number; stored: number }[] = [];
  const over = end.then(() => 'over' as const);
  while ((await Promise.race([over, sleep(1_000)])) !== 'over') {
    const { events } = await centre.ask<Overview>('/overview');
    samples.push({ atMs: Date.now(), stored: events.stored });
  }
  return samples;
}

async function detectionLags(centre: RunningCentre, written: Written): Promise<readonly Lag[]> {
  const raised = new Map<string, number>();
  // Beyond a hundred of one rule within an hour the list holds alerts back.
  const lists = ['', '&status=held_back'].map((status) => `/alerts?text=198.51.100.&limit=200${status}`);
  for (const list of lists) await read(list);
  return written.markers.flatMap(({ address, atMs, lines }) => {
    const raisedMs = raised.get(address);
    return raisedMs === undefined ? [] : [{ ms: raisedMs - atMs, lines: linesAt(written, raisedMs) - lines }];
  });

  async function read(list: string): Promise<void> {
    for (let offset = 0, total = 1; offset < total; offset += 200) {
      const page = await centre.ask<{
        total: number;
        items: { rule: { id: string }; entities: Record<string, string>; raisedMs: number }[];
      }>(`${list}&offset=${offset}`);
      total = page.total;
      for (const { rule, entities, raisedMs } of page.items)
        if (rule.id === 'ssh-bruteforce') raised.set(entities['src_ip'] ?? '', raisedMs);
    }
  }
}

/** How far behind the writer is who had done so many lines at a time. */
function lagOf(written: Written, atMs: number, done: number): Lag {
  const behind = linesAt(written, atMs) - done;
  const [writtenMs = atMs] = written.writes.find(([, lines]) => lines > done) ?? [];
  return { ms: Math.max(0, atMs - writtenMs), lines: Math.max(0, behind) };
}

function linesAt({ writes }: Written, atMs: number): number {
  return writes.findLast(([writtenMs]) => writtenMs <= atMs)?.[1] ?? 0;
}

function spread(lagsMs: readonly number[]): { p50: number; p99: number } {
  return { p50: quantile(lagsMs, 0.5), p99: quantile(lagsMs, 0.99) };
}
