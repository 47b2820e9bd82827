import { Worker } from 'node:worker_threads';
import type { CollectorState, Intake } from '#collect/collector.ts';
import { workerChannel } from '#kit/channels.ts';
import { connect } from '#kit/rpc.ts';
import type { Accounting, Cursor, RawBatch, StreamCounters } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import type { SourceConfig } from './collectors.ts';

/** Says “the journal has grown” to every thread that follows it; the message is the last sequence. */
export const JOURNAL_CHANNEL = 'bartizan.journal';

export interface IntakeThreadData {
  readonly journalFile: string;
  readonly sources: readonly SourceConfig[];
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
  cursor: { argument: string; answer: Cursor | undefined };
  status: { argument: undefined; answer: IntakeStatus };
  prune: { argument: { upToSequence: number; beforeMs: number }; answer: number };
  stop: { argument: undefined; answer: void };
};
export type IntakeReports = { problem: { argument: string; answer: void } };

export interface IntakeStatus {
  readonly counters: readonly StreamCounters[];
  readonly collectors: readonly CollectorReport[];
  readonly lastSequence: number;
  readonly sizeBytes: number;
}

export interface IntakeService extends Pick<Intake, 'deliver'> {
  /** Like `deliver`, and answers the journal sequence. */
  deliverAndTell(batch: RawBatch): Promise<number>;
  status(): Promise<IntakeStatus>;
  prune(upToSequence: number, beforeMs: number): Promise<number>;
  stop(): Promise<void>;
}

/** Collectors and the journal's only writer, in a thread of their own: a slow disk never stops the console. */
export function startIntake(data: IntakeThreadData, onProblem: (problem: string) => void): IntakeService {
  const worker = new Worker(new URL('intake-thread.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const remote = connect<IntakeCalls, IntakeReports>(workerChannel(worker), { problem: onProblem });
  let isStopping = false;
  worker.on('error', (error) => onProblem(`Collecting stopped: ${error.message}`));
  worker.on('exit', () => {
    remote.lost('the intake thread ended');
    // The journal's writer is gone: going on would look alive and see nothing.
    if (!isStopping) process.exitCode = 1;
    if (!isStopping) process.kill(process.pid, 'SIGTERM');
  });

  const deliverAndTell = (batch: RawBatch, accounting?: Accounting) => remote.call('deliver', { batch, accounting });
  return {
    deliverAndTell,
    async deliver(batch, accounting) {
      await deliverAndTell(batch, accounting);
    },
    status: () => remote.call('status', undefined),
    prune: (upToSequence, beforeMs) => remote.call('prune', { upToSequence, beforeMs }),
    async stop() {
      isStopping = true;
      await remote.call('stop', undefined).catch(() => undefined);
      await worker.terminate();
    },
  };
}
