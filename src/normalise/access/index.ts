import { type Event, type LogSource, OCSF_CLASS } from '#model/event.ts';
import { toAddress } from '../address.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW, type RecordReader } from '../reader.ts';
import { readAccessStamp, readIsoStamp } from '../timestamp.ts';
import { decodeTarget } from './decode.ts';
import { readErrorLine } from './error-log.ts';
import { type AccessFacts, readAccessJson } from './json-log.ts';
import { readRequestLine } from './request-line.ts';

export const accessReader: RecordReader = {
  format: 'access',
  description:
    'Access logs of nginx and Apache: common and combined with whatever follows, JSON with the usual names; error logs',
  read(record: string, context: NormaliseContext): Event {
    const source = sourceOf(context.stream);
    return (
      readWebMessage(record, record, source, context) ??
      // What the server says of itself: not understood, but its time is.
      baseEvent(source, record, context, { timeMs: readIsoStamp(record, 0, context)?.timeMs })
    );
  },
};

/**
 * Reads one line of a web server, however it came: alone in a file, or as the message of syslog.
 *
 * @param record the whole record, which the event keeps as `raw`.
 * @returns `undefined` where the line is neither a request nor an error about one.
 */
export function readWebMessage(
  message: string,
  record: string,
  source: LogSource,
  context: NormaliseContext,
): Event | undefined {
  const facts =
    message.charCodeAt(0) === OPEN_BRACE ? readAccessJson(message, context) : readAccessLine(message, context);
  return facts === undefined
    ? readErrorLine(message, record, source, context)
    : toEvent(facts, source, record, context);
}

/** The stream's name tells the servers apart; their lines do not. */
function sourceOf(stream: string): LogSource {
  if (stream === lastStream) return lastSource;
  lastStream = stream;
  lastSource = APACHE.test(stream) ? 'apache' : 'nginx';
  return lastSource;
}
let lastStream = '';
let lastSource: LogSource = 'nginx';
const APACHE = /apache|httpd/i;

/**
 * `[vhost[:port] ]address ident user [stamp] "request" status bytes["referrer" "agent"[ more]]`, Apache mod_log_config.
 * Servers escape quotes inside the fields, so the first quote opens the request; the address is the first word or, behind
 * a virtual host, the second, and thus never what a client wrote.
 */
function readAccessLine(line: string, context: NormaliseContext): AccessFacts | undefined {
  const quote = line.indexOf('"');
  if (quote < 4) return undefined;
  const stampOpen = line.lastIndexOf('[', quote);
  const stampClose = line.indexOf(']', stampOpen);
  if (stampOpen < 1 || stampClose === -1 || stampClose > quote) return undefined;
  const stamp = readAccessStamp(line, stampOpen + 1, context);
  if (stamp === undefined) return undefined;

  const requestEnd = closingQuote(line, quote + 1);
  const request = readRequestLine(line.slice(quote + 1, requestEnd));
  const statusAt = requestEnd + 2;
  const status = numberAt(line, statusAt);
  let lengthAt = line.indexOf(' ', statusAt);
  lengthAt = lengthAt === -1 ? line.length : lengthAt + 1;
  const referrerOpen = line.indexOf('"', lengthAt);
  const referrerClose = referrerOpen === -1 ? -1 : closingQuote(line, referrerOpen + 1);
  const agentOpen = referrerClose === -1 ? -1 : line.indexOf('"', referrerClose + 1);
  const agentClose = agentOpen === -1 ? -1 : closingQuote(line, agentOpen + 1);
  const who = readWho(line, stampOpen);
  return {
    timeMs: stamp.timeMs,
    ip: who.ip,
    host: who.host,
    vhost: who.vhost,
    user: who.user,
    request,
    status,
    length: numberAt(line, lengthAt),
    referrer: quoted(line, referrerOpen, referrerClose),
    userAgent: quoted(line, agentOpen, agentClose),
    extra: agentClose === -1 || agentClose + 2 >= line.length ? undefined : line.slice(agentClose + 2),
  };
}

interface Who {
  readonly ip: string | undefined;
  /** A host name where an address should be (HostnameLookups). */
  readonly host: string | undefined;
  readonly vhost: string | undefined;
  readonly user: string | undefined;
}

function readWho(line: string, stampOpen: number): Who {
  let end = line.indexOf(' ');
  let word = line.slice(0, end);
  let ip = toAddress(word);
  const after = line.indexOf(' ', end + 1);
  // Two addresses: the first may be the Host header, which is the client's to choose. Better nobody than an innocent.
  if (ip !== undefined && after !== -1 && after < stampOpen && toAddress(line.slice(end + 1, after)) !== undefined)
    return { ip: undefined, host: undefined, vhost: word, user: undefined };
  let vhost: string | undefined;
  let host: string | undefined;
  // A list of forwarders: each proxy appends whom it saw, so the last is the one that nobody could choose.
  while (word.endsWith(',') && end < stampOpen) {
    const next = line.indexOf(' ', end + 1);
    word = line.slice(end + 1, next);
    ip = toAddress(word.endsWith(',') ? word.slice(0, -1) : word);
    end = next;
  }
  if (ip === undefined) {
    const next = line.indexOf(' ', end + 1);
    const second = next === -1 ? undefined : toAddress(line.slice(end + 1, next));
    if (second !== undefined && next < stampOpen) {
      vhost = word;
      ip = second;
      end = next;
    } else {
      host = word;
    }
  }
  // ident, then the user up to the stamp: a user name may hold spaces.
  const identEnd = line.indexOf(' ', end + 1);
  const user = identEnd === -1 || identEnd + 1 >= stampOpen - 1 ? '-' : line.slice(identEnd + 1, stampOpen - 1);
  return { ip, host, vhost, user: user === '-' || user === '' ? undefined : user };
}

function toEvent(facts: AccessFacts, source: LogSource, record: string, context: NormaliseContext): Event {
  const { request, status } = facts;
  const isFailure = status !== undefined && status >= 400;
  return {
    id: context.id,
    time: facts.timeMs ?? context.receivedMs,
    source,
    class_uid: OCSF_CLASS.httpActivity,
    activity_id: request.method === undefined ? 0 : (ACTIVITY.get(request.method) ?? 99),
    severity_id: isFailure ? LOW : INFORMATIONAL,
    status_id: status === undefined ? 0 : isFailure ? 2 : 1,
    message: request.line,
    user: facts.user === undefined ? undefined : { name: facts.user },
    src_endpoint:
      facts.ip === undefined && facts.host === undefined ? undefined : { ip: facts.ip, hostname: facts.host },
    http_request: {
      http_method: request.method,
      url: { path: request.path, query_string: request.query, text: request.target, hostname: facts.vhost },
      user_agent: facts.userAgent,
      referrer: facts.referrer,
      version: request.version,
    },
    http_response: { code: status, length: facts.length },
    unmapped: {
      decoded: decodeTarget(request.target),
      malformed: request.isMalformed,
      vhost: facts.vhost,
      extra: facts.extra,
    },
    raw: record,
  };
}

/** OCSF HTTP activity. */
const ACTIVITY = new Map([
  ['CONNECT', 1],
  ['DELETE', 2],
  ['GET', 3],
  ['HEAD', 4],
  ['OPTIONS', 5],
  ['POST', 6],
  ['PUT', 7],
  ['TRACE', 8],
  ['PATCH', 9],
]);

/** Index of the quote that ends a field; Apache writes `\"` inside, nginx `\x22`. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at !== -1) {
    let backslashes = 0;
    while (line.charCodeAt(at - 1 - backslashes) === BACKSLASH && at - backslashes > from) backslashes += 1;
    if (backslashes % 2 === 0) return at;
    at = line.indexOf('"', at + 1);
  }
  return line.length;
}

function quoted(line: string, open: number, close: number): string | undefined {
  if (open === -1 || close === -1 || close <= open + 1) return undefined;
  return close === open + 2 && line.charCodeAt(open + 1) === DASH ? undefined : line.slice(open + 1, close);
}

function numberAt(line: string, from: number): number | undefined {
  let value = 0;
  let at = from;
  for (let code = line.charCodeAt(at); code >= 0x30 && code <= 0x39 && at - from < 15; code = line.charCodeAt(at)) {
    value = value * 10 + code - 0x30;
    at += 1;
  }
  return at === from ? undefined : value;
}

const OPEN_BRACE = 0x7b;
const BACKSLASH = 0x5c;
const DASH = 0x2d;
