import { readAnyTime, type StampContext } from './timestamp.ts';

/** A statement in the SQL audit of Alibaba Cloud’s RDS, as its log service hands it out. */
export interface RdsAudit {
  /** Epoch milliseconds. */
  readonly timeMs: number | undefined;
  readonly failed: boolean;
  readonly statement: string;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly client: string | undefined;
  readonly threadId: string | undefined;
  readonly instance: string | undefined;
  /** Rows returned and changed, for rules about quantity. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Topic `rds_audit_log` (log fields of ApsaraDB RDS, Simple Log Service). `fail` is `0` for success on MySQL and `0000` on
 * PostgreSQL.
 *
 * @returns `undefined` for an object of another topic.
 */
export function readRdsAudit(entry: Readonly<Record<string, unknown>>, context: StampContext): RdsAudit | undefined {
  const statement = text(entry.sql);
  if (entry.__topic__ !== 'rds_audit_log' || statement === undefined) return undefined;
  const fail = text(entry.fail) ?? '0';
  return {
    timeMs: readAnyTime(entry.origin_time, context) ?? readAnyTime(entry.__time__, context),
    failed: !/^0+$/.test(fail),
    statement,
    user: text(entry.user),
    database: text(entry.db),
    client: text(entry.client_ip),
    threadId: text(entry.thread_id),
    instance: text(entry.instance_id),
    rows: { return_rows: Number(entry.return_rows ?? 0), update_rows: Number(entry.update_rows ?? 0) },
  };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
