import ipaddr from 'ipaddr.js';

import type { Variable } from './model.ts';

/** Variables that a step sees: its own before those of the playbook. */
export type Scope = Readonly<Record<string, Variable>>;
/** The value of each variable that has one, by name. */
export type Values = Readonly<Record<string, string>>;

export const MAX_VALUE_CHARACTERS = 65_536;
const REFERENCE = /(__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__):value/g;
const WHOLE_REFERENCE = /^(__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__):value$/;

/** Names of the variables that a text refers to as `__name__:value` (CACAO 2.0, 10.18.2). */
export function referencesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map((found) => found[1] as string))];
}

/** The variable whose value the text is, if it is nothing else. */
export function wholeReference(text: string): string | undefined {
  return WHOLE_REFERENCE.exec(text)?.[1];
}

/** Arguments are written as `__name__` or `__name__:value`. */
export function bareName(name: string): string {
  return wholeReference(name) ?? name;
}

/**
 * The text with values in place of references, in one pass: what looks like a reference inside a value stays as it is.
 * For texts that people read and for arguments that are passed as values; nothing of it may become part of a command line.
 * What has no value becomes empty.
 */
export function fillIn(text: string, values: Values): string {
  return text.replace(REFERENCE, (_whole, name: string) => valueOf(values, name) ?? '').slice(0, MAX_VALUE_CHARACTERS);
}

export function valueOf(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Why a value does not fit the type of its variable, or undefined. Types that nobody specified take any text. */
export function whyNotOfType(value: string, { type }: Variable): string | undefined {
  if (value.length > MAX_VALUE_CHARACTERS) return `is longer than ${MAX_VALUE_CHARACTERS} characters`;
  const fits = TYPES[type];
  return fits === undefined || fits(value) ? undefined : `is no ${type}`;
}

const TYPES: Readonly<Record<string, (value: string) => boolean>> = {
  bool: (value) => value === 'true' || value === 'false',
  integer: (value) => /^-?\d{1,15}$/.test(value),
  long: (value) => /^-?\d{1,19}$/.test(value),
  float: (value) => /^-?\d{1,30}(?:\.\d{1,30})?$/.test(value),
  hexstring: (value) => /^(?:[0-9a-fA-F]{2})*$/.test(value),
  'ipv4-addr': (value) => isAddress(value, 'ipv4'),
  'ipv6-addr': (value) => isAddress(value, 'ipv6'),
  'mac-addr': (value) => /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/.test(value),
  'md5-hash': (value) => /^[0-9a-fA-F]{32}$/.test(value),
  'sha256-hash': (value) => /^[0-9a-fA-F]{64}$/.test(value),
  uuid: (value) => /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value),
  uri: (value) => URL.canParse(value),
};

function isAddress(value: string, kind: 'ipv4' | 'ipv6'): boolean {
  const address = value.split('/')[0] ?? '';
  if (value.includes('/') && !ipaddr.isValidCIDR(value)) return false;
  return (
    ipaddr.isValid(address) &&
    ipaddr.parse(address).kind() === kind &&
    (kind === 'ipv6' || address.split('.').length === 4)
  );
}
