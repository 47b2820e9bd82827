import { type Event, type LogSource, OCSF_CLASS } from '#model/event.ts';
import { toAddress } from '../address.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { LOW } from '../reader.ts';
import { readBsdStamp, readIsoStamp } from '../timestamp.ts';
import { readRequestLine } from './request-line.ts';

/**
 * A line of nginx's or Apache's error log: who was refused, and why.
 *
 * `2026/11/20 03:11:01 [error] 31#31: *46 message, client: 203.0.113.9, server: shop, request: "GET / HTTP/1.1", host: "…"`
 * `[Fri Nov 20 03:11:01.123456 2026] [auth_basic:error] [pid 10:tid 14] [client 203.0.113.9:50229] AH01618: user bob not found: /`
 *
 * The event has the request but neither a status nor `decoded`: the access log has the same request and is counted there.
 * `unmapped.error` says what kind it is (`ERROR_KINDS`), `unmapped.error_level` what the server thinks of it.
 *
 * @returns `undefined` for other lines, those of the server about itself included.
 */
export function readErrorLine(
  line: string,
  record: string,
  source: LogSource,
  context: NormaliseContext,
): Event | undefined {
  const facts = line.charCodeAt(0) === OPEN_BRACKET ? readApache(line, context) : readNginx(line, context);
  if (facts === undefined) return undefined;
  const request = facts.request === undefined ? undefined : readRequestLine(facts.request);
  return {
    id: context.id,
    time: facts.timeMs ?? context.receivedMs,
    source,
    class_uid: OCSF_CLASS.httpActivity,
    activity_id: 0,
    severity_id: LOW,
    status_id: 2,
    status_detail: facts.text,
    message: facts.text,
    user: facts.user === undefined ? undefined : { name: facts.user },
    src_endpoint: facts.ip === undefined ? undefined : { ip: facts.ip },
    http_request: {
      http_method: request?.method,
      url: { path: request?.path, query_string: request?.query, text: request?.target, hostname: facts.host },
    },
    unmapped: { error: kindOf(facts.text), error_level: facts.level },
    raw: record,
  };
}

interface ErrorFacts {
  readonly timeMs: number | undefined;
  readonly level: string;
  readonly ip: string | undefined;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly request: string | undefined;
  readonly text: string;
}

/**
 * nginx writes the path and the request as they came, so both may hold the words that follow them. A line in which
 * `, client: ` stands twice names nobody: better that than an innocent.
 */
function readNginx(line: string, context: NormaliseContext): ErrorFacts | undefined {
  const head = NGINX_HEAD.exec(line);
  if (head === null) return undefined;
  const clientAt = line.indexOf(CLIENT, head[0].length);
  if (clientAt === -1) return undefined;
  const isForged = line.includes(CLIENT, clientAt + 1);
  const addressEnd = endOf(line, clientAt + CLIENT.length);
  const tail = line.slice(addressEnd);
  const text = line.slice(head[0].length, clientAt);
  return {
    timeMs: readIsoStamp(line, 0, context)?.timeMs,
    level: head[1] ?? '',
    ip: isForged ? undefined : toAddress(line.slice(clientAt + CLIENT.length, addressEnd)),
    user: NGINX_USER.exec(text)?.[1] ?? (isForged ? undefined : NGINX_LOGIN.exec(tail)?.[1]),
    host: isForged ? undefined : HOST.exec(tail)?.[1],
    request: isForged ? undefined : REQUEST.exec(tail)?.[1],
    text,
  };
}

const NGINX_HEAD = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[([a-z]{1,8})\] \d{1,10}#\d{1,10}: (?:\*\d{1,20} )?/;
const CLIENT = ', client: ';
const NGINX_USER = /^user "([^"]{1,256})"/;
/** The mail proxy names the account behind the address. */
const NGINX_LOGIN = /, login: "([^"]{1,256})"/;
const REQUEST = /, request: "([^"]{1,8192})"/;
const HOST = /, host: "([^"]{1,255})"/;

function endOf(line: string, from: number): number {
  const comma = line.indexOf(',', from);
  return comma === -1 ? line.length : comma;
}

/** Apache puts the address into one of the brackets before the message, where no client can write. */
function readApache(line: string, context: NormaliseContext): ErrorFacts | undefined {
  const head = APACHE_HEAD.exec(line);
  if (head === null) return undefined;
  const [whole, stamp = '', year = '', level = '', client = ''] = head;
  const text = line.slice(whole.length);
  const bsd = readBsdStamp(`${stamp.slice(0, 6)} ${year}${stamp.slice(6)}`, 0, context);
  return {
    timeMs: bsd?.timeMs,
    level,
    ip: toAddress(client) ?? toAddress(client.slice(0, client.lastIndexOf(':'))),
    user: APACHE_USER.exec(text)?.[1],
    host: undefined,
    request: undefined,
    text,
  };
}

const APACHE_HEAD =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d{1,9})? (\d{4})\] \[(?:\w{1,40}:)?([a-z]{1,8})\] (?:\[pid [^\]]{1,60}\] )?(?:\(\d{1,9}\)[^[\]]{1,200}: )?\[client ([\da-fA-F.:]{2,60})\] /;
const APACHE_USER = /\buser ([^\s:]{1,256})[: ]/;

const OPEN_BRACKET = 0x5b;

/** What the words of both servers come down to; anything else is `other`. */
const ERROR_KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ['modsecurity', /^ModSecurity: |\bModSecurity: Access denied/],
  [
    'login_failed',
    /^client login failed: "|password mismatch|was not found in "|\bnot found: |: Password Mismatch|authentication failure for "/,
  ],
  ['limited', /^(?:limiting|delaying) (?:requests|connections)/],
  ['denied', /access forbidden by rule|client denied by server configuration|is forbidden|AH01797|AH01630/],
  ['not_found', /\(2: No such file or directory\)|not found or unable to stat|File does not exist/],
  ['bad_request', /client sent (?:invalid|too|plain|no)|AH0(?:0126|0566|2432)|Invalid (?:URI|method) in request/],
];

/** Only words at the beginning count where a client can add his own behind. */
function kindOf(text: string): string {
  const start = text.slice(0, LONGEST_TEXT);
  return ERROR_KINDS.find(([, words]) => words.test(start))?.[0] ?? 'other';
}

const LONGEST_TEXT = 2048;
