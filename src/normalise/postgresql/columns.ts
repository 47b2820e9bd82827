import { isJsonObject, parseJson } from '#kit/json.ts';
import { splitCsv } from '../csv.ts';
import { readRdsAudit } from '../rds-audit.ts';
import { readIsoStamp, type StampContext } from '../timestamp.ts';
import { known, type PostgresRecord, readPeer } from './record.ts';

/** `log_destination = csvlog`: 23 columns in version 9, 26 since 14. */
export function readPostgresCsv(record: string, context: StampContext): PostgresRecord | undefined {
  const fields = splitCsv(record, MOST_COLUMNS);
  if (fields.length < FEWEST_COLUMNS) return undefined;
  const field = (index: number) => (fields[index] === '' ? undefined : fields[index]);
  const peer = readPeer(field(4));
  return {
    timeMs: readTime(fields[0] ?? '', context),
    user: known(field(1)),
    database: known(field(2)),
    pid: numberOf(field(3)),
    ...peer,
    severity: field(11),
    sqlState: field(12),
    message: field(13) ?? '',
    detail: field(14),
    query: field(19),
    application: known(field(22)),
  };
}

const MOST_COLUMNS = 32;
const FEWEST_COLUMNS = 14;

/** `log_destination = jsonlog`, since version 15; also the SQL audit of Alibaba Cloud’s RDS. */
export function readPostgresJson(record: string, context: StampContext): PostgresRecord | undefined {
  const parsed = parseJson(record);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const entry = parsed.value;
  const rds = readRdsAudit(entry, context);
  if (rds !== undefined)
    return {
      timeMs: rds.timeMs,
      user: rds.user,
      database: rds.database,
      pid: numberOf(rds.threadId),
      host: rds.client,
      port: undefined,
      // As the server’s own log would say it.
      severity: rds.failed ? 'STATEMENT' : 'LOG',
      sqlState: undefined,
      message: rds.failed ? rds.statement : `statement: ${rds.statement}`,
      detail: undefined,
      query: undefined,
      application: undefined,
    };
  const text = (name: string) => {
    const value = entry[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const severity = text('error_severity');
  if (severity === undefined) return undefined;
  return {
    timeMs: readTime(text('timestamp') ?? '', context),
    user: known(text('user')),
    database: known(text('dbname')),
    pid: numberOf(entry.pid),
    host: text('remote_host'),
    port: numberOf(entry.remote_port),
    severity,
    sqlState: text('state_code'),
    message: text('message') ?? '',
    detail: text('detail'),
    query: text('statement'),
    application: known(text('application_name')),
  };
}

function readTime(text: string, context: StampContext): number | undefined {
  const isUtc = / (?:UTC|GMT|Z)$/.test(text);
  return readIsoStamp(text, 0, isUtc ? { ...context, utcOffsetMinutes: 0 } : context)?.timeMs;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.length < 11 ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}
