import { createFrontier, type LogReader, rootOf, TILE_WIDTH, tilePath } from '@bartizan/tlog';

import { note, type ProblemList } from './verify-report.ts';

/** After so many tiles that are missing in a row, the rest is taken for missing too: the size itself may be forged. */
const MAX_MISSING_TILES = 64;

/**
 * Reads all hash tiles of a tree and checks that each level follows from the one below.
 *
 * @returns the root that the leaf hashes in the tiles give, or undefined when one of them is missing.
 */
export async function checkTiles(
  reader: LogReader,
  size: number,
  problems: ProblemList,
): Promise<Uint8Array | undefined> {
  const frontier = createFrontier();
  /** For each level, the hashes that its next tile must have. */
  const expected: Uint8Array[][] = [];
  const done: number[] = [];
  let missing = 0;
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const hashes = await readTile(reader, 0, index, width, problems);
    if (hashes === undefined) {
      missing += 1;
      if (missing >= MAX_MISSING_TILES) break;
      continue;
    }
    if (missing > 0) continue;
    for (const hash of hashes) frontier.add(hash);
    if (width === TILE_WIDTH) await climb(1, rootOf(hashes));
  }
  if (missing > 0) return undefined;
  for (const [level, hashes] of expected.entries()) if (hashes && hashes.length > 0) await compare(level, hashes);
  return frontier.root();

  async function climb(level: number, hash: Uint8Array): Promise<void> {
    const hashes = (expected[level] ??= []);
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    await compare(level, hashes);
    expected[level] = [];
    done[level] = (done[level] ?? 0) + 1;
    await climb(level + 1, rootOf(hashes));
  }

  async function compare(level: number, hashes: readonly Uint8Array[]): Promise<void> {
    const index = done[level] ?? 0;
    const found = await readTile(reader, level, index, hashes.length, problems);
    if (!found || hashes.every((hash, place) => Buffer.compare(hash, found[place] ?? hash) === 0)) return;
    const path = tilePath(level, index, hashes.length);
    note(problems, { kind: 'tile_damaged', path, message: `${path} does not follow from the tiles below it.` });
  }
}

async function readTile(reader: LogReader, level: number, index: number, width: number, problems: ProblemList) {
  try {
    return await reader.tile(level, index, width);
  } catch (thrown) {
    const path = tilePath(level, index, width);
    note(problems, { kind: 'tile_damaged', path, message: thrown instanceof Error ? thrown.message : String(thrown) });
    return undefined;
  }
}
