import { hash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import type { Cursor } from '#model/batch.ts';

/**
 * A place in a file that is found again after rotation, truncation and restart: which file it was, what its first bytes
 * were and what stood just before the place.
 */
export interface FileMark extends FileIdentity {
  readonly offset: number;
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

/** Enough to hold a time stamp, a host and more. */
export const PRINT_BYTES = 256;

/** Marks a place, given the first bytes of the file and the bytes before the place. */
export function markOf(identity: FileIdentity, offset: number, head: Uint8Array, before: Uint8Array): FileMark {
  return { ...identity, offset, head: printOf(head.subarray(0, offset)), tail: printOf(before.subarray(-PRINT_BYTES)) };
}

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

export function isSameFile(file: number, mark: FileMark): boolean {
  const { device, inode } = identityOf(file);
  return device === mark.device && inode === mark.inode;
}

export function toCursor({ device, inode, offset, head, tail }: FileMark): Cursor {
  return {
    device,
    inode,
    offset,
    headBytes: head.bytes,
    headDigest: head.digest,
    tailBytes: tail.bytes,
    tailDigest: tail.digest,
  };
}

/** @returns `undefined` for what is no mark. */
export function fromCursor(cursor: Cursor | undefined): FileMark | undefined {
  if (!cursor) return undefined;
  const { device, inode, offset, headBytes, headDigest, tailBytes, tailDigest } = cursor;
  if (typeof offset !== 'number' || typeof headBytes !== 'number' || typeof tailBytes !== 'number') return undefined;
  return {
    device: String(device),
    inode: String(inode),
    offset,
    head: { bytes: headBytes, digest: String(headDigest) },
    tail: { bytes: tailBytes, digest: String(tailDigest) },
  };
}

function printOf(bytes: Uint8Array): Print {
  return { bytes: bytes.length, digest: hash('sha256', bytes).slice(0, 32) };
}

function isPrint(file: number, position: number, expected: Print): boolean {
  const found = printOf(bytesAt(file, position, expected.bytes));
  return found.bytes === expected.bytes && found.digest === expected.digest;
}
