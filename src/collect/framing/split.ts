import { grown } from './framer.ts';

/** Receives a whole line, without its end; the bytes are valid during the call. `streamEnd` is the offset behind its line feed. */
export type LineVisitor = (bytes: Uint8Array, start: number, end: number, streamEnd: number) => void;

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Treats what is left as a line. */
  end(): void;
}

/**
 * Walks over the lines of a stream one by one, for framers that look into each. Lines longer than `maxRecordBytes` are
 * not held: `onTooLong` hears of them when they end.
 */
export function splitLines(
  maxRecordBytes: number,
  onLine: LineVisitor,
  onTooLong: (streamEnd: number) => void,
): LineSplitter {
  let held = new Uint8Array(0);
  let heldBytes = 0;
  let isSkipping = false;
  let streamBytes = 0;

  function hold(chunk: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (isSkipping || heldBytes + length > maxRecordBytes + 1) {
      isSkipping = true;
      heldBytes = 0;
      return;
    }
    if (heldBytes + length > held.length) held = grown(held, heldBytes, heldBytes + length);
    held.set(chunk.subarray(start, end), heldBytes);
    heldBytes += length;
  }

  function visit(bytes: Uint8Array, start: number, end: number, streamEnd: number): void {
    const last = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    if (isSkipping || last - start > maxRecordBytes) onTooLong(streamEnd);
    else if (last > start) onLine(bytes, start, last, streamEnd);
    isSkipping = false;
    heldBytes = 0;
  }

  return {
    push(chunk) {
      let start = 0;
      for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
        const streamEnd = streamBytes + feed + 1;
        if (heldBytes > 0 || isSkipping) {
          hold(chunk, start, feed);
          visit(held, 0, heldBytes, streamEnd);
        } else {
          visit(chunk, start, feed, streamEnd);
        }
        start = feed + 1;
      }
      if (start < chunk.length) hold(chunk, start, chunk.length);
      streamBytes += chunk.length;
    },
    end() {
      if (heldBytes > 0 || isSkipping) visit(held, 0, heldBytes, streamBytes);
    },
  };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
