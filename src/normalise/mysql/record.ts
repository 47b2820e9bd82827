/** What one record of a MySQL or MariaDB server says, whichever way it was written. */
export interface MysqlRecord {
  readonly action:
    | 'auth_succeeded'
    | 'auth_failed'
    | 'connect_failed'
    | 'disconnected'
    | 'connection_aborted'
    | 'host_blocked'
    | 'statement'
    | 'table'
    | 'other';
  /** Epoch milliseconds. */
  readonly timeMs: number | undefined;
  readonly failed: boolean;
  readonly message: string;
  readonly user?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly statement?: string;
  /** The server’s own name. */
  readonly server?: string;
  readonly connectionId?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** `ER_ACCESS_DENIED_ERROR` and its relatives: wrong password, no such user, no such plugin, locked, expired. */
const DENIED: ReadonlySet<number> = new Set([1044, 1045, 1227, 1251, 1524, 1698, 1862, 1872, 3118, 3955]);

/** What a connection with this error number was: let in, turned away for who it is, or failed otherwise. */
export function signInAction(errorNumber: number): 'auth_succeeded' | 'auth_failed' | 'connect_failed' {
  if (errorNumber === 0) return 'auth_succeeded';
  return DENIED.has(errorNumber) ? 'auth_failed' : 'connect_failed';
}
