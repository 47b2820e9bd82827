import { DEFAULT_LIMITS, type FramedRecords, type FrameLimits, type Framer, grown } from './framer.ts';

/**
 * One record per line. LF or CRLF ends a line; every other byte, NUL too, belongs to it. Empty lines are no records. A
 * line without its end is left for later: its bytes count as consumed only when the end has come.
 */
export function frameLines(limits: FrameLimits = DEFAULT_LIMITS): Framer {
  const { maxRecordBytes } = limits;
  /** The beginning of a line whose end has not come. */
  let held = new Uint8Array(0);
  let heldBytes = 0;
  /** Bytes of a line that is too long already, and no longer held. */
  let skippedBytes = 0;
  let consumedBytes = 0;

  function hold(chunk: Uint8Array, start: number): void {
    const length = chunk.length - start;
    if (skippedBytes > 0 || heldBytes + length > maxRecordBytes + 1) {
      skippedBytes += heldBytes + length;
      heldBytes = 0;
      return;
    }
    if (heldBytes + length > held.length) held = grown(held, heldBytes, heldBytes + length);
    held.set(start === 0 ? chunk : chunk.subarray(start), heldBytes);
    heldBytes += length;
  }

  function push(chunk: Uint8Array): FramedRecords {
    const lastFeed = chunk.lastIndexOf(LINE_FEED);
    if (lastFeed === -1) {
      hold(chunk, 0);
      return { payload: NO_BYTES, ends: NO_ENDS, dropped: {}, consumedBytes };
    }
    const payload = new Uint8Array(heldBytes + lastFeed);
    const ends: number[] = [];
    let tooLong = 0;
    let written = 0;
    let start = 0;
    // Native search and copy: several times faster than a loop over the bytes.
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
      const isFirst = start === 0;
      const before = isFirst ? heldBytes : 0;
      const bare = withoutReturn(chunk, start, feed);
      // A return that was held belongs to the line feed that begins this chunk.
      const kept = feed === 0 && before > 0 && held[before - 1] === CARRIAGE_RETURN ? before - 1 : before;
      const length = kept + bare - start;
      if ((isFirst && skippedBytes > 0) || length > maxRecordBytes) {
        tooLong += 1;
      } else if (length > 0) {
        if (kept > 0) payload.set(held.subarray(0, kept), written);
        if (bare > start) payload.set(chunk.subarray(start, bare), written + kept);
        written += length;
        ends.push(written);
      }
      start = feed + 1;
    }
    consumedBytes += heldBytes + skippedBytes + lastFeed + 1;
    heldBytes = 0;
    skippedBytes = 0;
    if (held.length > LARGE_BUFFER) held = new Uint8Array(0);
    if (lastFeed + 1 < chunk.length) hold(chunk, lastFeed + 1);
    const dropped = tooLong > 0 ? { too_long: tooLong } : {};
    return { payload: payload.subarray(0, written), ends: Uint32Array.from(ends), dropped, consumedBytes };
  }

  function end(): FramedRecords {
    if (heldBytes === 0 && skippedBytes === 0) return { payload: NO_BYTES, ends: NO_ENDS, dropped: {}, consumedBytes };
    // One more line feed ends the line; it is not in the stream.
    const framed = push(FEED);
    consumedBytes -= 1;
    return { ...framed, consumedBytes };
  }

  return { push, end, idle: () => ({ payload: NO_BYTES, ends: NO_ENDS, dropped: {}, consumedBytes }) };
}

function withoutReturn(chunk: Uint8Array, start: number, feed: number): number {
  return feed > start && chunk[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FEED = Uint8Array.of(LINE_FEED);
const NO_BYTES = new Uint8Array(0);
const NO_ENDS = new Uint32Array(0);
/** A buffer that one long line made is not kept for the short ones that follow. */
const LARGE_BUFFER = 65_536;
