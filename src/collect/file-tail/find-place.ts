import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FileMark, holdsContentOf, isSameFile } from './file-mark.ts';
import type { OpenLog } from './open-log.ts';

/** An open regular file and where to go on in it. */
export interface Place {
  readonly file: number;
  readonly offset: number;
}

/**
 * Finds where reading goes on after a mark: the rotated files that are not read to their end yet, oldest first, and at
 * last the file of that name itself. The caller closes them.
 *
 * A file of the mark's inode is believed first, then one of the same content (copytruncate leaves a copy). Where neither
 * is left (packed or deleted meanwhile), reading begins at the start of the file that is there now.
 *
 * @returns nothing when there is no file to read. Throws what the file system says when the file is there and cannot be
 * opened.
 */
export function findPlaces(path: string, mark: FileMark): Place[] {
  const rotated = openRotated(path);
  let current: number | undefined;
  try {
    current = openRegular(path);
  } catch (thrown) {
    if (!isMissing(thrown)) {
      for (const file of rotated) closeSync(file);
      throw thrown;
    }
  }
  const files = current === undefined ? rotated : [...rotated, current];
  const holding = files.filter((file) => holdsContentOf(file, mark));
  const found = holding.find((file) => isSameFile(file, mark)) ?? (mark.offset > 0 ? holding.at(-1) : undefined);
  const from = found === undefined ? files.length - (current === undefined ? 0 : 1) : files.indexOf(found);
  for (const file of files.slice(0, from)) closeSync(file);
  return files.slice(from).map((file) => ({ file, offset: file === found ? mark.offset : 0 }));
}

/** Where to begin in a file that was never seen; nothing when it is not there. */
export function findFirst(path: string, start: 'end' | 'beginning'): Place[] {
  try {
    const file = openRegular(path);
    return [{ file, offset: start === 'end' ? startOfLastLine(file) : 0 }];
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

/** The files after one that was rotated away, oldest first. */
export function findNext(path: string, log: OpenLog): Place[] {
  const mark = log.mark();
  const [own, ...next] = findPlaces(path, mark);
  if (!own) return [];
  if (!isSameFile(own.file, mark)) return [own, ...next];
  closeSync(own.file);
  return next;
}

/** Whether the path leads to another file by now, and that has something in it. */
export function isReplaced(path: string, file: number): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!now || now.size === 0n) return false;
  const { dev, ino } = fstatSync(file, { bigint: true });
  return now.ino !== ino || now.dev !== dev;
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

/** `auth.log.1`, `auth.log-20260101`, `access.log.2026-01-01_03`: what logrotate and its kin make; not the packed ones. */
const ROTATED_SUFFIX = /^[.-][0-9][0-9._T-]{0,24}$/;
/** Older ones are not looked at: whoever was down that long has more to read than a machine keeps. */
const MAX_ROTATED = 32;

/** A line being written right now is read whole when its end comes. */
function startOfLastLine(file: number): number {
  const { size } = fstatSync(file);
  const window = Buffer.alloc(Math.min(size, LAST_LINE_BYTES));
  const read = readSync(file, window, 0, window.length, size - window.length);
  const feed = window.subarray(0, read).lastIndexOf(0x0a);
  return feed === -1 && window.length < size ? size : size - window.length + feed + 1;
}

const LAST_LINE_BYTES = 64 * 1024;

/** Rotated files of a log, the one that was written to last at the end. */
function openRotated(path: string): number[] {
  const name = basename(path);
  const folder = dirname(path);
  const opened: { readonly file: number; readonly writtenNs: bigint; readonly number: number }[] = [];
  for (const entry of namesIn(folder)) {
    const suffix = entry.startsWith(name) ? entry.slice(name.length) : '';
    if (!ROTATED_SUFFIX.test(suffix)) continue;
    try {
      const file = openRegular(join(folder, entry));
      opened.push({ file, writtenNs: fstatSync(file, { bigint: true }).mtimeNs, number: Number(suffix.slice(1)) || 0 });
    } catch {
      // Gone again, or not ours to read: then it cannot be read to its end, and the search goes on without it.
    }
  }
  opened.sort((a, b) => (a.writtenNs === b.writtenNs ? b.number - a.number : a.writtenNs < b.writtenNs ? -1 : 1));
  for (const { file } of opened.splice(0, opened.length - MAX_ROTATED)) closeSync(file);
  return opened.map(({ file }) => file);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that may be entered but not listed: the file itself can still be read.
    return [];
  }
}
