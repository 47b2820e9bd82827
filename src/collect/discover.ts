import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFormat } from '#model/event.ts';

/** A log that this machine keeps, and whether this user may read it. */
export interface FoundSource {
  readonly kind: 'file' | 'journald';
  /** Empty for journald. */
  readonly path: string;
  readonly format: SourceFormat;
  readonly isReadable: boolean;
}

const LOGS: readonly (readonly [path: string, format: SourceFormat])[] = [
  ['/var/log/auth.log', 'syslog'],
  ['/var/log/secure', 'syslog'],
  ['/var/log/audit/audit.log', 'auditd'],
  ['/var/log/nginx/access.log', 'access'],
  ['/var/log/apache2/access.log', 'access'],
  ['/var/log/httpd/access_log', 'access'],
  ['/var/log/kubernetes/audit.log', 'kubernetes'],
  ['/var/log/kubernetes/audit/audit.log', 'kubernetes'],
  ['/var/log/kubernetes/kubernetes.audit', 'kubernetes'],
  ['/var/log/kube-apiserver/audit.log', 'kubernetes'],
  ['/var/lib/rancher/rke2/server/logs/audit.log', 'kubernetes'],
  ['/var/lib/rancher/k3s/server/logs/audit.log', 'kubernetes'],
  ['/var/log/docker.log', 'docker'],
  ['/var/log/mysql/error.log', 'mysql'],
  ['/var/log/mysqld.log', 'mysql'],
  ['/var/log/mariadb/mariadb.log', 'mysql'],
  ['/var/lib/mysql/server_audit.log', 'mysql'],
];

/** Folders with a log per site, cluster or day, and how those are called. */
const FOLDERS: readonly (readonly [folder: string, name: RegExp, format: SourceFormat])[] = [
  ['/var/log/nginx', /^[\w.-]*access[\w.-]*\.log$/, 'access'],
  ['/var/log/apache2', /^[\w.-]*access[\w.-]*\.log$/, 'access'],
  // Where a widely used hosting panel in China keeps the access logs of its sites.
  ['/www/wwwlogs', /^(?!.*error)[\w.-]+\.log$/, 'access'],
  ['/var/log/postgresql', /^postgresql[\w.-]*\.(?:log|csv|json)$/, 'postgresql'],
  ['/var/lib/pgsql/data/log', /^postgresql[\w.-]*\.(?:log|csv|json)$/, 'postgresql'],
  ['/var/lib/pgsql/data/pg_log', /^postgresql[\w.-]*\.(?:log|csv|json)$/, 'postgresql'],
  // The databases of the same panel.
  ['/www/server/data', /^[\w.-]+\.err$/, 'mysql'],
  ['/www/server/pgsql/logs', /^[\w.-]+\.log$/, 'postgresql'],
];

/** Looks for the logs that this machine has. journald is taken where no syslog file carries the same messages. */
export function discoverSources(root = '/'): readonly FoundSource[] {
  const files = new Map<string, SourceFormat>();
  for (const [path, format] of LOGS) if (existsSync(join(root, path))) files.set(join(root, path), format);
  for (const [folder, name, format] of FOLDERS) {
    for (const entry of entriesOf(join(root, folder)))
      if (name.test(entry)) files.set(join(root, folder, entry), format);
  }
  const found = [...files].map(
    ([path, format]): FoundSource => ({ kind: 'file', path, format, isReadable: isReadable(path) }),
  );
  const hasSyslogFile = found.some((file) => file.format === 'syslog' && file.isReadable);
  const isJournalKept = existsSync(join(root, 'run/systemd/journal/socket'));
  if (isJournalKept && !hasSyslogFile) found.push({ kind: 'journald', path: '', format: 'journald', isReadable: true });
  return found;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
