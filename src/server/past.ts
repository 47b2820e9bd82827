import { Worker } from 'node:worker_threads';
import { BartizanError, type ErrorCode, type ErrorDetails } from '#kit/errors.ts';
import type { PastFindings, PastProgress } from '#pipeline/past.ts';
import type { ContentFile } from './content.ts';
import type { LoadedRules } from './detection.ts';

/** What is asked of the thread that looks back. */
export type PastTask = TrialTask | HuntTask;

/** Reads a set of rules as it will run and tries it on the last minutes. */
export interface TrialTask {
  readonly kind: 'trial';
  readonly journalFile: string;
  readonly folders: readonly string[];
  /** What the rules that run have too: `problemKey`. With any other problem nothing is tried. */
  readonly knownProblems: readonly string[];
  readonly sinceMs: number;
  readonly maxBytes: number;
  readonly maxMs: number;
}

/** Runs some rules over the stored past. */
export interface HuntTask {
  readonly kind: 'hunt';
  readonly journalFile: string;
  /** The rules that run, for what the hunted ones need. */
  readonly files: readonly ContentFile[];
  /** Names or ids. */
  readonly wanted: readonly string[];
  /** Rules of their own, all of them hunted; they stand in for files that hold rules of the same name or id. */
  readonly newFiles: readonly ContentFile[];
  readonly sinceMs: number;
  /** What arrived at or after it is left out; by the clock of the centre. */
  readonly untilMs: number | undefined;
  readonly maxFound: number;
}

export interface PastOutcome {
  readonly files: readonly ContentFile[];
  readonly loaded: LoadedRules;
  /** Absent when the rules have problems that keep them from being tried. */
  readonly findings: PastFindings | undefined;
  /** Rule → its file, of the rules that found something. */
  readonly fileOf: Readonly<Record<string, string>>;
}

export type PastMessage =
  | { readonly progress: PastProgress }
  | { readonly outcome: PastOutcome }
  | { readonly error: { readonly code: ErrorCode; readonly details: ErrorDetails } };

export interface PastRun {
  readonly outcome: Promise<PastOutcome>;
  /** Ends it; `outcome` rejects then. */
  cancel(): Promise<void>;
}

/**
 * Looks back in a thread of its own, at low priority and with memory of its own: it may run out of it, hang or be ended,
 * and takes nothing with it.
 */
export function lookBack(
  task: PastTask,
  limitMs: number,
  onProgress: (progress: PastProgress) => void = () => undefined,
): PastRun {
  const worker = new Worker(new URL('past-thread.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<PastOutcome>();
  const fail = (problem: string) => reject(new BartizanError('BTZ_INTERNAL', { problem }));
  const limit = setTimeout(() => {
    fail(`not done after ${limitMs / 1000} s`);
    void worker.terminate();
  }, limitMs);
  worker.on('message', (message: PastMessage) => {
    if ('progress' in message) onProgress(message.progress);
    else if ('error' in message) reject(new BartizanError(message.error.code, message.error.details));
    else resolve(message.outcome);
  });
  worker.on('error', (error) => fail(error.message));
  worker.on('exit', () => {
    clearTimeout(limit);
    fail('it ended before it was done');
  });
  return {
    outcome: promise,
    async cancel() {
      await worker.terminate();
    },
  };
}
