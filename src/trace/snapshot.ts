import type { OpenAlert } from './open-alert.ts';

export interface GrouperSnapshot {
  readonly version: 1;
  readonly turn: number;
  readonly open: readonly OpenAlert[];
}

/**
 * Reads back what `snapshot` gave, after JSON or structured clone. It is our own state, so only its version and outline
 * are checked; the copy is deep, so that the grouper never shares state with its saver.
 */
export function readSnapshot(value: unknown): GrouperSnapshot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Partial<GrouperSnapshot>;
  if (found.version !== 1 || typeof found.turn !== 'number' || !Array.isArray(found.open)) return undefined;
  return structuredClone(found) as GrouperSnapshot;
}
