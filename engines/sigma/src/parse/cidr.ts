import { refuse } from '../refusal.ts';

/** An address range: 16-bit groups (2 for IPv4, 8 for IPv6) and how many leading bits count. */
export interface Network {
  readonly groups: readonly number[];
  readonly bits: number;
}

/** @throws Refusal when it is no network. An address without a length is a network of one. */
export function parseNetwork(text: string): Network {
  const found = /^([0-9a-fA-F:.]{2,45})(?:\/(\d{1,3}))?$/.exec(text.trim());
  const groups = found === null ? undefined : parseAddress(found[1] as string);
  const most = (groups?.length ?? 0) * 16;
  const bits = found?.[2] === undefined ? most : Number(found[2]);
  if (groups === undefined || bits > most)
    refuse(`“${text.slice(0, 60)}” is not a network`, 'Write for example `10.0.0.0/8` or `2001:db8::/32`.');
  return { groups, bits };
}

/** An IPv4 address in an IPv6 one (`::ffff:a.b.c.d`) is inside an IPv4 network. */
export function isInside(address: string, network: Network): boolean {
  if (network.groups.length === 2) {
    const number = v4Number(address);
    if (number >= 0) return isInsideV4(number, network);
  } else if (!address.includes(':')) return false;
  let groups = parseAddress(address);
  if (groups === undefined) return false;
  if (groups.length !== network.groups.length) {
    if (network.groups.length !== 2 || groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff)
      return false;
    groups = groups.slice(6);
  }
  let left = network.bits;
  for (let at = 0; left > 0; at++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((((groups[at] as number) ^ (network.groups[at] as number)) & mask) !== 0) return false;
  }
  return true;
}

function isInsideV4(address: number, { groups, bits }: Network): boolean {
  const base = (groups[0] as number) * 0x10000 + (groups[1] as number);
  // Shifting by 32 would shift by nothing.
  return bits === 0 || (address ^ base) >>> (32 - bits) === 0;
}

/** An IPv4 address as one number, without making anything; -1 when the text is none. */
function v4Number(text: string): number {
  if (text.length > 15) return -1;
  let result = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === -2) {
      if (part < 0) return -1;
      result = result * 256 + part;
      part = -1;
      dots += 1;
    } else {
      if (digit < 0 || digit > 9) return -1;
      part = (part < 0 ? 0 : part * 10) + digit;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && part >= 0 ? result * 256 + part : -1;
}

/** Groups of 16 bits; undefined when the text is no address. Zones (`%eth0`) are left out. */
export function parseAddress(text: string): number[] | undefined {
  if (text.length > 64) return undefined;
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (found === null) return undefined;
  const [a, b, c, d] = found.slice(1).map(Number) as [number, number, number, number];
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : [(a << 8) | b, (c << 8) | d];
}

function parseV6(text: string): number[] | undefined {
  const plain = text.split('%', 1)[0] as string;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] as string);
  const tail = halves.length === 2 ? groupsOf(halves[1] as string) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const result: number[] = [];
  const pieces = text.split(':');
  for (const [at, piece] of pieces.entries()) {
    if (piece.includes('.') && at === pieces.length - 1) {
      const inner = parseV4(piece);
      if (inner === undefined) return undefined;
      result.push(...inner);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(piece)) result.push(Number.parseInt(piece, 16));
    else return undefined;
  }
  return result;
}
