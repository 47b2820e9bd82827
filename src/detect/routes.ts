import type { Route } from '@bartizan/sigma';
import { type Event, type LogSource, OCSF_CLASS } from '#model/event.ts';

/** A kind of event that rules are chosen by: its log source, and for auditd also what happened. */
export type RouteKey = LogSource | 'auditd/process' | 'auditd/file' | 'auditd/network';

/** The route that an event takes. */
export function routeKeyOf(event: Event): RouteKey {
  if (event.source !== 'auditd') return event.source;
  // A process that is traced or ended is not one that starts.
  if (event.class_uid === OCSF_CLASS.processActivity) return event.activity_id === LAUNCH ? 'auditd/process' : 'auditd';
  if (event.class_uid === OCSF_CLASS.fileActivity) return 'auditd/file';
  return event.class_uid === OCSF_CLASS.networkActivity ? 'auditd/network' : 'auditd';
}

/** OCSF process activity. */
const LAUNCH = 1;

interface Accepted {
  readonly product?: readonly string[];
  readonly service?: readonly string[];
  readonly category?: readonly string[];
}

/** A `logsource` applies when each part that it names is listed here; `auth` and `syslog` are how distributions name the file. */
const ACCEPTED: Readonly<Record<RouteKey, Accepted>> = {
  sshd: { product: ['linux'], service: ['sshd', 'auth', 'syslog'] },
  sudo: { product: ['linux'], service: ['sudo', 'auth', 'syslog'] },
  su: { product: ['linux'], service: ['su', 'auth', 'syslog'] },
  account: { product: ['linux'], service: ['account', 'auth', 'syslog'] },
  syslog: { product: ['linux'], service: ['syslog', 'auth', 'cron', 'clamav', 'vsftpd', 'guacamole'] },
  nginx: { product: ['nginx'], service: ['nginx', 'access'], category: ['webserver'] },
  apache: { product: ['apache'], service: ['apache', 'access'], category: ['webserver'] },
  auditd: { product: ['linux'], service: ['auditd'] },
  'auditd/process': { product: ['linux'], service: ['auditd'], category: ['process_creation'] },
  'auditd/file': { product: ['linux'], service: ['auditd'], category: ['file_event', 'file_access', 'file_change'] },
  'auditd/network': { product: ['linux'], service: ['auditd'], category: ['network_connection'] },
  cloudtrail: { product: ['aws'], service: ['cloudtrail'] },
  actiontrail: { product: ['alibabacloud', 'aliyun'], service: ['actiontrail'] },
  kubernetes: { product: ['kubernetes'], service: ['audit'], category: ['application'] },
  docker: { product: ['docker'], service: ['dockerd', 'events'] },
  postgresql: { product: ['postgresql', 'postgres'], service: ['postgresql'], category: ['database'] },
  mysql: { product: ['mysql', 'mariadb'], service: ['mysql'], category: ['database'] },
  json: { product: ['json'] },
};

const WEB_FIELDS: Readonly<Record<string, string>> = {
  'cs-method': 'http_request.http_method',
  'cs-uri': 'http_request.url.text',
  'c-uri': 'http_request.url.text',
  'cs-uri-stem': 'http_request.url.path',
  'cs-uri-path': 'http_request.url.path',
  'cs-uri-query': 'http_request.url.query_string',
  'c-uri-query': 'http_request.url.query_string',
  'cs-user-agent': 'http_request.user_agent',
  'c-useragent': 'http_request.user_agent',
  'cs-referer': 'http_request.referrer',
  'cs-referrer': 'http_request.referrer',
  'cs-host': 'http_request.url.hostname',
  'cs-version': 'http_request.version',
  'cs-username': 'user.name',
  'c-ip': 'src_endpoint.ip',
  'sc-status': 'http_response.code',
  'sc-bytes': 'http_response.length',
};

const PROCESS_FIELDS: Readonly<Record<string, string>> = {
  Image: 'process.path',
  CommandLine: 'process.cmd_line',
  ProcessId: 'process.pid',
  ParentImage: 'process.parent_process.path',
  ParentCommandLine: 'process.parent_process.cmd_line',
  ParentProcessId: 'process.parent_process.pid',
  User: 'user.name',
  LogonId: 'unmapped.ses',
  CurrentDirectory: 'unmapped.cwd',
  TargetFilename: 'file.path',
  DestinationIp: 'dst_endpoint.ip',
  DestinationPort: 'dst_endpoint.port',
  DestinationHostname: 'dst_endpoint.hostname',
  SourceIp: 'src_endpoint.ip',
};

/** The auditor’s own names that begin like OCSF’s; the other way round, OCSF’s user is in `actor.user`. */
const KUBERNETES_FIELDS: Readonly<Record<string, string>> = {
  'user.username': 'unmapped.user.username',
  'user.uid': 'unmapped.user.uid',
  'user.groups': 'unmapped.user.groups',
};

const FIELDS: Readonly<Partial<Record<RouteKey, Readonly<Record<string, string>>>>> = {
  nginx: WEB_FIELDS,
  apache: WEB_FIELDS,
  auditd: PROCESS_FIELDS,
  'auditd/process': PROCESS_FIELDS,
  'auditd/file': PROCESS_FIELDS,
  'auditd/network': PROCESS_FIELDS,
  kubernetes: KUBERNETES_FIELDS,
};

/** First words of OCSF paths; with a dot after them they are never a source's own field. */
const OCSF_OBJECTS = new Set([
  'device',
  'user',
  'actor',
  'src_endpoint',
  'dst_endpoint',
  'process',
  'file',
  'http_request',
  'http_response',
  'api',
  'cloud',
  'database',
  'query_info',
  'unmapped',
]);

/** OCSF attributes that stand alone. */
const OCSF_ATTRIBUTES = new Set([
  'class_uid',
  'activity_id',
  'severity_id',
  'status_id',
  'status_detail',
  'message',
  'auth_protocol',
  'raw',
]);

/**
 * How Sigma reaches an event of each log source: which `logsource` blocks apply to it, and where a field of that log
 * source lives. Three kinds of names work in every rule: the names that Sigma's taxonomy gives to the log source
 * (`cs-uri-query`, `CommandLine`), OCSF paths (`src_endpoint.ip`), and the source's own names (`eventName`, `exe`).
 */
export const ROUTES: Readonly<Record<RouteKey, Route>> = Object.fromEntries(
  (Object.keys(ACCEPTED) as RouteKey[]).map((key) => [key, route(key)]),
) as Record<RouteKey, Route>;

/** The value of a field under the names that rules use; lists on the way answer their first item. */
export function fieldValue(key: RouteKey, field: string, event: Event): unknown {
  let value: unknown = event;
  for (const name of ROUTES[key].path(field)) {
    if (Array.isArray(value)) value = value[0];
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function route(key: RouteKey): Route {
  const accepted = ACCEPTED[key];
  const fields = FIELDS[key] ?? {};
  return {
    accepts: (logsource) =>
      allows(accepted.product, logsource.product) &&
      allows(accepted.service, logsource.service) &&
      allows(accepted.category, logsource.category) &&
      isNamed(logsource),
    path: (field) => pathOf(fields, field),
    keywords: [['raw']],
  };
}

function allows(listed: readonly string[] | undefined, named: string | undefined): boolean {
  return named === undefined || (listed?.includes(named.toLowerCase()) ?? false);
}

/** A rule that names no log source at all would run on everything: that is never meant. */
function isNamed(logsource: { product?: string; service?: string; category?: string }): boolean {
  return logsource.product !== undefined || logsource.service !== undefined || logsource.category !== undefined;
}

function pathOf(fields: Readonly<Record<string, string>>, field: string): readonly string[] {
  if (Object.hasOwn(fields, field)) return (fields[field] as string).split('.');
  const parts = field.split('.');
  const first = parts[0] as string;
  if (parts.length > 1 ? OCSF_OBJECTS.has(first) : OCSF_ATTRIBUTES.has(first)) return parts;
  return ['unmapped', ...parts];
}
