import { setTimeout } from 'node:timers/promises';

import { encodeVerifierKey, openLog, TlogError, type TransparencyLog } from '@bartizan/tlog';

import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Evidence, NewEvidence } from '#model/evidence.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';

import { createBell } from './bell.ts';
import { addToHistory } from './history.ts';
import { encodeLeaf, tidyLeaf } from './leaf.ts';
import { openLogKey } from './log-key.ts';

export interface EvidenceLogOptions {
  /** Holds the durable queue of leaves. */
  readonly state: StateStore;
  /** Where the tree's tiles, its checkpoint and its `verifier.key` stand. */
  readonly folder: string;
  readonly keyFile: string;
  /** The log's name, such as `bartizan/web-1`; counts at the first start only. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface EvidenceStatus {
  /** Leaves under the newest checkpoint. */
  readonly size: number;
  /** When the newest checkpoint was signed, or read at the start. */
  readonly checkpointMs: number;
  /** The signed note; empty before the first leaf. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly isRunning: boolean;
  /** Why the tree does not follow the queue at the moment. */
  readonly problem?: BartizanError;
}

export interface EvidenceLog {
  /**
   * Puts leaves into the durable queue, in order; with `queries` they are part of the caller's transaction. Once it (and
   * the transaction) is over they are on disk, and within a second under a signed checkpoint.
   */
  record(leaves: readonly NewEvidence[], queries?: StateQueries): Promise<void>;
  /**
   * Compares the tree with the queue, leaf by leaf, and then lets it follow the queue.
   *
   * @throws BTZ_EVIDENCE_INVALID when they differ; recording goes on, the tree stands still.
   */
  start(): Promise<void>;
  /** Waits until everything recorded is under a signed checkpoint. */
  flush(): Promise<void>;
  /** Brings in what is queued and closes the log. */
  stop(): Promise<void>;
  status(): EvidenceStatus;
}

const LEAVES_PER_APPEND = 2_000;
const LEAVES_PER_COMPARISON = 2_560;
/** Leaves of one moment share a checkpoint. */
const GATHER_MS = 100;
/** Leaves that came within a transaction are found this late at most. */
const POLL_MS = 400;
const RETRY_MS = 1_000;

/**
 * Opens the evidence log: what is recorded goes into the queue (the state store), from where it is moved into a signed
 * Merkle tree on plain files. A leaf's index in the queue is its index in the tree, so a restart after a crash neither
 * loses, repeats nor reorders one.
 *
 * @throws BTZ_EVIDENCE_KEY_MISSING, BTZ_EVIDENCE_KEY_INVALID, BTZ_EVIDENCE_INVALID, BTZ_DATA_UNWRITABLE
 */
export async function openEvidenceLog(options: EvidenceLogOptions): Promise<EvidenceLog> {
  const { state, folder, clock } = options;
  const signer = await openLogKey(options.keyFile, folder, options.origin);
  const tree = await openLog({ folder, origin: signer.name, signer }).catch((thrown: unknown) => {
    throw codedError(thrown, folder);
  });
  let checkpointMs = clock();
  let problem: BartizanError | undefined;
  let running: Promise<void> | undefined;
  let isStopping = false;
  const bell = createBell();

  return {
    async record(leaves, queries) {
      if (leaves.length === 0) return;
      await (queries ?? state).evidence.append(leaves.map(tidyLeaf));
      bell.ring();
    },

    async start() {
      if (running) return;
      try {
        await compareWithQueue(tree, state);
      } catch (thrown) {
        problem = codedError(thrown, folder);
        throw problem;
      }
      problem = undefined;
      running = follow();
    },

    async flush() {
      while (tree.size() < (await state.evidence.count())) {
        if (problem) throw problem;
        if (!running) throw new BartizanError('BTZ_INTERNAL', { problem: 'the evidence log was not started' });
        bell.ring();
        await setTimeout(GATHER_MS / 4);
      }
    },

    async stop() {
      isStopping = true;
      bell.ring();
      await running;
      await tree.close();
      running = undefined;
    },

    status: () => ({
      size: tree.size(),
      checkpointMs,
      checkpoint: tree.checkpoint().note,
      verifierKey: encodeVerifierKey(signer),
      isRunning: running !== undefined && problem === undefined,
      problem,
    }),
  };

  async function follow(): Promise<void> {
    for (;;) {
      const isLast = isStopping;
      try {
        while (await integrate()) problem = undefined;
        problem = undefined;
      } catch (thrown) {
        problem = codedError(thrown, folder);
      }
      if (isLast) return;
      await bell.wait(problem ? RETRY_MS : POLL_MS);
      if (!isStopping) await setTimeout(GATHER_MS);
    }
  }

  /** Moves the next leaves from the queue into the tree; answers false when there are none. */
  async function integrate(): Promise<boolean> {
    const firstIndex = tree.size();
    const leaves = await state.evidence.read(firstIndex, LEAVES_PER_APPEND);
    if (leaves.length === 0) return false;
    const gap = leaves.findIndex(({ index }, place) => index !== firstIndex + place);
    if (gap !== -1) throw invalid(`the queue has no leaf ${firstIndex + gap}`);
    const { note } = await tree.append(leaves.map(encodeLeaf));
    checkpointMs = clock();
    await addToHistory(folder, note);
    return true;
  }
}

/** @throws BTZ_EVIDENCE_INVALID naming the first leaf that is not in both, or not the same in both. */
async function compareWithQueue(tree: TransparencyLog, state: StateStore): Promise<void> {
  const size = tree.size();
  for (let from = 0; from < size; from += LEAVES_PER_COMPARISON) {
    const count = Math.min(LEAVES_PER_COMPARISON, size - from);
    const queued = await state.evidence.read(from, count);
    const entries = await tree.entries(from, count);
    const place = entries.findIndex((entry, offset) => !isSameLeaf(queued[offset], from + offset, entry));
    if (place !== -1) throw invalid(`leaf ${from + place} is not the one in the state database`);
  }
}

function isSameLeaf(queued: Evidence | undefined, index: number, entry: Uint8Array): boolean {
  return queued?.index === index && Buffer.compare(encodeLeaf(queued), entry) === 0;
}

function codedError(thrown: unknown, folder: string): BartizanError {
  if (thrown instanceof TlogError) return toBartizanError(thrown, 'BTZ_EVIDENCE_INVALID');
  if (!(thrown instanceof Error && 'code' in thrown)) return toBartizanError(thrown);
  return toBartizanError(thrown, thrown.code === 'ENOSPC' ? 'BTZ_DISK_FULL' : 'BTZ_DATA_UNWRITABLE', {
    directory: folder,
  });
}

function invalid(problem: string): BartizanError {
  return new BartizanError('BTZ_EVIDENCE_INVALID', { problem });
}
