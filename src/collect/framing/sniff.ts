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
  if (KUBERNETES.test(text.slice(0, 16_384))) return 'kubernetes';
  if (text.includes('"acsRegion"') || ACTIONTRAIL.test(text)) return 'actiontrail';
  if (CLOUDTRAIL.test(text) || (text.includes('"eventSource"') && text.includes('"awsRegion"'))) return 'cloudtrail';
  if (isAccess(text)) return 'access';
  if (RDS_AUDIT.test(text)) return /"fail"\s*:\s*"0000"/.test(text) ? 'postgresql' : 'mysql';
  if (POSTGRES_JSON.test(text)) return 'postgresql';
  if (MYSQL_JSON.test(text)) return 'mysql';
  return DOCKER.test(text) ? 'docker' : 'json';
}

const KUBERNETES =
  /"apiVersion"\s*:\s*"audit\.k8s\.io\/|\\?"auditID\\?"\s*:[\s\S]{0,8000}\\?"(?:stage|requestURI)\\?"\s*:/;
const RDS_AUDIT = /"__topic__"\s*:\s*"rds_audit_log"/;
const POSTGRES_JSON = /^\{"timestamp":"[^"]{19,40}"[\s\S]{0,2000}"error_severity":/;
const MYSQL_JSON =
  /^(?:\[\s*)?\{\s*(?:"audit_record"\s*:|"timestamp"\s*:\s*"[^"]{19,40}",\s*"id"\s*:\s*\d{1,20},\s*"class"\s*:|"prio"\s*:)/;
/** The engine’s events, and what the json-file driver keeps of a container’s output. */
const DOCKER =
  /^\{(?:"log":"[\s\S]{0,4000}"stream":"std(?:out|err)"|[\s\S]{0,600}"Type":"(?:container|image|network|volume|daemon|plugin)")/;
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
  if (DOCKERD.test(line)) return 'docker';
  if (MYSQL.test(line)) return 'mysql';
  if (POSTGRES.test(line)) return 'postgresql';
  return SYSLOG.test(line) ? 'syslog' : undefined;
}

const AUDIT = /^(?:node=\S{1,255} )?type=\S{1,64} msg=audit\(\d{1,11}\.\d{1,3}:\d{1,20}\)/;
const ACCESS = /^\S{1,255} [^"[]{0,600}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d/;
const DOCKERD = /^time="\d{4}-\d\d-\d\d[^"]{0,40}" level=\w{4,8} msg=/;
/** The error log, the general log and server_audit. */
const MYSQL =
  /^(?:\d{4}-\d\d-\d\d[T ]{1,2} ?\d{1,2}:\d\d:\d\d(?:\.\d{1,6}Z)?|\d{6} {1,2}\d{1,2}:\d\d:\d\d)\s{1,8}(?:\d{1,20} )?(?:\[(?:Note|Warning|ERROR|System)\]|(?:Query|Connect|Quit|Init DB)\s)|^\d{8} \d\d:\d\d:\d\d,[^,]{1,255},|^\d{16},[^,]{1,255},[^,]{0,128},/;
/** A severity as only this server spells it, behind a stamp or a client and a stamp. */
const POSTGRES =
  /^(?:\S{1,64} )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3,6})? [A-Z+\d:-]{1,6}(?:.{0,400}(?:LOG|FATAL|ERROR|DETAIL|STATEMENT|HINT|WARNING|日志|致命错误|错误): {2}|,(?:"[^"]{0,63}")?,(?:"[^"]{0,63}")?,\d{1,10},)/;
const SYSLOG =
  /^(?:<\d{1,3}>(?:1 )?)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/;

/** For empty files and what is of no known kind. */
function formatOfName(path: string): SourceFormat {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  if (name.includes('cloudtrail')) return 'cloudtrail';
  if (name.includes('actiontrail')) return 'actiontrail';
  if (/kube|k8s|\/rke2?\/|\/k3s\//.test(lower) && name.includes('audit')) return 'kubernetes';
  if (name.endsWith('-json.log') && lower.includes('/containers/')) return 'docker';
  if (/postgres|\/pgsql\//.test(lower)) return 'postgresql';
  if (/mysql|mariadb|server_audit/.test(lower)) return 'mysql';
  if (/audit(?:d)?\.log/.test(name) || lower.includes('/audit/')) return 'auditd';
  if (/access|nginx|apache|httpd/.test(name) || /\/(?:nginx|apache2|httpd)\//.test(lower)) return 'access';
  if (/journal/.test(name)) return 'journald';
  return /\.(?:json|ndjson|jsonl)(?:\.|$)/.test(name) ? 'json' : 'syslog';
}
