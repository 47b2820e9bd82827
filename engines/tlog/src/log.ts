import { type Checkpoint, openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { TlogError } from './errors.ts';
import { diskFiles, type LogFiles } from './files.ts';
import type { NoteSigner } from './note.ts';
import { consistencyProof, inclusionProof } from './proof.ts';
import { logReader } from './reader.ts';
import { bundlePath, encodeBundle, MAX_ENTRY_BYTES, TILE_WIDTH, tilePath, tileRoot, tileWidthAt } from './tiles.ts';
import { createFrontier, EMPTY_ROOT, type Frontier, leafHash } from './tree.ts';

export interface LogOptions {
  readonly folder: string;
  /** First line of every checkpoint: the log's name. */
  readonly origin: string;
  readonly signer: NoteSigner;
  /** For tests that fail on purpose. */
  readonly files?: LogFiles;
}

export interface AppendResult {
  /** The index of the first entry given. */
  readonly firstIndex: number;
  readonly checkpoint: Checkpoint;
  /** The checkpoint as it stands on disk. */
  readonly note: string;
}

export interface TransparencyLog {
  size(): number;
  /** The newest signed checkpoint. */
  checkpoint(): { readonly checkpoint: Checkpoint; readonly note: string };
  /**
   * Adds entries in the order given; when it returns, they and a signed checkpoint over them are on disk. All or none
   * become part of the log. Calls take turns.
   *
   * @throws TlogError TLOG_ENTRY_TOO_LARGE, TLOG_CHANGED_UNDERNEATH, TLOG_CLOSED
   */
  append(entries: readonly Uint8Array[]): Promise<AppendResult>;
  /** @throws TlogError TLOG_OUT_OF_RANGE */
  entry(index: number): Promise<Uint8Array>;
  /** `count` entries from an index on. @throws TlogError TLOG_OUT_OF_RANGE */
  entries(fromIndex: number, count: number): Promise<Uint8Array[]>;
  /** `size` defaults to the log's. */
  inclusionProof(index: number, size?: number): Promise<Uint8Array[]>;
  consistencyProof(oldSize: number, newSize?: number): Promise<Uint8Array[]>;
  /** Waits for what is being appended; nothing can be appended afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a log on plain files in the C2SP tlog-tiles layout, or makes one. What a crash has left behind the newest
 * checkpoint is not part of the log and is written over.
 *
 * One writer only: a second one is noticed at its next append (TLOG_CHANGED_UNDERNEATH), not kept out.
 *
 * @throws TlogError when the folder holds another log, a checkpoint that `signer` did not sign, or tiles that do not fit.
 */
export async function openLog(options: LogOptions): Promise<TransparencyLog> {
  const { origin, signer } = options;
  const files = options.files ?? diskFiles(options.folder);
  const reader = logReader(files);
  let edge = await loadEdge();
  /** Set while it is not known what a failed append has left on disk. */
  let isUncertain = false;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    size: () => edge.checkpoint.size,
    checkpoint: () => ({ checkpoint: edge.checkpoint, note: edge.note }),
    append(entries) {
      if (isClosed) return Promise.reject(new TlogError('TLOG_CLOSED'));
      const result = turn.then(() => append(entries));
      turn = result.catch(() => undefined);
      return result;
    },
    async entry(index) {
      const [entry] = await entriesFrom(index, 1);
      return entry ?? new Uint8Array();
    },
    entries: entriesFrom,
    async inclusionProof(index, size = edge.checkpoint.size) {
      return inclusionProof(index, within(size), reader.subtreesOf(edge.checkpoint.size));
    },
    async consistencyProof(oldSize, newSize = edge.checkpoint.size) {
      return consistencyProof(oldSize, within(newSize), reader.subtreesOf(edge.checkpoint.size));
    },
    async close() {
      isClosed = true;
      await turn;
    },
  };

  async function entriesFrom(fromIndex: number, count: number): Promise<Uint8Array[]> {
    const { size } = edge.checkpoint;
    const end = fromIndex + count;
    if (!Number.isSafeInteger(fromIndex) || fromIndex < 0 || !(end <= size)) {
      throw new TlogError('TLOG_OUT_OF_RANGE', { size, problem: `there is no entry ${end - 1}` });
    }
    const found: Uint8Array[] = [];
    for (let bundle = Math.floor(fromIndex / TILE_WIDTH); bundle * TILE_WIDTH < end; bundle += 1) {
      const width = tileWidthAt(0, bundle, size);
      const { entries } = await reader.bundle(bundle, width);
      if (entries.length < width) {
        throw new TlogError('TLOG_TILE_MALFORMED', { path: bundlePath(bundle, width), problem: 'entries are missing' });
      }
      const start = Math.max(0, fromIndex - bundle * TILE_WIDTH);
      for (const entry of entries.slice(start, Math.min(width, end - bundle * TILE_WIDTH))) found.push(entry);
    }
    return found;
  }

  function within(size: number): number {
    if (size <= edge.checkpoint.size) return size;
    throw new TlogError('TLOG_OUT_OF_RANGE', {
      size: edge.checkpoint.size,
      problem: `there is no tree of ${size} yet`,
    });
  }

  async function append(entries: readonly Uint8Array[]): Promise<AppendResult> {
    if (isUncertain) {
      edge = await loadEdge();
      isUncertain = false;
    }
    const firstIndex = edge.checkpoint.size;
    if (entries.length === 0) return { firstIndex, checkpoint: edge.checkpoint, note: edge.note };
    refuseTooLarge(entries);
    if (((await reader.checkpoint()) ?? '') !== edge.note) throw new TlogError('TLOG_CHANGED_UNDERNEATH');
    const grown = growEdge(edge, entries);
    const rootHash = grown.frontier.root();
    const checkpoint = { origin, size: grown.frontier.size, rootHash };
    const note = signCheckpoint(checkpoint, signer);
    isUncertain = true;
    await files.writeAll(grown.files);
    await files.replace('checkpoint', Buffer.from(note));
    edge = { ...grown, checkpoint, note };
    isUncertain = false;
    for (const path of grown.outgrown) await files.removeFolder(path);
    return { firstIndex, checkpoint, note };
  }

  /** Reads the right edge of the tree that the newest checkpoint signs, and proves that it is that tree's. */
  async function loadEdge(): Promise<Edge> {
    const note = await reader.checkpoint();
    if (note === undefined) {
      const checkpoint = { origin, size: 0, rootHash: EMPTY_ROOT };
      return { checkpoint, note: '', frontier: createFrontier(), levels: [], bundle: [] };
    }
    const checkpoint = openCheckpoint(note, [signer], origin);
    const { size } = checkpoint;
    const levels: Uint8Array[][] = [];
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const tile = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidthAt(level, tile, size);
      levels.push(width === 0 ? [] : await reader.tile(level, tile, width));
    }
    const frontier = createFrontier(
      size,
      levels.toReversed().flatMap((hashes) => perfectSubtrees(hashes)),
    );
    if (Buffer.compare(frontier.root(), checkpoint.rootHash) !== 0) throw new TlogError('TLOG_ROOT_DIFFERS', { size });
    const tile = Math.floor(size / TILE_WIDTH);
    const width = size % TILE_WIDTH;
    const bundle = width === 0 ? [] : (await reader.bundle(tile, width)).entries.slice(0, width);
    if (bundle.some((entry, place) => Buffer.compare(leafHash(entry), levels[0]?.[place] ?? EMPTY_ROOT) !== 0)) {
      throw new TlogError('TLOG_TILE_MALFORMED', {
        path: bundlePath(tile, width),
        problem: 'its entries are not the signed ones',
      });
    }
    return { checkpoint, note, frontier, levels, bundle };
  }
}

/** The right edge: all that is needed to go on writing. */
interface Edge {
  readonly checkpoint: Checkpoint;
  /** Empty before the first checkpoint. */
  readonly note: string;
  readonly frontier: Frontier;
  /** For each tile level, the hashes of its last, partial tile (fewer than 256). */
  readonly levels: readonly (readonly Uint8Array[])[];
  /** The entries of the last, partial bundle. */
  readonly bundle: readonly Uint8Array[];
}

interface Growth extends Omit<Edge, 'checkpoint' | 'note'> {
  readonly files: readonly (readonly [path: string, bytes: Uint8Array])[];
  /** Folders of partial tiles that are full now; they may go once the checkpoint stands. */
  readonly outgrown: readonly string[];
}

/** Adds entries to an edge and says which files hold them (pure). */
function growEdge(edge: Edge, entries: readonly Uint8Array[]): Growth {
  const oldSize = edge.checkpoint.size;
  const frontier = edge.frontier.copy();
  const levels = edge.levels.map((hashes) => [...hashes]);
  const files: [string, Uint8Array][] = [];
  const outgrown: string[] = [];
  const changed = new Set<number>();
  let bundle = [...edge.bundle];

  for (const entry of entries) {
    bundle.push(entry);
    const hash = leafHash(entry);
    frontier.add(hash);
    pushHash(0, hash);
    if (bundle.length === TILE_WIDTH) {
      const index = frontier.size / TILE_WIDTH - 1;
      files.push([bundlePath(index), encodeBundle(bundle)]);
      bundle = [];
    }
  }
  const { size } = frontier;
  if (bundle.length > 0) files.push([bundlePath(Math.floor(size / TILE_WIDTH), bundle.length), encodeBundle(bundle)]);
  for (const level of changed) {
    const hashes = levels[level] ?? [];
    if (hashes.length > 0) files.push([tilePath(level, tileAt(level, size), hashes.length), Buffer.concat(hashes)]);
  }
  if (tileAt(0, oldSize) !== tileAt(0, size) && oldSize % TILE_WIDTH !== 0) {
    outgrown.push(`${bundlePath(tileAt(0, oldSize))}.p`);
  }
  return { frontier, levels, bundle, files, outgrown };

  function pushHash(level: number, hash: Uint8Array): void {
    const hashes = (levels[level] ??= []);
    hashes.push(hash);
    changed.add(level);
    if (hashes.length < TILE_WIDTH) return;
    const index = frontier.size / TILE_WIDTH ** (level + 1) - 1;
    files.push([tilePath(level, index), Buffer.concat(hashes)]);
    if (index === tileAt(level, oldSize)) outgrown.push(`${tilePath(level, index)}.p`);
    levels[level] = [];
    pushHash(level + 1, tileRoot(hashes));
  }
}

/** The index of the level's tile that the next hash goes into. */
function tileAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** (level + 1));
}

/** The roots of the perfect subtrees of a partial tile, largest first. */
function perfectSubtrees(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  const frontier = createFrontier();
  for (const hash of hashes) frontier.add(hash);
  return frontier.subtrees;
}

function refuseTooLarge(entries: readonly Uint8Array[]): void {
  const entry = entries.find(({ length }) => length > MAX_ENTRY_BYTES);
  if (entry) throw new TlogError('TLOG_ENTRY_TOO_LARGE', { bytes: entry.length, limitBytes: MAX_ENTRY_BYTES });
}
