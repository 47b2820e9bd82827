import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { BartizanError } from '#kit/errors.ts';

/** A log and its rotated files as they were at one moment, open for reading. The caller closes them. */
export interface Listing {
  /** The one that was written to last at the end. */
  readonly rotated: readonly ListedFile[];
  /** The file of that name itself. */
  readonly current: number | undefined;
  /** When the packed ones were last written to, before they were packed; without those that are still being packed. */
  readonly packedNs: readonly bigint[];
  /** Whether all names lead to the same files still. */
  isStill(): boolean;
}

export interface ListedFile extends Age {
  readonly file: number;
}

interface Age {
  readonly writtenNs: bigint;
  /** `1` of `auth.log.1`. */
  readonly number: number;
}

/** The names in a folder; throws what the file system says. */
export type NamesOf = (folder: string) => readonly string[];

/** A rotation renames a few files within a millisecond. */
export const MOST_TRIES = 50;

/**
 * Opens a log and its rotated files. Renaming them takes a rotation several steps, and whoever looks in the middle finds
 * one file twice or not at all: so it is looked again until all names lead to the same files before and after opening.
 *
 * @param namesOf How a folder is listed; tests rotate in between.
 * @throws what the file system says when the log is there and cannot be opened; BTZ_INPUT_UNREADABLE when the names never
 * come to rest.
 */
export function openListing(path: string, namesOf: NamesOf = readdirSync): Listing {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = findFiles(path, namesOf);
    const opened = openAll(path, before);
    const isStill = () => isDeepStrictEqual(findFiles(path, namesOf).inodes, before.inodes);
    const files = [...opened.rotated, ...(opened.current ? [opened.current] : [])];
    if (files.every(({ suffix, inode }) => before.inodes.get(suffix) === inode) && isStill())
      return { rotated: opened.rotated, current: opened.current?.file, packedNs: before.packedNs, isStill };
    for (const { file } of files) closeSync(file);
  }
  throw neverStill(path);
}

export function neverStill(path: string): BartizanError {
  return new BartizanError('BTZ_INPUT_UNREADABLE', { path, problem: 'its rotated files are renamed without a pause' });
}

/** The oldest first; of those written at the same moment the one with the larger number. */
export function byAge(a: Age, b: Age): number {
  if (a.writtenNs !== b.writtenNs) return a.writtenNs < b.writtenNs ? -1 : 1;
  return b.number - a.number;
}

/** Opens a file for reading; never waits on a pipe. Throws for what is no regular file. */
function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw Object.assign(new Error('it is not a regular file'), { code: 'EINVAL' });
}

function isMissing(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** `auth.log.1`, `auth.log-20260101`, `access.log.2026-01-01_03`: what logrotate and its kin make; then how they pack it. */
const ROTATED_SUFFIX = /^[.-][0-9][0-9._T-]{0,24}(?<packed>\.(?:gz|xz|zst|bz2|lz4))?$/;
/** Older ones are not looked at: whoever was down that long has more to read than a machine keeps. */
const MAX_ROTATED = 32;

interface Found {
  /** What follows the log's own name, and the file it leads to; `''` is the log itself. */
  readonly inodes: ReadonlyMap<string, string | undefined>;
  readonly rotated: readonly (Age & { readonly suffix: string })[];
  readonly packedNs: readonly bigint[];
}

function findFiles(path: string, namesOf: NamesOf): Found {
  const name = basename(path);
  const inodes = new Map<string, string | undefined>();
  const rotated: (Age & { suffix: string })[] = [];
  const packedNs: bigint[] = [];
  const names = namesIn(dirname(path), namesOf);
  const known = new Set(names);
  for (const entry of [name, ...names.toSorted()]) {
    const suffix = entry.startsWith(name) ? entry.slice(name.length) : '?';
    const match = ROTATED_SUFFIX.exec(suffix);
    if (!match && suffix !== '') continue;
    const found = statSync(path + suffix, { bigint: true, throwIfNoEntry: false });
    const packed = match?.groups?.['packed'];
    if (packed !== undefined) {
      if (found && !known.has(entry.slice(0, -packed.length))) packedNs.push(found.mtimeNs);
      continue;
    }
    inodes.set(suffix, found && inodeOf(found));
    if (found && match) rotated.push({ suffix, writtenNs: found.mtimeNs, number: Number(suffix.slice(1)) || 0 });
  }
  return { inodes, rotated, packedNs };
}

interface Opened extends ListedFile {
  readonly suffix: string;
  readonly inode: string;
}

/** Throws what the file system says when the log itself is there and cannot be opened. */
function openAll(path: string, { rotated }: Found): { rotated: readonly Opened[]; current: Opened | undefined } {
  const newest = rotated.toSorted(byAge).slice(-MAX_ROTATED);
  const files = newest.flatMap(({ suffix, number }): Opened[] => {
    try {
      return [open(path, suffix, number)];
    } catch {
      // Not ours to read, or no file: it cannot be read to its end, and the search goes on without it.
      return [];
    }
  });
  files.sort(byAge);
  try {
    return { rotated: files, current: open(path, '', 0) };
  } catch (thrown) {
    if (isMissing(thrown)) return { rotated: files, current: undefined };
    for (const { file } of files) closeSync(file);
    throw thrown;
  }
}

function open(path: string, suffix: string, number: number): Opened {
  const file = openRegular(path + suffix);
  const stats = fstatSync(file, { bigint: true });
  return { suffix, number, file, inode: inodeOf(stats), writtenNs: stats.mtimeNs };
}

function namesIn(folder: string, namesOf: NamesOf): readonly string[] {
  try {
    return namesOf(folder);
  } catch {
    // A folder that may be entered but not listed: the file itself can still be read.
    return [];
  }
}

function inodeOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}/${ino}`;
}
