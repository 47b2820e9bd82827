import ipaddr from 'ipaddr.js';
import { type Cell, failed, numberOf, textOf } from '../evaluate/value.ts';
import { deep, type FunctionTable, onTexts } from './define.ts';

/** Functions on address ranges. */
export const NETWORK_FUNCTIONS: FunctionTable = {
  cidrcontains: onTexts((range = '', inner = '') => contains(range, inner)),
  cidrhost: deep(([range, host]) => hostIn(parse(range), numberOf(host ?? null))),
  cidrnetmask: onTexts((range = '') => netmask(parse(range))),
  cidrsubnet: deep(([range, bits, number]) => subnet(parse(range), numberOf(bits ?? null), numberOf(number ?? null))),
  cidrsubnets: deep(([range, ...bits]) =>
    subnets(
      parse(range),
      bits.map((one) => numberOf(one) ?? Number.NaN),
    ),
  ),
};

interface Range {
  /** 32 or 128. */
  readonly width: number;
  readonly base: bigint;
  readonly prefix: number;
}

function parse(value: Cell | undefined): Range {
  const [address, prefix] = ipaddr.parseCIDR(textOf(value ?? null) ?? '');
  const bytes = address.toByteArray();
  const width = bytes.length * 8;
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const free = BigInt(width - prefix);
  return { width, base: (number >> free) << free, prefix };
}

function addressText(number: bigint, width: number): string {
  const bytes = [...Buffer.from(number.toString(16).padStart(width / 4, '0'), 'hex')];
  const address = ipaddr.fromByteArray(bytes);
  return address.toString();
}

function hostIn({ width, base, prefix }: Range, host: number | undefined): Cell {
  if (host === undefined || !Number.isSafeInteger(host)) return failed('cidrhost needs a number');
  const size = 1n << BigInt(width - prefix);
  const at = host < 0 ? size + BigInt(host) : BigInt(host);
  return at < 0n || at >= size ? failed('the range is too small') : addressText(base + at, width);
}

function netmask({ width, prefix }: Range): Cell {
  if (width !== 32) return failed('cidrnetmask needs an IPv4 range');
  return addressText(((1n << BigInt(prefix)) - 1n) << BigInt(width - prefix), width);
}

function subnet({ width, base, prefix }: Range, bits: number | undefined, number: number | undefined): Cell {
  if (!isCount(bits) || !isCount(number)) return failed('cidrsubnet needs numbers');
  const length = prefix + bits;
  if (length > width || BigInt(number) >= 1n << BigInt(bits)) return failed('the range is too small');
  return `${addressText(base + (BigInt(number) << BigInt(width - length)), width)}/${length}`;
}

function subnets({ width, base, prefix }: Range, bits: readonly number[]): Cell {
  let next = base;
  const end = base + (1n << BigInt(width - prefix));
  const made: string[] = [];
  for (const one of bits) {
    const length = prefix + one;
    if (!isCount(one) || length > width) return failed('the range is too small');
    const size = 1n << BigInt(width - length);
    // Each begins at a multiple of its own size.
    next = ((next + size - 1n) / size) * size;
    if (next + size > end) return failed('the range is too small');
    made.push(`${addressText(next, width)}/${length}`);
    next += size;
  }
  return made;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function contains(range: string, inner: string): Cell {
  const outer = parse(range);
  const one = inner.includes('/') ? parse(inner) : parse(`${inner}/${outer.width}`);
  if (one.width !== outer.width || one.prefix < outer.prefix) return false;
  const free = BigInt(outer.width - outer.prefix);
  return one.base >> free === outer.base >> free;
}
