import { type ChildProcess, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../test/centre.ts';

export interface Fail2banSetup {
  readonly folder: string;
  /** The log that the jail `sshd` follows. */
  readonly log: string;
  /** Lines of the jail that differ from what Debian ships. */
  readonly jail?: Readonly<Record<string, string>>;
  /** `INFO` as Debian ships it: a line for each failure found. */
  readonly logLevel?: 'INFO' | 'NOTICE';
  readonly start: (argv: readonly string[]) => ChildProcess;
}

export interface Fail2ban {
  readonly process: ChildProcess;
  /** By what it says in its log. */
  bannedAddresses(): ReadonlySet<string>;
  stop(): Promise<void>;
}

/**
 * Debian's fail2ban with its own filter for sshd, in a folder of its own: configuration, socket, log and database, so that
 * neither bans of earlier runs nor those of this machine come back. Answers when it follows the log.
 */
export async function startFail2ban({ folder, log, jail = {}, logLevel = 'INFO', start }: Fail2banSetup) {
  const etc = join(folder, 'etc');
  const said = join(folder, 'said');
  mkdirSync(folder);
  cpSync('/etc/fail2ban', etc, { recursive: true });
  for (const name of readdirSync(join(etc, 'jail.d'))) rmSync(join(etc, 'jail.d', name));
  const settings = { enabled: 'true', logpath: log, ...jail };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(etc, 'jail.d', 'bench.local'), `[sshd]\n${lines.join('')}`);
  writeFileSync(
    join(etc, 'fail2ban.local'),
    `[DEFAULT]\nallowipv6 = auto\nloglevel = ${logLevel}\ndbfile = ${join(folder, 'bans.sqlite3')}\n`,
  );
  writeFileSync(said, '');
  const socket = join(folder, 'socket');
  const daemon = start([
    'fail2ban-server',
    ...['-f', '-c', etc, '-s', socket, '-p', join(folder, 'pid'), '--logtarget', said, 'start'],
  ]);
  await until(
    () => answers(socket) || (daemon.exitCode !== null && ended(said)),
    () => `fail2ban does not follow the log: ${readFileSync(said, 'utf8')}`,
  );
  return {
    process: daemon,
    bannedAddresses: () =>
      new Set([...readFileSync(said, 'utf8').matchAll(/ Ban ([0-9a-f.:]+)$/gm)].map(([, address]) => address ?? '')),
    async stop() {
      if (daemon.exitCode !== null) return;
      const over = new Promise((resolve) => daemon.once('exit', resolve));
      execFileSync('fail2ban-client', ['-s', socket, 'stop'], { stdio: 'ignore' });
      await over;
    },
  } satisfies Fail2ban;
}

function answers(socket: string): boolean {
  try {
    return execFileSync('fail2ban-client', ['-s', socket, 'status', 'sshd'], { stdio: 'pipe' }).includes('File list:');
  } catch {
    return false;
  }
}

function ended(said: string): never {
  throw new Error(`fail2ban ended: ${readFileSync(said, 'utf8')}`);
}
