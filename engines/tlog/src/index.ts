export { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
export { TLOG_ERRORS, TlogError, type TlogErrorCode } from './errors.ts';
export { diskFiles, type LogFiles } from './files.ts';
export { type AppendResult, type LogOptions, openLog, type TransparencyLog } from './log.ts';
export {
  encodeSignerKey,
  encodeVerifierKey,
  generateSigner,
  type NoteSigner,
  type NoteVerifier,
  openNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
} from './note.ts';
export { consistencyProof, inclusionProof, type Subtree, verifyConsistency, verifyInclusion } from './proof.ts';
export { type LogReader, logReader } from './reader.ts';
export {
  bundlePath,
  decodeBundle,
  encodeBundle,
  MAX_ENTRY_BYTES,
  splitTile,
  TILE_WIDTH,
  tilePath,
  tileRoot,
} from './tiles.ts';
export { createFrontier, EMPTY_ROOT, type Frontier, HASH_BYTES, leafHash, nodeHash, rootOf } from './tree.ts';
