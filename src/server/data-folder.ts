import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newSecret } from '#access/secrets.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';

/** The one folder that a centre lives in: everything it keeps is below, and only one process may use it. */
export interface DataFolder {
  readonly path: string;
  readonly stateFile: string;
  readonly journalFile: string;
  readonly lakeFolder: string;
  readonly evidenceFolder: string;
  readonly evidenceKeyFile: string;
  release(): void;
}

/** `/var/lib/bartizan` for root, else in the owner's home. */
export function defaultDataFolder(): string {
  return process.getuid?.() === 0
    ? '/var/lib/bartizan'
    : join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'bartizan');
}

/**
 * Takes the folder for this process. The lock is the kernel's, held by an open SQLite transaction: it ends with the
 * process, whatever ended it. Throws BTZ_DATA_IN_USE, BTZ_DATA_UNWRITABLE, BTZ_DISK_FULL.
 */
export function takeDataFolder(path: string): DataFolder {
  // Whatever is made from here on is the owner's alone: hashes, alerts, raw logs.
  process.umask(0o077);
  let lock: DatabaseSync;
  try {
    makeFolder(path);
    lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  } catch (thrown) {
    throw unwritable(thrown, path);
  }
  try {
    // Not WAL: in the rollback journal an exclusive transaction keeps others from even opening one.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (isLocked(thrown)) throw new BartizanError('BTZ_DATA_IN_USE', { directory: path, pid: readPid(path) });
    throw unwritable(thrown, path);
  }
  try {
    writeFileSync(join(path, 'pid'), `${process.pid}\n`);
  } catch (thrown) {
    lock.close();
    throw unwritable(thrown, path);
  }
  return {
    path,
    stateFile: join(path, 'state.db'),
    journalFile: join(path, 'journal.db'),
    lakeFolder: join(path, 'lake'),
    evidenceFolder: join(path, 'evidence'),
    evidenceKeyFile: join(path, 'evidence.key'),
    release: () => lock.close(),
  };
}

/** Throws BTZ_DATA_IN_USE when a centre runs on that folder. Changes nothing. */
export function refuseIfInUse(path: string): void {
  const file = join(path, 'lock');
  if (!existsSync(file)) return;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE; ROLLBACK');
  } catch (thrown) {
    if (isLocked(thrown)) throw new BartizanError('BTZ_DATA_IN_USE', { directory: path, pid: readPid(path) });
    // Whatever else is wrong with it is said when it is taken.
  } finally {
    lock?.close();
  }
}

function isLocked(thrown: unknown): boolean {
  return /locked|busy/i.test(String(thrown));
}

/** Where a running centre answers, and the secret with which the local command line may ask it. */
export interface LocalAccess {
  readonly url: string;
  readonly secret: string;
}

/** Leaves it for the command line: readable by the owner of the folder alone. Throws BTZ_DATA_UNWRITABLE, BTZ_DISK_FULL. */
export function publishLocalAccess(path: string, url: string): LocalAccess {
  const access: LocalAccess = { url, secret: newSecret() };
  try {
    writeFileSync(join(path, 'local-access.json'), JSON.stringify(access), { mode: 0o600 });
  } catch (thrown) {
    throw unwritable(thrown, path);
  }
  return access;
}

/** @returns undefined when no centre has run on that folder. */
export function readLocalAccess(path: string): LocalAccess | undefined {
  try {
    return JSON.parse(readFileSync(join(path, 'local-access.json'), 'utf8')) as LocalAccess;
  } catch {
    return undefined;
  }
}

/** Not `recursive`: on /proc that one tries for ever. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw thrown;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

function unwritable(thrown: unknown, directory: string): BartizanError {
  const { code, errcode } = thrown as { code?: string; errcode?: number };
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL;
  return toBartizanError(thrown, isFull ? 'BTZ_DISK_FULL' : 'BTZ_DATA_UNWRITABLE', { directory });
}

const SQLITE_FULL = 13;

function readPid(path: string): string {
  try {
    return readFileSync(join(path, 'pid'), 'utf8').trim();
  } catch {
    return '?';
  }
}
