import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BartizanError } from '#kit/errors.ts';
import { type RawBatch } from '#model/batch.ts';
import { MAX_BATCH_RECORDS } from '#model/event.ts';

/** Records of a batch as one run of bytes: the ends (32-bit little endian), then the payload. */
export interface UnpackedBatch {
  readonly ends: Uint32Array;
  readonly payload: Uint8Array;
}

export interface PackedBatch {
  /** One zstd frame with checksum. */
  readonly body: Uint8Array;
  readonly records: number;
  readonly payloadBytes: number;
  /** A copy of the records that shares nothing with the caller's buffers. */
  readonly unpacked: UnpackedBatch;
}

const COMPRESS = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
} as const;

/** Compresses a batch (zstd level 1). Throws BTZ_INTERNAL for one whose ends and payload do not fit together. */
export function packBatch(batch: RawBatch): PackedBatch {
  const records = batch.ends.length;
  const payloadBytes = records === 0 ? 0 : (batch.ends[records - 1] ?? 0);
  if (records > MAX_BATCH_RECORDS) throw misfit(`a batch of ${records} records`);
  if (payloadBytes > batch.payload.byteLength) throw misfit('a record that ends outside its batch');
  const flat = new Uint8Array(records * 4 + payloadBytes);
  const ends = new Uint32Array(flat.buffer, 0, records);
  ends.set(batch.ends);
  for (let index = 1; index < records; index++) {
    if ((ends[index] as number) < (ends[index - 1] as number)) throw misfit('a record that ends before it begins');
  }
  flat.set(batch.payload.subarray(0, payloadBytes), records * 4);
  const unpacked = { ends, payload: flat.subarray(records * 4) };
  return { body: zstdCompressSync(flat, COMPRESS), records, payloadBytes, unpacked };
}

/** The reverse. Throws whatever zlib says about damaged bytes; never unpacks more than was recorded. */
export function unpackBatch(body: Uint8Array, records: number, payloadBytes: number): UnpackedBatch {
  const flatBytes = records * 4 + payloadBytes;
  const flat = zstdDecompressSync(body, { maxOutputLength: Math.max(flatBytes, 1) });
  if (flat.byteLength !== flatBytes)
    throw new RangeError(`unpacks to ${flat.byteLength} bytes instead of ${flatBytes}`);
  const aligned = flat.byteOffset % 4 === 0 ? flat : Uint8Array.from(flat);
  const ends = new Uint32Array(aligned.buffer, aligned.byteOffset, records);
  return { ends, payload: aligned.subarray(records * 4) };
}

function misfit(problem: string): BartizanError {
  return new BartizanError('BTZ_INTERNAL', { problem });
}
