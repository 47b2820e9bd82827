import { closeSync, fstatSync, readSync } from 'node:fs';
import type { FramedRecords, Framer } from '../framing/index.ts';
import { bytesAt, type FileMark, holdsContentOf, identityOf, markOf, NOT_ALL_NS, PRINT_BYTES } from './file-mark.ts';
import type { Place } from './find-place.ts';

/** One file being read, from a place on. */
export interface OpenLog {
  readonly file: number;
  /**
   * The next bytes cut into records, at most `maxBytes`; `truncated` once the file was cut or written anew under us.
   *
   * @param isNext Asked of what stands at the start of the file, before it is taken: nothing was read yet that would
   * show a truncation. Its `false` is answered as `truncated`.
   */
  readNext(maxBytes: number, isNext?: (start: Uint8Array) => boolean): FramedRecords | 'end of file' | 'truncated';
  /** Whole records that were held to be joined with more; for when nothing has come for a while. */
  idle(): FramedRecords;
  /** The file is over: all that is left. */
  end(): FramedRecords;
  /** Where a later run goes on: after what was answered. */
  mark(): FileMark;
  /** Where reading stands: after what was answered and what is held. */
  readMark(): FileMark;
  close(): void;
}

/** As much as a framer holds at most while it still can answer it. */
const MOST_KEPT_BYTES = 4 * 2 ** 20 + PRINT_BYTES;

export function openLog({ file, offset, writtenNs }: Place, framer: Framer): OpenLog {
  const identity = { ...identityOf(file), writtenNs: writtenNs ?? writtenBefore(file, offset) };
  let head = bytesAt(file, 0, Math.min(offset, PRINT_BYTES));
  /** The bytes before the end of what was read, as far back as a mark may need them. */
  let recent = bytesAt(file, Math.max(0, offset - PRINT_BYTES), Math.min(offset, PRINT_BYTES));
  let read = markOf(identity, offset, head, recent);
  let answered = read;
  /** Of a place before the end of what was read. */
  let notAllNs = identity.writtenNs;

  function take(chunk: Uint8Array, mtimeNs: bigint, isAll: boolean): FramedRecords {
    const records = framer.push(chunk);
    const place = offset + records.consumedBytes;
    const neededBytes = read.offset + chunk.length - place + PRINT_BYTES;
    // Marks come from the very bytes that were read: the file may be another by now.
    recent = chunk.length >= neededBytes ? chunk : Buffer.concat([recent, chunk]);
    if (head.length < PRINT_BYTES) head = Buffer.concat([head, chunk.subarray(0, PRINT_BYTES - head.length)]);
    notAllNs = mtimeNs - NOT_ALL_NS;
    const readNs = isAll ? mtimeNs : notAllNs;
    read = markOf({ ...identity, writtenNs: readNs }, read.offset + chunk.length, head, recent);
    return answer(records);
  }

  function answer(records: FramedRecords): FramedRecords {
    const place = offset + records.consumedBytes;
    const heldBytes = read.offset - place;
    const end = recent.length - heldBytes;
    if (heldBytes === 0) answered = read;
    // A framer may hold more than was kept (a line that is too long): the earlier mark then stands.
    else if (place > answered.offset && end >= Math.min(place, PRINT_BYTES))
      answered = markOf({ ...identity, writtenNs: notAllNs }, place, head, recent.subarray(0, end));
    const keptBytes = Math.min(recent.length, heldBytes + PRINT_BYTES, MOST_KEPT_BYTES);
    recent = Uint8Array.from(recent.subarray(recent.length - keptBytes));
    return records;
  }

  return {
    file,
    readNext(maxBytes, isNext) {
      // Before the read: what is written between the two is read, or makes the file newer than the mark says.
      const { mtimeNs, size } = fstatSync(file, { bigint: true });
      const chunk = readInto(scratchOf(maxBytes), file, read.offset);
      // After the read, so that nothing can come between.
      if (!holdsContentOf(file, read)) return 'truncated';
      if (read.offset === 0 && isNext?.(chunk) === false) return 'truncated';
      if (chunk.length === 0) return 'end of file';
      return take(chunk, mtimeNs, size <= read.offset + chunk.length);
    },
    idle: () => answer(framer.idle()),
    end: () => answer(framer.end()),
    mark: () => answered,
    readMark: () => read,
    close: () => closeSync(file),
  };
}

/** Shared by all logs: nobody holds a chunk longer than one call. */
let scratch = new Uint8Array(0);

function scratchOf(bytes: number): Uint8Array {
  if (scratch.length < bytes) scratch = new Uint8Array(bytes);
  return scratch.subarray(0, bytes);
}

function readInto(buffer: Uint8Array, file: number, position: number): Uint8Array {
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, position));
}

/** When a file was last written to; just before that, if there is more in it than was read. */
function writtenBefore(file: number, readBytes: number): bigint {
  const { mtimeNs, size } = fstatSync(file, { bigint: true });
  return size > readBytes ? mtimeNs - NOT_ALL_NS : mtimeNs;
}
