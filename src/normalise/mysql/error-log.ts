import type { StampContext } from '../timestamp.ts';
import type { MysqlRecord } from './record.ts';
import { readMysqlStamp } from './stamp.ts';

/** A line of the error log, of any version since 5.5: `<stamp> <thread> [Note] [MY-010926] [Server] …`. */
export function readErrorLog(line: string, context: StampContext): MysqlRecord | undefined {
  const stamp = readMysqlStamp(line, context);
  const head = HEAD.exec(line.slice(stamp?.end ?? 0, (stamp?.end ?? 0) + 200));
  if (stamp === undefined && head === null) return undefined;
  const message = line.slice((stamp?.end ?? 0) + (head?.[0].length ?? 0)).trimStart();
  return readErrorMessage(message, stamp?.timeMs, head?.[1]);
}

const HEAD =
  /^\s{0,8}(?:(\d{1,20})\s{1,4})?\[(?:Note|Warning|ERROR|System|Error)\]\s{0,2}(?:\[[^\]]{1,24}\]\s{0,2}){0,2}/;

/** The message of an error log line; also what the JSON sink has under `msg`. */
export function readErrorMessage(
  message: string,
  timeMs: number | undefined,
  connectionId: string | undefined,
): MysqlRecord {
  // The host stands last, behind whatever the user name holds; YES or NO may be masked as what follows `password:`.
  const denied = DENIED.exec(message);
  if (denied !== null)
    return {
      action: 'auth_failed',
      timeMs,
      failed: true,
      message,
      user: denied[1],
      host: denied[2],
      database: denied[3],
      connectionId,
    };
  const aborted = ABORTED.exec(message);
  if (aborted !== null)
    return {
      action: 'connection_aborted',
      timeMs,
      failed: true,
      message,
      database: aborted[1] === 'unconnected' ? undefined : aborted[1],
      user: aborted[2] === 'unauthenticated' ? undefined : aborted[2],
      host: aborted[3],
      connectionId,
    };
  const blocked = BLOCKED.exec(message);
  if (blocked !== null)
    return { action: 'host_blocked', timeMs, failed: true, message, host: blocked[1], connectionId };
  return { action: 'other', timeMs, failed: false, message, connectionId };
}

const DENIED =
  /^Access denied for user '(.{0,128})'@'([^']{0,255})'(?: to database '([^']{0,128})')?(?: \(using password: [^)]{0,8}\)?)?\s{0,4}$/s;
const ABORTED =
  /^Aborted connection \d{1,20} to db: '([^']{0,128})' user: '(.{0,128})' host: '([^']{0,255})' \(.{0,200}\)/s;
const BLOCKED = /^Host '([^']{1,255})' is blocked because of many connection errors/;
