import { splitCsv } from '../csv.ts';

/** What a message means. */
export interface Meaning {
  readonly action:
    | 'connection_received'
    | 'authenticated'
    | 'auth_succeeded'
    | 'auth_failed'
    | 'host_refused'
    | 'disconnected'
    | 'statement'
    | 'configuration_reloaded'
    | 'protocol_error'
    | 'other';
  readonly user?: string;
  readonly database?: string;
  readonly host?: string;
  readonly port?: number;
  readonly application?: string;
  readonly method?: string;
  readonly statement?: string;
  /** `READ`, `WRITE`, `DDL`, `ROLE` … of pgaudit. */
  readonly auditClass?: string;
  readonly object?: string;
}

/** Reads the message of `LOG`, `FATAL` and `ERROR` records; the words are those of the server’s sources, version 9.6 to 18,
 * and of its Chinese translation, which servers with such a locale write. */
export function readMessage(severity: string | undefined, message: string, query: string | undefined): Meaning {
  if (severity === 'STATEMENT') return { action: 'statement', statement: message };
  if (severity === 'LOG') return readLog(message);
  if (severity === 'FATAL') return readFatal(message);
  if (severity === 'ERROR' && query !== undefined) return { action: 'statement', statement: query };
  return OTHER;
}

const OTHER: Meaning = Object.freeze({ action: 'other' });

function readLog(message: string): Meaning {
  const statement = STATEMENT.exec(message.slice(0, 400));
  if (statement !== null) return { action: 'statement', statement: message.slice(statement[0].length) };
  if (message.startsWith('AUDIT: ')) return readAudit(message.slice(7));
  const received = RECEIVED.exec(message);
  if (received !== null)
    return {
      action: 'connection_received',
      host: received[1],
      port: received[2] === undefined ? undefined : Number(received[2]),
    };
  const authorized = AUTHORIZED.exec(message);
  if (authorized !== null)
    return { action: 'auth_succeeded', user: authorized[1], database: authorized[2], application: authorized[3] };
  const authenticated = AUTHENTICATED.exec(message);
  if (authenticated !== null) return { action: 'authenticated', user: authenticated[1], method: authenticated[2] };
  if (/^(?:disconnection: session time|断开连接: 会话时间)/.test(message)) return { action: 'disconnected' };
  if (/^(?:received SIGHUP, reloading|接收到 SIGHUP)/.test(message)) return { action: 'configuration_reloaded' };
  return PROTOCOL.test(message) ? { action: 'protocol_error' } : OTHER;
}

function readFatal(message: string): Meaning {
  const failed = FAILED.exec(message);
  if (failed !== null) return { action: 'auth_failed', method: failed[1]?.toLowerCase(), user: failed[2] };
  const absent = ABSENT_ROLE.exec(message);
  if (absent !== null) return { action: 'auth_failed', method: 'role', user: absent[1] ?? absent[2] };
  const failedChinese = FAILED_CHINESE.exec(message);
  if (failedChinese !== null)
    return { action: 'auth_failed', method: failedChinese[2]?.toLowerCase(), user: failedChinese[1] };
  const refused = REFUSED.exec(message) ?? REFUSED_CHINESE.exec(message);
  if (refused !== null) return { action: 'host_refused', host: refused[1], user: refused[2], database: refused[3] };
  return PROTOCOL.test(message) ? { action: 'protocol_error' } : OTHER;
}

/** Statements of the simple and the extended protocol, alone or with their duration. */
const STATEMENT =
  /^(?:(?:duration|执行时间): [\d.]{1,20} ms {1,2})?(?:statement|execute [^:\n]{0,128}|execute fetch from [^:\n]{0,128}|语句|执行 [^:\n]{0,128}): /;
const RECEIVED = /^(?:connection received: host|已接收到连接: 主机)=(\S{1,255})(?: (?:port|端口)=(\d{1,5}))?$/;
const AUTHORIZED =
  /^(?:(?:replication )?connection authorized: user|连接已(?:经)?授权[:：]\s?用户)=(.{1,63}?)(?: (?:database|数据库)=(.{1,63}?))?(?: application_name=(.{0,63}?))?(?: SSL enabled .{0,200}| GSS .{0,300}| SSL .{0,200})?$/;
const AUTHENTICATED = /^connection authenticated: (?:identity|user)="(.{0,256})" method=(\S{1,32})/;
const FAILED =
  /^(password|peer|ident|gssapi|sspi|pam|ldap|certificate|radius|bsd|oauth|"?trust"?) authentication failed for user "(.{0,256})"$/is;
const FAILED_CHINESE = /^(?:对于?)?用户\s?"(.{0,256})"\s?的?\s?(\S{1,16}?)\s?认证失败$/s;
const ABSENT_ROLE =
  /^(?:role "(.{0,256})" (?:does not exist|is not permitted to log in)|(?:不允许)?角色\s?"(.{0,256})" (?:不存在|进行登录))$/s;
const REFUSED =
  /^(?:no pg_hba\.conf entry for|pg_hba\.conf rejects) (?:replication connection (?:from|for) |connection for )?host "([^"]{1,255})", user "(.{0,256}?)"(?:, database "(.{0,256}?)")?(?:, .{0,64})?$/s;
const REFUSED_CHINESE =
  /^(?:没有用于主机|pg_hba\.conf 记录拒绝来自主机)\s?"([^"]{1,255})", 用户\s?"(.{0,256}?)"(?:, 数据库\s?"(.{0,256}?)")?/s;
/** What somebody who does not speak the protocol leaves. */
const PROTOCOL =
  /^(?:invalid length of startup packet|无效的启动包长度|unsupported frontend protocol|no PostgreSQL user name specified|invalid startup packet|could not receive data from client|SSL .{1,40}: (?:http request|wrong version number|unsupported protocol)|could not accept SSL connection)/;

/** pgaudit: `SESSION,8,2,DDL,DROP TABLE,TABLE,public.t2,drop table t2,<not logged>`. */
function readAudit(text: string): Meaning {
  const fields = splitCsv(text, 9);
  const [, , , auditClass, , , object, statement] = fields;
  if (statement === undefined || statement === '<previously logged>') return OTHER;
  return { action: 'statement', auditClass, object: object === '' ? undefined : object, statement };
}
