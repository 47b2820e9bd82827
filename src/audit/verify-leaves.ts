import { bundlePath, createFrontier, type LogReader, leafHash, TILE_WIDTH } from '@bartizan/tlog';

import { decodeLeaf } from './leaf.ts';
import { createLeafTracer, type LeafTracer } from './leaf-tracer.ts';
import { describeLeaf, note, type ProblemList } from './verify-report.ts';

export interface LeafWalk {
  /** The root of the entries as they stand, or undefined when some cannot be read. */
  readonly root: Uint8Array | undefined;
  /** The roots at the sizes asked for, as far as the entries could be read. */
  readonly rootsAt: ReadonlyMap<number, Uint8Array>;
  readonly firstTimeMs?: number;
  readonly lastTimeMs?: number;
  /** Which leaves were changed, removed, inserted or moved. */
  readonly moves: ProblemList;
  /** Leaves whose form or index is wrong though they hash as signed. */
  readonly malformed: ProblemList;
}

const MAX_MISSING_BUNDLES = 64;

/**
 * Reads all entries and says which are not the signed ones.
 *
 * @param areTilesTrue whether the tiles give the signed root. Then a leaf is authentic when it hashes to what the tiles have
 *   at the index that it names; else its own index is all there is to go by.
 */
export async function walkLeaves(
  reader: LogReader,
  size: number,
  areTilesTrue: boolean,
  sizesAsked: ReadonlySet<number>,
): Promise<LeafWalk> {
  const frontier = createFrontier();
  const rootsAt = new Map<number, Uint8Array>();
  const moves: ProblemList = { kept: [], count: 0 };
  const malformed: ProblemList = { kept: [], count: 0 };
  const tracer = createLeafTracer(moves);
  let position = 0;
  let isComplete = true;
  let missing = 0;
  let firstTimeMs: number | undefined;
  let lastTimeMs: number | undefined;
  if (sizesAsked.has(0)) rootsAt.set(0, frontier.root());

  for (let index = 0; index * TILE_WIDTH < size && missing < MAX_MISSING_BUNDLES; index += 1) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const bundle = await reader.bundle(index, width).catch((thrown: unknown) => thrown);
    const hashes = areTilesTrue ? await reader.tile(0, index, width) : [];
    if (!isBundle(bundle)) {
      missing += 1;
      isComplete = false;
      unreadable(tracer, moves, index, width, bundle instanceof Error ? bundle.message : String(bundle));
      position += width;
      continue;
    }
    missing = 0;
    // A full bundle may stand where a shorter one is signed: what comes after the checkpoint is not looked at.
    const entries =
      bundle.entries.length >= TILE_WIDTH && width < TILE_WIDTH ? bundle.entries.slice(0, width) : bundle.entries;
    for (const [place, entry] of entries.entries()) {
      await see(entry, index * TILE_WIDTH + place, hashes[place]);
    }
    if (!bundle.whole) {
      isComplete = false;
      const from = index * TILE_WIDTH + entries.length;
      unreadable(tracer, moves, index, width, `its entries cannot be told apart from leaf ${from} on`);
      position = index * TILE_WIDTH + width;
    }
  }
  tracer.finish(size);
  moves.kept.sort((left, right) => (left.index ?? 0) - (right.index ?? 0));
  const root = isComplete && frontier.size === size ? frontier.root() : undefined;
  return { root, rootsAt, firstTimeMs, lastTimeMs, moves, malformed };

  async function see(entry: Uint8Array, place: number, hashHere: Uint8Array | undefined): Promise<void> {
    const hash = leafHash(entry);
    const read = decodeLeaf(entry);
    const leaf = read?.leaf;
    frontier.add(hash);
    if (sizesAsked.has(frontier.size)) rootsAt.set(frontier.size, frontier.root());
    if (!read?.isCanonical || leaf?.index !== position) {
      const why = !leaf
        ? 'is no leaf of evidence'
        : read.isCanonical
          ? `calls itself leaf ${leaf.index}`
          : 'is not canonical';
      note(malformed, {
        kind: 'leaf_malformed',
        index: position,
        leaf,
        message: `${describeLeaf(position, leaf)} ${why}.`,
      });
    }
    if (leaf) {
      firstTimeMs = Math.min(firstTimeMs ?? leaf.timeMs, leaf.timeMs);
      lastTimeMs = Math.max(lastTimeMs ?? leaf.timeMs, leaf.timeMs);
    }
    const isHere = areTilesTrue && hashHere !== undefined && Buffer.compare(hash, hashHere) === 0;
    const index = isHere ? place : leaf?.index;
    if (index !== undefined && index < size && (isHere || !areTilesTrue || (await isSignedAt(index, hash)))) {
      tracer.authentic(index, leaf);
    } else {
      tracer.forged(leaf);
    }
    position += 1;
  }

  async function isSignedAt(index: number, hash: Uint8Array): Promise<boolean> {
    const tile = Math.floor(index / TILE_WIDTH);
    const hashes = await reader.tile(0, tile, Math.min(TILE_WIDTH, size - tile * TILE_WIDTH));
    return Buffer.compare(hash, hashes[index % TILE_WIDTH] ?? new Uint8Array()) === 0;
  }
}

function unreadable(tracer: LeafTracer, moves: ProblemList, bundle: number, width: number, why: string): void {
  const path = bundlePath(bundle, width);
  const from = bundle * TILE_WIDTH;
  const message = `${path}, with the leaves from ${from} to ${from + width - 1}, cannot be read: ${why}.`;
  note(moves, { kind: 'bundle_unreadable', index: from, path, message });
  tracer.skipTo(from + width);
}

function isBundle(value: unknown): value is Awaited<ReturnType<LogReader['bundle']>> {
  return typeof value === 'object' && value !== null && 'entries' in value;
}
