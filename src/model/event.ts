import { z } from 'zod';

/**
 * Where a record comes from, as the shape of its bytes. One folder in `normalise/` reads each.
 * `syslog` RFC 3164, RFC 5424 and ISO-stamped files; `journald` `journalctl -o json`; `access` combined or JSON access
 * logs; `kubernetes` audit events; `docker` daemon events and container output; `postgresql` and `mysql` what those servers
 * write in any of their formats; `json` any other object per record.
 */
export const SOURCE_FORMATS = [
  'syslog',
  'journald',
  'access',
  'auditd',
  'cloudtrail',
  'actiontrail',
  'kubernetes',
  'docker',
  'postgresql',
  'mysql',
  'json',
] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** The log source that rules are routed by: what the event turned out to be, after reading it. */
export const LOG_SOURCES = [
  'sshd',
  'sudo',
  'su',
  'account',
  'syslog',
  'nginx',
  'apache',
  'auditd',
  'cloudtrail',
  'actiontrail',
  'kubernetes',
  'docker',
  'postgresql',
  'mysql',
  'json',
] as const;
export type LogSource = (typeof LOG_SOURCES)[number];

/** OCSF 1.8 classes that we write. 0 is the base event: kept and searchable, but not understood. */
export const OCSF_CLASS = {
  base: 0,
  fileActivity: 1001,
  moduleActivity: 1005,
  processActivity: 1007,
  accountChange: 3001,
  authentication: 3002,
  networkActivity: 4001,
  httpActivity: 4002,
  sshActivity: 4007,
  apiActivity: 6003,
  datastoreActivity: 6005,
} as const;

export interface OcsfUser {
  name?: string;
  uid?: string;
  type?: string;
  domain?: string;
}

export interface OcsfEndpoint {
  ip?: string;
  port?: number;
  hostname?: string;
}

export interface OcsfProcess {
  name?: string;
  pid?: number;
  cmd_line?: string;
  /** Path of the executable. */
  path?: string;
  parent_process?: OcsfProcess;
}

/**
 * One thing that happened: an OCSF 1.8 event (its own attribute names, hence the underscores) with where it came from.
 * Every record becomes exactly one event; one that no parser understands has class 0 and its text in `message`.
 */
export interface Event {
  /** Journal position: `sequence × 2^20 + index in the batch`. Unique, ordered, the same at every replay. */
  readonly id: number;
  /** Epoch milliseconds, as the source says; the time of arrival where it says none. */
  readonly time: number;
  readonly source: LogSource;
  class_uid: number;
  activity_id: number;
  severity_id: number;
  /** 1 success, 2 failure, 0 unknown. */
  status_id?: number;
  status_detail?: string;
  message?: string;
  /** The machine that the event is about. */
  device?: { hostname?: string };
  /** Whom it is about. */
  user?: OcsfUser;
  /** Who did it. */
  actor?: { user?: OcsfUser; process?: OcsfProcess; invoked_by?: string };
  src_endpoint?: OcsfEndpoint;
  dst_endpoint?: OcsfEndpoint;
  process?: OcsfProcess;
  file?: { path?: string; name?: string };
  http_request?: {
    http_method?: string;
    url?: { path?: string; query_string?: string; text?: string; hostname?: string };
    user_agent?: string;
    referrer?: string;
    version?: string;
  };
  http_response?: { code?: number; length?: number };
  api?: {
    operation?: string;
    service?: { name?: string };
    response?: { error?: string; error_message?: string };
    request?: { uid?: string };
  };
  cloud?: { provider?: string; region?: string; account?: { uid?: string } };
  database?: { name?: string };
  /** The statement that a database was given. */
  query_info?: { query_string?: string };
  auth_protocol?: string;
  /** The source's own fields under their own names, for rules that name them. */
  readonly unmapped: Readonly<Record<string, unknown>>;
  /** The record as framed (see ARCHITECTURE, collect), secrets masked; invalid UTF-8 shows as U+FFFD (the journal keeps the bytes). */
  readonly raw: string;
}

const EVENT_ID_SPACE = 2 ** 20;
/** At most this many records in a batch, so that ids stay unique and below 2^53. */
export const MAX_BATCH_RECORDS = EVENT_ID_SPACE;

export function eventId(sequence: number, index: number): number {
  return sequence * EVENT_ID_SPACE + index;
}

export function sequenceOf(id: number): number {
  return Math.floor(id / EVENT_ID_SPACE);
}

/** An event as the search API answers it. */
export const storedEventSchema = z.object({
  id: z.number().int(),
  time: z.number().describe('Epoch milliseconds'),
  source: z.enum(LOG_SOURCES),
  stream: z.string().describe('The collector it came through, e.g. `file:/var/log/auth.log`'),
  classUid: z.number().int(),
  host: z.string(),
  user: z.string(),
  srcIp: z.string(),
  message: z.string(),
  raw: z.string(),
  event: z.record(z.string(), z.unknown()).describe('The whole OCSF event'),
});
export type StoredEvent = z.infer<typeof storedEventSchema>;
