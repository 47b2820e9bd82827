import { maskArguments } from './arguments.ts';
import type { AuditField, AuditRecord } from './fields.ts';
import { syscallName } from './syscalls.ts';

/** All that one audit event says, in one set of fields. */
export interface AuditFacts {
  readonly timeMs: number;
  readonly node: string | undefined;
  readonly type: string;
  readonly types: readonly string[];
  /** Audit's own names; the first record that has a name counts, `name` and `nametype` are lists. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly commandLine: string | undefined;
  /** The record, also masked where hex hid a secret. */
  readonly raw: string;
}

/** Joins the records of one event. There is at least one. */
export function joinRecords(records: readonly AuditRecord[], record: string): AuditFacts {
  const fields: Record<string, string | readonly string[]> = {};
  const has = (name: string) => Object.hasOwn(fields, name);
  const names: string[] = [];
  const nameTypes: string[] = [];
  const args: AuditField[] = [];
  let raw = record;
  for (const { type, fields: own } of records) {
    for (const field of own) {
      const { name, value } = field;
      if (name === '__proto__') continue;
      if (type === 'EXECVE' && ARGUMENT.test(name)) args.push(field);
      else if (type === 'PATH' && name === 'name') names.push(value);
      else if (type === 'PATH' && name === 'nametype') nameTypes.push(value);
      else if (ARGUMENT_VECTORS.has(name) && field.isHex) {
        const masked = maskVector(field);
        raw = masked.raw === undefined ? raw : raw.replaceAll(field.token, masked.raw);
        if (!has(name)) fields[name] = masked.text;
      } else if (name === 'key' && value.includes('\u0001')) {
        if (!has(name)) fields[name] = value.split('\u0001');
      } else if (!has(name)) fields[name] = value;
    }
  }
  const command = joinArguments(args, raw);
  for (const [index, argument] of command.args.entries()) fields[`a${index}`] = argument;
  if (names.length > 0) fields.name = names;
  if (nameTypes.length > 0) fields.nametype = nameTypes;
  if (!has('SYSCALL')) {
    const name = syscallName(text(fields.arch), text(fields.syscall));
    if (name !== undefined) fields.SYSCALL = name;
  }
  const first = records[0];
  return {
    timeMs: first?.timeMs ?? 0,
    node: first?.node,
    type: first?.type ?? '',
    types: records.map(({ type }) => type),
    fields: fields,
    commandLine: command.args.length > 0 ? command.args.join(' ') : (text(fields.cmd) ?? text(fields.proctitle)),
    raw: command.raw,
  };
}

const ARGUMENT = /^a(\d{1,5})(?:\[(\d{1,5})\])?$/;
/** Fields that hold a whole command line, its arguments parted by NUL. */
const ARGUMENT_VECTORS: ReadonlySet<string> = new Set(['proctitle', 'cmd', 'data']);

function maskVector(field: AuditField): { text: string; raw: string | undefined } {
  const args = field.value.split('\0');
  // sudo's `cmd` is one string with spaces.
  const parts = args.length === 1 ? field.value.split(' ') : args;
  const masked = maskArguments(parts);
  const raw = masked === parts ? undefined : hexOf(masked.join(args.length === 1 ? ' ' : '\0'));
  return { text: masked.join(' ').trimEnd(), raw };
}

/** Arguments in order; one that the kernel wrote in pieces (`a1[0]=`, `a1[1]=`) is put together. */
function joinArguments(fields: readonly AuditField[], record: string): { args: readonly string[]; raw: string } {
  const args: string[] = [];
  for (const { name, value } of fields) {
    const index = Number(ARGUMENT.exec(name)?.[1] ?? 0);
    if (index > args.length) continue;
    args[index] = (args[index] ?? '') + value;
  }
  const masked = maskArguments(args);
  if (masked === args) return { args, raw: record };
  let raw = record;
  for (const { name, token, isHex } of fields) {
    const index = Number(ARGUMENT.exec(name)?.[1] ?? 0);
    const shown = masked[index] ?? '***';
    if (shown === args[index]) continue;
    const written = isHex ? `${name}=${token}` : `${name}="${token}"`;
    raw = raw.replaceAll(written, isHex ? `${name}=${hexOf(shown)}` : `${name}="${shown.replaceAll('"', '')}"`);
  }
  return { args: masked, raw };
}

function hexOf(value: string): string {
  return Buffer.from(value, 'utf8').toString('hex').toUpperCase();
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
