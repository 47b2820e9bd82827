import type { Event } from '#model/event.ts';
import { readWebMessage } from '../../access/index.ts';
import type { NormaliseContext } from '../../normaliser.ts';
import type { SyslogHeader } from '../header.ts';

/** How web servers call themselves when they log to syslog (`access_log syslog:server=…`, `CustomLog "|logger -t httpd"`). */
const SERVERS: ReadonlySet<string> = new Set([
  'nginx',
  'nginx_access',
  'nginx-access',
  'openresty',
  'tengine',
  'caddy',
  'traefik',
  'apache',
  'apache2',
  'apache_access',
  'httpd',
]);

/** A line of an access or error log behind a syslog header; `undefined` for what the server says of itself, and for others. */
export function readWeb(header: SyslogHeader, record: string, context: NormaliseContext): Event | undefined {
  const { program, hostname, message } = header;
  if (program === undefined || !SERVERS.has(program)) return undefined;
  const source = program.startsWith('apache') || program === 'httpd' ? 'apache' : 'nginx';
  const event = readWebMessage(message, record, source, context);
  if (event !== undefined && hostname !== undefined) event.device = { hostname };
  return event;
}
