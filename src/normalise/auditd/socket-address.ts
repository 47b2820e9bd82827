import type { OcsfEndpoint } from '#model/event.ts';

/** Decodes `saddr=` (struct sockaddr in hex, little-endian family): IPv4 and IPv6; `undefined` for local sockets and others. */
export function readSocketAddress(hex: string): OcsfEndpoint | undefined {
  if (hex.length < 16 || hex.length > 512 || !/^[\dA-F]+$/i.test(hex)) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const family = bytes.readUInt16LE(0);
  const port = bytes.readUInt16BE(2);
  if (family === INET) return { ip: bytes.subarray(4, 8).join('.'), port };
  if (family !== INET6 || bytes.length < 24) return undefined;
  if (bytes.subarray(8, 18).every((byte) => byte === 0) && bytes.readUInt16BE(18) === 0xffff) {
    return { ip: bytes.subarray(20, 24).join('.'), port };
  }
  return { ip: spelledIpv6(bytes.subarray(8, 24)), port };
}

const INET = 2;
const INET6 = 10;

/** RFC 5952: no leading zeros, the longest run of at least two zero groups (the first of equals) as `::`. */
function spelledIpv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start === -1) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
