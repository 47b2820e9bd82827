import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framerOf } from '#collect/framing/index.ts';
import type { Event } from '#model/event.ts';
import { normaliseBatch } from '../index.ts';

const ROOT = '/usr/lib/postgresql';
const version = existsSync(ROOT)
  ? readdirSync(ROOT)
      .filter((name) => Number(name) >= 15)
      .sort()
      .at(-1)
  : undefined;
const bin = version === undefined ? '' : join(ROOT, version, 'bin');

const PREFIXES: readonly (readonly [name: string, prefix: string])[] = [
  ['Debian’s', '%m [%p] %q%u@%d '],
  ['its default', '%m [%p] '],
  ['of managed services', '%t:%r:%u@%d:[%p]:'],
  ['for reports', '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h '],
  ['with the client first', '%h %m [%p] %q%u@%d '],
];

describe.skipIf(version === undefined)('a PostgreSQL server (skipped where version 15 or later is absent)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'btz-pglog-'));
  const owner = process.getuid?.() === 0 ? ownerOf('postgres') : undefined;
  const port = 20_000 + (process.pid % 20_000);
  let server: ChildProcess;

  const connect = async (user: string, password?: string, statement = 'select 1') => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres', ssl: false });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(statement);
      return true;
    } catch {
      return false;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const data = join(folder, 'data');
    execFileSync(
      join(bin, 'initdb'),
      ['-D', data, '-U', 'boss', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      {
        ...owner,
        cwd: folder,
      },
    );
    writeFileSync(
      join(data, 'pg_hba.conf'),
      'host all boss 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
    );
    const settings = [
      'listen_addresses=127.0.0.1',
      'logging_collector=on',
      `log_directory=${folder}`,
      'log_filename=pg.log',
      'log_destination=stderr,csvlog,jsonlog',
      'log_connections=on',
      'log_statement=all',
      'log_timezone=UTC',
      'shared_buffers=16MB',
    ];
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-k', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...owner, cwd: folder, stdio: 'ignore' },
    );
    expect(await until(() => connect('boss'))).toBe(true);
    for (const [name, prefix] of PREFIXES) {
      await connect('boss', undefined, `alter system set log_line_prefix = '${prefix}'`);
      await connect('boss', undefined, 'select pg_reload_conf()');
      const isRead = `select 1 / (current_setting('log_line_prefix') = '${prefix}')::int`;
      expect(await until(() => connect('boss', undefined, isRead)), `${name}: its prefix is read anew`).toBe(true);
      expect(await connect('boss', undefined, `select '${name}',\n  'two lines'`)).toBe(true);
      expect(await connect('mallory x', 'wrong')).toBe(false);
    }
    const refusals = (file: string) =>
      readFileSync(join(folder, file), 'utf8').split('authentication failed').length - 1;
    for (const file of ['pg.log', 'pg.csv', 'pg.json'])
      expect(await until(async () => refusals(file) >= PREFIXES.length), `${file} is written`).toBe(true);
  }, 60_000);

  afterAll(async () => {
    const exit = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await exit;
    rmSync(folder, { recursive: true });
  });

  const eventsOf = (file: string): Event[] => {
    const framer = framerOf('postgresql');
    const batches = [framer.push(readFileSync(join(folder, file))), framer.end()];
    const input = { stream: `file:${file}`, format: 'postgresql' as const, receivedMs: Date.now() };
    return batches.flatMap((batch, index) => normaliseBatch({ ...input, ...batch, sequence: index + 1 }, 0));
  };

  it.each(['pg.log', 'pg.csv', 'pg.json'])('tells in %s who was refused, from where', (file) => {
    const refused = eventsOf(file).filter((event) => event.unmapped.action === 'auth_failed');
    expect(refused).toHaveLength(PREFIXES.length);
    for (const event of refused) {
      expect(event).toMatchObject({
        class_uid: 3002,
        status_id: 2,
        user: { name: 'mallory x' },
        src_endpoint: { ip: '127.0.0.1' },
        auth_protocol: 'password',
      });
      expect(Math.abs(event.time - Date.now())).toBeLessThan(60_000);
    }
  });

  it.each(['pg.log', 'pg.csv', 'pg.json'])('tells in %s who signed in, and what he ran, whole', (file) => {
    const events = eventsOf(file);
    const signedIn = events.filter((event) => event.unmapped.action === 'auth_succeeded');
    expect(signedIn.length).toBeGreaterThanOrEqual(PREFIXES.length);
    expect(new Set(signedIn.map((event) => event.user?.name))).toEqual(new Set(['boss']));
    const shapes = events.filter((event) => event.unmapped.shape === "select '', ''");
    expect(shapes).toHaveLength(PREFIXES.length);
    for (const event of shapes) expect(event.query_info?.query_string).toContain('two lines');
    expect(events.filter(({ unmapped }) => unmapped.severity === undefined)).toEqual([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (await holds()) return true;
    await sleep(100);
  }
  return false;
}

function ownerOf(name: string): { uid: number; gid: number } | undefined {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  return entry === undefined ? undefined : { uid: Number(entry[2]), gid: Number(entry[3]) };
}
