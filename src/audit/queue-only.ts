import type { BartizanError } from '#kit/errors.ts';
import type { StateStore } from '#store/state-store.ts';
import type { EvidenceLog } from './evidence-log.ts';
import { tidyLeaf } from './leaf.ts';

/**
 * Stands in for an evidence log that cannot be opened (tampered with, key gone): what is recorded is durable in the
 * queue and moves into the tree once the log is put right and opened again. Decisions go on; nothing is signed meanwhile.
 */
export function recordInQueueOnly(state: StateStore, problem: BartizanError, clock: () => number): EvidenceLog {
  const checkpointMs = clock();
  return {
    async record(leaves, queries) {
      if (leaves.length > 0) await (queries ?? state).evidence.append(leaves.map(tidyLeaf));
    },
    start: () => Promise.reject(problem),
    flush: () => Promise.reject(problem),
    stop: async () => undefined,
    status: () => ({ size: 0, checkpointMs, checkpoint: '', verifierKey: '', isRunning: false, problem }),
  };
}
