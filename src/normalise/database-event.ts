import { type Event, type LogSource, OCSF_CLASS, type OcsfEndpoint } from '#model/event.ts';
import type { NormaliseContext } from './normaliser.ts';
import { INFORMATIONAL, LOW } from './reader.ts';
import { datastoreActivity, readSql } from './sql.ts';

/** What the readers of database servers found in a record. */
export interface DatabaseFacts {
  readonly source: Extract<LogSource, 'postgresql' | 'mysql'>;
  /** OCSF class. */
  readonly class: number;
  readonly action: string;
  readonly timeMs: number | undefined;
  readonly failed: boolean;
  readonly message: string;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly peer: OcsfEndpoint | undefined;
  /** Through a socket of the machine, so that there is no address. */
  readonly isLocal: boolean;
  readonly hostname: string | undefined;
  readonly statement: string | undefined;
  readonly method: string | undefined;
  readonly unmapped: Readonly<Record<string, unknown>>;
  readonly record: string;
  readonly context: NormaliseContext;
}

/**
 * One event of a database server. Beside the source’s own fields `unmapped` has `action`, `user`, `database`, `local`, `hour`
 * (of the day, by the collecting host’s clock), and for statements `sql` (folded), `shape` (without literals) and `verb`.
 */
export function databaseEvent(facts: DatabaseFacts): Event {
  const { context, statement, user, action } = facts;
  const sql = statement === undefined ? undefined : readSql(statement, facts.source);
  const isSignIn = facts.class === OCSF_CLASS.authentication;
  return {
    id: context.id,
    time: facts.timeMs ?? context.receivedMs,
    source: facts.source,
    class_uid: facts.class,
    activity_id: activityOf(facts, sql === undefined ? 0 : datastoreActivity(sql)),
    severity_id: facts.failed ? LOW : INFORMATIONAL,
    status_id: facts.class === OCSF_CLASS.base ? undefined : facts.failed ? 2 : 1,
    // The statement stands in `query_info` whole.
    message: statement === undefined ? facts.message : facts.message.slice(0, LONGEST_MESSAGE),
    device: facts.hostname === undefined ? undefined : { hostname: facts.hostname },
    user: isSignIn && user !== undefined ? { name: user } : undefined,
    actor: !isSignIn && user !== undefined ? { user: { name: user } } : undefined,
    src_endpoint: facts.peer,
    database: facts.database === undefined ? undefined : { name: facts.database },
    query_info: statement === undefined ? undefined : { query_string: statement },
    auth_protocol: facts.method,
    unmapped: {
      ...facts.unmapped,
      action,
      user,
      database: facts.database,
      local: facts.isLocal,
      hour: hourOf(facts.timeMs ?? context.receivedMs, context.utcOffsetMinutes),
      ...(sql === undefined ? undefined : { sql: sql.text, shape: sql.shape, verb: sql.verb }),
    },
    raw: facts.record,
  };
}

const LONGEST_MESSAGE = 400;

function hourOf(timeMs: number, utcOffsetMinutes: number): number {
  return new Date(timeMs + utcOffsetMinutes * 60_000).getUTCHours();
}

/** Authentication: 1 log-on, 2 log-off. Network: 1 open, 4 failed. Datastore: what the statement does. */
function activityOf({ class: of, action, failed }: DatabaseFacts, datastore: number): number {
  if (of === OCSF_CLASS.datastoreActivity) return datastore;
  if (of === OCSF_CLASS.authentication) return action === 'disconnected' ? 2 : 1;
  if (of === OCSF_CLASS.networkActivity) return failed || action === 'protocol_error' ? 4 : 1;
  return 0;
}
