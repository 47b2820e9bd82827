import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTcpTable } from '../../proc-net.ts';
import { type IpRange, overlaps } from '../../target.ts';

/** How many established TCP connections of this machine have their other end in the range. */
export async function countConnections(procNet: string, target: IpRange): Promise<number> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readIfThere(join(procNet, name))));
  return tables.flatMap(parseTcpTable).filter(({ remote, isEstablished }) => isEstablished && overlaps(remote, target))
    .length;
}

async function readIfThere(path: string): Promise<string> {
  // A kernel without IPv6 has no tcp6.
  return await readFile(path, 'latin1').catch(() => '');
}
