import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BartizanError } from '#kit/errors.ts';

/** "BTZJ": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x42545a4a;
const SCHEMA_VERSION = 1;
const PAGE_BYTES = 8192;
/** There is one writer; it waits only for readers, and only when the write-ahead log has grown too long. */
const WRITER_TIMEOUT_MS = 250;
const READER_TIMEOUT_MS = 5_000;

const SCHEMA = `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    received INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    dropped TEXT NOT NULL,
    last_received_ms INTEGER NOT NULL,
    cursor TEXT
  ) STRICT;
  CREATE TABLE batch (
    sequence INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    format TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    records INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL,
    senders_bytes INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
`;

/** Opens the journal for writing and makes it when there is none (mode 0600). Throws BTZ_JOURNAL_UNREADABLE, BTZ_JOURNAL_UNWRITABLE or BTZ_DISK_FULL. */
export function openForWriting(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: WRITER_TIMEOUT_MS });
    const isNew = number(database, 'PRAGMA page_count') === 0;
    database.exec('PRAGMA synchronous = FULL');
    // The tables come before WAL mode: a kill in between leaves an empty file or a whole journal, nothing else.
    if (isNew) create(database);
    else checkIdentity(database, path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000');
    return database;
  } catch (thrown) {
    closeQuietly(database);
    throw journalError(thrown, path);
  }
}

/** Opens an existing journal read-only, beside its writer. Throws BTZ_JOURNAL_UNREADABLE. */
export function openForReading(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: READER_TIMEOUT_MS });
    checkIdentity(database, path);
    return database;
  } catch (thrown) {
    closeQuietly(database);
    throw journalError(thrown, path, 'BTZ_JOURNAL_UNREADABLE');
  }
}

/** Gives what SQLite or the file system threw one of the journal's codes. */
export function journalError(
  thrown: unknown,
  path: string,
  otherwise: 'BTZ_JOURNAL_UNREADABLE' | 'BTZ_JOURNAL_UNWRITABLE' = 'BTZ_JOURNAL_UNWRITABLE',
): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const {
    errcode = 0,
    code = '',
    message = String(thrown),
  } = thrown as { errcode?: number; code?: string; message?: string };
  if (errcode === SQLITE_FULL || errcode === SQLITE_IOERR_SHMSIZE || code === 'ENOSPC' || code === 'EDQUOT')
    return new BartizanError('BTZ_DISK_FULL', { directory: path.replace(/\/[^/]*$/, '') || '/' }, { cause: thrown });
  const primary = errcode & 0xff;
  const unreadable = primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
  return new BartizanError(
    unreadable ? 'BTZ_JOURNAL_UNREADABLE' : otherwise,
    { path, problem: message },
    { cause: thrown },
  );
}

const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** The shared index of the write-ahead log could not grow. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** A pragma or query whose answer is one number. */
export function number(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql).get();
  return Number(row ? Object.values(row)[0] : 0);
}

function create(database: DatabaseSync): void {
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
  database.exec(
    `BEGIN IMMEDIATE; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
  );
}

function checkIdentity(database: DatabaseSync, path: string): void {
  if (number(database, 'PRAGMA application_id') !== APPLICATION_ID)
    throw new BartizanError('BTZ_JOURNAL_UNREADABLE', { path, problem: 'it is another program’s database' });
  const version = number(database, 'PRAGMA user_version');
  if (version !== SCHEMA_VERSION)
    throw new BartizanError('BTZ_JOURNAL_UNREADABLE', {
      path,
      problem: `it has version ${version}, this program reads ${SCHEMA_VERSION}`,
    });
}

function closeQuietly(database: DatabaseSync | undefined): void {
  if (database?.isOpen) database.close();
}
