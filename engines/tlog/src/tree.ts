import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/** The root of the empty tree: SHA-256 of nothing (RFC 9162, 2.1.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** The hash of an entry as a leaf: SHA-256(0x00 ‖ entry) (RFC 9162, 2.1.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(entry.length + 1);
  input[0] = 0;
  input.set(entry, 1);
  return sha256(input);
}

/** The hash of two neighbours: SHA-256(0x01 ‖ left ‖ right) (RFC 9162, 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** The root of a tree of these leaf hashes. */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  const frontier = createFrontier();
  for (const leaf of leafHashes) frontier.add(leaf);
  return frontier.root();
}

/**
 * The right edge of a growing tree: the roots of its perfect subtrees, largest first. It is all that is needed to go on,
 * log₂(size) hashes; adding costs two hashes on average, the root log₂(size).
 */
export interface Frontier {
  readonly size: number;
  readonly subtrees: readonly Uint8Array[];
  add(leafHash: Uint8Array): void;
  root(): Uint8Array;
  copy(): Frontier;
}

export function createFrontier(initialSize = 0, initialSubtrees: readonly Uint8Array[] = []): Frontier {
  let size = initialSize;
  const subtrees = [...initialSubtrees];
  return {
    get size() {
      return size;
    },
    get subtrees() {
      return subtrees;
    },
    add(leaf) {
      let node = leaf;
      // Sizes go past 32 bits, so no bit operators here.
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(subtrees.pop() ?? node, node);
      subtrees.push(node);
      size += 1;
    },
    root() {
      const last = subtrees.at(-1);
      if (last === undefined) return EMPTY_ROOT;
      return subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
    },
    copy: () => createFrontier(size, subtrees),
  };
}

function sha256(input: Uint8Array): Uint8Array {
  return hash('sha256', input, 'buffer');
}
