import type { SourceFormat } from '#model/event.ts';
import type { Collector, Intake } from '../collector.ts';
import { type DeliveryContext, deliver } from '../delivery.ts';
import { type FramedRecords, type Framer, framerOf } from '../framing/index.ts';
import { createStatus } from '../status.ts';
import { fromCursor, toCursor } from './file-mark.ts';
import { findFirst, findNext, findPlaces, isReplaced, type Place } from './find-place.ts';
import { type OpenLog, openLog } from './open-log.ts';
import { describeProblem } from './problem.ts';
import { createWakeUp } from './wake-up.ts';

export interface FileTailOptions {
  /** Absolute; rotated files are looked for beside it. */
  readonly path: string;
  readonly format: SourceFormat;
  /** Makes the cutter of records, one per file read; the format's own unless told. */
  readonly frame?: () => Framer;
  /** Where to begin in a file that was there, and never seen, when the collector started. One that appears later is read whole. */
  readonly start: 'end' | 'beginning';
  /** `file:<path>` unless told. */
  readonly stream?: string;
  readonly chunkBytes?: number;
  readonly clock?: () => number;
}

const CHUNK_BYTES = 512 * 1024;
/** How long a rotated file is still looked at for writers that have not noticed; counted anew whenever one writes. */
const LINGER_MS = 10_000;
const LINGER_WAIT_MS = 100;
/** Quiet for so long, records that were held to be joined with more are complete. */
const QUIET_MS = 2_000;

/**
 * Follows a log file: every line once, through rotation by rename or copy, truncation, restarts and kills. The place is
 * committed with the lines, so reading goes on at the exact byte; a file rotated while nobody looked is finished first
 * if it is found beside the log under its rotated name, unpacked.
 */
export function startFileTail(options: FileTailOptions, intake: Intake): Collector {
  const { path, format, start, stream = `file:${path}`, chunkBytes = CHUNK_BYTES, clock = Date.now } = options;
  const { frame = () => framerOf(format) } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const status = createStatus('waiting', clock);
  const delivery: DeliveryContext = { intake, status, signal };
  const wakeUp = createWakeUp(path);

  /** The files still to be read to their end, oldest first; the last one is followed. */
  let logs: OpenLog[] = [];
  let lingering: { readonly log: OpenLog; untilMs: number } | undefined;
  let mark = fromCursor(intake.cursor(stream));
  let isFirstLook = true;
  let readAtMs = performance.now();

  async function run(): Promise<void> {
    let isTold = true;
    while (!signal.aborted) {
      try {
        const hasRead = await turn();
        if (hasRead && !isTold) wakeUp.renew();
      } catch (thrown) {
        const { state, detail } = describeProblem(thrown, path);
        status.set(state, detail);
      }
      if (!signal.aborted) isTold = await wakeUp.wait(lingering ? LINGER_WAIT_MS : Number.POSITIVE_INFINITY);
    }
    for (const log of logs) log.close();
    lingering?.log.close();
    wakeUp.close();
    status.set('stopped');
  }

  /** Reads all there is. @returns whether there was anything. */
  async function turn(): Promise<boolean> {
    let hasRead = await drainLingering();
    if (logs.length === 0) await openLogs();
    isFirstLook = false;
    for (let log = logs[0]; log && !signal.aborted; log = logs[0]) {
      // Asked before reading to the end: what the old file got before the new one was used is then read, too.
      const isOver = isWrittenElsewhere(log);
      const drained = await drain(log, true);
      hasRead ||= drained.hasRead;
      if (drained.isTruncated) await reopenAfterTruncation(log);
      else if (!isOver || !(await goOn(log))) break;
    }
    if (hasRead) readAtMs = performance.now();
    else if (logs[0] && performance.now() - readAtMs > QUIET_MS) await commit(logs[0], logs[0].idle(), true);
    return hasRead;
  }

  async function openLogs(): Promise<void> {
    openAll(mark ? findPlaces(path, mark) : findFirst(path, isFirstLook ? start : 'beginning'));
    const [first] = logs;
    if (!first) status.set('waiting', `${path} is not there yet; it is read from its first byte when it appears.`);
    // The place is kept even if nothing is ever written: a restart must not begin at a later end.
    else if (!mark) await commit(first, NOTHING, true);
  }

  function openAll(places: readonly Place[]): void {
    logs = places.map((place) => openLog(place, frame()));
  }

  /** Whether the log was rotated away and its writer uses a newer file; an empty newer one says nothing yet. */
  function isWrittenElsewhere(log: OpenLog): boolean {
    const next = logs[1];
    return next ? logs.length > 2 || next.sizeBytes() > 0 : isReplaced(path, log.file);
  }

  /** On to the file after one that is read to its end. @returns false when there is none after all. */
  async function goOn(log: OpenLog): Promise<boolean> {
    const next = logs.length > 1 ? undefined : findNext(path, log);
    if (next?.length === 0) return false;
    if (!(await commit(log, log.end(), true))) return false;
    await endLingering();
    lingering = { log, untilMs: performance.now() + LINGER_MS };
    if (next) openAll(next);
    else logs.shift();
    return true;
  }

  /** Truncated under us: what a copy beside it holds beyond our place is read from there, then the file from its start. */
  async function reopenAfterTruncation(log: OpenLog): Promise<void> {
    const place = log.mark();
    // Nothing of this file was read yet: copies are told apart by what came before it.
    const places = findPlaces(path, place.offset === 0 && mark ? mark : place);
    if (!places.some(({ file }) => log.isCopiedTo(file))) await commit(log, log.end(), false);
    for (const open of logs) open.close();
    openAll(places);
  }

  async function drainLingering(): Promise<boolean> {
    if (!lingering) return false;
    const { hasRead, isTruncated } = await drain(lingering.log, false);
    if (hasRead) lingering.untilMs = performance.now() + LINGER_MS;
    if (isTruncated || performance.now() > lingering.untilMs) await endLingering();
    return hasRead;
  }

  async function endLingering(): Promise<void> {
    if (!lingering) return;
    const { log } = lingering;
    await drain(log, false);
    await commit(log, log.end(), false);
    log.close();
    lingering = undefined;
  }

  /** Reads a log to its present end. */
  async function drain(log: OpenLog, hasCursor: boolean): Promise<{ hasRead: boolean; isTruncated: boolean }> {
    for (let hasRead = false; ; hasRead = true) {
      const records = log.readNext(chunkBytes);
      status.set('watching');
      if (records === 'truncated' || records === 'end of file')
        return { hasRead, isTruncated: records === 'truncated' };
      if (!(await commit(log, records, hasCursor)) || signal.aborted) return { hasRead: true, isTruncated: false };
    }
  }

  /** @returns false when told to stop before it was durable. */
  async function commit(log: OpenLog, records: FramedRecords, hasCursor: boolean): Promise<boolean> {
    const { payload, ends, dropped } = records;
    const place = log.mark();
    const isFirstMark = hasCursor && !mark;
    if (ends.length === 0 && Object.keys(dropped).length === 0 && !isFirstMark) {
      await new Promise(setImmediate);
      return true;
    }
    const cursor = hasCursor ? toCursor(place) : undefined;
    const batch = { stream, format, receivedMs: clock(), payload, ends };
    const isDurable = await deliver(delivery, batch, { cursor, dropped });
    if (isDurable && hasCursor) mark = place;
    return isDurable;
  }

  const running = run();
  return {
    stream,
    status: () => status.current(),
    async stop() {
      stopping.abort();
      wakeUp.wake();
      await running;
    },
  };
}

const NOTHING: FramedRecords = { payload: new Uint8Array(), ends: new Uint32Array(), dropped: {}, consumedBytes: 0 };
