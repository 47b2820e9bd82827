import { once } from 'node:events';
import type { Collector, Intake } from '../collector.ts';
import { type DeliveryContext, deliver, sleep } from '../delivery.ts';
import { type FramedRecords, frameLines, MAX_CHUNK_BYTES } from '../framing/index.ts';
import { createStatus } from '../status.ts';
import { cursorOf, type Journalctl, spawnJournalctl } from './journalctl.ts';

export interface JournaldOptions {
  /** Where to begin the first time. */
  readonly start: 'end' | 'beginning';
  /** `journald` unless told. */
  readonly stream?: string;
  readonly clock?: () => number;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;
/** One that lived so long was well; the next waits little again. */
const HEALTHY_MS = 60_000;
const MAX_COMPLAINT_BYTES = 4_096;

/**
 * Follows the systemd journal through `journalctl`, which is started again when it ends. The cursor of the last entry
 * is committed with it, so a restart goes on after it.
 */
export function startJournald(options: JournaldOptions, intake: Intake): Collector {
  const { stream = 'journald', clock = Date.now } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const status = createStatus('waiting', clock);
  const delivery: DeliveryContext = { intake, status, signal };
  let cursor = textOf(intake.cursor(stream)?.cursor);

  async function run(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const problem = await runOnce();
      if (signal.aborted) break;
      if (performance.now() - startedMs > HEALTHY_MS) waitMs = FIRST_WAIT_MS;
      status.set(problem.state, `${problem.detail} It is tried again in ${Math.ceil(waitMs / 1000)} s.`);
      await sleep(waitMs, signal);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    status.set('stopped');
  }

  /** One life of journalctl. @returns why it ended. */
  async function runOnce(): Promise<{ state: 'error' | 'no_permission'; detail: string }> {
    const child = spawnJournalctl({ afterCursor: cursor, start: options.start });
    const end = () => {
      child.kill('SIGTERM');
      // A descendant of it may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    signal.addEventListener('abort', end);
    const complaint = collectComplaint(child, (text) => {
      if (isDenied(text)) status.set('no_permission', NO_PERMISSION);
    });
    const closed = once(child, 'close').catch((thrown: unknown) => [thrown]);
    child.once('spawn', () => status.set('watching'));
    try {
      await readEntries(child);
    } catch (thrown) {
      if (!signal.aborted) return explain(thrown, complaint());
    } finally {
      signal.removeEventListener('abort', end);
      if (signal.aborted) end();
    }
    const [code] = await closed;
    return explain(code, complaint());
  }

  async function readEntries(child: Journalctl): Promise<void> {
    const framer = frameLines();
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) {
        const records = framer.push(chunk.subarray(at, at + MAX_CHUNK_BYTES));
        if (!(await commit(records))) return;
      }
    }
    // What is left is no whole entry: it comes again, after the cursor.
  }

  async function commit({ payload, ends, dropped }: FramedRecords): Promise<boolean> {
    if (ends.length === 0 && Object.keys(dropped).length === 0) return true;
    cursor = lastCursor(payload, ends) ?? cursor;
    const batch = { stream, format: 'journald', receivedMs: clock(), payload, ends } as const;
    return deliver(delivery, batch, { cursor: cursor === undefined ? undefined : { cursor }, dropped });
  }

  const running = run();
  return {
    stream,
    status: () => status.current(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function lastCursor(payload: Uint8Array, ends: Uint32Array): string | undefined {
  const start = ends.at(-2) ?? 0;
  return cursorOf(Buffer.from(payload.subarray(start, ends.at(-1))).toString('latin1'));
}

/** Gathers what it says on stderr. */
function collectComplaint(child: Journalctl, onChange: (text: string) => void): () => string {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-MAX_COMPLAINT_BYTES);
    onChange(text);
  });
  return () => text.trim();
}

function explain(exit: unknown, complaint: string): { state: 'error' | 'no_permission'; detail: string } {
  if (exit instanceof Error) {
    const isMissing = (exit as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'journalctl is not installed (package systemd).' : `journalctl: ${exit.message}.`;
    return { state: 'error', detail: problem };
  }
  if (isDenied(complaint)) return { state: 'no_permission', detail: NO_PERMISSION };
  return { state: 'error', detail: `journalctl ended (${String(exit)})${complaint ? `: ${complaint}` : ''}.` };
}

const NO_PERMISSION =
  'This user may not read the whole journal. Add it to the group systemd-journal (`usermod -aG systemd-journal <user>`) and restart, or run as root.';

function isDenied(complaint: string): boolean {
  return /insufficient permissions|Permission denied|not seeing messages/i.test(complaint);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
