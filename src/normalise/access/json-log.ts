import { isJsonObject, parseJson } from '#kit/json.ts';
import { toAddress } from '../address.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { readAnyTime } from '../timestamp.ts';
import { type RequestLine, readRequestLine, requestOf } from './request-line.ts';

/** What an access log tells of one request. */
export interface AccessFacts {
  readonly timeMs: number | undefined;
  readonly ip: string | undefined;
  readonly host: string | undefined;
  readonly vhost: string | undefined;
  readonly user: string | undefined;
  readonly request: RequestLine;
  readonly status: number | undefined;
  readonly length: number | undefined;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
  readonly extra: string | undefined;
}

/**
 * A JSON access log: the names of nginx's variables, of Apache's usual templates, of Traefik and of Caddy (whose request
 * is an object of its own). Not an access log without an address and either a request or a status.
 */
export function readAccessJson(record: string, context: NormaliseContext): AccessFacts | undefined {
  let parsed = parseJson(record);
  // nginx without `escape=json` writes a quote as \\x22, which is not JSON: nobody may hide behind one.
  if (!parsed.ok && record.includes('\\x')) parsed = parseJson(record.replace(/\\x([0-9A-Fa-f]{2})/g, '\\u00$1'));
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const outer = parsed.value;
  const inner = isJsonObject(outer.request) ? { ...outer, ...outer.request } : outer;
  const text = (names: readonly string[]) => firstText(inner, names);

  const address = text(ADDRESS);
  const ip = address === undefined ? undefined : addressOf(address);
  const request = readRequest(inner, text);
  const status = toNumber(text(STATUS));
  if (address === undefined || (request === undefined && status === undefined)) return undefined;
  return {
    timeMs: timeOf(inner, context),
    ip,
    host: ip === undefined ? address : undefined,
    vhost: text(VHOST),
    user: text(USER),
    request: request ?? readRequestLine(''),
    status,
    length: toNumber(text(LENGTH)),
    referrer: text(REFERRER) ?? headerOf(inner, 'referer'),
    userAgent: text(AGENT) ?? headerOf(inner, 'user-agent'),
    extra: undefined,
  };
}

// The first name that is there and holds something counts.
const ADDRESS = [
  'remote_addr',
  'remote_ip',
  'client_ip',
  'clientip',
  'clientIp',
  'ClientHost',
  'remoteIP',
  'remote_host',
  'remoteAddr',
  'remoteHost',
  'client',
  'c-ip',
  'ip',
  'host_ip',
];
const METHOD = ['request_method', 'RequestMethod', 'method', 'verb', 'http_method', 'requestMethod', 'cs-method'];
const TARGET = ['request_uri', 'RequestPath', 'uri', 'url', 'path', 'request_path', 'requestUri', 'cs-uri'];
const QUERY = ['args', 'query_string', 'query', 'queryString'];
const PROTOCOL = [
  'server_protocol',
  'RequestProtocol',
  'protocol',
  'proto',
  'httpversion',
  'http_version',
  'requestProtocol',
];
const STATUS = [
  'status',
  'DownstreamStatus',
  'status_code',
  'statusCode',
  'response_code',
  'response',
  'code',
  'sc-status',
];
const LENGTH = [
  'body_bytes_sent',
  'DownstreamContentSize',
  'bytes_sent',
  'bytes',
  'size',
  'response_size',
  'bytesSent',
  'length',
];
const USER = ['remote_user', 'user_id', 'ClientUsername', 'user', 'auth', 'remoteUser'];
const REFERRER = ['http_referer', 'http_referrer', 'referer', 'referrer', 'request_Referer'];
const AGENT = ['http_user_agent', 'user_agent', 'userAgent', 'agent', 'request_User-Agent', 'ua'];
const VHOST = ['http_host', 'host', 'vhost', 'server_name', 'RequestHost', 'domain'];
const TIME = [
  'time_iso8601',
  '@timestamp',
  'timestamp',
  'time',
  'msec',
  'ts',
  'time_local',
  'StartUTC',
  'date',
  'datetime',
];

function readRequest(
  inner: Record<string, unknown>,
  text: (names: readonly string[]) => string | undefined,
): RequestLine | undefined {
  if (typeof inner.request === 'string' && inner.request !== '') return readRequestLine(inner.request);
  const target = text(TARGET);
  if (target === undefined) return undefined;
  const method = text(METHOD);
  const query = text(QUERY);
  const protocol = text(PROTOCOL);
  const version = protocol?.startsWith('HTTP/') ? protocol.slice(5) : protocol;
  const whole = query === undefined || target.includes('?') ? target : `${target}?${query}`;
  return requestOf(method, whole, version, [method, whole, protocol].filter(Boolean).join(' '));
}

function timeOf(inner: Record<string, unknown>, context: NormaliseContext): number | undefined {
  for (const name of TIME) {
    const time = readAnyTime(inner[name], context);
    if (time !== undefined) return time;
  }
  return undefined;
}

function firstText(object: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '' && value !== '-') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** Caddy: `headers: { "User-Agent": ["…"] }`. */
function headerOf(inner: Record<string, unknown>, lowerName: string): string | undefined {
  if (!isJsonObject(inner.headers)) return undefined;
  for (const [name, value] of Object.entries(inner.headers)) {
    if (name.toLowerCase() !== lowerName) continue;
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : undefined;
  }
  return undefined;
}

/** The address itself, or with the port that some servers add. */
function addressOf(text: string): string | undefined {
  const direct = toAddress(text);
  if (direct !== undefined) return direct;
  const colon = text.lastIndexOf(':');
  return colon === -1 ? undefined : toAddress(text.slice(0, colon));
}

function toNumber(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
