import type { StampContext } from '../timestamp.ts';
import { readErrorMessage } from './error-log.ts';
import type { MysqlRecord } from './record.ts';
import { readMysqlStamp } from './stamp.ts';

/**
 * The first line of an entry of the general query log: `<stamp>\t   14 Query\tselect 1`, the stamp left out where MariaDB
 * writes several in one second. The log does not say who a later statement is from; only its connection.
 */
export function readGeneralLog(line: string, context: StampContext): MysqlRecord | undefined {
  const stamp = readMysqlStamp(line, context);
  const head = HEAD.exec(line.slice(stamp?.end ?? 0, (stamp?.end ?? 0) + 80));
  if (head === null) return undefined;
  const [whole, connectionId, command] = head;
  const argument = line.slice((stamp?.end ?? 0) + whole.length);
  const common = { timeMs: stamp?.timeMs, connectionId, message: `${command} ${argument}` };
  if (command === 'Query' || command === 'Execute')
    return { ...common, action: 'statement', failed: false, statement: argument };
  if (command === 'Quit') return { ...common, action: 'disconnected', failed: false };
  if (command !== 'Connect') return { ...common, action: 'other', failed: false };
  if (argument.startsWith('Access denied')) return readErrorMessage(argument, stamp?.timeMs, connectionId);
  const connected = CONNECTED.exec(argument);
  // Written before the password is checked: it says that somebody tries, not that he got in.
  return {
    ...common,
    action: 'other',
    failed: false,
    user: connected?.[1],
    host: connected?.[2],
    database: connected?.[3],
  };
}

const HEAD =
  /^\s{1,12}(\d{1,20}) (Query|Execute|Connect|Quit|Prepare|Init DB|Field List|Close stmt|Reset stmt|Shutdown|Change user|Ping|Statistics|Processlist|Kill|Binlog Dump)(?:\t|\s{2,8}|$)/;
const CONNECTED = /^(.{0,128})@([^@\s]{1,255}) on ?(\S{0,64})/;
