import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import pg from 'pg';

/** A private PostgreSQL in a temporary folder, reached over a socket in that folder. */
export interface PostgresServer {
  readonly socket: string;
  createDatabase(): Promise<{ readonly name: string; readonly url: string }>;
  /** SIGKILL of the server and its backends, which would otherwise finish what they are at; nothing is flushed. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of `initdb` and `postgres`, or undefined where PostgreSQL is not installed. */
export const POSTGRES_BIN = findBinaries();

const PORT = 5432;

export async function startPostgres(): Promise<PostgresServer> {
  if (POSTGRES_BIN === undefined) throw new Error('PostgreSQL is not installed');
  const bin = POSTGRES_BIN;
  const folder = mkdtempSync(join(tmpdir(), 'btz-pg-'));
  const owner = serverOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bartizan', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder },
  );
  let server = launch();
  await ready();
  let databases = 0;

  return {
    socket: join(folder, `.s.PGSQL.${PORT}`),
    async createDatabase() {
      databases += 1;
      const name = `state_${databases}`;
      await query(`create database ${name}`);
      return { name, url: urlOf(name) };
    },
    async kill() {
      const backends = childrenOf(server.pid);
      await ended(server, 'SIGKILL');
      for (const pid of backends) killIfAlive(pid);
      while (backends.some((pid) => existsSync(`/proc/${pid}`))) await sleep(10);
    },
    async restart() {
      server = launch();
      await ready();
    },
    async stop() {
      await ended(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function launch(): ChildProcess {
    const settings = ['listen_addresses=', 'shared_buffers=16MB', 'max_connections=50', 'logging_collector=off'];
    return spawn(
      join(bin, 'postgres'),
      ['-D', data, '-k', folder, '-p', String(PORT), ...settings.flatMap((setting) => ['-c', setting])],
      { ...owner, cwd: folder, stdio: 'ignore' },
    );
  }

  async function ready(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await query('select 1');
        return;
      } catch (error) {
        if (attempt >= 150) throw error;
        // After a kill the old shared memory may still be held by dying children.
        if (server.exitCode !== null) server = launch();
        await sleep(100);
      }
    }
  }

  async function query(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: urlOf('postgres') });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  function urlOf(database: string): string {
    return `postgres://bartizan@${encodeURIComponent(folder)}:${PORT}/${database}`;
  }
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await exit;
}

/** Only of a process that this file started. */
function childrenOf(parent: number | undefined): readonly number[] {
  if (parent === undefined || !existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** Field 4 of proc(5) stat, counted from behind the name, which may hold anything. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(root, version, 'bin')), '/usr/bin', '/usr/local/bin'];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root. */
function serverOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // Not on this machine: the next one.
    }
  }
  return undefined;
}
