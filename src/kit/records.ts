/** Joins texts to the payload and ends of a raw batch, as UTF-8. */
export function packRecords(records: readonly string[]): {
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
} {
  const payload = new TextEncoder().encode(records.join(''));
  const ends = new Uint32Array(records.length);
  let end = 0;
  records.forEach((record, index) => {
    end += Buffer.byteLength(record);
    ends[index] = end;
  });
  return { payload, ends };
}
