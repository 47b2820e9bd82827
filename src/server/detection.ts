import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { workerChannel } from '#kit/channels.ts';
import type { RuleProblem } from '@bartizan/sigma';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { connect } from '#kit/rpc.ts';
import type { Alert } from '#model/alert.ts';
import type { ContentFile } from './content.ts';
import type { CatalogRule } from './rule-catalog.ts';

export interface DetectionThreadData {
  readonly journalFile: string;
  readonly ruleFiles: readonly ContentFile[];
  /** Stand in for files of the same path that have problems. */
  readonly lastGood: readonly ContentFile[];
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
  /** There was more in the journal than it could look at for some time now. */
  readonly isBehind: boolean;
}

export type DetectionCalls = {
  stop: { argument: undefined; answer: void };
  swap: { argument: readonly ContentFile[]; answer: SwappedRules };
  catalog: { argument: undefined; answer: readonly CatalogRule[] };
};
export type DetectionReports = {
  loaded: { argument: LoadedRules; answer: void };
  report: { argument: DetectionReport; answer: void };
  failed: { argument: string; answer: void };
};

/** The rules that run, and what is wrong with the files that they came from. */
export interface LoadedRules {
  readonly rules: number;
  readonly correlations: number;
  /** Of what runs, as `hashOfRules`. */
  readonly hash: string;
  readonly problems: readonly RuleProblem[];
  /** What runs has these problems too: rules that were never good are left out, and hold up no others. */
  readonly known: readonly RuleProblem[];
}

export interface SwappedRules extends LoadedRules {
  /** What correlations no longer remember, as sentences. */
  readonly forgotten: readonly string[];
}

export interface DetectionService {
  /** Everything in the journal up to here has been looked at. */
  sequence(): number;
  /** Whether its thread runs; one that died is started again. */
  isRunning(): boolean;
  /**
   * Goes on with these rules from the next batch on, in one step; what correlations that did not change remember is
   * kept, and so are open alerts. Throws BTZ_RULES_NOT_TAKEN while the thread does not run; the rules before stay then.
   */
  swap(files: readonly ContentFile[]): Promise<SwappedRules>;
  /** What the rules that run say of themselves. Throws BTZ_INTERNAL while the thread does not run. */
  catalog(): Promise<readonly CatalogRule[]>;
  stop(): Promise<void>;
}

export interface DetectionOptions {
  readonly journalFile: string;
  readonly ruleFiles: readonly ContentFile[];
  /** Stand in for files of the same path that have problems. */
  readonly lastGood: readonly ContentFile[];
  /** Told at each start of the thread. */
  readonly onLoaded: (rules: LoadedRules) => void;
  /** Where to begin, from the state store: asked again whenever the thread has to be started anew. */
  readonly loadCheckpoint: () => Promise<Checkpoint | undefined>;
  /** It cannot keep up at the moment. */
  readonly onBehind: () => void;
  /** Makes a report durable; the thread waits for it. */
  readonly onReport: (report: DetectionReport) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** A thread that has run for so long was started well. */
const SETTLED_MS = 60_000;
const STOP_MS = 5_000;

/** Runs detection in a thread of its own and keeps it running. */
export async function startDetection({
  journalFile,
  ruleFiles: firstFiles,
  lastGood,
  onLoaded,
  loadCheckpoint,
  onBehind,
  onReport,
  onProblem,
}: DetectionOptions): Promise<DetectionService> {
  let ruleFiles = firstFiles;
  let sequence = 0;
  let isStopping = false;
  let isRunning = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;
  let stopThread: () => Promise<void> = async () => undefined;
  let swapInThread: ((files: readonly ContentFile[]) => Promise<SwappedRules>) | undefined;
  let catalogOfThread: (() => Promise<readonly CatalogRule[]>) | undefined;

  async function launch(): Promise<void> {
    const checkpoint = await loadCheckpoint();
    if (isStopping) return;
    sequence = checkpoint?.sequence ?? 0;
    const startedMs = performance.now();
    const data: DetectionThreadData = { journalFile, ruleFiles, lastGood, checkpoint };
    const worker = new Worker(new URL('detection-thread.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    isRunning = true;
    const remote = connect<DetectionCalls, DetectionReports>(workerChannel(worker), {
      async report(report) {
        if (report.isBehind) onBehind();
        await onReport(report);
        sequence = report.sequence;
      },
      loaded: onLoaded,
      failed: onProblem,
    });
    swapInThread = (files) => remote.call('swap', files);
    catalogOfThread = () => remote.call('catalog', undefined);
    let lastWords = '';
    worker.on('error', (error) => {
      lastWords = error.message;
    });
    worker.on('exit', () => {
      isRunning = false;
      swapInThread = undefined;
      catalogOfThread = undefined;
      remote.lost('the detection thread ended');
      if (isStopping) return;
      if (performance.now() - startedMs > SETTLED_MS) retryMs = FIRST_RETRY_MS;
      onProblem(`Detection stopped and is started again in ${retryMs} ms; it misses nothing. ${lastWords}`);
      relaunch();
    });
    stopThread = async () => {
      await Promise.race([
        remote.call('stop', undefined).catch((thrown) => onProblem(`Detection did not end cleanly: ${String(thrown)}`)),
        sleep(STOP_MS, undefined, { ref: false }),
      ]);
      await worker.terminate();
    };
  }

  function relaunch(): void {
    retry = setTimeout(() => {
      launch().catch((thrown) => {
        onProblem(`Detection cannot be started and is tried again in ${retryMs} ms: ${String(thrown)}`);
        relaunch();
      });
    }, retryMs);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }

  await launch();
  return {
    sequence: () => sequence,
    isRunning: () => isRunning,
    async swap(files) {
      try {
        if (!swapInThread)
          throw new BartizanError('BTZ_INTERNAL', { problem: 'the detection thread is being started' });
        const swapped = await swapInThread(files);
        ruleFiles = files;
        return swapped;
      } catch (thrown) {
        throw new BartizanError('BTZ_RULES_NOT_TAKEN', { problem: toBartizanError(thrown).message }, { cause: thrown });
      }
    },
    async catalog() {
      if (!catalogOfThread)
        throw new BartizanError('BTZ_INTERNAL', { problem: 'the detection thread is being started' });
      return catalogOfThread();
    },
    async stop() {
      isStopping = true;
      clearTimeout(retry);
      await stopThread();
    },
  };
}
