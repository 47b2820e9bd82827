import { Worker } from 'node:worker_threads';
import { workerChannel } from '#kit/channels.ts';
import { connect } from '#kit/rpc.ts';
import type { Alert } from '#model/alert.ts';
import type { ContentFile } from './content.ts';

export interface DetectionThreadData {
  readonly journalFile: string;
  readonly ruleFiles: readonly ContentFile[];
  readonly checkpoint: Checkpoint | undefined;
}

interface Checkpoint {
  readonly sequence: number;
  readonly state: Uint8Array | undefined;
}

export interface DetectionReport {
  readonly alerts: readonly Alert[];
  /** Everything up to here has been looked at. */
  readonly sequence: number;
  /** The memory at that sequence, when it is time to keep it. */
  readonly state: Uint8Array | undefined;
  readonly events: number;
}

export type DetectionCalls = { stop: { argument: undefined; answer: void } };
export type DetectionReports = {
  report: { argument: DetectionReport; answer: void };
  failed: { argument: string; answer: void };
};

export interface DetectionService {
  /** Everything in the journal up to here has been looked at. */
  sequence(): number;
  stop(): Promise<void>;
}

export interface DetectionOptions {
  readonly journalFile: string;
  readonly ruleFiles: readonly ContentFile[];
  /** Where to begin, from the state store: asked again whenever the thread has to be started anew. */
  readonly loadCheckpoint: () => Promise<Checkpoint | undefined>;
  /** Makes a report durable; the thread waits for it. */
  readonly onReport: (report: DetectionReport) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

const RETRY_MS = 1_000;

/** Runs detection in a thread of its own and keeps it running. */
export async function startDetection({
  journalFile,
  ruleFiles,
  loadCheckpoint,
  onReport,
  onProblem,
}: DetectionOptions): Promise<DetectionService> {
  let sequence = 0;
  let isStopping = false;
  let stopThread: () => Promise<void> = async () => undefined;

  async function launch(): Promise<void> {
    const checkpoint = await loadCheckpoint();
    sequence = checkpoint?.sequence ?? 0;
    const data: DetectionThreadData = { journalFile, ruleFiles, checkpoint };
    const worker = new Worker(new URL('detection-thread.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const remote = connect<DetectionCalls, DetectionReports>(workerChannel(worker), {
      async report(report) {
        await onReport(report);
        sequence = report.sequence;
      },
      failed: onProblem,
    });
    worker.on('error', (error) => onProblem(`Detection stopped: ${error.message}`));
    worker.on('exit', () => {
      remote.lost('the detection thread ended');
      if (!isStopping) setTimeout(() => void launch(), RETRY_MS);
    });
    stopThread = async () => {
      await remote.call('stop', undefined).catch(() => undefined);
      await worker.terminate();
    };
  }

  await launch();
  return {
    sequence: () => sequence,
    async stop() {
      isStopping = true;
      await stopThread();
    },
  };
}
