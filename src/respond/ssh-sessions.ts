import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseTcpTable, type TcpConnection } from './proc-net.ts';
import type { IpRange } from './target.ts';

/** A process of the SSH server and the sockets that it holds. */
export interface SshProcess {
  readonly pid: number;
  readonly parent: number;
  /** What it calls itself, e.g. `sshd: root@pts/0` or `sshd: root [priv]`. */
  readonly title: string;
  readonly uid: number;
  /** Under a seccomp filter: the part that reads the network before anybody has proved who they are. */
  readonly isSandboxed: boolean;
  readonly inodes: readonly number[];
}

export interface SshSession {
  readonly address: IpRange;
  readonly user: string;
  readonly port: number;
}

/**
 * Who is signed in over SSH at this moment, and from where, read from /proc.
 *
 * A connection to port 22 proves nothing: whoever guesses passwords has one too. OpenSSH splits its work between
 * processes, and these show how far a connection has come (checked with 9.2; 9.8 and 10 only renamed the programs):
 *
 * - before: a root monitor `[accepted]` or `user [priv]`, and mostly a sandboxed `user [net]` under the sshd account;
 *   the name is the one that was *claimed*
 * - after, for root: one root process titled `root@pts/0`, `root@notty` or `root`; nothing sandboxed beside it
 * - after, for others: a root monitor, and its child with the user's own uid, not sandboxed, titled `user@…` or `user`
 *
 * Needs root; without it the sockets of sshd cannot be seen and nothing is found. Processes that end meanwhile are left
 * out. Takes about 10 µs per process of the machine.
 */
export function readSshSessions(proc = '/proc'): SshSession[] {
  const processes = readdirSync(proc).flatMap((name) => (/^\d+$/.test(name) ? (readProcess(proc, name) ?? []) : []));
  const held = new Set(processes.flatMap(({ inodes }) => inodes));
  const namespaces = new Map<string, number>();
  for (const { pid } of processes) {
    const namespace = attempt(() => readlinkSync(join(proc, String(pid), 'ns/net')));
    if (namespace !== undefined && !namespaces.has(namespace)) namespaces.set(namespace, pid);
  }
  const connections = [...namespaces.values()].flatMap((pid) =>
    ['tcp', 'tcp6'].flatMap((table) =>
      parseTcpTable(attempt(() => readFileSync(join(proc, String(pid), 'net', table), 'latin1')) ?? '', (inode) =>
        held.has(inode),
      ),
    ),
  );
  return sessionsOf(connections, processes);
}

/** Joins connections and processes by socket and keeps those that are past authentication. Pure. */
export function sessionsOf(connections: readonly TcpConnection[], processes: readonly SshProcess[]): SshSession[] {
  const holders = new Map<number, SshProcess[]>();
  for (const process of processes) {
    for (const inode of process.inodes) holders.set(inode, [...(holders.get(inode) ?? []), process]);
  }
  return connections.flatMap(({ remote, localPort, inode }) => {
    const user = signedInUser(holders.get(inode) ?? []);
    return user === undefined ? [] : [{ address: remote, user, port: localPort }];
  });
}

const TITLE = /^sshd(?:-session)?: ([^\s[\]@]+)(?:@\S+)?$/;

function signedInUser(holders: readonly SshProcess[]): string | undefined {
  if (holders.some(({ isSandboxed }) => isSandboxed)) return undefined;
  const isMonitor = (pid: number): boolean => holders.some((holder) => holder.pid === pid && holder.uid === 0);
  for (const { title, uid, parent } of holders) {
    const user = TITLE.exec(title)?.[1];
    if (user !== undefined && (uid === 0 || isMonitor(parent))) return user;
  }
  return undefined;
}

function readProcess(proc: string, pid: string): SshProcess | undefined {
  return attempt(() => {
    const folder = join(proc, pid);
    if (!/^sshd(?:-session|-auth)?\n$/.test(readFileSync(join(folder, 'comm'), 'latin1'))) return undefined;
    const status = readFileSync(join(folder, 'status'), 'latin1');
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return {
      pid: Number(pid),
      parent: field('PPid'),
      title: readFileSync(join(folder, 'cmdline'), 'utf8').replace(/[\0\s]+$/, ''),
      uid: field('Uid'),
      isSandboxed: field('Seccomp') > 0,
      inodes: readdirSync(join(folder, 'fd')).flatMap((fd) => {
        const link = attempt(() => readlinkSync(join(folder, 'fd', fd)));
        const inode = /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1];
        return inode === undefined ? [] : [Number(inode)];
      }),
    };
  });
}

/** /proc changes under the reader: a process that is gone, or not ours to see, is no fault. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
