/** What a piece of a syslog connection held. Records are views: copy what is kept. */
export interface SyslogFrames {
  readonly records: readonly Uint8Array[];
  /** Records longer than the limit, left out. */
  readonly tooLong: number;
}

export interface SyslogStreamFramer {
  push(chunk: Uint8Array): SyslogFrames;
  /** The connection is over: an unfinished last record is given as it is. */
  end(): SyslogFrames;
  /** Whether a record is half here. */
  isInside(): boolean;
}

/**
 * Cuts a syslog connection into records (RFC 6587): octet counting (`83 <34>1 …`, also RFC 5425) when its first bytes
 * are a length, a space and `<`; else one record per line, ended by LF, CRLF or NUL. A connection whose count makes no
 * sense goes on as lines, so nothing is thrown away. Holds at most one record of `maxRecordBytes`.
 */
export function createSyslogStreamFramer(maxRecordBytes: number): SyslogStreamFramer {
  let mode: 'undecided' | 'counted' | 'lines' = 'undecided';
  let held: Uint8Array = new Uint8Array(0);
  /** Bytes still to be skipped of a counted record that is too long. */
  let skipBytes = 0;
  let isSkippingLine = false;

  function push(chunk: Uint8Array): SyslogFrames {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const found = { records: [] as Uint8Array[], tooLong: 0 };
    let at = 0;
    if (mode === 'undecided') mode = decide(bytes);
    if (mode === 'counted') at = takeCounted(bytes, found);
    // Not `else`: a connection may have stopped counting just now.
    if (mode === 'lines') at = takeLines(bytes, at, found);
    held = Uint8Array.from(bytes.subarray(at));
    return found;
  }

  function takeCounted(bytes: Uint8Array, found: { records: Uint8Array[]; tooLong: number }): number {
    let at = Math.min(skipBytes, bytes.length);
    skipBytes -= at;
    while (at < bytes.length) {
      const header = readCount(bytes, at);
      if (header === 'incomplete') return at;
      if (header === 'none') {
        mode = 'lines';
        return at;
      }
      const start = at + header.headerBytes;
      if (header.count > maxRecordBytes) {
        found.tooLong++;
        at = Math.min(start + header.count, bytes.length);
        skipBytes = start + header.count - at;
      } else {
        if (start + header.count > bytes.length) return at;
        addRecord(bytes, start, start + header.count, found.records);
        at = start + header.count;
      }
    }
    return at;
  }

  function takeLines(bytes: Uint8Array, from: number, found: { records: Uint8Array[]; tooLong: number }): number {
    let start = from;
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== LINE_FEED && bytes[at] !== NUL) continue;
      if (isSkippingLine) isSkippingLine = false;
      else if (at - start > maxRecordBytes) found.tooLong++;
      else addRecord(bytes, start, at, found.records);
      start = at + 1;
    }
    if (isSkippingLine) return bytes.length;
    if (bytes.length - start <= maxRecordBytes) return start;
    found.tooLong++;
    isSkippingLine = true;
    return bytes.length;
  }

  return {
    push,
    end() {
      const rest: Uint8Array[] = [];
      const header = mode === 'counted' ? readCount(held, 0) : 'none';
      addRecord(held, typeof header === 'object' ? header.headerBytes : 0, held.length, rest);
      held = new Uint8Array(0);
      return { records: rest, tooLong: 0 };
    },
    isInside: () => held.length > 0 || skipBytes > 0 || isSkippingLine,
  };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const NUL = 0;
const LESS_THAN = 0x3c;
const MAX_COUNT_DIGITS = 9;

/** Adds a record without its line end; nothing for an empty one. */
function addRecord(bytes: Uint8Array, start: number, end: number, records: Uint8Array[]): void {
  let last = end;
  while (
    last > start &&
    (bytes[last - 1] === LINE_FEED || bytes[last - 1] === CARRIAGE_RETURN || bytes[last - 1] === NUL)
  )
    last--;
  if (last > start) records.push(bytes.subarray(start, last));
}

function decide(bytes: Uint8Array): 'undecided' | 'counted' | 'lines' {
  const header = readCount(bytes, 0);
  if (header === 'none') return 'lines';
  if (header === 'incomplete' || header.headerBytes >= bytes.length) return 'undecided';
  return bytes[header.headerBytes] === LESS_THAN ? 'counted' : 'lines';
}

/** Reads `MSG-LEN SP` (RFC 6587, 3.4.1). */
function readCount(bytes: Uint8Array, at: number): { count: number; headerBytes: number } | 'incomplete' | 'none' {
  let count = 0;
  for (let digits = 0; ; digits++) {
    const byte = bytes[at + digits];
    if (byte === undefined) return 'incomplete';
    if (byte === SPACE && digits > 0) return { count, headerBytes: digits + 1 };
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit || digits === MAX_COUNT_DIGITS || (digits === 0 && byte === 0x30)) return 'none';
    count = count * 10 + byte - 0x30;
  }
}
