import type { SourceFormat } from '#model/event.ts';

/** Lines that are looked at; the kind most of them are of counts. */
const LINES = 20;
const LONGEST_LINE = 4096;

/**
 * Guesses the format of a file from its first bytes (64 KiB are plenty) and, where they say nothing, from its name.
 * A guess: whoever knows better says so.
 */
export function sniffFormat(head: Uint8Array, path: string): SourceFormat {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 65_536))
    .toString('utf8')
    .replace(/^\u{feff}/u, '')
    .trimStart();
  if (JSON_START.test(text)) return jsonFormat(text);
  const votes = new Map<SourceFormat, number>();
  for (const line of text.split('\n', LINES)) {
    const format = lineFormat(line.slice(0, LONGEST_LINE));
    if (format !== undefined) votes.set(format, (votes.get(format) ?? 0) + 1);
  }
  const [winner] = [...votes].sort(([, one], [, other]) => other - one);
  return winner?.[0] ?? formatOfName(path);
}

/** `[` also begins lines of some servers: `[20/Nov/2026:…`, `[Thu Nov 20 …`. */
const JSON_START = /^(?:\{|\[\s*[{\]["])/;

function jsonFormat(text: string): SourceFormat {
  if (LAUREL.test(text)) return 'auditd';
  if (text.includes('"__REALTIME_TIMESTAMP"') || (text.includes('"MESSAGE"') && text.includes('"_HOSTNAME"')))
    return 'journald';
  if (text.includes('"acsRegion"') || ACTIONTRAIL.test(text)) return 'actiontrail';
  if (CLOUDTRAIL.test(text) || (text.includes('"eventSource"') && text.includes('"awsRegion"'))) return 'cloudtrail';
  return isAccess(text) ? 'access' : 'json';
}

const LAUREL = /^\{\s*"ID"\s*:\s*"\d+\.\d+:\d+"/;
const ACTIONTRAIL =
  /"serviceName"\s*:[\s\S]{0,4000}"sourceIpAddress"|"sourceIpAddress"\s*:[\s\S]{0,4000}"serviceName"|\.aliyuncs\.com"[\s\S]{0,4000}"userIdentity"/;
const CLOUDTRAIL = /"eventSource"\s*:\s*"[\w.-]{1,64}\.amazonaws\.com"|"CloudTrailEvent"\s*:/;

/** An address, a request and a status under their usual names. */
function isAccess(text: string): boolean {
  const first = text.slice(0, 16_384);
  const has = (names: readonly string[]) => names.some((name) => first.includes(`"${name}"`));
  return (
    has(['remote_addr', 'remote_ip', 'client_ip', 'clientip', 'ClientHost', 'remoteAddr', 'remote_host', 'c-ip']) &&
    has(['request', 'request_uri', 'RequestPath', 'uri', 'request_method', 'url', 'path']) &&
    has(['status', 'DownstreamStatus', 'status_code', 'statusCode', 'response'])
  );
}

function lineFormat(line: string): SourceFormat | undefined {
  if (AUDIT.test(line)) return 'auditd';
  if (ACCESS.test(line)) return 'access';
  return SYSLOG.test(line) ? 'syslog' : undefined;
}

const AUDIT = /^(?:node=\S{1,255} )?type=\S{1,64} msg=audit\(\d{1,11}\.\d{1,3}:\d{1,20}\)/;
const ACCESS = /^\S{1,255} [^"[]{0,600}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d/;
const SYSLOG =
  /^(?:<\d{1,3}>(?:1 )?)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/;

/** For empty files and what is of no known kind. */
function formatOfName(path: string): SourceFormat {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  if (name.includes('cloudtrail')) return 'cloudtrail';
  if (name.includes('actiontrail')) return 'actiontrail';
  if (/audit(?:d)?\.log/.test(name) || lower.includes('/audit/')) return 'auditd';
  if (/access|nginx|apache|httpd/.test(name) || /\/(?:nginx|apache2|httpd)\//.test(lower)) return 'access';
  if (/journal/.test(name)) return 'journald';
  return /\.(?:json|ndjson|jsonl)(?:\.|$)/.test(name) ? 'json' : 'syslog';
}
