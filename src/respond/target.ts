import ipaddr from 'ipaddr.js';
import { BartizanError } from '#kit/errors.ts';

/** A whole number of addresses that share a prefix. `text` is canonical: no `/32` or `/128`, RFC 5952 for IPv6. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
  readonly text: string;
}

const MAX_TEXT_LENGTH = 64;
/** No leading zeros: `010.1.1.1` is 8.1.1.1 to some programs and 10.1.1.1 to others, so it is neither here. */
const DOTTED = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;
const COLONS = /^[0-9a-f:]+$/i;
/** A dotted tail only in the IPv4-mapped form: `::1.2.3.4` (deprecated) is read differently by different programs. */
const MAPPED = /^[0:]+:ffff:(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/i;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
/** `::ffff:0:0/96`, where IPv4 addresses appear on dual-stack sockets (RFC 4291, section 2.5.5.2). */
const MAPPED_BITS = 96;

/**
 * Reads an address or CIDR range as an operator writes it and makes it canonical: host bits are cleared, an IPv4-mapped
 * IPv6 form becomes the IPv4 address that it stands for. Octal, hexadecimal, short and decimal notations, zone ids and
 * white space are refused, never guessed at.
 *
 * @throws BTZ_BLOCK_TARGET_INVALID
 */
export function parseTarget(text: string): IpRange {
  const range = text.length <= MAX_TEXT_LENGTH ? read(text) : undefined;
  if (!range) throw new BartizanError('BTZ_BLOCK_TARGET_INVALID', { target: text.slice(0, MAX_TEXT_LENGTH) });
  return range;
}

/** As `parseTarget`, but `undefined` where the text is neither address nor range; for lines that a machine wrote. */
export function readTarget(text: string): IpRange | undefined {
  return text.length <= MAX_TEXT_LENGTH ? read(text) : undefined;
}

/** Whether the two have an address in common; ranges of prefixes are nested or apart, so one then holds the other. */
export function overlaps(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

export function addressCount(range: IpRange): bigint {
  return range.last - range.first + 1n;
}

/** The address of 4 or 16 bytes in network order; undefined for another length. IPv4-mapped bytes become IPv4. */
export function rangeOfBytes(bytes: Uint8Array): IpRange | undefined {
  if (bytes.length !== 4 && bytes.length !== 16) return undefined;
  return fromBytes([...bytes], bytes.length * 8);
}

function read(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const prefixText = slash < 0 ? undefined : text.slice(slash + 1);
  if (prefixText !== undefined && !PREFIX.test(prefixText)) return undefined;
  const isPlain = DOTTED.test(address) || (address.includes(':') && COLONS.test(address)) || MAPPED.test(address);
  if (!isPlain) return undefined;
  if (!ipaddr.isValid(address)) return undefined;
  const bytes = ipaddr.parse(address).toByteArray();
  const prefix = prefixText === undefined ? bytes.length * 8 : Number(prefixText);
  return prefix <= bytes.length * 8 ? fromBytes(bytes, prefix) : undefined;
}

function fromBytes(bytes: readonly number[], prefix: number): IpRange | undefined {
  if (bytes.length === 16 && isMapped(bytes)) {
    return prefix >= MAPPED_BITS ? fromBytes(bytes.slice(12), prefix - MAPPED_BITS) : undefined;
  }
  const bits = bytes.length * 8;
  const hostBits = BigInt(bits - prefix);
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const first = (value >> hostBits) << hostBits;
  const last = first | ((1n << hostBits) - 1n);
  const network = textOf(first, bytes.length);
  return {
    family: bits === 32 ? 4 : 6,
    first,
    last,
    prefix,
    text: prefix === bits ? network : `${network}/${prefix}`,
  };
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

function textOf(value: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn));
  const parsed = ipaddr.fromByteArray(bytes);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}
