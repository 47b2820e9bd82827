import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

/** Datagrams that the kernel has thrown away for want of room at a UDP port of ours (/proc/net/udp, last column). */
export function kernelDrops(host: string, port: number): number {
  try {
    const portHex = port.toString(16).toUpperCase().padStart(4, '0');
    return dropsIn(readFileSync(`/proc/self/net/udp${isIPv6(host) ? '6' : ''}`, 'latin1'), portHex);
  } catch {
    // Not a Linux with /proc: then nobody can know.
    return 0;
  }
}

/** @param table as the kernel prints it; its second column is the local address as `hex:PORT`. */
export function dropsIn(table: string, portHex: string): number {
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(`:${portHex}`)) drops += Number(columns.at(-1)) || 0;
  }
  return drops;
}
