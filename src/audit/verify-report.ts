/** What a leaf says of itself, where it can be read. */
export interface LeafName {
  readonly kind: string;
  readonly subject: string;
  readonly timeMs: number;
}

export type VerifyProblemKind =
  | 'checkpoint_invalid'
  | 'root_differs'
  | 'tile_damaged'
  | 'bundle_unreadable'
  | 'leaf_changed'
  | 'leaf_removed'
  | 'leaf_inserted'
  | 'leaf_reordered'
  | 'leaf_malformed'
  | 'leaves_changed'
  | 'log_rewritten'
  | 'log_cut_back'
  | 'key_differs';

export interface VerifyProblem {
  readonly kind: VerifyProblemKind;
  /** One sentence for the reader. */
  readonly message: string;
  /** The leaf's place in the signed log; of `leaf_inserted`, the place before which it stands. */
  readonly index?: number;
  readonly leaf?: LeafName;
  readonly path?: string;
}

export interface VerifyReport {
  readonly verdict: 'verified' | 'tampered';
  readonly origin: string;
  /** Leaves under the checkpoint. */
  readonly size: number;
  /** Base64, as the checkpoint has it. */
  readonly rootHash: string;
  readonly verifierKey: string;
  /** Whether the key came with the copy; then whoever changed the log may have changed the key. */
  readonly keyFrom: 'given' | 'folder';
  readonly comparedWith?: { readonly size: number; readonly rootHash: string };
  readonly firstTimeMs?: number;
  readonly lastTimeMs?: number;
  /** The first twenty. */
  readonly problems: readonly VerifyProblem[];
  readonly problemCount: number;
}

const MAX_PROBLEMS = 20;

/** Keeps the first problems and counts the rest: a log may have a million forged leaves. */
export interface ProblemList {
  readonly kept: VerifyProblem[];
  count: number;
}

export function note(list: ProblemList, problem: VerifyProblem): void {
  list.count += 1;
  if (list.kept.length < MAX_PROBLEMS) list.kept.push(problem);
}

/** `leaf 7 (alert.raised, a1, 2026-11-20T03:11:01.000Z)`; text of a forged leaf is shortened and made plain. */
export function describeLeaf(index: number, leaf: LeafName | undefined): string {
  return leaf ? `leaf ${index} (${leafText(leaf)})` : `leaf ${index}`;
}

export function leafText({ kind, subject, timeMs }: LeafName): string {
  const time = Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : `${timeMs} ms`;
  const shown = subject.length > 80 ? `${subject.slice(0, 80)}…` : subject;
  return `${kind}, ${shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}, ${time}`;
}
