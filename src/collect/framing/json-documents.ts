import { createSink, DEFAULT_LIMITS, type FramedRecords, type FrameLimits, type Framer, grown } from './framer.ts';

/** As deep as `parseJson` follows; what is deeper is counted as `too_deep` and skipped without being held. */
const MAX_DEPTH = 64;

/** Which members of an object hold a list of records, and whether other objects may stand before it. */
export interface Wrappers {
  readonly wrapping: ReadonlySet<string>;
  readonly allowsObjectsBefore: boolean;
}

/** Where the scan stands between two bytes. */
type Place = 'between' | 'record' | 'wrapper end' | 'garbage';

/**
 * Cuts records out of a stream of JSON: one document per line, documents one behind the other however they are
 * printed, a top-level array, or an object whose `Records`, `records`, `Events` or `events` is an array of objects
 * (with nothing but plain values before it): then each element is a record, with its exact bytes.
 *
 * It follows strings and brackets only; whether a record is valid is for the parser to say. Where a document breaks off
 * (a bracket where none can be, a line feed inside a string) it is counted as `invalid_json`, and the next one begins.
 * A restart may fall between two elements of an array: what closes the array then is passed over.
 */
export function frameJsonDocuments(
  limits: FrameLimits = DEFAULT_LIMITS,
  { wrapping, allowsObjectsBefore }: Wrappers = USUAL_WRAPPERS,
): Framer {
  const { maxRecordBytes } = limits;
  const sink = createSink();
  let place: Place = 'between';
  let held = new Uint8Array(0);
  let heldBytes = 0;
  /** Bytes of the record in the chunk begin here. */
  let recordStart = 0;
  let isTooLong = false;
  let isTooDeep = false;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  /** The last byte outside of strings that was no white space. */
  let lastToken = 0;
  /** The record may still turn out to wrap others: it is an object and has had plain members only. */
  let mayWrap = false;
  let key = '';
  let isKey = false;
  let wrapsNext = false;
  let isInWrapper = false;
  let wrapperEndBytes = 0;
  let streamBytes = 0;
  let consumedBytes = 0;

  function begin(index: number): void {
    place = 'record';
    recordStart = index;
    heldBytes = 0;
    isTooLong = false;
    isTooDeep = false;
    depth = 0;
    isInString = false;
    lastToken = 0;
    mayWrap = false;
    isKey = false;
    wrapsNext = false;
  }

  function settle(index: number): void {
    place = 'between';
    heldBytes = 0;
    consumedBytes = streamBytes + index + 1;
  }

  function finish(chunk: Uint8Array, index: number): void {
    const size = heldBytes + index + 1 - recordStart;
    if (isTooDeep) sink.drop('too_deep');
    else if (isTooLong || size > maxRecordBytes) sink.drop('too_long');
    else if (heldBytes === 0) sink.add(chunk, recordStart, index + 1);
    else {
      hold(chunk, index + 1);
      sink.add(held, 0, heldBytes);
    }
    settle(index);
  }

  function breakOff(index: number): void {
    sink.drop(isTooDeep ? 'too_deep' : isTooLong ? 'too_long' : 'invalid_json');
    settle(index);
  }

  function hold(chunk: Uint8Array, end: number): void {
    const length = end - recordStart;
    if (isTooLong || isTooDeep || heldBytes + length > maxRecordBytes) {
      isTooLong = true;
      heldBytes = 0;
      return;
    }
    if (heldBytes + length > held.length) held = grown(held, heldBytes, heldBytes + length);
    held.set(chunk.subarray(recordStart, end), heldBytes);
    heldBytes += length;
  }

  function between(byte: number, index: number): void {
    if (byte === OPEN_BRACE) {
      begin(index);
      depth = 1;
      lastToken = byte;
      mayWrap = !isInWrapper;
      return;
    }
    if (isInWrapper && byte === CLOSE_BRACKET) {
      leaveWrapper(index);
      return;
    }
    // A top-level array is passed over like the commas between its elements, and so are what closes it or its wrapper.
    if (isSpace(byte) || isPunctuation(byte) || isByteOrderMark(byte)) {
      consumedBytes = streamBytes + index + 1;
      return;
    }
    place = 'garbage';
    isInString = byte === QUOTE;
    isEscaped = false;
  }

  function leaveWrapper(index: number): void {
    settle(index);
    place = 'wrapper end';
    isInWrapper = false;
    isInString = false;
    depth = 1;
    wrapperEndBytes = 0;
  }

  /** What stands behind the list in its wrapper, a paging token mostly, belongs to no record. */
  function wrapperEnd(byte: number, index: number): void {
    wrapperEndBytes += 1;
    if (isInString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    if (depth === 0) settle(index);
    else if (wrapperEndBytes > maxRecordBytes) breakOff(index);
  }

  /** A plain value where objects are expected: up to the end of its line or element. */
  function garbage(byte: number, index: number): void {
    if (isInString && byte !== LINE_FEED) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) isInString = false;
      return;
    }
    if (byte === QUOTE) isInString = true;
    if (byte !== LINE_FEED && byte !== OPEN_BRACE) return;
    sink.drop('invalid_json');
    settle(byte === OPEN_BRACE ? index - 1 : index);
    if (byte === OPEN_BRACE) between(byte, index);
  }

  function inRecord(chunk: Uint8Array, byte: number, index: number): void {
    if (isInString) {
      inString(byte, index);
      return;
    }
    if (byte === QUOTE) {
      isInString = true;
      isEscaped = false;
      isKey = mayWrap && depth === 1 && (lastToken === OPEN_BRACE || lastToken === COMMA);
      if (isKey) key = '';
      lastToken = QUOTE;
      return;
    }
    if (isSpace(byte)) return;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open(byte, index);
    else if (wrapsNext && byte === CLOSE_BRACKET && lastToken === OPEN_BRACKET) leaveWrapper(index);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      lastToken = byte;
      if (depth === 0) finish(chunk, index);
    } else lastToken = byte;
  }

  function inString(byte: number, index: number): void {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) isInString = false;
    else if (byte === LINE_FEED) {
      breakOff(index);
      return;
    }
    if (isKey && isInString && key.length < LONGEST_KEY) key += String.fromCharCode(byte);
  }

  function open(byte: number, index: number): void {
    // Only behind these can a value begin; anything else means that the document before broke off.
    if (lastToken !== COLON && lastToken !== COMMA && lastToken !== OPEN_BRACE && lastToken !== OPEN_BRACKET) {
      breakOff(index - 1);
      between(byte, index);
      return;
    }
    if (wrapsNext && byte === OPEN_BRACE && lastToken === OPEN_BRACKET) {
      // The first element of the wrapped list: what was held so far is the wrapper's beginning.
      isInWrapper = true;
      settle(index - 1);
      between(byte, index);
      return;
    }
    depth += 1;
    wrapsNext = mayWrap && depth === 2 && byte === OPEN_BRACKET && wrapping.has(key);
    if (depth > 1 && !allowsObjectsBefore) mayWrap = false;
    if (depth > MAX_DEPTH) isTooDeep = true;
    lastToken = byte;
  }

  return {
    push(chunk) {
      for (let index = 0; index < chunk.length; index += 1) {
        if (place === 'record' && isInString && !isEscaped && !isKey) index = skipPlain(chunk, index);
        if (index === chunk.length) break;
        const byte = chunk[index] ?? 0;
        if (place === 'record') inRecord(chunk, byte, index);
        else if (place === 'between') between(byte, index);
        else if (place === 'garbage') garbage(byte, index);
        else wrapperEnd(byte, index);
      }
      return carryOver(chunk);
    },
    idle: () => sink.take(consumedBytes),
    end() {
      if (place === 'wrapper end') settle(-1);
      else if (place !== 'between') breakOff(-1);
      return sink.take(consumedBytes);
    },
  };

  function carryOver(chunk: Uint8Array): FramedRecords {
    if (place === 'record') {
      hold(chunk, chunk.length);
      recordStart = 0;
    }
    streamBytes += chunk.length;
    return sink.take(consumedBytes);
  }
}

/** Index of the next byte that means something inside a string. */
function skipPlain(chunk: Uint8Array, from: number): number {
  let index = from;
  for (; index < chunk.length; index += 1) {
    const byte = chunk[index];
    if (byte === QUOTE || byte === BACKSLASH || byte === LINE_FEED) break;
  }
  return index;
}

const USUAL_WRAPPERS: Wrappers = {
  wrapping: new Set(['Records', 'records', 'Events', 'events']),
  allowsObjectsBefore: false,
};
const LONGEST_KEY = 16;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09;
}

function isPunctuation(byte: number): boolean {
  return byte === COMMA || byte === OPEN_BRACKET || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || byte === 0x1e;
}

/** EF BB BF, in any order: it stands at the beginning of files, and nowhere else between documents. */
function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
