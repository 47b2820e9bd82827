import { isJsonObject, parseJson } from '#kit/json.ts';
import { readRdsAudit } from '../rds-audit.ts';
import { readAnyTime, type StampContext } from '../timestamp.ts';
import { readErrorMessage } from './error-log.ts';
import { type MysqlRecord, signInAction } from './record.ts';

type Json = Record<string, unknown>;

/**
 * JSON of audit plugins: MySQL Enterprise Audit and Percona’s audit log filter (`class`, `event`), Percona’s older audit
 * log (`audit_record`), the SQL audit of Alibaba Cloud’s RDS, and the JSON sink of the error log (`prio`, `msg`).
 */
export function readAuditJson(record: string, context: StampContext): MysqlRecord | undefined {
  const parsed = parseJson(record);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const entry = parsed.value;
  const rds = readRdsAudit(entry, context);
  if (rds !== undefined)
    return {
      action: 'statement',
      timeMs: rds.timeMs,
      failed: rds.failed,
      message: rds.statement,
      statement: rds.statement,
      user: rds.user,
      host: rds.client,
      database: rds.database,
      server: rds.instance,
      connectionId: rds.threadId,
      more: rds.rows,
    };
  if (isJsonObject(entry.audit_record)) return readPercona(entry.audit_record, context);
  if (typeof entry.class === 'string') return readEnterprise(entry, entry.class, context);
  if (typeof entry.msg === 'string' && entry.prio !== undefined)
    return readErrorMessage(entry.msg, readAnyTime(entry.time ?? entry.ts, utc(context)), text(entry.thread));
  return undefined;
}

function readEnterprise(entry: Json, kind: string, context: StampContext): MysqlRecord | undefined {
  const login = objectOf(entry.login);
  const account = objectOf(entry.account);
  const name = text(entry.event) ?? '';
  const common = {
    // The manual gives these stamps in UTC.
    timeMs: readAnyTime(entry.timestamp, utc(context)),
    connectionId: text(entry.connection_id),
    user: bareUser(text(login.user) ?? text(account.user)),
    host: hostOf(text(login.ip), text(account.host)),
    message: `${kind} ${name}`.trim(),
    more: { class: kind, event: name },
  };
  if (kind === 'connection') {
    const data = objectOf(entry.connection_data);
    const status = numberOf(data.status);
    const action = name === 'disconnect' ? 'disconnected' : signInAction(status);
    return { ...common, action, failed: name !== 'disconnect' && status !== 0, database: text(data.db) };
  }
  const data = objectOf(entry.general_data ?? entry.query_data ?? entry.table_access_data);
  const statement = text(data.query);
  if (kind === 'table_access')
    return {
      ...common,
      action: statement === undefined ? 'table' : 'statement',
      failed: false,
      statement,
      database: text(data.db),
      more: { ...common.more, object: text(data.table) },
    };
  // `query_start` and `query_status_end` tell of one statement; its end says how it went.
  if (statement === undefined || name.endsWith('_start')) return { ...common, action: 'other', failed: false };
  return { ...common, action: 'statement', failed: numberOf(data.status) !== 0, statement, message: statement };
}

function readPercona(record: Json, context: StampContext): MysqlRecord {
  const name = text(record.name) ?? '';
  const status = numberOf(record.status);
  const statement = text(record.sqltext);
  const common = {
    timeMs: readAnyTime(record.timestamp, utc(context)),
    connectionId: text(record.connection_id),
    user: bareUser(text(record.user)),
    host: hostOf(text(record.ip), text(record.host)),
    database: text(record.db),
    failed: status !== 0,
    more: { operation: name, command_class: text(record.command_class) },
  };
  if (name === 'Connect') return { ...common, action: signInAction(status), message: name };
  if (name === 'Quit') return { ...common, action: 'disconnected', failed: false, message: name };
  if ((name === 'Query' || name === 'Execute') && statement !== undefined)
    return { ...common, action: 'statement', statement, message: statement };
  return { ...common, action: 'other', failed: false, message: name };
}

/** `root[root] @ localhost []` is how the server spells an account inside. */
function bareUser(user: string | undefined): string | undefined {
  return user === undefined ? undefined : (/^([^[\s]{0,128})\[/.exec(user)?.[1] ?? user);
}

function hostOf(ip: string | undefined, host: string | undefined): string | undefined {
  return ip ?? host;
}

function utc(context: StampContext): StampContext {
  return { receivedMs: context.receivedMs, utcOffsetMinutes: 0 };
}

function objectOf(value: unknown): Json {
  return isJsonObject(value) ? value : {};
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isInteger(number) ? number : 0;
}
