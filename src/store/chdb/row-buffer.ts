/** Lines on their way into chDB as bytes; the memory is used again for the next block. */
export interface RowBuffer {
  add(line: string): void;
  sizeBytes(): number;
  /** What was added since the last `clear`; valid until then. */
  bytes(): Uint8Array;
  clear(): void;
}

const SPILL_CHARACTERS = 65_536;
const FIRST_BYTES = 1024 * 1024;
/** A buffer that one giant row has made larger than this is given back. */
const KEPT_BYTES = 16 * 1024 * 1024;
const MAX_UTF8_BYTES_PER_UNIT = 3;

export function rowBuffer(): RowBuffer {
  let memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let used = 0;
  // Joined as text first: one large write into the buffer is much faster than a small one for each row.
  let pending = '';

  return {
    add(line) {
      pending += line;
      pending += '\n';
      if (pending.length >= SPILL_CHARACTERS) spill();
    },
    sizeBytes: () => used + pending.length,
    bytes() {
      spill();
      return memory.subarray(0, used);
    },
    clear() {
      pending = '';
      used = 0;
      if (memory.length > KEPT_BYTES) memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
    },
  };

  function spill(): void {
    const needed = used + pending.length * MAX_UTF8_BYTES_PER_UNIT;
    if (needed > memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, memory.length * 2));
      memory.copy(larger, 0, 0, used);
      memory = larger;
    }
    used += memory.write(pending, used);
    pending = '';
  }
}
