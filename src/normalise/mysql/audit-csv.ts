import { OPERATIONS } from './operations.ts';
import type { StampContext } from '../timestamp.ts';
import { type MysqlRecord, signInAction } from './record.ts';
import { readMysqlStamp } from './stamp.ts';

/**
 * server_audit of MariaDB, also in Amazon’s RDS and in MySQL: stamp, server, user, host, connection, query id,
 * operation, database, object, error number. Through syslog the stamp is empty.
 *
 * Nothing is escaped but the object, and names are written before they are checked: where more than one reading of a
 * connection is possible its address is left out, so that nobody can write another’s there.
 */
export function readAuditCsv(line: string, context: StampContext): MysqlRecord | undefined {
  const stamp = readMysqlStamp(line, context);
  const from = stamp?.end ?? 0;
  if (line.charCodeAt(from) !== COMMA) return undefined;
  const text = line.slice(from + 1);
  const match = OPERATION.exec(text.slice(0, LONGEST_HEAD));
  if (match === null) return undefined;
  const [whole, connectionId = '', , operation = ''] = match;
  const names = text.slice(0, match.index).split(',');
  const [server, user = ''] = names;
  const rest = text.slice(match.index + whole.length);
  const comma = rest.indexOf(',');
  const database = comma === -1 ? '' : rest.slice(0, comma);
  const object = rest.slice(comma + 1);
  const { host, port } = readHost(names.length === 3 && !OPERATION.test(rest) ? names[2] : undefined);
  const errorNumber = Number(/,(\d{1,5})$/.exec(object)?.[1] ?? 0);
  const common = { timeMs: stamp?.timeMs, server, user, host, port, database, connectionId };
  if (SIGN_INS.has(operation)) {
    const action = operation === 'DISCONNECT' ? 'disconnected' : signInAction(errorNumber);
    const failed = action !== 'disconnected' && errorNumber !== 0;
    const message = `${operation} ${user}@${host ?? ''}${errorNumber === 0 ? '' : ` (error ${errorNumber})`}`;
    return { ...common, action, failed, message, more: { operation, error_number: errorNumber } };
  }
  if (operation.startsWith('QUERY')) {
    const statement = unquoted(object);
    return {
      ...common,
      action: 'statement',
      failed: errorNumber !== 0,
      message: statement,
      statement,
      more: { operation, error_number: errorNumber },
    };
  }
  const table = object.replace(/,\d{0,5}$/, '');
  return {
    ...common,
    action: 'table',
    failed: false,
    message: `${operation} ${database}.${table}`,
    more: { operation, object: table },
  };
}

/** Names of users and hosts are shorter; what is longer has no operation where one can be. */
const LONGEST_HEAD = 1024;
const COMMA = 0x2c;
const OPERATION = new RegExp(String.raw`,(\d{1,20}),(\d{1,20}),(${OPERATIONS.join('|')}),`);
const SIGN_INS: ReadonlySet<string> = new Set([
  'CONNECT',
  'FAILED_CONNECT',
  'FAILED CONNECT',
  'DISCONNECT',
  'CHANGEUSER',
]);

/** Since version 12.0 with the port. */
function readHost(text: string | undefined): { host?: string; port?: number } {
  if (text === undefined) return {};
  const match = /^([^:\s]{1,255}|\[[\da-fA-F:.]{2,45}\]):(\d{1,5})$/.exec(text);
  return match === null ? { host: text } : { host: match[1], port: Number(match[2]) };
}

/** `'select \'a\'',0` → `select 'a'`; a statement that was cut has no closing quote. */
function unquoted(object: string): string {
  const end = /'?,\d{0,5}$/.exec(object)?.index ?? object.length;
  const inside = object.slice(object.charCodeAt(0) === 0x27 ? 1 : 0, end);
  if (!inside.includes('\\')) return inside;
  return inside.replace(/\\([nrt'"\\])/g, (_whole, code: string) => ESCAPED[code] ?? code);
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
