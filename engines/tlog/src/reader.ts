import { TlogError } from './errors.ts';
import { diskFiles, type LogFiles } from './files.ts';
import type { Subtree } from './proof.ts';
import { bundlePath, decodeBundle, MAX_ENTRY_BYTES, splitTile, TILE_WIDTH, tilePath, tileWidthAt } from './tiles.ts';
import { HASH_BYTES, rootOf } from './tree.ts';

const MAX_CHECKPOINT_BYTES = 1_000_000;
const MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);

/** Reads a log's folder as it is; nothing that it answers has been verified. */
export interface LogReader {
  /** The signed note, or undefined when there is none. */
  checkpoint(): Promise<string | undefined>;
  /** The first `width` hashes of a tile: the partial tile of that width, or else the full one. */
  tile(level: number, index: number, width: number): Promise<Uint8Array[]>;
  /** The entries of the bundle, from the partial one of that width or else the full one, as many as can be read. */
  bundle(index: number, width: number): Promise<{ readonly entries: Uint8Array[]; readonly whole: boolean }>;
  /** The roots of subtrees in the tree of `size` entries, for proofs. */
  subtreesOf(size: number): Subtree;
}

export function logReader(folder: string | LogFiles): LogReader {
  const files = typeof folder === 'string' ? diskFiles(folder) : folder;

  const reader: LogReader = {
    async checkpoint() {
      const bytes = await files.read('checkpoint', MAX_CHECKPOINT_BYTES);
      return bytes && Buffer.from(bytes).toString('utf8');
    },

    async tile(level, index, width) {
      const path = tilePath(level, index, width);
      const bytes = await readEither(path, tilePath(level, index), TILE_WIDTH * HASH_BYTES);
      if (bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES) {
        throw new TlogError('TLOG_TILE_MALFORMED', { path, problem: `it is ${bytes.length} bytes long` });
      }
      return splitTile(bytes).slice(0, width);
    },

    async bundle(index, width) {
      return decodeBundle(await readEither(bundlePath(index, width), bundlePath(index), MAX_BUNDLE_BYTES));
    },

    subtreesOf: (size) => async (height, index) => {
      const level = Math.floor(height / 8);
      const span = 2 ** (height % 8);
      const first = index * span;
      const tile = Math.floor(first / TILE_WIDTH);
      const hashes = await reader.tile(level, tile, tileWidthAt(level, tile, size));
      return rootOf(hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + span));
    },
  };
  return reader;

  async function readEither(path: string, full: string, limitBytes: number): Promise<Uint8Array> {
    const bytes =
      (await files.read(path, limitBytes)) ?? (path === full ? undefined : await files.read(full, limitBytes));
    if (bytes === undefined) throw new TlogError('TLOG_TILE_MISSING', { path });
    return bytes;
  }
}
