import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import { databaseEvent } from '../database-event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, type RecordReader } from '../reader.ts';
import { maskSqlSecrets } from '../sql.ts';
import type { SyslogHeader } from '../syslog/header.ts';
import { readAuditCsv } from './audit-csv.ts';
import { readAuditJson } from './audit-json.ts';
import { readErrorLog } from './error-log.ts';
import { readGeneralLog } from './general-log.ts';
import type { MysqlRecord } from './record.ts';

export const mysqlReader: RecordReader = {
  format: 'mysql',
  description:
    'What MySQL and MariaDB servers write: the error log, the general log, server_audit, and the JSON of audit plugins',
  read(record: string, context: NormaliseContext): Event {
    const shown = maskSqlSecrets(record);
    const found =
      shown.charCodeAt(0) === OPEN_BRACE
        ? readAuditJson(shown, context)
        : (readAuditCsv(shown, context) ?? readGeneralLog(shown, context) ?? readErrorLog(shown, context));
    return found === undefined ? baseEvent('mysql', shown, context) : toEvent(found, shown, context, undefined);
  },
};

/** The same from syslog or the journal, whose header names the machine. */
export function readMysqlProgram(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const shown = maskSqlSecrets(record);
  const message = maskSqlSecrets(header.message).trimStart();
  const found = readAuditCsv(`,${message}`, context) ?? readErrorLog(message, context);
  if (found === undefined)
    return baseEvent('mysql', shown, context, {
      timeMs: header.timeMs,
      message,
      hostname: header.hostname,
      unmapped: { action: 'other', pid: header.pid },
    });
  return toEvent({ ...found, timeMs: header.timeMs ?? found.timeMs }, shown, context, header.hostname);
}

const OPEN_BRACE = 0x7b;

function toEvent(found: MysqlRecord, record: string, context: NormaliseContext, hostname: string | undefined): Event {
  const { action, host } = found;
  const isLocal = host === 'localhost' || host === '';
  return databaseEvent({
    source: 'mysql',
    class: CLASS.get(action) ?? OCSF_CLASS.base,
    action,
    timeMs: found.timeMs,
    failed: found.failed,
    message: found.message,
    user: found.user === '' ? undefined : found.user,
    database: found.database === '' ? undefined : found.database,
    peer: isLocal ? undefined : endpointOf(host, found.port),
    isLocal,
    hostname: hostname ?? found.server,
    statement: found.statement,
    method: undefined,
    unmapped: { ...found.more, connection_id: found.connectionId },
    record,
    context,
  });
}

const CLASS: ReadonlyMap<string, number> = new Map([
  ['auth_succeeded', OCSF_CLASS.authentication],
  ['auth_failed', OCSF_CLASS.authentication],
  ['connect_failed', OCSF_CLASS.authentication],
  ['disconnected', OCSF_CLASS.authentication],
  ['connection_aborted', OCSF_CLASS.networkActivity],
  ['host_blocked', OCSF_CLASS.networkActivity],
  ['statement', OCSF_CLASS.datastoreActivity],
  ['table', OCSF_CLASS.datastoreActivity],
]);
