import { isJsonObject, parseJson } from '#kit/json.ts';
import { maskArguments } from './arguments.ts';
import type { AuditFacts } from './join.ts';
import { syscallName } from './syscalls.ts';

/** One event as laurel writes it: `{"ID":"<seconds>.<ms>:<serial>","SYSCALL":{…},"EXECVE":{"ARGV":[…]},"PATH":[…]}`. */
export function readLaurel(record: string): AuditFacts | undefined {
  const parsed = parseJson(record);
  if (!parsed.ok || !isJsonObject(parsed.value) || typeof parsed.value.ID !== 'string') return undefined;
  const id = ID.exec(parsed.value.ID);
  if (id === null) return undefined;
  const fields = new Map<string, string | readonly string[]>();
  const types: string[] = [];
  const names: string[] = [];
  const nameTypes: string[] = [];
  let args: readonly string[] = [];
  for (const [type, content] of Object.entries(parsed.value)) {
    const bodies = Array.isArray(content) ? content : [content];
    for (const body of bodies) {
      if (!isJsonObject(body)) continue;
      types.push(type);
      if (type === 'PATH' && typeof body.name === 'string') names.push(body.name);
      if (type === 'PATH' && typeof body.nametype === 'string') nameTypes.push(body.nametype);
      if (type === 'EXECVE' && Array.isArray(body.ARGV)) args = maskArguments(body.ARGV.map(String));
      for (const [name, value] of Object.entries(body)) {
        const text = type === 'PATH' && (name === 'name' || name === 'nametype') ? undefined : shownAs(value);
        if (text !== undefined && name !== '__proto__' && !fields.has(name)) fields.set(name, text);
      }
    }
  }
  const arch = text(fields.get('arch'));
  if (arch !== undefined) fields.set('arch', arch.replace(/^0x/, ''));
  if (!fields.has('SYSCALL')) {
    const name = syscallName(arch, text(fields.get('syscall')));
    if (name !== undefined) fields.set('SYSCALL', name);
  }
  for (const [index, argument] of args.entries()) fields.set(`a${index}`, argument);
  if (names.length > 0) fields.set('name', names);
  if (nameTypes.length > 0) fields.set('nametype', nameTypes);
  return {
    timeMs: Number(id[1]) * 1000 + Number(id[2]),
    node: typeof parsed.value.NODE === 'string' ? parsed.value.NODE : undefined,
    type: types[0] ?? '',
    types,
    fields: Object.fromEntries(fields),
    commandLine: args.length > 0 ? args.join(' ') : text(fields.get('proctitle')),
    raw: record,
  };
}

const ID = /^(\d{1,11})\.(\d{1,3}):\d{1,20}$/;

/** Scalars as text; a list of text (`PROCTITLE: {"ARGV": […]}`) stays out, it is the same as EXECVE's. */
function shownAs(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
