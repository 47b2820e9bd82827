import { TlogError } from './errors.ts';
import { type NoteSigner, type NoteVerifier, openNote, signNote } from './note.ts';
import { HASH_BYTES } from './tree.ts';

/** A tree head: which log, how long, which root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/** The text of a checkpoint, ready to be signed (C2SP tlog-checkpoint, “Note text”). */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.rootHash).toString('base64')}\n`;
}

/**
 * Reads a checkpoint's text; extension lines are allowed and ignored.
 *
 * @throws TlogError TLOG_CHECKPOINT_MALFORMED
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw malformed('the last line does not end');
  const [origin, digits, base64] = lines;
  if (!origin || digits === undefined || base64 === undefined) throw malformed('fewer than three lines');
  if (lines.includes('')) throw malformed('an empty line');
  if (!/^(?:0|[1-9]\d{0,15})$/.test(digits)) throw malformed('the second line is no tree size');
  const size = Number(digits);
  if (!Number.isSafeInteger(size)) throw malformed('the tree size is too large');
  const rootHash = Buffer.from(base64, 'base64');
  if (rootHash.length !== HASH_BYTES || rootHash.toString('base64') !== base64) {
    throw malformed('the third line is no root hash');
  }
  return { origin, size, rootHash };
}

/** The signed note that stands in the file `checkpoint`. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  return signNote(formatCheckpoint(checkpoint), [signer]);
}

/**
 * Reads a signed checkpoint and believes it only if one of the verifiers does.
 *
 * @throws TlogError TLOG_NOTE_MALFORMED, TLOG_SIGNATURE_INVALID, TLOG_SIGNATURE_MISSING, TLOG_CHECKPOINT_MALFORMED,
 *   TLOG_ORIGIN_DIFFERS
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[], origin?: string): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, verifiers).text);
  if (origin !== undefined && checkpoint.origin !== origin) {
    throw new TlogError('TLOG_ORIGIN_DIFFERS', { found: checkpoint.origin, expected: origin });
  }
  return checkpoint;
}

function malformed(problem: string): TlogError {
  return new TlogError('TLOG_CHECKPOINT_MALFORMED', { problem });
}
