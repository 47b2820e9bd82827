import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTcpTable } from '../../proc-net.ts';
import { type IpRange, overlaps } from '../../target.ts';

/** How many established TCP connections of this machine have their other end in the range. */
export async function countConnections(procNet: string, target: IpRange): Promise<number> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readIfThere(join(procNet, name))));
  const isWanted = wantedHex(target);
  return tables
    .flatMap((text) => parseTcpTable(text, isWanted && ((_inode, remoteHex) => isWanted.has(remoteHex))))
    .filter(({ remote }) => overlaps(remote, target)).length;
}

/** How the tables write a single address; undefined for a range. */
function wantedHex({ family, prefix, first }: IpRange): ReadonlySet<string> | undefined {
  if (prefix !== (family === 4 ? 32 : 128)) return undefined;
  const words =
    first
      .toString(16)
      .toUpperCase()
      .padStart(family === 4 ? 8 : 32, '0')
      .match(/.{8}/g) ?? [];
  const hex = words.map((word) => word.replace(/(..)(..)(..)(..)/, '$4$3$2$1')).join('');
  return new Set(family === 4 ? [hex, `0000000000000000FFFF0000${hex}`] : [hex]);
}

/**
 * Closes this machine's TCP sockets whose other end is in the range. Their packets are dropped already; but a server keeps
 * waiting on them, and sshd counts each against MaxStartups for two minutes, so that a blocked guesser could still keep
 * others out. Best effort: a kernel without INET_DIAG_DESTROY, or a machine without `ss`, lets them time out.
 *
 * @param command `['ss']`, or with a prefix for another network namespace
 */
export async function closeConnections(command: readonly string[], target: IpRange): Promise<void> {
  const [program = 'ss', ...first] = command;
  const args = [...first, '-K', '-t', '-n', '-H', 'state', 'connected', 'dst', target.text];
  await new Promise<void>((resolve) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    const child = spawn(program, args, { env, stdio: 'ignore', timeout: 5_000, killSignal: 'SIGKILL' });
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
}

async function readIfThere(path: string): Promise<string> {
  // A kernel without IPv6 has no tcp6.
  return await readFile(path, 'latin1').catch(() => '');
}
