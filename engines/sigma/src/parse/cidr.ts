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

/**
 * Makes a function that says whether an address is inside one of many networks: the address is read once, and IPv4 is looked up
 * in sorted ranges. An IPv4 address in an IPv6 one (`::ffff:a.b.c.d`) is inside an IPv4 network.
 */
export function insideOneOf(networks: readonly Network[]): (address: string) => boolean {
  const ranges = rangesOf(networks.filter(({ groups }) => groups.length === 2));
  const wide = networks.filter(({ groups }) => groups.length === 8);
  return (address) => {
    const number = v4Number(address);
    if (number >= 0) return isInRanges(number, ranges);
    if (!address.includes(':')) return false;
    const groups = parseAddress(address);
    if (groups === undefined) return false;
    if (wide.some((network) => isInside(groups, network))) return true;
    if (ranges.length === 0 || groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return false;
    return isInRanges((groups[6] as number) * 0x10000 + (groups[7] as number), ranges);
  };
}

/** First and last numbers of ranges that do not overlap, smallest first. */
function rangesOf(networks: readonly Network[]): readonly number[] {
  const found = networks
    .map(({ groups, bits }) => {
      const size = 2 ** (32 - bits);
      const base = (groups[0] as number) * 0x10000 + (groups[1] as number);
      const first = base - (base % size);
      return [first, first + size - 1] as const;
    })
    .sort(([a], [b]) => a - b);
  const ranges: number[] = [];
  for (const [first, last] of found) {
    const end = ranges[ranges.length - 1];
    if (end === undefined || first > end) ranges.push(first, last);
    else ranges[ranges.length - 1] = Math.max(end, last);
  }
  return ranges;
}

function isInRanges(number: number, ranges: readonly number[]): boolean {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[2 * middle + 1] as number) < number) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.length && (ranges[2 * low] as number) <= number;
}

function isInside(groups: readonly number[], network: Network): boolean {
  let left = network.bits;
  for (let at = 0; left > 0; at++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((((groups[at] as number) ^ (network.groups[at] as number)) & mask) !== 0) return false;
  }
  return true;
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
