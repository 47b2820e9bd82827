import { closeSync, fstatSync } from 'node:fs';
import type { SourceFormat } from '#model/event.ts';
import type { Collector, Intake } from '../collector.ts';
import { type DeliveryContext, deliver } from '../delivery.ts';
import { type FramedRecords, type Framer, framerOf } from '../framing/index.ts';
import { createStatus } from '../status.ts';
import {
  type FileMark,
  fromCursor,
  identityOf,
  isSameIdentity,
  NOT_ALL_NS,
  isSameFile,
  startOf,
  startsAlike,
  toCursor,
} from './file-mark.ts';
import { type Found, findFirst, findPlaces, findRenamed, isCurrent, isReplaced, type Place } from './find-place.ts';
import { type OpenLog, openLog } from './open-log.ts';
import { describeLoss, describeProblem } from './problem.ts';
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
  /** Hears, in a sentence for an operator, that lines may be gone that were never read. */
  readonly onLoss?: (sentence: string) => void;
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

  /** The file being read; after it those known to come later, oldest first and none of them begun. */
  let log: OpenLog | undefined;
  let waiting: readonly Place[] = [];
  /** The end of the file before the one being read, or where reading was to go on: what is later is told by it. */
  let before: FileMark | undefined;
  let lingering: { readonly log: OpenLog; untilMs: number } | undefined;
  /** Durable. */
  let { mark, late } = fromCursor(intake.cursor(stream));
  let isFirstLook = true;
  let readAtMs = performance.now();
  let note = '';

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
    closeLogs([]);
    lingering?.log.close();
    wakeUp.close();
    status.set('stopped');
  }

  /** Reads all there is. @returns whether there was anything. */
  async function turn(): Promise<boolean> {
    lingerAgain();
    let hasRead = await drainLingering();
    if (!log) await open();
    isFirstLook = false;
    while (log && !signal.aborted) {
      // Asked before reading to the end: what the old file got before the new one was used is then read, too.
      const isOver = isWrittenElsewhere(log);
      const drained = await drain(log, isNextUnread);
      hasRead ||= drained.hasRead;
      if (drained.isTruncated) await reopenAfterTruncation(log);
      else if (!isOver || !(await goOn(log))) break;
    }
    if (hasRead) readAtMs = performance.now();
    else if (log && performance.now() - readAtMs > QUIET_MS) await commit(log, log.idle());
    return hasRead;
  }

  async function open(): Promise<void> {
    before ??= mark;
    if (before) await resume(before, findPlaces(path, before));
    else adopt(findFirst(path, isFirstLook ? start : 'beginning'));
    if (!log) return status.set('waiting', `${path} is not there yet; it is read from its first byte when it appears.`);
    before ??= log.mark();
    // The place is kept even if nothing is ever written: a restart must not begin at a later end.
    await commit(log, NOTHING);
  }

  /** Goes on with what was found after a place; tells when something between is gone. */
  async function resume(place: FileMark, found: Found): Promise<void> {
    adopt(found.own ? [found.own, ...found.next] : found.next);
    // What comes after the file that is gone on with is told when that is over.
    if (!found.own && found.loss !== 'none') await tellLoss(place, found);
  }

  function adopt(places: readonly Place[]): void {
    closeLogs(places);
    const [first, ...rest] = places;
    if (first?.file !== log?.file) log = first && openLog(first, frame());
    waiting = rest;
  }

  /** Closes what is open and not among these. */
  function closeLogs(kept: readonly Place[]): void {
    const files = new Set(kept.map(({ file }) => file));
    if (log && !files.has(log.file)) log.close();
    for (const { file } of waiting) if (!files.has(file)) closeSync(file);
  }

  /** Whether the log was rotated away and its writer uses a newer file; an empty newer one says nothing yet. */
  function isWrittenElsewhere(current: OpenLog): boolean {
    if (waiting.length === 0) return isReplaced(path, current.file);
    // While that is awaited it may be written to, rotated and emptied again.
    if (waiting.length === 1 && isEmpty(waiting[0])) takeUp(findPlaces(path, current.readMark(), filesOf(waiting)));
    return waiting.length > 1 || !isEmpty(waiting[0]);
  }

  /** The files found after the one that is being read. */
  function takeUp({ own, next }: Found): void {
    if (own) closeSync(own.file);
    const files = new Set(filesOf(next));
    for (const { file } of waiting) if (!files.has(file)) closeSync(file);
    waiting = next;
  }

  /**
   * Whether a file that nothing was read of is the next one. It may have been written to, rotated by copy and emptied
   * since it was found, and what is in it now is not what comes next; nothing else would show that.
   */
  function isNextUnread(start: Uint8Array): boolean {
    if (!log || !before) return true;
    const held = [log.file, ...filesOf(waiting)];
    const { own, next, loss } = findPlaces(path, before, held);
    const first = own?.file === log.file ? own : next[0];
    const isNext =
      first === undefined ||
      first.file === log.file ||
      // A copy of it, and it was not emptied before this was read.
      (isCurrent(path, log.file) && startsAlike(first.file, start));
    for (const place of [own, ...next]) if (place && !held.includes(place.file)) closeSync(place.file);
    return isNext && (first === own || loss !== 'packed');
  }

  /** On to the file after one that is read to its end. @returns false when there is none after all. */
  async function goOn(over: OpenLog): Promise<boolean> {
    const place = { ...over.readMark(), writtenNs: fstatSync(over.file, { bigint: true }).mtimeNs };
    const found = findPlaces(path, place, filesOf(waiting));
    const { own, next } = found;
    // Its content has moved to another file: nothing ends here.
    if (own && !isSameFile(own.file, place)) {
      adopt([{ ...own, offset: over.mark().offset }, ...next]);
      return true;
    }
    takeUp(found);
    if (next.length === 0 || !(await commit(over, over.end()))) return false;
    await endLingering();
    lingering = { log: over, untilMs: performance.now() + LINGER_MS };
    before = place;
    log = undefined;
    const places = waiting;
    waiting = [];
    adopt(places);
    // A file that is gone was read to its end all the same; one between may not have been.
    if (found.loss === 'packed') await tellLoss(place, found);
    return true;
  }

  /** Truncated under us: what a copy beside it holds beyond our place is read from there, then the file from its start. */
  async function reopenAfterTruncation(cut: OpenLog): Promise<void> {
    const place = cut.readMark();
    if (place.offset === 0 && before) {
      const found = findPlaces(path, before, [cut.file, ...filesOf(waiting)]);
      const isOwn = found.own?.file === cut.file;
      if (found.own && !isOwn) closeSync(found.own.file);
      adopt(found.next);
      if (!isOwn && found.loss === 'packed') await tellLoss(before, found);
      return;
    }
    const found = findPlaces(path, place, filesOf(waiting));
    if (found.own) return adopt([{ ...found.own, offset: cut.mark().offset }, ...found.next]);
    await commit(cut, cut.end());
    before = place;
    await resume(place, found);
  }

  /** Lines may be gone for good: counted, and told for as long as this runs. */
  async function tellLoss(place: FileMark, { loss, packedNs }: Found): Promise<void> {
    note = describeLoss(path, loss, clock());
    options.onLoss?.(note);
    // Files written at the very time of the place came before it, as in looking for it.
    const writtenNs = place.offset > 0 && place.writtenNs ? place.writtenNs + NOT_ALL_NS : place.writtenNs;
    // From now on the place is the start of what comes next: counted once, also if killed right after this.
    const isNewest = waiting.length === 0 && writtenNs !== undefined && packedNs > writtenNs;
    const next = log && log.readMark().offset === 0 ? identityOf(log.file) : { device: '', inode: '' };
    before = startOf({ ...next, writtenNs: isNewest ? packedNs : writtenNs });
    await settle({ ...NOTHING, dropped: { unread_file: 1 } }, before);
  }

  /** A file that was rotated away before the last stop and may still be written to. */
  function lingerAgain(): void {
    if (!late) return;
    const place = mark && isSameIdentity(late, mark) ? undefined : findRenamed(path, late);
    if (place) lingering = { log: openLog(place, frame()), untilMs: performance.now() + LINGER_MS };
    late = undefined;
  }

  async function drainLingering(): Promise<boolean> {
    if (!lingering) return false;
    const { hasRead, isTruncated } = await drain(lingering.log);
    if (hasRead) lingering.untilMs = performance.now() + LINGER_MS;
    if (isTruncated || performance.now() > lingering.untilMs) await endLingering();
    return hasRead;
  }

  async function endLingering(): Promise<void> {
    if (!lingering) return;
    const { log: over } = lingering;
    await drain(over);
    await commit(over, over.end());
    over.close();
    lingering = undefined;
  }

  /** Reads a log to its present end. */
  async function drain(
    from: OpenLog,
    isNext?: (start: Uint8Array) => boolean,
  ): Promise<{ hasRead: boolean; isTruncated: boolean }> {
    for (let hasRead = false; ; hasRead = true) {
      const records = from.readNext(chunkBytes, isNext);
      status.set('watching', note);
      if (records === 'truncated' || records === 'end of file')
        return { hasRead, isTruncated: records === 'truncated' };
      if (!(await commit(from, records)) || signal.aborted) return { hasRead: true, isTruncated: false };
    }
  }

  /** @returns false when told to stop before it was durable. */
  async function commit(from: OpenLog, records: FramedRecords): Promise<boolean> {
    const place = from === lingering?.log && mark && !isSameIdentity(mark, from.mark()) ? mark : from.mark();
    if (records.ends.length > 0 || Object.keys(records.dropped).length > 0 || !mark) return settle(records, place);
    await new Promise(setImmediate);
    return true;
  }

  async function settle({ payload, ends, dropped }: FramedRecords, place: FileMark | undefined): Promise<boolean> {
    const batch = { stream, format, receivedMs: clock(), payload, ends };
    const cursor = place && toCursor(place, lingering?.log.mark());
    const isDurable = await deliver(delivery, batch, { cursor, dropped });
    if (isDurable) mark = place;
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

function filesOf(places: readonly Place[]): number[] {
  return places.map(({ file }) => file);
}

function isEmpty(place: Place | undefined): boolean {
  return place === undefined || fstatSync(place.file).size === 0;
}

const NOTHING: FramedRecords = { payload: new Uint8Array(), ends: new Uint32Array(), dropped: {}, consumedBytes: 0 };
