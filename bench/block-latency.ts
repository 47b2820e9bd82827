import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCentre } from '../test/centre.ts';
import { machine, quantile } from './machine.ts';

/**
 * `npm run bench:block [-- --rounds N]` (root): from the write of the log line that crosses the threshold to the last
 * packet of that address that got through. Two hosts in network namespaces; the attacker sends a packet a millisecond.
 * Beside it, where Debian's package is installed, fail2ban with its nftables action on the same file and threshold.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const rounds = Math.min(200, Number(values.rounds));
const PORT = 9_999;
const FAILURES = 10;
const PACKETS = fileURLToPath(new URL('packets.ts', import.meta.url));

const tag = `bzl${process.pid}`;
const [server, attacker] = [`${tag}s`, `${tag}a`];
const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
const ip = (...argv: string[]) => execFileSync('ip', argv, { stdio: 'pipe' });
const inside = (namespace: string) => ['ip', 'netns', 'exec', namespace];

try {
  buildHosts();
  const ours = await measure('bartizan', async (log) => {
    const centre = await runCentre({
      folder: join(folder, 'data'),
      argv: ['--only', '--watch', `${log}:syslog`, '--respond', 'auto'],
      prefix: inside(server),
    });
    await sleep(2_000);
    return () => centre.stop();
  });
  const peer =
    spawnSync('sh', ['-c', 'command -v fail2ban-server']).status === 0
      ? await measure('fail2ban', startFail2ban)
      : undefined;
  if (!peer) console.log('fail2ban: not installed here (apt-get install --no-install-recommends fail2ban)');
  console.log(JSON.stringify({ machine: machine(), rounds, bartizan: ours, fail2ban: peer }));
} finally {
  for (const namespace of [server, attacker]) {
    for (const pid of spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean))
      process.kill(Number(pid), 'SIGKILL');
    spawnSync('ip', ['netns', 'del', namespace]);
  }
  rmSync(folder, { recursive: true, force: true });
}

function buildHosts(): void {
  for (const namespace of [server, attacker]) {
    ip('netns', 'add', namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  ip('-n', server, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', attacker);
  ip('-n', server, 'addr', 'add', '203.0.113.1/24', 'dev', 'wire');
  for (let index = 0; index < rounds; index++)
    ip('-n', attacker, 'addr', 'add', `${addressOf(index)}/24`, 'dev', 'wire');
  for (const namespace of [server, attacker]) ip('-n', namespace, 'link', 'set', 'wire', 'up');
}

function addressOf(index: number): string {
  return `203.0.113.${index + 10}`;
}

async function measure(name: string, start: (log: string) => Promise<() => Promise<void>>) {
  const log = join(folder, `${name}.log`);
  writeFileSync(log, '');
  const stop = await start(log);
  const receiver = run(server, process.execPath, PACKETS, 'receive', String(PORT));
  const heard = createInterface({ input: receiver.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  await heard.next();
  const latencies: number[] = [];
  for (let index = 0; index < rounds; index++) {
    const address = addressOf(index);
    const sender = run(attacker, process.execPath, PACKETS, 'send', '203.0.113.1', String(PORT), address);
    const ask = async () => {
      receiver.stdin?.write(`${address}\n`);
      const [, atNs = '0', packets = '0'] = String((await heard.next()).value).split(' ');
      return { atNs: BigInt(atNs), packets: Number(packets) };
    };
    while ((await ask()).packets < 20) await sleep(5);
    await sleep(Math.random() * 50);
    const stamp = () => new Date().toISOString().replace('Z', '000+00:00');
    const lines = Array.from(
      { length: FAILURES },
      (_, count) =>
        `${stamp()} server sshd[${700 + index}]: Failed password for root from ${address} port ${40_000 + count} ssh2\n`,
    );
    const writtenNs = process.hrtime.bigint();
    appendFileSync(log, lines.join(''));
    let quietSince = await ask();
    const deadline = performance.now() + 15_000;
    for (;;) {
      await sleep(150);
      const now = await ask();
      if (now.packets === quietSince.packets) break;
      quietSince = now;
      if (performance.now() > deadline) break;
    }
    sender.kill('SIGKILL');
    latencies.push(Number(quietSince.atNs - writtenNs) / 1e6);
  }
  receiver.kill('SIGKILL');
  await stop();
  const result = {
    p50Ms: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    maxMs: round(Math.max(...latencies)),
  };
  console.log(
    `${name}: line written → last packet through, ${rounds} rounds: p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, max ${result.maxMs} ms`,
  );
  return result;
}

async function startFail2ban(log: string): Promise<() => Promise<void>> {
  const etc = join(folder, 'fail2ban');
  execFileSync('cp', ['-r', '/etc/fail2ban', etc]);
  mkdirSync(join(etc, 'jail.d'), { recursive: true });
  for (const jail of execFileSync('find', [join(etc, 'jail.d'), '-type', 'f'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean))
    rmSync(jail);
  writeFileSync(
    join(etc, 'jail.d', 'bench.local'),
    `[sshd]\nenabled = true\nbackend = pyinotify\nlogpath = ${log}\nmaxretry = ${FAILURES}\nfindtime = 600\nbantime = 3600\nbanaction = nftables-allports\nignoreself = false\n`,
  );
  const socket = join(folder, 'fail2ban.sock');
  const daemon = run(
    server,
    'fail2ban-server',
    '-f',
    '-c',
    etc,
    '-s',
    socket,
    '-p',
    join(folder, 'fail2ban.pid'),
    '--logtarget',
    join(folder, 'fail2ban.log'),
    'start',
  );
  await sleep(4_000);
  return async () => {
    daemon.kill('SIGTERM');
    await sleep(1_000);
  };
}

function run(namespace: string, ...argv: string[]): ChildProcess {
  const [command = '', ...rest] = [...inside(namespace), ...argv];
  return spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
