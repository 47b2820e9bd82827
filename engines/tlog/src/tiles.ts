import { TlogError } from './errors.ts';
import { HASH_BYTES, rootOf } from './tree.ts';

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles, “Merkle Tree”). */
export const TILE_WIDTH = 256;
/** Entries stand in a bundle behind a uint16 of their length (C2SP tlog-tiles, “Log entries”). */
export const MAX_ENTRY_BYTES = 0xffff;

/** The path of a tile below the log's folder; a partial one has its width at the end. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index)}${partial(width)}`;
}

/** The path of an entry bundle below the log's folder. */
export function bundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${partial(width)}`;
}

/** How many hashes the tile has in a tree of `size` entries: 256, fewer (partial) or 0 (not there yet). */
export function tileWidthAt(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** @throws TlogError TLOG_ENTRY_TOO_LARGE */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = Buffer.allocUnsafe(entries.reduce((bytes, entry) => bytes + 2 + entry.length, 0));
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TlogError('TLOG_ENTRY_TOO_LARGE', { bytes: entry.length, limitBytes: MAX_ENTRY_BYTES });
    }
    bundle.writeUInt16BE(entry.length, offset);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle; `whole` is false when the bytes end within an entry, which is then left out. */
export function decodeBundle(bundle: Uint8Array): { readonly entries: Uint8Array[]; readonly whole: boolean } {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset + 2 <= bundle.length) {
    const end = offset + 2 + (((bundle[offset] ?? 0) << 8) | (bundle[offset + 1] ?? 0));
    if (end > bundle.length) break;
    entries.push(bundle.subarray(offset + 2, end));
    offset = end;
  }
  return { entries, whole: offset === bundle.length };
}

/** A tile's hashes, one by one; bytes at the end that are no whole hash are left out. */
export function splitTile(tile: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let end = HASH_BYTES; end <= tile.length; end += HASH_BYTES) hashes.push(tile.subarray(end - HASH_BYTES, end));
  return hashes;
}

/** What a full tile adds to the level above. */
export function tileRoot(hashes: readonly Uint8Array[]): Uint8Array {
  return rootOf(hashes);
}

/** Three digits to a folder, all but the last with an `x`: 1234067 is x001/x234/067. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/\d{3}/g) ?? [];
  return parts.map((part, place) => (place === parts.length - 1 ? part : `x${part}`)).join('/');
}

function partial(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}
