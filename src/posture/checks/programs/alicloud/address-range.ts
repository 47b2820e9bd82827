import ipaddr from 'ipaddr.js';

export interface AddressRange {
  readonly version: 4 | 6;
  readonly bits: number;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
}

/** `10.0.0.0/8`, `::/0`, an address alone, or `*` for everything in IPv4; `undefined` for what is none of these. */
export function addressRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = (text.trim() === '*' ? '0.0.0.0/0' : text.trim()).split('/');
  if (rest.length > 0 || !ipaddr.isValid(address) || !/^\d{1,3}$/.test(length ?? '0')) return;
  const parsed = ipaddr.parse(address);
  const version = parsed.kind() === 'ipv4' ? 4 : 6;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? (address === '0.0.0.0' || address === '::' ? 0 : most) : Number(length);
  return bits > most ? undefined : { version, bits, address: parsed };
}

/** So wide that it is the whole internet, or with a few of its kind: `0.0.0.0/1`, `2000::/3`. */
export function isWholeInternet({ version, bits }: AddressRange): boolean {
  return version === 4 ? bits < 5 : bits < 4;
}

const PRIVATE: Readonly<Record<4 | 6, readonly (readonly [string, number])[]>> = {
  4: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    // Shared address space (RFC 6598), where the balancers and the health checks of the provider live.
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ],
  6: [
    ['fc00::', 7],
    ['fe80::', 10],
    ['::1', 128],
  ],
};

/** Inside private, link-local or loopback space as a whole. */
export function isPrivate(range: AddressRange): boolean {
  return PRIVATE[range.version].some(([address, bits]) =>
    covers({ version: range.version, bits, address: ipaddr.parse(address) }, range),
  );
}

/** Every address of the second is in the first. */
export function covers(wide: AddressRange, narrow: AddressRange): boolean {
  return wide.version === narrow.version && wide.bits <= narrow.bits && narrow.address.match(wide.address, wide.bits);
}

export type PortRange = readonly [from: number, to: number];

export const ALL_PORTS: PortRange = [0, 65_535];

/** `22/22`, `1-65535`, `443`; `-1/-1`, `any` and `all` are every port. `undefined` for what is no range. */
export function portRange(text: string): PortRange | undefined {
  if (/^(-1([/:-]-1)?|all|any|\*)$/i.test(text.trim())) return ALL_PORTS;
  const [, from, to] = /^\s*(\d{1,5})\s*(?:[-/:~]\s*(\d{1,5})\s*)?$/.exec(text) ?? [];
  return from === undefined ? undefined : [Number(from), Number(to ?? from)];
}
