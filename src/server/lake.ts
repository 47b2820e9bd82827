import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childChannel } from '#kit/channels.ts';
import { BartizanError } from '#kit/errors.ts';
import { connect, type Remote } from '#kit/rpc.ts';
import type { EventLake, EventPage, EventPageQuery, EventQuery } from '#store/event-lake.ts';

type Buckets = Awaited<ReturnType<EventLake['histogram']>>;

export type LakeCalls = {
  search: { argument: EventPageQuery; answer: EventPage };
  histogram: { argument: { query: EventQuery; bucketMs: number }; answer: Buckets };
  size: { argument: undefined; answer: { rows: number; bytes: number } };
  dropBefore: { argument: number; answer: readonly string[] };
  wake: { argument: undefined; answer: void };
  hold: { argument: number; answer: void };
  stop: { argument: undefined; answer: void };
};

export type LakeReports = {
  ready: { argument: undefined; answer: void };
  stored: { argument: number; answer: void };
  failed: { argument: string; answer: void };
};

export interface LakeService extends Pick<EventLake, 'search' | 'histogram' | 'size' | 'dropBefore'> {
  state(): 'starting' | 'ready' | 'failed';
  /** Why it does not take in events at the moment, as it last said; undefined when it does. */
  problem(): string | undefined;
  /** Highest journal sequence that can be searched. */
  storedSequence(): number;
  /** The process that holds the lake, while it runs. */
  pid(): number | undefined;
  wake(): void;
  /** Lets it wait for so many milliseconds, within its patience, since others need the machine more. */
  hold(ms: number): void;
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;
const STOP_MS = 4_000;
/** A search may take 10 s, and wait for others. */
const ANSWER_MS = 60_000;
const SIZE_MS = 1_000;
/** How often it is asked whether it lives, and how long it may stay silent. */
const PULSE_MS = 15_000;
const SILENCE_MS = 60_000;

/**
 * Runs the lake in a process of its own and keeps it running: one that dies, or says nothing for a minute, is started
 * again. While it is away, searches fail with BTZ_LAKE_UNAVAILABLE.
 */
export function startLake({
  lakeFolder,
  journalFile,
  onProblem,
}: {
  lakeFolder: string;
  journalFile: string;
  onProblem: (problem: string) => void;
}): LakeService {
  let child: ChildProcess | undefined;
  let remote: Remote<LakeCalls> | undefined;
  let state: 'starting' | 'ready' | 'failed' = 'starting';
  let stored = 0;
  let problem: string | undefined;
  let size = { rows: 0, bytes: 0 };
  let retryMs = FIRST_RETRY_MS;
  let isStopping = false;
  let retry: NodeJS.Timeout | undefined;

  function launch(): void {
    const started = fork(fileURLToPath(new URL('lake-process.ts', import.meta.url)), [lakeFolder, journalFile], {
      serialization: 'advanced',
      // Events live for one block only: a small young generation costs little time and saves a hundred megabytes.
      execArgv: [...process.execArgv, '--max-semi-space-size=8', '--initial-old-space-size=64', '--expose-gc'],
      // A group of its own: Ctrl-C in a terminal is for whoever started it, which then says when it ends.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    let lastWords = '';
    started.stderr?.on('data', (text: Buffer) => {
      lastWords = (lastWords + text.toString()).slice(-2_000);
    });
    const connected = connect<LakeCalls, LakeReports>(
      childChannel(started),
      {
        ready: () => {
          state = 'ready';
          retryMs = FIRST_RETRY_MS;
        },
        stored: (sequence) => {
          stored = sequence;
          problem = undefined;
        },
        failed: (found) => {
          problem = found;
          onProblem(found);
        },
      },
      'BTZ_LAKE_UNAVAILABLE',
    );
    remote = connected;
    const pulse = setInterval(() => void checkPulse(), PULSE_MS);
    let silentSinceMs: number | undefined;
    async function checkPulse(): Promise<void> {
      if (silentSinceMs !== undefined) {
        if (performance.now() - silentSinceMs > SILENCE_MS) started.kill('SIGKILL');
        return;
      }
      silentSinceMs = performance.now();
      await connected.call('wake', undefined).catch(() => undefined);
      silentSinceMs = undefined;
    }
    started.on('error', (error) => {
      lastWords += error.message;
    });
    started.on('exit', (code, signal) => {
      clearInterval(pulse);
      remote = undefined;
      connected.lost('the lake process ended');
      if (isStopping) return;
      state = 'failed';
      onProblem(
        `The lake process ended (${signal ?? code}); it is started again in ${retryMs} ms. ${lastWords.trim()}`,
      );
      retry = setTimeout(launch, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
  }

  function call<K extends keyof LakeCalls & string>(
    name: K,
    argument: LakeCalls[K]['argument'],
  ): Promise<LakeCalls[K]['answer']> {
    if (!remote) return Promise.reject(new BartizanError('BTZ_LAKE_UNAVAILABLE', { problem: 'it is starting' }));
    return withinMs(ANSWER_MS, remote.call(name, argument));
  }

  launch();
  return {
    state: () => state,
    storedSequence: () => stored,
    problem: () => problem,
    pid: () => child?.pid,
    wake: () => void remote?.call('wake', undefined).catch(() => undefined),
    hold: (ms) => void remote?.call('hold', ms).catch(() => undefined),
    search: (query) => call('search', query),
    histogram: (query, bucketMs) => call('histogram', { query, bucketMs }),
    async size() {
      // What was true last is good enough, and nobody waits for it.
      size = await withinMs(SIZE_MS, call('size', undefined)).catch(() => size);
      return size;
    },
    dropBefore: (timeMs) => call('dropBefore', timeMs),
    async stop() {
      isStopping = true;
      clearTimeout(retry);
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
      void remote?.call('stop', undefined).catch(() => undefined);
      const force = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function withinMs<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new BartizanError('BTZ_LAKE_UNAVAILABLE', { problem: `no answer in ${limitMs} ms` })),
      limitMs,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
