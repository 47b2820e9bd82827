import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
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
 * process, whatever ended it. Throws BTZ_DATA_IN_USE, BTZ_DATA_UNWRITABLE.
 */
export function takeDataFolder(path: string): DataFolder {
  let lock: DatabaseSync;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_DATA_UNWRITABLE', { directory: path });
  }
  try {
    // Not WAL: in the rollback journal an exclusive transaction keeps others from even opening one.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (/locked|busy/i.test(String(thrown)))
      throw new BartizanError('BTZ_DATA_IN_USE', { directory: path, pid: readPid(path) });
    throw toBartizanError(thrown, 'BTZ_DATA_UNWRITABLE', { directory: path });
  }
  writeFileSync(join(path, 'pid'), `${process.pid}\n`);
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

/** Where a running centre answers, and the secret with which the local command line may ask it. */
export interface LocalAccess {
  readonly url: string;
  readonly secret: string;
}

/** Leaves it for the command line: readable by the owner of the folder alone. */
export function publishLocalAccess(path: string, url: string): LocalAccess {
  const access: LocalAccess = { url, secret: newSecret() };
  writeFileSync(join(path, 'local-access.json'), JSON.stringify(access), { mode: 0o600 });
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

/** Bytes left on the disk of a folder, for an ordinary user. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function readPid(path: string): string {
  try {
    return readFileSync(join(path, 'pid'), 'utf8').trim();
  } catch {
    return '?';
  }
}
