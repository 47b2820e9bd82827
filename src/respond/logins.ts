import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IpRange, rangeOfBytes, readTarget } from './target.ts';

/** Someone who is logged in from elsewhere, as the login records of the machine tell it. */
export interface Login {
  readonly address: IpRange;
  readonly user: string;
  /** Leader of the session; the record is stale when it is gone. */
  readonly pid: number;
}

/** Reads utmp(5): records of 384 bytes on 64-bit glibc. Only user processes with a remote address are answered. */
export function parseUtmp(bytes: Uint8Array): Login[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const logins: Login[] = [];
  for (let start = 0; start + RECORD_BYTES <= buffer.length; start += RECORD_BYTES) {
    const record = buffer.subarray(start, start + RECORD_BYTES);
    if (record.readInt16LE(0) !== USER_PROCESS) continue;
    const address = readTarget(textAt(record, 76, 256).replace(/ via mosh.*$/, '')) ?? addressAt(record);
    if (address) logins.push({ address, user: textAt(record, 44, 32), pid: record.readInt32LE(4) });
  }
  return logins;
}

/** Reads one file of /run/systemd/sessions, as systemd-logind writes it; undefined for a local or closing session. */
export function parseLogindSession(text: string): Login | undefined {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
  const address = readTarget(fields.get('REMOTE_HOST') ?? '');
  const pid = Number(fields.get('LEADER'));
  if (!address || !Number.isInteger(pid) || fields.get('STATE') === 'closing') return undefined;
  return { address, user: fields.get('USER') ?? '', pid };
}

/** Remote logins whose leader still lives, from both records; whichever this system keeps. */
export function readLogins(proc = '/proc', run = '/run'): Login[] {
  const sessions = join(run, 'systemd/sessions');
  const logind = (whenThere(() => readdirSync(sessions)) ?? []).flatMap((name) => {
    const text = /^\w+$/.test(name) ? whenThere(() => readFileSync(join(sessions, name), 'utf8')) : undefined;
    return (text !== undefined && parseLogindSession(text)) || [];
  });
  const utmp = whenThere(() => readFileSync(join(run, 'utmp')));
  return [...logind, ...(utmp ? parseUtmp(utmp) : [])].filter(({ pid }) => existsSync(join(proc, String(pid))));
}

const RECORD_BYTES = 384;
const USER_PROCESS = 7;

function textAt(record: Buffer, start: number, length: number): string {
  const field = record.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** `ut_addr_v6`: four bytes for IPv4, the rest zero. */
function addressAt(record: Buffer): IpRange | undefined {
  const bytes = record.subarray(348, 364);
  if (bytes.every((byte) => byte === 0)) return undefined;
  return rangeOfBytes(bytes.subarray(4).every((byte) => byte === 0) ? bytes.subarray(0, 4) : bytes);
}

function whenThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
