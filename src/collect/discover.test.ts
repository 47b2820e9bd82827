import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discoverSources } from './discover.ts';

describe('the logs of a machine', () => {
  let root = '';
  const make = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bartizan-discover-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are found with their formats, one for each site', () => {
    for (const path of [
      '/var/log/auth.log',
      '/var/log/nginx/access.log',
      '/var/log/nginx/shop-access.log',
      '/var/log/nginx/error.log',
      '/www/wwwlogs/shop.cn.log',
      '/www/wwwlogs/shop.cn.error.log',
      '/var/log/audit/audit.log',
      '/var/log/postgresql/postgresql-15-main.log',
      '/var/log/mysql/error.log',
      '/var/log/kubernetes/audit.log',
    ])
      make(path);
    expect(discoverSources(root).map(({ path, format }) => [path.slice(root.length), format])).toEqual([
      ['/var/log/auth.log', 'syslog'],
      ['/var/log/audit/audit.log', 'auditd'],
      ['/var/log/nginx/access.log', 'access'],
      ['/var/log/kubernetes/audit.log', 'kubernetes'],
      ['/var/log/mysql/error.log', 'mysql'],
      ['/var/log/nginx/shop-access.log', 'access'],
      ['/www/wwwlogs/shop.cn.log', 'access'],
      ['/var/log/postgresql/postgresql-15-main.log', 'postgresql'],
    ]);
  });

  it('take journald only where no file carries the same messages', () => {
    make('/run/systemd/journal/socket');
    expect(discoverSources(root).map(({ kind }) => kind)).toEqual(['journald']);
    make('/var/log/auth.log');
    expect(discoverSources(root).map(({ kind }) => kind)).toEqual(['file']);
  });

  it('are none on an empty machine', () => {
    expect(discoverSources(root)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'say what to do when they cannot be read (skipped: root reads everything)',
    () => {
      make('/var/log/auth.log');
      chmodSync(join(root, '/var/log/auth.log'), 0);
      expect(discoverSources(root)[0]?.isReadable).toBe(false);
    },
  );
});
