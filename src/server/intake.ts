import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CollectorState, Intake } from '#collect/collector.ts';
import { workerChannel } from '#kit/channels.ts';
import { BartizanError, type ErrorCode, type ErrorDetails } from '#kit/errors.ts';
import { connect, type Remote } from '#kit/rpc.ts';
import type { Accounting, RawBatch, StreamCounters } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import type { SourceConfig } from './collectors.ts';

/** Says “the journal has grown” to every thread that follows it; the message is the last sequence. */
export const JOURNAL_CHANNEL = 'bartizan.journal';

export interface IntakeThreadData {
  readonly journalFile: string;
  readonly sources: readonly SourceConfig[];
  /** How far detection has come: see `JournalOptions`. */
  readonly seenSequence: number;
}

/** A collector as the list of sources shows it. */
export interface CollectorReport {
  readonly stream: string;
  readonly format: SourceFormat;
  readonly status: CollectorState;
  readonly detail: string;
}

export type IntakeCalls = {
  deliver: { argument: { batch: RawBatch; accounting: Accounting | undefined }; answer: number };
  status: { argument: undefined; answer: IntakeStatus };
  prune: { argument: { upToSequence: number; beforeMs: number }; answer: number };
  stop: { argument: undefined; answer: void };
};
export type IntakeReports = {
  /** The journal is open, or why it is not. */
  opened: { argument: { code: ErrorCode; details: ErrorDetails } | undefined; answer: void };
  problem: { argument: string; answer: void };
};

export interface IntakeStatus {
  readonly counters: readonly StreamCounters[];
  readonly collectors: readonly CollectorReport[];
  readonly lastSequence: number;
  readonly sizeBytes: number;
  /** Why nothing can be stored at the moment, and what to do. */
  readonly problem?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

export interface IntakeService extends Pick<Intake, 'deliver'> {
  /** Like `deliver`, and answers the journal sequence. */
  deliverAndTell(batch: RawBatch): Promise<number>;
  /** Answers within a second, from memory where the thread is busy with a slow disk or away. */
  status(): Promise<IntakeStatus>;
  prune(upToSequence: number, beforeMs: number): Promise<number>;
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
/** A thread that has run for so long was started well. */
const SETTLED_MS = 60_000;
const STATUS_MS = 1_000;
const STOP_MS = 4_000;

/**
 * Collectors and the journal's only writer, in a thread of their own: a slow disk never stops the console. A thread that
 * dies is started again. Throws BTZ_JOURNAL_UNREADABLE, BTZ_JOURNAL_UNWRITABLE, BTZ_DISK_FULL when the journal cannot be
 * opened at the first start.
 */
export async function startIntake(
  data: IntakeThreadData,
  onProblem: (problem: string) => void,
): Promise<IntakeService> {
  let remote: Remote<IntakeCalls> | undefined;
  let worker: Worker | undefined;
  let known: IntakeStatus = { counters: [], collectors: [], lastSequence: 0, sizeBytes: 0 };
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;
  let isStopping = false;

  /** Resolves when the journal is open. */
  function launch(): Promise<void> {
    return new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const started = new Worker(new URL('intake-thread.ts', import.meta.url), {
        workerData: data,
        resourceLimits: { maxOldGenerationSizeMb: 512 },
      });
      const connected = connect<IntakeCalls, IntakeReports>(
        workerChannel(started),
        {
          opened(problem) {
            if (problem) return reject(new BartizanError(problem.code, problem.details));
            remote = connected;
            resolve();
          },
          problem: onProblem,
        },
        'BTZ_COLLECTING_STOPPED',
      );
      worker = started;
      let lastWords = '';
      started.on('error', (error) => {
        lastWords = error.message;
      });
      started.on('exit', () => {
        const isRunning = remote === connected;
        remote = undefined;
        connected.lost('its thread ended');
        reject(new BartizanError('BTZ_COLLECTING_STOPPED', { problem: lastWords || 'its thread ended' }));
        if (isRunning && !isStopping) {
          onProblem(`Collecting stopped and is started again in ${retryMs} ms. ${lastWords}`);
          if (performance.now() - startedMs > SETTLED_MS) retryMs = FIRST_RETRY_MS;
          relaunch();
        }
      });
    });
  }

  function relaunch(): void {
    retry = setTimeout(() => {
      launch().catch((thrown) => {
        if (isStopping) return;
        onProblem(`Collecting cannot be started and is tried again in ${retryMs} ms: ${String(thrown)}`);
        relaunch();
      });
    }, retryMs);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }

  async function call<K extends keyof IntakeCalls & string>(
    name: K,
    argument: IntakeCalls[K]['argument'],
  ): Promise<IntakeCalls[K]['answer']> {
    if (!remote) throw new BartizanError('BTZ_COLLECTING_STOPPED', { problem: 'its thread is being started again' });
    return remote.call(name, argument);
  }

  await launch();
  const deliverAndTell = (batch: RawBatch, accounting?: Accounting) => call('deliver', { batch, accounting });
  return {
    deliverAndTell,
    async deliver(batch, accounting) {
      await deliverAndTell(batch, accounting);
    },
    async status() {
      const late = new AbortController();
      try {
        const found = await Promise.race([
          call('status', undefined),
          sleep(STATUS_MS, undefined, { signal: late.signal, ref: false }),
        ]);
        known = found ?? stalled(known, 'the disk has not answered for a second');
      } catch (thrown) {
        const { details } = thrown as BartizanError;
        known = stalled(known, String(details?.['problem'] ?? thrown));
      } finally {
        late.abort();
      }
      return known;
    },
    prune: (upToSequence, beforeMs) => call('prune', { upToSequence, beforeMs }),
    async stop() {
      isStopping = true;
      clearTimeout(retry);
      await Promise.race([
        call('stop', undefined).catch((thrown) => onProblem(`Collecting did not end cleanly: ${String(thrown)}`)),
        sleep(STOP_MS, undefined, { ref: false }),
      ]);
      await worker?.terminate();
    },
  };
}

/** What was known last, with the word that it is old. */
function stalled(known: IntakeStatus, problem: string): IntakeStatus {
  const error = new BartizanError('BTZ_COLLECTING_STOPPED', { problem });
  return {
    ...known,
    problem: { code: error.code, details: error.details },
    collectors: known.collectors.map((collector) => ({ ...collector, status: 'error', detail: error.message })),
  };
}
