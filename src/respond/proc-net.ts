import { type IpRange, rangeOfBytes, readTarget } from './target.ts';

export interface TcpConnection {
  readonly localPort: number;
  readonly remote: IpRange;
  readonly inode: number;
}

const TCP_LINE =
  /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} 01 \S+ \S+ \S+ +\d+ +\d+ (\d+)/gm;

/** The established connections of `/proc/net/tcp` or `tcp6` (Documentation/networking/proc_net_tcp.rst) that are wanted. */
export function parseTcpTable(
  text: string,
  isWanted: (inode: number, remoteHex: string) => boolean = () => true,
): TcpConnection[] {
  const found: TcpConnection[] = [];
  // A server under attack has tens of thousands: only what is wanted is looked at closely.
  for (const [, port = '', remoteHex = '', inodeText = ''] of text.matchAll(TCP_LINE)) {
    const inode = Number(inodeText);
    const remote = isWanted(inode, remoteHex) ? hostOrder(remoteHex) : undefined;
    if (remote) found.push({ localPort: Number.parseInt(port, 16), remote, inode });
  }
  return found;
}

/** Local addresses of `/proc/net/fib_trie`: a leaf line `|-- 10.0.0.5`, then `/32 host LOCAL`. */
export function parseFibTrie(text: string): IpRange[] {
  const found = new Map<string, IpRange>();
  let leaf = '';
  for (const line of text.split('\n')) {
    const address = /\|-- ([\d.]{7,15})$/.exec(line)?.[1];
    if (address) leaf = address;
    else if (/^\s+\/32 host LOCAL$/.test(line)) add(found, readTarget(leaf));
  }
  return [...found.values()];
}

/** Local addresses of `/proc/net/if_inet6`. */
export function parseIfInet6(text: string): IpRange[] {
  return text.split('\n').flatMap((line) => networkOrder(line.slice(0, 32)) ?? []);
}

const GATEWAY_FLAG = 0x2;

/** Gateways of `/proc/net/route` (IPv4, main table). */
export function parseRoute(text: string): IpRange[] {
  const found = new Map<string, IpRange>();
  for (const fields of fieldsOf(text)) {
    if (Number.parseInt(fields[3] ?? '', 16) & GATEWAY_FLAG) add(found, hostOrder(fields[2] ?? ''));
  }
  return [...found.values()];
}

/** Gateways of `/proc/net/ipv6_route`. */
export function parseIpv6Route(text: string): IpRange[] {
  const found = new Map<string, IpRange>();
  for (const fields of fieldsOf(text)) {
    if (Number.parseInt(fields[8] ?? '', 16) & GATEWAY_FLAG) add(found, networkOrder(fields[4] ?? ''));
  }
  return [...found.values()];
}

/** Name servers of resolv.conf(5); a zone id (`fe80::1%eth0`) is left off, link-local is never blocked anyway. */
export function parseResolvConf(text: string): IpRange[] {
  return text.split('\n').flatMap((line) => {
    const address = /^\s*nameserver\s+([^\s%#;]+)/.exec(line)?.[1];
    return (address && readTarget(address)) || [];
  });
}

function fieldsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

function add(found: Map<string, IpRange>, range: IpRange | undefined): void {
  if (range && range.first !== 0n) found.set(range.text, range);
}

/** 32-bit words as the CPU holds them: little-endian on every machine that Node 24 is shipped for. */
function hostOrder(hex: string): IpRange | undefined {
  const bytes = bytesOf(hex);
  if (!bytes || bytes.length % 4 !== 0) return undefined;
  const swapped = bytes.map((_, index) => bytes[(index & ~3) + 3 - (index & 3)] ?? 0);
  return rangeOfBytes(swapped);
}

function networkOrder(hex: string): IpRange | undefined {
  const bytes = bytesOf(hex);
  return bytes && rangeOfBytes(bytes);
}

function bytesOf(hex: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{8}|[0-9a-f]{32})$/i.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined;
}
