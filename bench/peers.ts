import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COMMAND, runCentre, until } from '../test/centre.ts';
import { endsWithUs, passingFolder } from './ending.ts';
import { machine, median } from './machine.ts';
import { decidedAddresses, prepareCrowdsec } from './peers/crowdsec.ts';
import { startFail2ban } from './peers/fail2ban.ts';
import { whyNot } from './peers/installed.ts';
import { guesses, sshdLines, writeLines } from './sshd-lines.ts';
import { watchUsage } from './usage.ts';

/**
 * `npm run bench:peers [-- --lines N --runs N --only NAME]`: one file of sshd lines through the running centre and
 * `analyze`, and through fail2ban and crowdsec where Debian's packages are installed, on the same two cores. Start-up is
 * taken off: programs that follow a log get the lines once they follow it, and of programs that read a file and end, a run
 * over a file of six lines is taken off. No contender blocks anybody here.
 */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const lines = Number(values.lines);
const TWO_CORES = ['taskset', '-c', '0,1'];
/** Guesses last of all: whoever finds it has read the whole file. */
const LAST = '198.51.100.77';
/** Who needs longer is not waited for: crowdsec spins for its buckets when it has no core of its own. */
const LONGEST_MS = 300_000;

interface Reading {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Addresses that it would block, or what else shows that it did the work. */
  readonly found: string;
  /** Seconds of a further stage. */
  readonly later?: Readonly<Record<string, number>>;
}

interface Contender {
  readonly name: string;
  readonly did: string;
  readonly whyNot?: string | undefined;
  /** Why there is none is text. */
  read(file: string, folder: string): Promise<Reading | string>;
}

const folder = passingFolder();
const file = join(folder, 'whole.log');
const short = join(folder, 'short.log');
/** Old enough that crowdsec, when it replays, does not wait at the end until its buckets have run out. */
const endMs = Date.now() - 24 * 3_600_000;
await writeLines(file, sshdLines(lines, 1, endMs - lines));
writeFileSync(short, `${guesses(LAST, endMs).join('\n')}\n`);
appendFileSync(file, readFileSync(short));
console.log(`${machine()}; ${lines} lines, ${(readFileSync(file).length / 2 ** 20).toFixed(0)} MB, on two cores`);

const readings = new Map<Contender, Reading[]>();
for (let run = 1; run <= Number(values.runs); run++) {
  for (const contender of contenders()) {
    if (values.only !== undefined && !contender.name.includes(values.only)) continue;
    if (contender.whyNot !== undefined) {
      if (run === 1) console.log(`${contender.name}: skipped, ${contender.whyNot}`);
      continue;
    }
    const own = join(folder, `run-${run}`);
    mkdirSync(own);
    const reading = await contender.read(file, own);
    rmSync(own, { recursive: true });
    if (typeof reading === 'string') {
      console.log(`run ${run}, ${contender.name}: ${reading}`);
      continue;
    }
    const known = [...readings.keys()].find(({ name }) => name === contender.name) ?? contender;
    readings.set(known, [...(readings.get(known) ?? []), reading]);
    console.log(`run ${run}, ${contender.name}: ${perSecond(reading.seconds)} lines/s; ${reading.found}`);
  }
}
report();

function contenders(): readonly Contender[] {
  return [
    {
      name: 'bartizan up',
      did: 'journals (fsynced), detects with all rules and groups alerts; the lake stores and indexes every event behind it',
      read: readByCentre,
    },
    {
      name: 'bartizan analyze',
      did: 'detects with all rules and prints alerts; keeps nothing',
      read: (whole, own) =>
        readAndEnd(whole, own, (path) => [...COMMAND, 'analyze', '--format', 'ndjson', path], alertedAddresses),
    },
    {
      name: 'fail2ban-regex',
      did: 'matches the sshd filter against each line; counts nothing per address, keeps nothing',
      whyNot: whyNot('fail2ban'),
      read: (whole, own) =>
        readAndEnd(
          whole,
          own,
          (path) => ['fail2ban-regex', path, 'sshd'],
          (said) => /^Lines: .*/m.exec(said)?.[0] ?? 'said nothing of lines',
        ),
    },
    ...(['NOTICE', 'INFO'] as const).map((logLevel) => ({
      name: `fail2ban-server, ${logLevel === 'INFO' ? 'as Debian ships it' : 'tuned (says bans only)'}`,
      did: 'matches the sshd filter, counts failures per address, records bans; no action; keeps no lines',
      whyNot: whyNot('fail2ban', 'python3-pyinotify'),
      read: (whole: string, own: string) => readByFail2ban(whole, own, logLevel),
    })),
    ...[true, false].map((tuned) => ({
      name: `crowdsec, ${tuned ? 'tuned (sshd only)' : 'as Debian ships it'}`,
      did: 'parses, fills buckets per address and scenario, keeps alerts and decisions; no bouncer; keeps no lines',
      whyNot: whyNot('crowdsec'),
      read: (whole: string, own: string) => readByCrowdsec(whole, own, tuned),
    })),
  ];
}

async function readByCentre(whole: string, own: string): Promise<Reading> {
  const log = join(own, 'auth.log');
  writeFileSync(log, '');
  const argv = ['--only', '--watch', `${log}:syslog`, '--respond', 'off'];
  const centre = await runCentre({ folder: join(own, 'data'), argv, prefix: TWO_CORES });
  const events = async () =>
    (await centre.ask<{ events: { stored: number; detected: number; searchable: number } }>('/overview')).events;
  endsWithUs(centre.process);
  const expected = lines + guesses(LAST, 0).length;
  const usage = watchUsage(centre.process.pid ?? 0);
  const startedMs = performance.now();
  appendFileSync(log, readFileSync(whole));
  const after = async (isDone: (seen: Awaited<ReturnType<typeof events>>) => boolean, what: string) => {
    await until(async () => isDone(await events()), what, LONGEST_MS);
    return (performance.now() - startedMs) / 1000;
  };
  const journalled = await after(({ stored }) => stored >= expected, 'not all was journalled');
  const seconds = await after(({ detected }) => detected === 1, 'not all was detected');
  const { cpuSeconds } = usage.read();
  const lake = await after(({ searchable }) => searchable === 1, 'not all was stored');
  const { cpuSeconds: cpuWithLake, peakMb } = usage.stop();
  const { total, heldBack } = await centre.ask<{ total: number; heldBack: { count: number }[] }>('/alerts?limit=1');
  const alerts = heldBack.reduce((sum, { count }) => sum + count, total);
  await centre.stop();
  return { seconds, cpuSeconds, peakMb, found: `${alerts} alerts`, later: { journalled, lake, cpuWithLake } };
}

async function readByFail2ban(whole: string, own: string, logLevel: 'INFO' | 'NOTICE'): Promise<Reading> {
  const log = join(own, 'auth.log');
  writeFileSync(log, '');
  const fail2ban = await startFail2ban({
    folder: join(own, 'fail2ban'),
    log,
    logLevel,
    jail: { backend: 'pyinotify', findtime: '1w', bantime: '1w', maxretry: '6', action: '' },
    start: (argv) => onTwoCores(argv, 'ignore'),
  });
  const usage = watchUsage(fail2ban.process.pid ?? 0);
  const startedMs = performance.now();
  appendFileSync(log, readFileSync(whole));
  await until(() => fail2ban.bannedAddresses().has(LAST), 'fail2ban did not come to the end', LONGEST_MS);
  const seconds = (performance.now() - startedMs) / 1000;
  const found = `${fail2ban.bannedAddresses().size} addresses banned`;
  const used = usage.stop();
  await fail2ban.stop();
  return { seconds, ...used, found };
}

async function readByCrowdsec(whole: string, own: string, tuned: boolean): Promise<Reading | string> {
  const { command } = await prepareCrowdsec({ folder: join(own, 'crowdsec'), tuned });
  return readAndEnd(
    whole,
    own,
    (path) => [...command, '-dsn', `file://${path}`, '-type', 'syslog'],
    (said) => `${decidedAddresses(said)} addresses banned`,
  );
}

function onTwoCores(argv: readonly string[], output: number | 'ignore'): ChildProcess {
  return endsWithUs(spawn('taskset', [...TWO_CORES.slice(1), ...argv], { stdio: ['ignore', output, output] }));
}

/** Runs a program over the file and over the short one, which is taken off. */
async function readAndEnd(
  whole: string,
  own: string,
  argv: (path: string) => readonly string[],
  foundIn: (said: string) => string,
): Promise<Reading | string> {
  const said = join(own, 'said');
  const time = async (path: string) => {
    const output = openSync(said, 'w');
    const startedMs = performance.now();
    const child = onTwoCores(argv(path), output);
    const over = new Promise((resolve) => child.once('exit', resolve));
    const tooLate = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    const usage = watchUsage(child.pid ?? 0);
    await over;
    clearTimeout(tooLate);
    const seconds = (performance.now() - startedMs) / 1000;
    closeSync(output);
    const used = usage.stop();
    return child.signalCode === 'SIGKILL' ? undefined : { seconds, ...used };
  };
  const idle = await time(short);
  const full = await time(whole);
  if (!idle || !full) return `not done within ${LONGEST_MS / 1000} s`;
  if (full.seconds < idle.seconds * 1.5) return 'most of it is start-up: --lines is too small to tell';
  return {
    seconds: full.seconds - idle.seconds,
    cpuSeconds: full.cpuSeconds - idle.cpuSeconds,
    peakMb: full.peakMb,
    found: foundIn(readFileSync(said, 'utf8')),
  };
}

function alertedAddresses(said: string): string {
  const alerts = said.split('\n').filter((line) => line.startsWith('{'));
  return `${alerts.length} alerts`;
}

function report(): void {
  const middle = (contender: Contender, of: (reading: Reading) => number) =>
    median((readings.get(contender) ?? []).map(of));
  const ours = [...readings.keys()].find(({ name }) => name === 'bartizan up');
  const oursSeconds = ours && middle(ours, ({ seconds }) => seconds);
  const results = [...readings.keys()].map((contender) => {
    const seconds = middle(contender, (reading) => reading.seconds);
    const later = readings.get(contender)?.[0]?.later ?? {};
    return {
      name: contender.name,
      linesPerSecond: perSecond(seconds),
      ratioToOurs: oursSeconds === undefined ? undefined : Number((oursSeconds / seconds).toFixed(3)),
      cpuMicrosPerLine: Number(((middle(contender, ({ cpuSeconds }) => cpuSeconds) / lines) * 1e6).toFixed(1)),
      peakMb: middle(contender, ({ peakMb }) => peakMb),
      ...Object.fromEntries(
        Object.keys(later).map((stage) => [
          stage,
          Number(middle(contender, (reading) => reading.later?.[stage] ?? 0).toFixed(2)),
        ]),
      ),
    };
  });
  for (const [index, contender] of [...readings.keys()].entries()) {
    const { linesPerSecond, ratioToOurs, cpuMicrosPerLine, peakMb } = results[index] ?? {};
    console.log(
      `${contender.name}: ${linesPerSecond} lines/s${ratioToOurs === undefined ? '' : ` (${ratioToOurs} of ours)`}, ${cpuMicrosPerLine} µs of CPU a line, peak ${peakMb} MB: ${contender.did}`,
    );
  }
  console.log(JSON.stringify({ bench: 'peers', machine: machine(), lines, runs: Number(values.runs), results }));
}

function perSecond(seconds: number): number {
  return Math.round(lines / seconds);
}
