import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { maskSqlSecrets } from '../sql.ts';
import { databaseEvent } from '../database-event.ts';
import type { SyslogHeader } from '../syslog/header.ts';
import { readPostgresCsv, readPostgresJson } from './columns.ts';
import { readPostgresLine } from './line.ts';
import { readMessage } from './message.ts';
import type { PostgresRecord } from './record.ts';

export const postgresqlReader: RecordReader = {
  format: 'postgresql',
  description:
    'What a PostgreSQL server writes: stderr with any of the usual prefixes, csvlog, jsonlog, and the lines of pgaudit',
  read(record: string, context: NormaliseContext): Event {
    const shown = maskSqlSecrets(record);
    const found = readAnyForm(shown, context);
    return found === undefined ? baseEvent('postgresql', shown, context) : toEvent(found, shown, context, undefined);
  },
};

/** The same from syslog or the journal, where the header has the time and the machine. */
export function readPostgresProgram(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const shown = maskSqlSecrets(record);
  // `[3-1] ` counts the messages and the lines of one, for syslog.
  const message = maskSqlSecrets(header.message).replace(/^\[\d{1,10}-\d{1,10}\] /, '');
  const found = readPostgresLine(message, context);
  if (found === undefined)
    return baseEvent('postgresql', shown, context, {
      timeMs: header.timeMs,
      message,
      hostname: header.hostname,
      unmapped: { action: 'other', pid: header.pid },
    });
  const timed = { ...found, timeMs: found.timeMs ?? header.timeMs, pid: found.pid ?? header.pid };
  return toEvent(timed, shown, context, header.hostname);
}

function readAnyForm(record: string, context: NormaliseContext): PostgresRecord | undefined {
  if (record.charCodeAt(0) === OPEN_BRACE) return readPostgresJson(record, context);
  return (CSV.test(record) ? readPostgresCsv(record, context) : undefined) ?? readPostgresLine(record, context);
}

const OPEN_BRACE = 0x7b;
/** A stamp of milliseconds with its zone, and a comma at once. */
const CSV = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^\s,]{1,8},/;

function toEvent(
  found: PostgresRecord,
  record: string,
  context: NormaliseContext,
  hostname: string | undefined,
): Event {
  const { severity, message, pid } = found;
  const meaning = readMessage(severity, message, found.query);
  const user = meaning.user ?? found.user;
  const database = meaning.database ?? found.database;
  const failed = severity === 'ERROR' || severity === 'FATAL' || severity === 'STATEMENT';
  const host = meaning.host ?? found.host;
  return databaseEvent({
    source: 'postgresql',
    class: CLASS.get(meaning.action) ?? OCSF_CLASS.base,
    action: meaning.action,
    timeMs: found.timeMs,
    failed,
    message,
    user,
    database,
    peer: host === '[local]' ? undefined : endpointOf(host, meaning.port ?? found.port),
    isLocal: host === '[local]',
    hostname,
    statement: meaning.statement,
    method: meaning.method,
    unmapped: {
      severity,
      pid,
      application: meaning.application ?? found.application,
      sql_state: found.sqlState,
      detail: found.detail,
      audit_class: meaning.auditClass,
      object: meaning.object,
    },
    record,
    context,
  });
}

const CLASS: ReadonlyMap<string, number> = new Map([
  ['auth_succeeded', OCSF_CLASS.authentication],
  ['auth_failed', OCSF_CLASS.authentication],
  ['host_refused', OCSF_CLASS.authentication],
  ['disconnected', OCSF_CLASS.authentication],
  ['connection_received', OCSF_CLASS.networkActivity],
  ['protocol_error', OCSF_CLASS.networkActivity],
  ['statement', OCSF_CLASS.datastoreActivity],
]);
