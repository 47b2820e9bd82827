import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../centre.ts';

/** What has to be on the machine; without one of them the suite is skipped by name. */
const PROGRAMS = [
  'ip',
  'nft',
  '/usr/sbin/sshd',
  '/usr/sbin/rsyslogd',
  'sshpass',
  'ssh',
  'hydra',
  'chromium',
  'ssh-keygen',
];

/** @returns why the world cannot be built here, or undefined if it can. */
export function whyNoWorld(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = PROGRAMS.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  const name = `bzprobe${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'needs network namespaces';
  spawnSync('ip', ['netns', 'del', name]);
  return undefined;
}

/**
 * Three hosts on one machine: `server` with a real sshd and syslog, `attacker` and `admin`, each with a cable of its own
 * to the server. Accounts exist inside the server's mount namespace only.
 */
export interface World {
  readonly folder: string;
  readonly authLog: string;
  readonly address: {
    readonly attacker: string;
    readonly admin: string;
    readonly serverForAttacker: string;
    readonly serverForAdmin: string;
  };
  readonly password: string;
  /** Runs a program on a host. */
  on(host: Host, ...argv: string[]): ChildProcess;
  /** Runs one to its end; standard output. Throws when it fails. */
  run(host: Host, ...argv: string[]): string;
  namespace(host: Host): string;
  /** Whether a TCP connection from a host to the server's sshd gets an answer within a second. */
  reachesSshd(host: 'attacker' | 'admin'): boolean;
  destroy(): Promise<void>;
}

export type Host = 'server' | 'attacker' | 'admin';

export async function buildWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-world-'));
  const tag = `bz${process.pid}`;
  const namespace = (host: Host) => `${tag}${host}`;
  const address = {
    attacker: '203.0.113.9',
    admin: '192.0.2.10',
    serverForAttacker: '203.0.113.1',
    serverForAdmin: '192.0.2.1',
  };
  const password = `pw-${Math.random().toString(36).slice(2)}`;
  const children: ChildProcess[] = [];
  const ip = (...argv: string[]) => execFileSync('ip', argv, { stdio: 'pipe' });

  for (const host of ['server', 'attacker', 'admin'] as const) {
    ip('netns', 'add', namespace(host));
    ip('-n', namespace(host), 'link', 'set', 'lo', 'up');
  }
  for (const [host, own, server] of [
    ['attacker', address.attacker, address.serverForAttacker],
    ['admin', address.admin, address.serverForAdmin],
  ] as const) {
    ip(
      '-n',
      namespace('server'),
      'link',
      'add',
      host,
      'type',
      'veth',
      'peer',
      'name',
      'server',
      'netns',
      namespace(host),
    );
    ip('-n', namespace('server'), 'addr', 'add', `${server}/24`, 'dev', host);
    ip('-n', namespace('server'), 'link', 'set', host, 'up');
    ip('-n', namespace(host), 'addr', 'add', `${own}/24`, 'dev', 'server');
    ip('-n', namespace(host), 'link', 'set', 'server', 'up');
  }

  const world: World = {
    folder,
    authLog: join(folder, '日志 logs', 'auth.log'),
    address,
    password,
    namespace,
    on(host, ...argv) {
      const child = spawn('ip', ['netns', 'exec', namespace(host), ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    },
    run: (host, ...argv) =>
      execFileSync('ip', ['netns', 'exec', namespace(host), ...argv], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 30_000,
      }),
    reachesSshd(host) {
      const target = host === 'attacker' ? address.serverForAttacker : address.serverForAdmin;
      const look = `exec 3<>/dev/tcp/${target}/22 && head -c 4 <&3`;
      const found = spawnSync('ip', ['netns', 'exec', namespace(host), 'timeout', '2', 'bash', '-c', look], {
        encoding: 'utf8',
      });
      return found.stdout.startsWith('SSH-');
    },
    async destroy() {
      for (const child of children) child.kill('SIGTERM');
      await sleep(300);
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      for (const host of ['server', 'attacker', 'admin'] as const) {
        for (const pid of spawnSync('ip', ['netns', 'pids', namespace(host)], { encoding: 'utf8' })
          .stdout.split('\n')
          .filter(Boolean))
          process.kill(Number(pid), 'SIGKILL');
        spawnSync('ip', ['netns', 'del', namespace(host)]);
      }
      // The place for the socket that was mounted over it; a real one is not a plain file.
      if (statSync('/dev/log', { throwIfNoEntry: false })?.isFile()) rmSync('/dev/log', { force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
  mkdirSync(join(folder, '日志 logs'));
  startServerDaemons(world);
  await until(() => existsSync(world.authLog) && world.reachesSshd('admin'), 'sshd answers', 15_000);
  return world;
}

/** sshd and syslog as on any Debian server, in a mount namespace with accounts of its own. */
function startServerDaemons(world: World): void {
  const { folder, authLog, password } = world;
  const file = (name: string, text: string, mode = 0o644) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode });
    return path;
  };
  const hostKey = join(folder, 'host_key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
  const hash = execFileSync('openssl', ['passwd', '-6', password], { encoding: 'utf8' }).trim();
  const passwd = file(
    'passwd',
    `${readFileSync('/etc/passwd', 'utf8').trimEnd()}\nkeeper:x:4321:4321::${folder}:/bin/sh\n`,
  );
  const shadow = file(
    'shadow',
    `${readFileSync('/etc/shadow', 'utf8').trimEnd()}\nkeeper:${hash}:19000:0:99999:7:::\n`,
    0o640,
  );
  const sshd = file(
    'sshd_config',
    `Port 22\nHostKey "${hostKey}"\nPidFile none\nUsePAM no\nPasswordAuthentication yes\nPermitRootLogin yes\nMaxStartups 100\nMaxAuthTries 6\nUseDNS no\nSyslogFacility AUTH\nLogLevel INFO\n`,
  );
  const rsyslog = file(
    'rsyslog.conf',
    `module(load="imuxsock" SysSock.Name="${folder}/log.socket" SysSock.RateLimit.Interval="0")\ntemplate(name="t" type="string" string="%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\\n")\n*.* action(type="omfile" file="${authLog}" template="t")\n`,
  );
  const script = file(
    'daemons.sh',
    `set -e
mount --make-rprivate /
mount --bind '${passwd}' /etc/passwd
mount --bind '${shadow}' /etc/shadow
mount -t tmpfs none /run
mkdir -p /run/sshd
rsyslogd -n -f '${rsyslog}' -i '${folder}/rsyslog.pid' &
while ! [ -S '${folder}/log.socket' ]; do sleep 0.05; done
[ -e /dev/log ] || touch /dev/log
mount --bind '${folder}/log.socket' /dev/log
logger -p auth.info 'syslog is up'
exec /usr/sbin/sshd -D -f '${sshd}'
`,
  );
  world.on('server', 'unshare', '-m', 'sh', script);
}
