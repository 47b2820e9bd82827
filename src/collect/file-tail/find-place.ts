import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import {
  type FileMark,
  holdsContentOf,
  identityOf,
  isBeginningOf,
  isSameFile,
  isShorterCopy,
  NOT_ALL_NS,
} from './file-mark.ts';
import { byAge, type ListedFile, type Listing, MOST_TRIES, type NamesOf, neverStill, openListing } from './listing.ts';

/** An open regular file and where to go on in it. */
export interface Place {
  readonly file: number;
  readonly offset: number;
  /** Files last written to later than that are not older than this one; by its own time unless told. */
  readonly writtenNs?: bigint;
}

/** Where reading goes on after a mark. The caller closes all of it. */
export interface Found {
  /** The file of the mark, or its copy, at the mark. */
  readonly own: Place | undefined;
  /** The files after it, none of them begun, oldest first; the file of that name itself is the last. */
  readonly next: readonly Place[];
  /**
   * Whether anything is lost: `perhaps`, for the file of the mark is gone and nobody knows whether there was more in it;
   * `packed`, for a packed file was written to after the mark.
   */
  readonly loss: 'none' | 'perhaps' | 'packed';
  /** When the newest packed file was written to. */
  readonly packedNs: bigint;
}

/**
 * Finds where reading goes on after a mark.
 *
 * A file of the mark's inode is believed first, then one of the same content (copytruncate leaves a copy). Where neither
 * is left, the files after it are known by when they were written.
 *
 * @param held Later files that are open already: used instead of being opened again, and kept also when their names are
 * gone. Those that are not in the answer are the caller's to close.
 * @throws what the file system says when the file is there and cannot be opened; nothing is left open then.
 */
export function findPlaces(path: string, mark: FileMark, held: readonly number[] = [], namesOf?: NamesOf): Found {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const listing = withHeld(openListing(path, namesOf), held);
    const own = findOwn(listing, mark);
    // Else it was copied and emptied after it was listed: the copy is what is looked for.
    if (own !== undefined || listing.isStill()) return placesAfter(mark, listing, own, held);
    closeOthers(listing, held);
  }
  throw neverStill(path);
}

function placesAfter(mark: FileMark, listing: Listing, own: number | undefined, held: readonly number[]): Found {
  const { rotated, current, packedNs } = listing;
  const shorter = own === undefined ? rotated.findLast((listed) => isReadCopy(listed, mark)) : undefined;
  const from = rotated.findIndex(({ file }) => file === (own ?? shorter?.file));
  // The log was nothing yet, and is or was emptied since: what it held between is in the files written since.
  const isFromStart = own !== undefined && own === current && mark.offset === 0;
  // What was written at the very time of a place that is gone came before it: the place's own file came last.
  const sinceNs = mark.writtenNs === undefined || mark.offset === 0 ? mark.writtenNs : mark.writtenNs + NOT_ALL_NS;
  const later = rotated.filter(({ file, writtenNs }, index) => {
    if (held.includes(file)) return true;
    if (from !== -1) return index > from;
    if (own !== undefined && !isFromStart) return false;
    return sinceNs !== undefined && writtenNs > sinceNs;
  });
  const next = later.map(({ file }) => file);
  if (current !== undefined && (own !== current || isFromStart)) {
    const newest = next.at(-1);
    if (newest !== undefined && isCopyUnderWay(newest, current)) next.pop();
    next.push(current);
  }
  const ownPlace = own === undefined || isFromStart ? undefined : { file: own, offset: mark.offset };
  closeOthers(listing, [...held, ...next, ...(ownPlace ? [ownPlace.file] : [])]);
  return {
    own: ownPlace,
    next: next.map((file) => ({ file, offset: 0 })),
    loss: shorter
      ? 'none'
      : lossBehind(
          mark,
          rotated.find(({ file }) => file === own),
          ownPlace,
          packedNs,
        ),
    packedNs: packedNs.reduce((newest, packed) => (packed > newest ? packed : newest), 0n),
  };
}

/** Where to begin in a file that was never seen; nothing when it is not there. */
export function findFirst(path: string, start: 'end' | 'beginning'): Place[] {
  const listing = openListing(path);
  const { rotated, current } = listing;
  closeOthers(listing, current === undefined ? [] : [current]);
  if (current === undefined) return [];
  const { mtimeNs } = fstatSync(current, { bigint: true });
  // What was rotated away may still be written to: that alone makes nothing of it new.
  const writtenNs = rotated.reduce((newest, other) => (other.writtenNs > newest ? other.writtenNs : newest), mtimeNs);
  return [{ file: current, offset: start === 'end' ? startOfLastLine(current) : 0, writtenNs }];
}

/** The file that a log was renamed to, when its content is still there. The caller closes it. */
export function findRenamed(path: string, mark: FileMark): Place | undefined {
  const listing = openListing(path);
  const found = listing.rotated.find(({ file }) => isSameFile(file, mark) && holdsContentOf(file, mark))?.file;
  closeOthers(listing, found === undefined ? [] : [found]);
  return found === undefined ? undefined : { file: found, offset: mark.offset };
}

/** Whether the path leads to this file. */
export function isCurrent(path: string, file: number): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!now) return false;
  const { dev, ino } = fstatSync(file, { bigint: true });
  return now.ino === ino && now.dev === dev;
}

/** Whether the path leads to another file by now, and that has something in it. */
export function isReplaced(path: string, file: number): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && now.size > 0n && !isCurrent(path, file);
}

/** Files already open stand for the same ones in the listing, and are listed also when they have no name any more. */
function withHeld(listing: Listing, held: readonly number[]): Listing {
  const heldOf = new Map(held.map((file) => [keyOf(file), file]));
  const isListed = new Set<number>();
  const preferHeld = (file: number): number => {
    const known = heldOf.get(keyOf(file));
    if (known === undefined) return file;
    closeSync(file);
    isListed.add(known);
    return known;
  };
  const rotated = listing.rotated.map((listed): ListedFile => ({ ...listed, file: preferHeld(listed.file) }));
  const current = listing.current === undefined ? undefined : preferHeld(listing.current);
  for (const file of held) {
    if (isListed.has(file)) continue;
    rotated.push({ file, writtenNs: fstatSync(file, { bigint: true }).mtimeNs, number: 0 });
  }
  return { ...listing, rotated: rotated.sort(byAge), current };
}

function keyOf(file: number): string {
  const { device, inode } = identityOf(file);
  return `${device}/${inode}`;
}

function closeOthers({ rotated, current }: Listing, kept: readonly number[]): void {
  for (const file of [...rotated.map((listed) => listed.file), current])
    if (file !== undefined && !kept.includes(file)) closeSync(file);
}

function findOwn({ rotated, current }: Listing, mark: FileMark): number | undefined {
  // The log before its copies: were it emptied in between, the copy is complete when it is looked at.
  const files = [...(current === undefined ? [] : [current]), ...rotated.map(({ file }) => file).toReversed()];
  const same = files.find((file) => isSameFile(file, mark) && holdsContentOf(file, mark));
  if (same !== undefined || mark.offset === 0) return same;
  return files.find((file) => holdsContentOf(file, mark));
}

/**
 * The log is copied before it is emptied. A copy that is looked at before that holds nothing that the log does not hold,
 * and perhaps not all of it yet.
 */
function isCopyUnderWay(copy: number, current: number): boolean {
  return fstatSync(current).size > 0 && isBeginningOf(copy, current);
}

/**
 * A copy without the last lines, which were written, and read here, just before the log was emptied. Its time tells it
 * from a later file that begins with the same words.
 */
function isReadCopy({ file, writtenNs }: ListedFile, mark: FileMark): boolean {
  return mark.writtenNs !== undefined && writtenNs <= mark.writtenNs + SECOND_NS && isShorterCopy(file, mark);
}

const SECOND_NS = 1_000_000_000n;

/**
 * A packed file keeps the time of what is in it: one written just when the mark was made held nothing more, and one that
 * is newer than the file of the mark comes after it.
 */
function lossBehind(
  { writtenNs, offset }: FileMark,
  rotated: ListedFile | undefined,
  own: Place | undefined,
  packedNs: readonly bigint[],
): Found['loss'] {
  const sinceNs = rotated?.writtenNs ?? writtenNs;
  // The log itself, begun, is the newest.
  if (own !== undefined && rotated === undefined) return 'none';
  if (sinceNs !== undefined && packedNs.some((packed) => packed > sinceNs)) return 'packed';
  if (own !== undefined || offset === 0) return 'none';
  return writtenNs === undefined || !packedNs.includes(writtenNs) ? 'perhaps' : 'none';
}

/** A line being written right now is read whole when its end comes. */
function startOfLastLine(file: number): number {
  const { size } = fstatSync(file);
  const window = Buffer.alloc(Math.min(size, LAST_LINE_BYTES));
  const read = readSync(file, window, 0, window.length, size - window.length);
  const feed = window.subarray(0, read).lastIndexOf(0x0a);
  return feed === -1 && window.length < size ? size : size - window.length + feed + 1;
}

const LAST_LINE_BYTES = 64 * 1024;
