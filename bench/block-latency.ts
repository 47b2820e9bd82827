import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCentre, until } from '../test/centre.ts';
import { passingFolder } from './ending.ts';
import { attackerAddress, buildHosts, type Hosts } from './hosts.ts';
import { machine, quantile } from './machine.ts';
import { startCrowdsec } from './peers/crowdsec.ts';
import { startFail2ban } from './peers/fail2ban.ts';
import { whyNot } from './peers/installed.ts';
import { guesses } from './sshd-lines.ts';

/**
 * `npm run bench:block [-- --rounds N --only NAME]` (root): from the write of the log line that crosses the threshold to
 * the last byte of that address that got through. Two hosts in network namespaces; the attacker writes a byte a
 * millisecond into a TCP connection to port 22. Beside it, where Debian's packages are installed, fail2ban and crowdsec,
 * each as Debian ships it and tuned, on the same lines: six failures in one write, the sixth of which is the threshold.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, only: { type: 'string' } },
});
const rounds = Math.min(200, Number(values.rounds));
/** As Debian ships it the bouncer of crowdsec asks every 10 s: a round takes that long. */
const SLOW_ROUNDS = Math.min(30, rounds);
const PORT = 22;
/** What `guesses` writes: the threshold of `ssh-bruteforce` (ours) and of crowdsec's `ssh-bf`; told to fail2ban, whose own is five. */
const FAILURES = 6;
const PACKETS = fileURLToPath(new URL('packets.ts', import.meta.url));
const QUIET_MS = 150;
const GIVE_UP_MS = 30_000;

interface Place {
  readonly folder: string;
  readonly log: string;
  /** What goes before a command that is to run on the server. */
  readonly prefix: readonly string[];
  readonly start: (argv: readonly string[]) => ChildProcess;
}

interface Contender {
  readonly name: string;
  readonly whyNot?: string | undefined;
  readonly rounds: number;
  /** The longest pause between two looks of any of its parts: lines are written at any moment of it. */
  readonly lookEveryMs: number;
  start(place: Place): Promise<{ stop(): Promise<void> }>;
}

if (process.getuid?.() === 0) await measureAll();
else {
  console.error('bench:block needs root, for network namespaces and the kernel’s firewall.');
  process.exitCode = 2;
}

async function measureAll(): Promise<void> {
  const folder = passingFolder();
  const results: Record<string, unknown> = {};
  try {
    for (const contender of contenders()) {
      if (values.only !== undefined && !contender.name.includes(values.only)) continue;
      if (contender.whyNot !== undefined) {
        console.log(`${contender.name}: skipped, ${contender.whyNot}`);
        continue;
      }
      // New ones for each: what the one before left in the kernel would block for this one.
      const hosts = buildHosts(rounds);
      try {
        results[contender.name] = await measure(contender, hosts, folder);
      } finally {
        hosts.remove();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(JSON.stringify({ bench: 'block', machine: machine(), results }));
}

function contenders(): readonly Contender[] {
  const crowdsecMissing = whyNot('crowdsec', 'crowdsec-firewall-bouncer', 'nftables');
  return [
    {
      name: 'bartizan',
      rounds,
      lookEveryMs: 1_000,
      async start({ folder, log, prefix }) {
        const argv = ['--only', '--watch', `${log}:syslog`, '--respond', 'auto'];
        const centre = await runCentre({ folder, argv, prefix });
        await sleep(2_000);
        return centre;
      },
    },
    {
      name: 'fail2ban, tuned (pyinotify, nftables, all ports)',
      whyNot: whyNot('fail2ban', 'python3-pyinotify', 'nftables'),
      rounds,
      lookEveryMs: 1_000,
      start: (place) =>
        startFail2ban({
          ...place,
          logLevel: 'NOTICE',
          jail: { backend: 'pyinotify', maxretry: String(FAILURES), banaction: 'nftables-allports' },
        }),
    },
    {
      name: 'fail2ban as Debian ships it (backend auto, iptables, port 22, fifth failure)',
      whyNot: whyNot('fail2ban', 'iptables'),
      rounds,
      lookEveryMs: 1_000,
      start: (place) => startFail2ban(place),
    },
    {
      name: 'crowdsec, tuned (sshd only, bouncer asks every 100 ms)',
      whyNot: crowdsecMissing,
      rounds,
      lookEveryMs: 1_000,
      start: (place) => startCrowdsec({ ...place, tuned: true, askEvery: '100ms' }),
    },
    {
      name: 'crowdsec as Debian ships it (bouncer asks every 10 s)',
      whyNot: crowdsecMissing,
      rounds: SLOW_ROUNDS,
      lookEveryMs: 10_000,
      start: (place) => startCrowdsec({ ...place, tuned: false, askEvery: '10s' }),
    },
  ];
}

async function measure(contender: Contender, hosts: Hosts, folder: string) {
  const own = mkdtempSync(join(folder, 'run-'));
  const log = join(own, 'auth.log');
  writeFileSync(log, '');
  const running = await contender.start({
    folder: join(own, 'data'),
    log,
    prefix: hosts.inside(hosts.server),
    start: (argv) => hosts.run(hosts.server, ...argv),
  });
  const receiver = hosts.run(hosts.server, process.execPath, PACKETS, 'receive', String(PORT));
  const heard = createInterface({ input: receiver.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  await heard.next();
  const latencies: number[] = [];
  let missed = 0;
  for (let index = 0; index < contender.rounds; index++) {
    const address = attackerAddress(index);
    const sender = hosts.run(
      hosts.attacker,
      ...[process.execPath, PACKETS, 'send', hosts.serverAddress, String(PORT), address],
    );
    const ask = async () => {
      receiver.stdin?.write(`${address}\n`);
      const [, atNs = '0', bytes = '0'] = String((await heard.next()).value).split(' ');
      return { atNs: BigInt(atNs), bytes: Number(bytes) };
    };
    await until(async () => (await ask()).bytes >= 20, `no byte of ${address} gets through`);
    // Else the lines would keep step with what looks every so often: just after the look that ended the round before.
    await sleep(Math.random() * contender.lookEveryMs);
    const writtenNs = process.hrtime.bigint();
    appendFileSync(log, `${guesses(address, Date.now()).join('\n')}\n`);
    const last = await lastHeard(ask);
    sender.kill('SIGKILL');
    if (last === undefined) missed++;
    else latencies.push(Number(last - writtenNs) / 1e6);
  }
  receiver.kill('SIGKILL');
  await running.stop();
  const result = {
    rounds: contender.rounds,
    missed,
    p50Ms: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    maxMs: round(Math.max(...latencies)),
  };
  console.log(
    `${contender.name}: line written → last byte through, ${result.rounds} rounds: p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, max ${result.maxMs} ms${missed > 0 ? `; not blocked within ${GIVE_UP_MS / 1000} s: ${missed}` : ''}`,
  );
  return result;
}

/** @returns when the last byte came before silence, or nothing if there was no silence in time. */
async function lastHeard(ask: () => Promise<{ atNs: bigint; bytes: number }>): Promise<bigint | undefined> {
  const deadline = performance.now() + GIVE_UP_MS;
  let before = await ask();
  while (performance.now() < deadline) {
    await sleep(QUIET_MS);
    const now = await ask();
    if (now.bytes === before.bytes) return now.atNs;
    before = now;
  }
  return undefined;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
