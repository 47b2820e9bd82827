import { toAddress } from '../address.ts';
import { readIsoStamp, type StampContext } from '../timestamp.ts';
import { known, type PostgresRecord, readPeer } from './record.ts';

/**
 * A record of `log_destination = stderr` or syslog. `log_line_prefix` is free text, so it is read by what stands in it: a
 * stamp, `[pid]`, `user@database`, `user=…,db=…`, and the client where a usual prefix has it.
 *
 * The framer adds a line `connection received: host=… port=…` to records of a session whose prefix names no client.
 *
 * @returns `undefined` for text without a severity (`LOG:  `): it is none of the server’s.
 */
export function readPostgresLine(record: string, context: StampContext): PostgresRecord | undefined {
  const marker = SEVERITY.exec(record.slice(0, LONGEST_PREFIX));
  if (marker === null) return undefined;
  const severity = marker[1] as string;
  const prefix = record.slice(0, marker.index + 1).trimEnd();
  const { text: message, client } = withoutClient(record.slice(marker.index + marker[0].length));
  const stamp = readStamp(prefix, context);
  const rest = prefix.slice(stamp?.end ?? 0);
  const names = readNames(rest);
  const peer = client ?? readPeer(clientOf(prefix, stamp?.start ?? 0, rest, message));
  return {
    timeMs: stamp?.timeMs,
    severity: ENGLISH.get(severity) ?? severity,
    message,
    pid: pidOf(prefix),
    user: known(names.user),
    database: known(names.database),
    host: peer.host,
    port: peer.port,
    application: known(names.application),
    sqlState: undefined,
    detail: undefined,
    query: undefined,
  };
}

const LONGEST_PREFIX = 1024;
/** Two spaces stand behind the colon; the words are those of `elog.c`, and of its Chinese translation. */
const SEVERITY =
  /(?:^|[\s:\]>),|])(DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|日志|致命错误|错误|警告|注意|详细信息|语句|提示|上下文|查询):  /;
const ENGLISH: ReadonlyMap<string, string> = new Map([
  ['日志', 'LOG'],
  ['致命错误', 'FATAL'],
  ['错误', 'ERROR'],
  ['警告', 'WARNING'],
  ['注意', 'NOTICE'],
  ['详细信息', 'DETAIL'],
  ['语句', 'STATEMENT'],
  ['提示', 'HINT'],
  ['上下文', 'CONTEXT'],
  ['查询', 'QUERY'],
]);

/** Lines of the server’s own are indented; one that is not can only be the framer’s. */
function withoutClient(text: string): { text: string; client?: { host: string; port: number | undefined } } {
  const at = text.lastIndexOf('\nconnection received: host=');
  if (at === -1) return { text };
  const match = CLIENT.exec(text.slice(at + 1));
  if (match === null) return { text };
  return {
    text: text.slice(0, at),
    client: { host: match[1] as string, port: match[2] === undefined ? undefined : Number(match[2]) },
  };
}

const CLIENT = /^connection received: host=(\S{1,255})(?: port=(\d{1,5}))?$/;

/** Where a stamp may stand: at the beginning, or behind a client or a process id. */
function readStamp(prefix: string, context: StampContext): { timeMs: number; start: number; end: number } | undefined {
  const found = STAMP.exec(prefix);
  if (found === null) return undefined;
  const isUtc = found[1] !== undefined;
  const stamp = readIsoStamp(prefix, found.index, isUtc ? { ...context, utcOffsetMinutes: 0 } : context);
  if (stamp === undefined) return undefined;
  return { timeMs: stamp.timeMs, start: found.index, end: Math.max(stamp.end, found.index + found[0].length) };
}

const STAMP = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: (?:(UTC|GMT|Z)|[A-Z]{2,6}|[+-]\d{2,4}))?/;

function readNames(rest: string): { user?: string; database?: string; application?: string } {
  if (NAMED.test(rest)) {
    const value = (name: RegExp) => name.exec(rest)?.[1];
    return { user: value(USER), database: value(DATABASE), application: value(APPLICATION) };
  }
  const match = AT.exec(rest);
  return match === null ? {} : { user: match[1], database: match[2] };
}

const NAMED = /(?:^|[\s:\]])(?:user|u)=/;
const USER = /(?:^|[\s:\],])(?:user|u)=([^,\s]{0,63})/;
const DATABASE = /[\s,](?:db|database|d)=([^,\s]{0,63})/;
const APPLICATION = /[\s,](?:app|application|a)=([^,]{0,63})/;
const AT = /([^\s:@,[\]()]{1,63})@([^\s:@,[\]()]{1,63})/;

/**
 * The client in a prefix. A user name is written before it is checked, so an address that may be part of one is not
 * taken: nobody has another’s address blamed by signing in as `192.0.2.1 x`.
 */
function clientOf(prefix: string, stampStart: number, rest: string, message: string): string | undefined {
  const candidates = [
    prefix.slice(0, stampStart).trim(),
    BEHIND_STAMP.exec(rest)?.[1],
    BEHIND_PID.exec(rest)?.[1],
    /^[\s:]*(?:\[[^\]]{1,24}\][\s:]*){0,3}[a-z]{1,12}=/i.test(rest) ? onlyNamed(rest) : undefined,
  ];
  const claimed = CLAIMED_NAME.exec(message)?.[1] ?? '';
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const { host } = readPeer(candidate);
    if (host === '[local]') return host;
    if (host === undefined || toAddress(host) === undefined || claimed.includes(host)) continue;
    return candidate;
  }
  return undefined;
}

const CLIENT_TEXT = String.raw`(\[local\]|[\da-fA-F.:]{3,45}(?:\(\d{1,5}\))?)`;
const BEHIND_STAMP = new RegExp(String.raw`^[\s:,|]{1,4}${CLIENT_TEXT}(?=[\s:,|])`);
const BEHIND_PID = new RegExp(
  String.raw`^[\s:,|]{0,4}\[\d{1,10}(?:-\d{1,10})?\][\s:,|]{1,4}(?:\[\d{1,10}-\d{1,10}\][\s:,|]{1,4})?${CLIENT_TEXT}(?=[\s:,|]|$)`,
);
const CLAIMED_NAME = /"(.{1,256})"/s;

function onlyNamed(rest: string): string | undefined {
  const found = [...rest.matchAll(NAMED_CLIENT)];
  return found.length === 1 ? found[0]?.[1] : undefined;
}

const NAMED_CLIENT = /(?:client|host|remote|remote_host|ip|h|r)=(\[local\]|[\da-fA-F.:]{3,45}(?:\(\d{1,5}\))?)/g;

function pidOf(prefix: string): number | undefined {
  const found = PID.exec(prefix)?.[1];
  return found === undefined ? undefined : Number(found);
}

const PID = /\[(\d{1,10})\]/;
