import { compileRegex } from '@bartizan/sigma';
import ipaddr from 'ipaddr.js';
import { textOf, type Value } from '#model/resource.ts';
import type { ValueTest } from './condition.ts';

/** One word of a test, ready to be asked. Never of what is absent or unknown. */
export interface PlainTest {
  readonly word: string;
  readonly holds: (value: Value) => boolean;
  /** Of a list that is known in part: which answer for that part is the answer for the whole. */
  readonly settledBy: boolean;
}

type Scalar = string | number | boolean;
type Words = Omit<
  ValueTest,
  'default' | 'exists' | 'empty' | 'length' | 'same_as' | 'json' | 'any_case' | 'or_reference' | 'or_given'
>;

/** Tests that ask a list as a whole; all others ask each of its elements. The answer is the one that more elements cannot change. */
const OF_LISTS: Readonly<Record<string, boolean>> = {
  contains: true,
  contains_any: true,
  contains_all: true,
  contains_none: false,
};

const DAY_MS = 86_400_000;

/**
 * The plain words of a test, each made once.
 *
 * @param nowMs the moment of the scan
 * @throws RangeError with the reason when a pattern is wrong or would not run in linear time.
 */
export function plainTests(test: ValueTest, nowMs: () => number): readonly PlainTest[] {
  const fold = test.any_case === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  const made: PlainTest[] = [];
  for (const [word, wanted] of Object.entries(test)) {
    if (!(word in MAKERS)) continue;
    const one = MAKERS[word as keyof Words](wanted as never, fold, nowMs);
    const ofList = OF_LISTS[word];
    made.push({ word, holds: ofList === undefined ? ofEach(one) : one, settledBy: ofList ?? false });
  }
  return made;
}

type Holds = PlainTest['holds'];

function ofEach(test: Holds): Holds {
  return (value) => (Array.isArray(value) ? (value as readonly Value[]).every(test) : test(value));
}

type Fold = (text: string) => string;
type Makers = {
  readonly [W in keyof Words]-?: (wanted: NonNullable<Words[W]>, fold: Fold, nowMs: () => number) => Holds;
};

const MAKERS: Makers = {
  is: (wanted, fold) => (value) => same(value, wanted, fold),
  is_not: (wanted, fold) => (value) => !same(value, wanted, fold),
  in: (wanted, fold) => (value) => wanted.some((one) => same(value, one, fold)),
  not_in: (wanted, fold) => (value) => !wanted.some((one) => same(value, one, fold)),
  above: (wanted) => (value) => toNumber(value) > wanted,
  at_least: (wanted) => (value) => toNumber(value) >= wanted,
  at_most: (wanted) => (value) => toNumber(value) <= wanted,
  below: (wanted) => (value) => toNumber(value) < wanted,
  contains: (wanted, fold) => (value) => has(value, wanted, fold),
  contains_any: (wanted, fold) => (value) => wanted.some((one) => has(value, one, fold)),
  contains_all: (wanted, fold) => (value) => wanted.every((one) => has(value, one, fold)),
  contains_none: (wanted, fold) => (value) => !wanted.some((one) => has(value, one, fold)),
  starts_with: (wanted, fold) => (value) => listOf(wanted).some((one) => fold(textOf(value)).startsWith(fold(one))),
  ends_with: (wanted, fold) => (value) => listOf(wanted).some((one) => fold(textOf(value)).endsWith(fold(one))),
  matches: (wanted) => {
    const regex = compileRegex(wanted, { i: false, m: false, s: false });
    return (value) => regex.test(textOf(value));
  },
  not_matches: (wanted) => {
    const regex = compileRegex(wanted, { i: false, m: false, s: false });
    return (value) => !regex.test(textOf(value));
  },
  cidr_open: (wanted) => (value) => (prefixOf(value)?.bits === 0) === wanted,
  cidr_wider_than: (wanted) => (value) => {
    const prefix = prefixOf(value);
    return prefix !== undefined && prefix.bits < (prefix.version === 4 ? wanted.v4 : wanted.v6);
  },
  cidr_public: (wanted) => (value) => {
    const prefix = prefixOf(value);
    return prefix !== undefined && (prefix.bits === 0 || prefix.range === 'unicast') === wanted;
  },
  has_port: (wanted) => (value) => {
    const range = portRange(textOf(value));
    return range !== undefined && wanted.some((port) => port >= range[0] && port <= range[1]);
  },
  version_at_least: (wanted) => (value) => compareVersions(textOf(value), wanted) >= 0,
  older_than_days: (wanted, _fold, nowMs) => (value) => nowMs() - toTimeMs(value) > wanted * DAY_MS,
  within_days: (wanted, _fold, nowMs) => (value) => toTimeMs(value) - nowMs() <= wanted * DAY_MS,
};

/** Terraform converts between texts, numbers and truth values; so do we. */
export function same(value: Value, wanted: Scalar, fold: Fold): boolean {
  if (typeof value === 'object') return false;
  if (value === wanted) return true;
  if (typeof value === 'number' || typeof wanted === 'number') {
    const text = String(value).trim();
    return text !== '' && typeof wanted !== 'boolean' && typeof value !== 'boolean' && Number(text) === Number(wanted);
  }
  return fold(String(value)) === fold(String(wanted));
}

function has(value: Value, wanted: Scalar, fold: Fold): boolean {
  if (Array.isArray(value)) return (value as readonly Value[]).some((one) => same(one, wanted, fold));
  if (typeof value === 'object') return Object.hasOwn(value, String(wanted));
  return fold(String(value)).includes(fold(String(wanted)));
}

function listOf(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one;
}

/** NaN, of which every comparison is false, for what is no number. */
function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function toTimeMs(value: Value): number {
  const number = toNumber(value);
  if (!Number.isNaN(number)) return number < 1e11 ? number * 1_000 : number;
  return Date.parse(textOf(value));
}

interface Prefix {
  readonly version: 4 | 6;
  readonly bits: number;
  /** `unicast` is the public part. */
  readonly range: string;
}

/** `10.0.0.0/8`, `::/0`, or an address alone; `undefined` for what is none. */
function prefixOf(value: Value): Prefix | undefined {
  const text = textOf(value).trim();
  // What some providers write for everything.
  if (text === '*' || text === '0.0.0.0') return { version: 4, bits: 0, range: 'unicast' };
  const [address, length, ...rest] = text.split('/');
  if (address === undefined || rest.length > 0 || !ipaddr.isValid(address)) return;
  const parsed = ipaddr.parse(address);
  const version = parsed.kind() === 'ipv4' ? 4 : 6;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return /^\d{1,3}$/.test(length ?? '0') && bits <= most ? { version, bits, range: parsed.range() } : undefined;
}

/** From and to, both included; `-1/-1` and `all` are every port. */
function portRange(text: string): readonly [from: number, to: number] | undefined {
  if (/^(-1(\/-1)?|all|any|\*)$/i.test(text.trim())) return [0, 65_535];
  const [, from, to] = /^\s*(\d{1,5})\s*(?:[-/:~]\s*(\d{1,5})\s*)?$/.exec(text) ?? [];
  return from === undefined ? undefined : [Number(from), Number(to ?? from)];
}

/** Below 0, 0 or above 0; only the leading dotted numbers count. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => (/\d+(\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
