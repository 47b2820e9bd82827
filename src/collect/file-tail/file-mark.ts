import { hash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import type { Cursor } from '#model/batch.ts';

/**
 * A place in a file that is found again after rotation, truncation and restart: which file it was, what its first bytes
 * were and what stood just before the place.
 */
export interface FileMark extends FileIdentity {
  readonly offset: number;
  /**
   * When the file was last written to, `NOT_ALL_NS` less if not all of that was read: a rotated file written later holds
   * what was not read, and one written just then holds nothing more.
   */
  readonly writtenNs?: bigint | undefined;
  readonly head: Print;
  readonly tail: Print;
}

export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

/** A digest of so many bytes. */
interface Print {
  readonly bytes: number;
  readonly digest: string;
}

export const NOT_ALL_NS = 1n;

/** Enough to hold a time stamp, a host and more. */
export const PRINT_BYTES = 256;

/** Marks a place, given the first bytes of the file and the bytes before the place. */
export function markOf(
  known: Pick<FileMark, 'device' | 'inode' | 'writtenNs'>,
  offset: number,
  head: Uint8Array,
  before: Uint8Array,
): FileMark {
  const { device, inode, writtenNs } = known;
  return {
    device,
    inode,
    offset,
    writtenNs,
    head: printOf(head.subarray(0, offset)),
    tail: printOf(before.subarray(-PRINT_BYTES)),
  };
}

/** Marks the start of a file. */
export function startOf(known: Pick<FileMark, 'device' | 'inode' | 'writtenNs'>): FileMark {
  return markOf(known, 0, NOTHING, NOTHING);
}

const NOTHING = new Uint8Array();

export function identityOf(file: number): FileIdentity {
  const { dev, ino } = fstatSync(file, { bigint: true });
  return { device: String(dev), inode: String(ino) };
}

/** Bytes of a file; fewer where it ends. */
export function bytesAt(file: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  return bytes.subarray(0, length === 0 ? 0 : readSync(file, bytes, 0, length, position));
}

/** Whether the file still holds what stood before the place; false once it was truncated or written anew. */
export function holdsContentOf(file: number, mark: FileMark): boolean {
  const { size } = fstatSync(file);
  return size >= mark.offset && isPrint(file, 0, mark.head) && isPrint(file, mark.offset - mark.tail.bytes, mark.tail);
}

/**
 * Whether a file ends before the place and begins like the file of the mark: a copy made before the last lines were
 * written, which were read from the original. Too short to tell counts as no.
 */
export function isShorterCopy(file: number, { offset, head }: FileMark): boolean {
  const { size } = fstatSync(file);
  return size < offset && size >= head.bytes && head.bytes > 0 && isPrint(file, 0, head);
}

/** Whether another file begins with all that a file holds: a copy, finished or not, of one that was not emptied yet. */
export function isBeginningOf(file: number, other: number): boolean {
  const { size } = fstatSync(file);
  const bytes = Math.min(size, PRINT_BYTES);
  return [0, size - bytes].every((position) => {
    const expected = Buffer.from(bytesAt(file, position, bytes));
    return expected.equals(bytesAt(other, position, bytes));
  });
}

/** Whether a file begins with these bytes, or with as many of them as it has; an empty one does not. */
export function startsAlike(file: number, start: Uint8Array): boolean {
  const found = bytesAt(file, 0, start.length);
  return found.length > 0 && Buffer.from(found).equals(start.subarray(0, found.length));
}

export function isSameFile(file: number, mark: FileMark): boolean {
  return isSameIdentity(identityOf(file), mark);
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

/** @param late A file that was rotated away, finished, and may still be written to. */
export function toCursor(mark: FileMark, late?: FileMark): Cursor {
  return { ...fieldsOf('', mark), ...(late && fieldsOf('late.', late)) };
}

/** @returns `undefined` for what is no mark. */
export function fromCursor(cursor: Cursor | undefined): { mark?: FileMark | undefined; late?: FileMark | undefined } {
  return cursor ? { mark: fromFields('', cursor), late: fromFields('late.', cursor) } : {};
}

function fieldsOf(prefix: string, { device, inode, offset, writtenNs, head, tail }: FileMark): Cursor {
  const fields = {
    device,
    inode,
    offset,
    writtenNs: String(writtenNs ?? ''),
    headBytes: head.bytes,
    headDigest: head.digest,
    tailBytes: tail.bytes,
    tailDigest: tail.digest,
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}

function fromFields(prefix: string, cursor: Cursor): FileMark | undefined {
  const field = (name: string) => cursor[prefix + name];
  const [offset, headBytes, tailBytes] = ['offset', 'headBytes', 'tailBytes'].map(field);
  if (typeof offset !== 'number' || typeof headBytes !== 'number' || typeof tailBytes !== 'number') return undefined;
  const writtenNs = String(field('writtenNs') ?? '');
  return {
    device: String(field('device')),
    inode: String(field('inode')),
    offset,
    writtenNs: /^[0-9]{1,19}$/.test(writtenNs) ? BigInt(writtenNs) : undefined,
    head: { bytes: headBytes, digest: String(field('headDigest')) },
    tail: { bytes: tailBytes, digest: String(field('tailDigest')) },
  };
}

function printOf(bytes: Uint8Array): Print {
  return { bytes: bytes.length, digest: hash('sha256', bytes).slice(0, 32) };
}

function isPrint(file: number, position: number, expected: Print): boolean {
  const found = printOf(bytesAt(file, position, expected.bytes));
  return found.bytes === expected.bytes && found.digest === expected.digest;
}
