import { TlogError } from './errors.ts';
import { HASH_BYTES, nodeHash } from './tree.ts';

/** Answers the root of the perfect subtree of 2^height leaves that starts at leaf index · 2^height. */
export type Subtree = (height: number, index: number) => Uint8Array | Promise<Uint8Array>;

/**
 * The audit path of a leaf in the tree of `size` leaves, from the leaf's neighbour upwards (RFC 9162, 2.1.3.1).
 *
 * @throws TlogError TLOG_OUT_OF_RANGE when the tree has no such leaf.
 */
export async function inclusionProof(index: number, size: number, subtree: Subtree): Promise<Uint8Array[]> {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new TlogError('TLOG_OUT_OF_RANGE', { size, problem: `there is no entry ${index}` });
  }
  const path: Range[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  return hashRanges(path.reverse(), subtree);
}

/**
 * Proves that the tree of `oldSize` leaves is the beginning of the one of `newSize` (RFC 9162, 2.1.4.1). Empty when the
 * sizes are the same or the old tree is empty.
 *
 * @throws TlogError TLOG_OUT_OF_RANGE when `oldSize` is larger than `newSize`.
 */
export async function consistencyProof(oldSize: number, newSize: number, subtree: Subtree): Promise<Uint8Array[]> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) {
    throw new TlogError('TLOG_OUT_OF_RANGE', { size: newSize, problem: `it was never as long as ${oldSize}` });
  }
  if (oldSize === 0 || oldSize === newSize) return [];
  const path: Range[] = [];
  let from = 0;
  let to = newSize;
  // The verifier knows the old root itself, so it is left out where it is a whole subtree.
  while (to !== oldSize) {
    const middle = from + split(to - from);
    if (oldSize <= middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  if (from !== 0) path.push({ from, to });
  return hashRanges(path.reverse(), subtree);
}

/** True if the proof leads from this leaf to this root (RFC 9162, 2.1.3.2). Never throws. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const neighbour of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(neighbour, hash);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, neighbour);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equal(hash, root);
}

/** True if the proof shows that the new tree begins with the old one (RFC 9162, 2.1.4.2). Never throws. */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (!areHashes([oldRoot, newRoot, ...proof])) return false;
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0;
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  let oldHash = first;
  let newHash = first;
  for (const neighbour of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(neighbour, oldHash);
      newHash = nodeHash(neighbour, newHash);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newHash = nodeHash(newHash, neighbour);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function hashRanges(ranges: readonly Range[], subtree: Subtree): Promise<Uint8Array[]> {
  return Promise.all(ranges.map((range) => rangeHash(range, subtree)));
}

async function rangeHash({ from, to }: Range, subtree: Subtree): Promise<Uint8Array> {
  const width = to - from;
  if (isPowerOfTwo(width)) return subtree(Math.log2(width), from / width);
  const middle = from + split(width);
  return nodeHash(await rangeHash({ from, to: middle }, subtree), await rangeHash({ from: middle, to }, subtree));
}

/** The largest power of two below `width` (which is at least 2). */
function split(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

function isPowerOfTwo(value: number): boolean {
  return value === 1 || split(value) * 2 === value;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
