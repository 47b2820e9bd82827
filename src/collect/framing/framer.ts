import type { DropReason } from '#model/batch.ts';

/** Records cut out of a stream of bytes, in the shape of a `RawBatch`: record `i` is `payload[ends[i-1] ?? 0 … ends[i])`. */
export interface FramedRecords {
  readonly payload: Uint8Array;
  readonly ends: Uint32Array;
  /** Records that were left out of this answer, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /**
   * Bytes of the stream, from where the framer began, that this answer and those before it settle. Whoever stops and
   * begins anew at this byte with a new framer loses nothing and gets nothing twice.
   */
  readonly consumedBytes: number;
}

/** Turns the bytes of one stream into records. */
export interface Framer {
  /**
   * Takes the next bytes; at most `MAX_CHUNK_BYTES` of them, so that an answer fits a batch. The chunk may be used
   * again afterwards.
   */
  push(chunk: Uint8Array): FramedRecords;
  /** Nothing came for a while (two seconds or so): answers whole records that were held only to be joined with more. */
  idle(): FramedRecords;
  /** The stream is over: answers all that is left, an unfinished last record too. */
  end(): FramedRecords;
}

export interface FrameLimits {
  /** A longer record is counted as `too_long` and skipped, and never held whole. */
  readonly maxRecordBytes: number;
}

export const DEFAULT_LIMITS: FrameLimits = { maxRecordBytes: 2 ** 20 };
/** Two bytes are the shortest record with its end; a batch takes 2^20 records. */
export const MAX_CHUNK_BYTES = 2 ** 20;

/** Collects the records of one answer. */
export interface RecordSink {
  add(bytes: Uint8Array, start: number, end: number): void;
  drop(reason: DropReason): void;
  /** Takes what was collected, and begins anew. */
  take(consumedBytes: number): FramedRecords;
}

export function createSink(): RecordSink {
  let payload = new Uint8Array(0);
  let size = 0;
  let ends: number[] = [];
  let dropped: Partial<Record<DropReason, number>> = {};
  return {
    add(bytes, start, end) {
      const length = end - start;
      if (size + length > payload.length) payload = grown(payload, size, size + length);
      payload.set(bytes.subarray(start, end), size);
      size += length;
      ends.push(size);
    },
    drop(reason) {
      dropped[reason] = (dropped[reason] ?? 0) + 1;
    },
    take(consumedBytes) {
      const framed = { payload: payload.subarray(0, size), ends: Uint32Array.from(ends), dropped, consumedBytes };
      payload = new Uint8Array(0);
      size = 0;
      ends = [];
      dropped = {};
      return framed;
    },
  };
}

/** A copy with room for at least `needed` bytes, the first `used` of them taken over. */
export function grown(bytes: Uint8Array, used: number, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2, 65_536));
  larger.set(bytes.subarray(0, used));
  return larger;
}
