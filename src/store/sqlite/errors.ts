import { dirname } from 'node:path';

import { BartizanError } from '#kit/errors.ts';

/** Gives what SQLite threw its code. Result codes: https://www.sqlite.org/rescode.html */
export function fromSqliteError(thrown: unknown, path: string): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const problem = thrown instanceof Error ? thrown.message : String(thrown);
  const extended = (thrown as { errcode?: unknown }).errcode;
  const code = typeof extended === 'number' ? extended & 0xff : undefined;
  const cause = { cause: thrown };
  if (extended === UNIQUE || extended === PRIMARY_KEY) {
    return new BartizanError('BTZ_ALREADY_EXISTS', { what: 'an entry with this name or identifier' }, cause);
  }
  if (code === FULL || extended === IOERR_SHMSIZE)
    return new BartizanError('BTZ_DISK_FULL', { directory: dirname(path) }, cause);
  if (code !== undefined && OUT_OF_REACH.has(code)) {
    return new BartizanError('BTZ_STATE_UNAVAILABLE', { problem: `${path}: ${problem}` }, cause);
  }
  return new BartizanError('BTZ_INTERNAL', { problem }, cause);
}

/** Another process holds the write lock. */
export function isBusy(thrown: unknown): boolean {
  const cause = thrown instanceof BartizanError ? thrown.cause : thrown;
  const extended = (cause as { errcode?: unknown } | undefined)?.errcode;
  return typeof extended === 'number' && (extended & 0xff) === BUSY;
}

const BUSY = 5;
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;
const FULL = 13;
/** The shared index of the write-ahead log could not grow. */
const IOERR_SHMSIZE = 4874;
/** PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, CANTOPEN, PROTOCOL, NOTADB */
const OUT_OF_REACH: ReadonlySet<number> = new Set([3, 5, 6, 8, 10, 11, 14, 15, 26]);
