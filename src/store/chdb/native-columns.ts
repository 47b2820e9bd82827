/**
 * Columns in ClickHouse's Native format: numbers are their bytes, little endian; a text is its length in bytes as a
 * variable-length integer (LEB128), then its UTF-8. A column's memory is used again for the next block.
 */
export interface NumberColumn {
  readonly kind: 'number';
  /** The value of this row; rows that are left out have the default. */
  set(row: number, value: number): void;
  /** The first `rows` values; valid until `clear`. */
  bytes(rows: number): Uint8Array;
  clear(): void;
}

export interface TextColumn {
  readonly kind: 'text';
  /** Rows must come in order; those that are left out are empty. What is not well-formed Unicode becomes U+FFFD. */
  set(row: number, value: string): void;
  /** The first `rows` values; valid until `clear`. */
  bytes(rows: number): Uint8Array;
  clear(): void;
}

const FIRST_ROWS = 4_096;

export function int32Column(absent: number): NumberColumn {
  return numberColumn(FIRST_ROWS, absent, (length) => new Int32Array(length));
}

/** Of one or two bytes without sign. */
export function smallColumn(bytes: 1 | 2): NumberColumn {
  return numberColumn(FIRST_ROWS, 0, (length) => (bytes === 1 ? new Uint8Array(length) : new Uint16Array(length)));
}

/** Whole numbers up to 2^53 either way, as Int64 or UInt64. */
export function int64Column(): NumberColumn {
  const halves = numberColumn(FIRST_ROWS * 2, 0, (length) => new Uint32Array(length));
  return {
    ...halves,
    set(row, value) {
      const high = Math.floor(value / 2 ** 32);
      halves.set(row * 2, value - high * 2 ** 32);
      // Kept modulo 2^32, which is the two's complement of a negative one.
      halves.set(row * 2 + 1, high);
    },
    bytes: (rows) => halves.bytes(rows * 2),
  };
}

type Numbers = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

function numberColumn(length: number, absent: number, make: (length: number) => Numbers): NumberColumn {
  let values = make(length).fill(absent);
  let used = 0;

  function reserve(count: number): void {
    if (count <= values.length) return;
    const larger = make(Math.max(count, values.length * 2)).fill(absent);
    larger.set(values);
    values = larger;
  }

  return {
    kind: 'number',
    set(row, value) {
      reserve(row + 1);
      values[row] = value;
      if (row >= used) used = row + 1;
    },
    bytes(rows) {
      reserve(rows);
      return new Uint8Array(values.buffer, 0, rows * values.BYTES_PER_ELEMENT);
    },
    clear() {
      values.fill(absent, 0, used);
      used = 0;
    },
  };
}

/** Text is joined first: one large write is much faster than a small one for each row. */
const SPILL_CHARACTERS = 65_536;
/** Each value that waits is an object more for the garbage collector to carry about. */
const SPILL_VALUES = 512;
const FIRST_BYTES = 65_536;
/** Memory that giant rows have made larger than this is given back. */
const KEPT_BYTES = 8 * 1024 * 1024;
const MAX_UTF8_BYTES_PER_UNIT = 3;
const MAX_LENGTH_BYTES = 5;

export function textColumn(): TextColumn {
  let memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let used = 0;
  /** Each value behind its length in characters, written as the bytes of that length. */
  let pending = '';
  let pendingValues = 0;
  /** Characters of `pending` that belong to a length and are above 127. */
  let highLengthBytes = 0;
  let next = 0;

  function skipTo(row: number): void {
    if (next === row) return;
    pending += '\0'.repeat(row - next);
    pendingValues += row - next;
    next = row;
  }

  function spill(): void {
    if (pending === '') return;
    reserve(pending.length * MAX_UTF8_BYTES_PER_UNIT + pendingValues * MAX_LENGTH_BYTES);
    // Plain ASCII, but for the lengths: then characters are bytes.
    if (Buffer.byteLength(pending) === pending.length + highLengthBytes) used += memory.write(pending, used, 'latin1');
    else writeEach();
    pending = '';
    pendingValues = 0;
    highLengthBytes = 0;
  }

  function writeEach(): void {
    for (let at = 0; at < pending.length; ) {
      let length = 0;
      for (let shift = 1; ; shift *= 128) {
        const code = pending.charCodeAt(at++);
        length += (code & 127) * shift;
        if (code < 128) break;
      }
      const value = pending.slice(at, at + length);
      at += length;
      used += memory.write(lengthPrefix(Buffer.byteLength(value)), used, 'latin1');
      used += memory.write(value, used);
    }
  }

  function reserve(bytes: number): void {
    if (used + bytes <= memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(used + bytes, memory.length * 2));
    memory.copy(larger, 0, 0, used);
    memory = larger;
  }

  return {
    kind: 'text',
    set(row, value) {
      skipTo(row);
      const prefix = lengthPrefix(value.length);
      pending += prefix;
      pending += value;
      pendingValues += 1;
      highLengthBytes += prefix.length - 1;
      next += 1;
      if (pendingValues >= SPILL_VALUES || pending.length >= SPILL_CHARACTERS) spill();
    },
    bytes(rows) {
      skipTo(rows);
      spill();
      return memory.subarray(0, used);
    },
    clear() {
      pending = '';
      pendingValues = 0;
      highLengthBytes = 0;
      used = 0;
      next = 0;
      if (memory.length > KEPT_BYTES) memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
    },
  };
}

/** The bytes of a LEB128 number as characters. All but its last one are above 127. */
export function lengthPrefix(value: number): string {
  return SHORT_PREFIXES[value] ?? longPrefix(value);
}

function longPrefix(value: number): string {
  let prefix = '';
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) prefix += String.fromCharCode((left % 128) + 128);
  return prefix + String.fromCharCode(left);
}

const SHORT_PREFIXES: readonly string[] = Array.from({ length: 1_024 }, (_, value) => longPrefix(value));
