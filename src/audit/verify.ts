import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Checkpoint,
  EMPTY_ROOT,
  encodeVerifierKey,
  logReader,
  type NoteVerifier,
  openCheckpoint,
  parseCheckpoint,
  parseVerifierKey,
  TlogError,
} from '@bartizan/tlog';

import { BartizanError, toBartizanError } from '#kit/errors.ts';

import { readHistory } from './history.ts';
import { walkLeaves } from './verify-leaves.ts';
import { note, type ProblemList, type VerifyReport } from './verify-report.ts';
import { checkTiles } from './verify-tiles.ts';

export interface VerifyOptions {
  /** A checkpoint kept from before, outside of the machine: finds a log that was rewritten with its own key. */
  readonly checkpointFile?: string;
  /** The text of the key, from a place that is trusted; without it the copy's own `verifier.key` is believed. */
  readonly verifierKey?: string;
}

const MAX_FILE_BYTES = 1_000_000;

/**
 * Verifies a folder with an evidence log, or a copy of one, offline: the signature, the tree, each leaf's form and index.
 * Finds every changed, removed, inserted or moved leaf and names it.
 *
 * Without a key and a checkpoint from elsewhere it proves only that the copy is whole: whoever holds the private key can
 * write a new log. Memory stays bounded.
 *
 * @throws BTZ_INPUT_UNREADABLE when the folder is no log, or the key or the older checkpoint cannot be read.
 */
export async function verifyEvidence(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const verifier = await readVerifierKey(folder, options.verifierKey);
  const reader = logReader(folder);
  const signedNote = await reader.checkpoint();
  if (signedNote === undefined) throw unreadable(join(folder, 'checkpoint'), 'it is not there');
  const problems: ProblemList = { kept: [], count: 0 };
  const { checkpoint, isSigned } = readSigned(signedNote, verifier, problems);
  const trusted = await readTrusted(options.checkpointFile, verifier, problems);
  const history = await readHistory(folder, verifier);
  const { size } = checkpoint;
  const older = [...history, ...(trusted ? [trusted] : [])].filter((each) => each.size <= size);

  const tileProblems: ProblemList = { kept: [], count: 0 };
  const tilesRoot = await checkTiles(reader, size, tileProblems);
  const areTilesTrue = isSigned && isRoot(tilesRoot, checkpoint);
  const walk = await walkLeaves(reader, size, areTilesTrue, new Set(older.map((each) => each.size)));
  const areLeavesTrue = isSigned && isRoot(walk.root, checkpoint);

  merge(problems, areLeavesTrue ? walk.malformed : walk.moves);
  if (isSigned && !areLeavesTrue && walk.moves.count === 0) nameRange(older, walk.rootsAt, checkpoint, problems);
  merge(problems, tileProblems);
  if (isSigned && !areTilesTrue && tileProblems.count === 0) {
    note(problems, { kind: 'root_differs', message: 'The hash tiles do not give the signed root.' });
  }
  if (areLeavesTrue) nameRewriting(older, trusted, walk.rootsAt, problems);
  nameCut(history, trusted, size, problems);

  return {
    verdict: problems.count === 0 ? 'verified' : 'tampered',
    origin: checkpoint.origin,
    size,
    rootHash: base64(checkpoint.rootHash),
    verifierKey: encodeVerifierKey(verifier),
    keyFrom: options.verifierKey === undefined ? 'folder' : 'given',
    comparedWith: trusted && { size: trusted.size, rootHash: base64(trusted.rootHash) },
    firstTimeMs: walk.firstTimeMs,
    lastTimeMs: walk.lastTimeMs,
    problems: problems.kept,
    problemCount: problems.count,
  };
}

/** Reads the newest checkpoint; one whose signature is wrong still says how many leaves there should be. */
function readSigned(
  signedNote: string,
  verifier: NoteVerifier,
  problems: ProblemList,
): { readonly checkpoint: Checkpoint; readonly isSigned: boolean } {
  try {
    return { checkpoint: openCheckpoint(signedNote, [verifier], verifier.name), isSigned: true };
  } catch (thrown) {
    note(problems, { kind: 'checkpoint_invalid', path: 'checkpoint', message: `checkpoint: ${messageOf(thrown)}` });
  }
  try {
    return { checkpoint: parseCheckpoint(signedNote.slice(0, signedNote.lastIndexOf('\n\n') + 1)), isSigned: false };
  } catch {
    return { checkpoint: { origin: verifier.name, size: 0, rootHash: EMPTY_ROOT }, isSigned: false };
  }
}

async function readTrusted(
  file: string | undefined,
  verifier: NoteVerifier,
  problems: ProblemList,
): Promise<Checkpoint | undefined> {
  if (file === undefined) return undefined;
  const text = await readText(file);
  try {
    return openCheckpoint(text, [verifier], verifier.name);
  } catch (thrown) {
    const isOther = thrown instanceof TlogError && thrown.code === 'TLOG_SIGNATURE_MISSING';
    if (!isOther) throw unreadable(file, messageOf(thrown));
    const message = `The older checkpoint ${file} is not signed by this log's key: one of the two was exchanged.`;
    note(problems, { kind: 'key_differs', path: file, message });
    return undefined;
  }
}

/** Neither entries nor tiles give the signed root: the checkpoints signed on the way say between which leaves it began. */
function nameRange(
  older: readonly Checkpoint[],
  rootsAt: ReadonlyMap<number, Uint8Array>,
  newest: Checkpoint,
  problems: ProblemList,
): void {
  const bySize = [...older].sort((left, right) => left.size - right.size);
  const wrong = bySize.find((each) => !isRoot(rootsAt.get(each.size), each)) ?? newest;
  const right = bySize.findLast((each) => each.size < wrong.size && isRoot(rootsAt.get(each.size), each));
  const from = right?.size ?? 0;
  const last = wrong.size - 1;
  const message =
    from === last
      ? `leaf ${from} was changed.`
      : `The leaves from ${from} to ${last} are not those that were signed; the ones before them are.`;
  note(problems, { kind: from === last ? 'leaf_changed' : 'leaves_changed', index: from, message });
}

/** The leaves fit the newest signature, so where they do not fit an older one, somebody signed a rewritten log. */
function nameRewriting(
  older: readonly Checkpoint[],
  trusted: Checkpoint | undefined,
  rootsAt: ReadonlyMap<number, Uint8Array>,
  problems: ProblemList,
): void {
  const wrong = older.filter((each) => !isRoot(rootsAt.get(each.size), each)).sort((a, b) => a.size - b.size)[0];
  if (!wrong) return;
  const right = older.filter((each) => each.size < wrong.size).reduce((most, each) => Math.max(most, each.size), 0);
  const whose = wrong === trusted ? 'the older checkpoint' : 'a checkpoint of the log’s own history';
  const message = `The log was rewritten and signed again: its leaves from ${right} to ${wrong.size - 1} are not those that ${whose} of ${wrong.size} leaves has signed.`;
  note(problems, { kind: 'log_rewritten', index: right, message });
}

function nameCut(
  history: readonly Checkpoint[],
  trusted: Checkpoint | undefined,
  size: number,
  problems: ProblemList,
): void {
  const longest = Math.max(trusted?.size ?? 0, history.at(-1)?.size ?? 0);
  if (longest <= size) return;
  const message = `The log was cut back: it has ${size} leaves, and a checkpoint was signed over ${longest}; those from ${size} on were removed.`;
  note(problems, { kind: 'log_cut_back', index: size, message });
}

async function readVerifierKey(folder: string, given: string | undefined): Promise<NoteVerifier> {
  const file = join(folder, 'verifier.key');
  const text = given ?? (await readText(file));
  try {
    return parseVerifierKey(text.trim());
  } catch (thrown) {
    throw unreadable(given === undefined ? file : 'The verifier key', messageOf(thrown));
  }
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw unreadable(path, 'it is too long');
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}

function merge(into: ProblemList, from: ProblemList): void {
  for (const problem of from.kept) note(into, problem);
  into.count += from.count - from.kept.length;
}

function isRoot(root: Uint8Array | undefined, checkpoint: Checkpoint): boolean {
  return root !== undefined && Buffer.compare(root, checkpoint.rootHash) === 0;
}

function unreadable(path: string, problem: string): BartizanError {
  return new BartizanError('BTZ_INPUT_UNREADABLE', { path, problem });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
