import { type AuditHead, readAuditHead } from './audit-head.ts';
import { createSink, DEFAULT_LIMITS, type FramedRecords, type FrameLimits, type Framer, grown } from './framer.ts';
import { splitLines } from './split.ts';

/** Two records of one event are never this far apart in auditd's own log. */
const EVENT_SPAN_MS = 2000;
/** Events that may wait for more records at the same time. */
const MAX_OPEN_EVENTS = 64;

/** A line among the held bytes. */
interface HeldLine {
  readonly start: number;
  readonly end: number;
  /** Offset in the stream behind its line feed. */
  readonly streamEnd: number;
}

interface HeldEvent {
  /** Empty for a line of no audit event. */
  readonly key: string;
  readonly timeMs: number;
  readonly lines: HeldLine[];
  isClosed: boolean;
}

/**
 * Joins the lines of one audit event into one record, parted by line feeds; other lines are records of their own.
 *
 * Lines of different events may be mixed. An event is complete with its `EOE` or `PROCTITLE` record, at once if user
 * space wrote it (those have one line), when records two seconds younger arrive, when 64 others wait, or when the
 * stream pauses. Answers end where no event is half told, so that a restart there joins the same lines again.
 */
export function frameAuditd(limits: FrameLimits = DEFAULT_LIMITS): Framer {
  const sink = createSink();
  let held = new Uint8Array(0);
  let heldBytes = 0;
  /** In the order of their first lines. */
  let events: HeldEvent[] = [];
  const open = new Map<string, HeldEvent>();
  let newestMs = 0;
  let consumedBytes = 0;
  const lines = splitLines(limits.maxRecordBytes, addLine, (streamEnd) => {
    sink.drop('too_long');
    if (events.length === 0) consumedBytes = streamEnd;
  });

  function addLine(bytes: Uint8Array, start: number, end: number, streamEnd: number): void {
    const length = end - start;
    if (heldBytes + length > held.length) held = grown(held, heldBytes, heldBytes + length);
    held.set(bytes.subarray(start, end), heldBytes);
    place({ start: heldBytes, end: heldBytes + length, streamEnd }, readAuditHead(bytes, start, end));
    heldBytes += length;
    if (open.size > MAX_OPEN_EVENTS || heldBytes > 4 * limits.maxRecordBytes) closeOldest();
  }

  function place(line: HeldLine, head: AuditHead | undefined): void {
    if (head === undefined) {
      events.push({ key: '', timeMs: 0, lines: [line], isClosed: true });
      return;
    }
    let event = open.get(head.key);
    if (event === undefined) {
      if (head.timeMs > newestMs) closeOlderThan(head.timeMs - EVENT_SPAN_MS);
      newestMs = Math.max(newestMs, head.timeMs);
      event = { key: head.key, timeMs: head.timeMs, lines: [], isClosed: false };
      events.push(event);
      open.set(head.key, event);
    }
    event.lines.push(line);
    if (head.endsEvent || head.standsAlone) close(event);
  }

  function close(event: HeldEvent): void {
    event.isClosed = true;
    open.delete(event.key);
  }

  function closeOlderThan(timeMs: number): void {
    for (const event of open.values()) if (event.timeMs < timeMs) close(event);
  }

  function closeOldest(): void {
    for (const event of open.values()) {
      close(event);
      return;
    }
  }

  /** Answers as many events as have all their lines before the first line of one that is left. */
  function answer(): FramedRecords {
    const firstOpen = events.findIndex((event) => !event.isClosed);
    let count = firstOpen === -1 ? events.length : firstOpen;
    let cut = startOf(events[count]);
    for (let index = count - 1; index >= 0; index -= 1) {
      if (endOf(events[index]) <= cut) continue;
      count = index;
      cut = startOf(events[index]);
    }
    for (const event of events.slice(0, count)) {
      emit(event);
      consumedBytes = Math.max(consumedBytes, event.lines.at(-1)?.streamEnd ?? 0);
    }
    forget(count);
    return sink.take(consumedBytes);
  }

  function startOf(event: HeldEvent | undefined): number {
    return event?.lines[0]?.start ?? Number.POSITIVE_INFINITY;
  }

  function endOf(event: HeldEvent | undefined): number {
    return event?.lines.at(-1)?.end ?? 0;
  }

  function emit(event: HeldEvent): void {
    const [only] = event.lines;
    if (only !== undefined && event.lines.length === 1) {
      sink.add(held, only.start, only.end);
      return;
    }
    const size = event.lines.reduce((sum, line) => sum + line.end - line.start + 1, -1);
    if (size > limits.maxRecordBytes) {
      sink.drop('too_long');
      return;
    }
    const record = new Uint8Array(size);
    let written = 0;
    for (const line of event.lines) {
      if (written > 0) record[written++] = LINE_FEED;
      record.set(held.subarray(line.start, line.end), written);
      written += line.end - line.start;
    }
    sink.add(record, 0, size);
  }

  /** Drops the bytes of answered events and moves the others to the front. */
  function forget(count: number): void {
    if (count === 0) return;
    const left = events.slice(count);
    const cut = Math.min(startOf(left[0]), heldBytes);
    held.copyWithin(0, cut, heldBytes);
    heldBytes -= cut;
    events = left;
    for (const { lines: own } of left) {
      for (const [index, line] of own.entries()) own[index] = { ...line, start: line.start - cut, end: line.end - cut };
    }
  }

  function closeAll(): FramedRecords {
    for (const event of open.values()) close(event);
    return answer();
  }

  return {
    push(chunk) {
      lines.push(chunk);
      return answer();
    },
    idle: closeAll,
    end() {
      lines.end();
      return closeAll();
    },
  };
}

const LINE_FEED = 0x0a;
