import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BartizanError } from '#kit/errors.ts';
import type { RawBatch } from '#model/batch.ts';
import { MAX_BATCH_RECORDS } from '#model/event.ts';

/** Records of a batch; packed they are one run of bytes: ends (32-bit little endian), payload, senders as JSON. */
export type UnpackedBatch = Pick<RawBatch, 'ends' | 'payload' | 'senders'>;

/** How the run of bytes is divided. */
export interface Layout {
  readonly records: number;
  readonly payloadBytes: number;
  readonly sendersBytes: number;
}

export interface PackedBatch extends Layout {
  /** One zstd frame with checksum. */
  readonly body: Uint8Array;
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
  const sendersText = Buffer.from(batch.senders?.length ? JSON.stringify(batch.senders) : '');
  const flat = new Uint8Array(records * 4 + payloadBytes + sendersText.length);
  const ends = new Uint32Array(flat.buffer, 0, records);
  ends.set(batch.ends);
  for (let index = 1; index < records; index++) {
    if ((ends[index] as number) < (ends[index - 1] as number)) throw misfit('a record that ends before it begins');
  }
  flat.set(batch.payload.subarray(0, payloadBytes), records * 4);
  flat.set(sendersText, records * 4 + payloadBytes);
  const layout = { records, payloadBytes, sendersBytes: sendersText.length };
  return { ...layout, body: zstdCompressSync(flat, COMPRESS), unpacked: divide(flat, layout) };
}

/** The reverse. Throws whatever zlib says about damaged bytes; never unpacks more than was recorded. */
export function unpackBatch(body: Uint8Array, layout: Layout): UnpackedBatch {
  const flatBytes = layout.records * 4 + layout.payloadBytes + layout.sendersBytes;
  const flat = zstdDecompressSync(body, { maxOutputLength: Math.max(flatBytes, 1) });
  if (flat.byteLength !== flatBytes)
    throw new RangeError(`unpacks to ${flat.byteLength} bytes instead of ${flatBytes}`);
  return divide(flat.byteOffset % 4 === 0 ? flat : Uint8Array.from(flat), layout);
}

function divide(flat: Uint8Array, { records, payloadBytes, sendersBytes }: Layout): UnpackedBatch {
  const ends = new Uint32Array(flat.buffer, flat.byteOffset, records);
  const payload = flat.subarray(records * 4, records * 4 + payloadBytes);
  if (sendersBytes === 0) return { ends, payload };
  const senders = JSON.parse(Buffer.from(flat.subarray(records * 4 + payloadBytes)).toString()) as RawBatch['senders'];
  return { ends, payload, senders };
}

function misfit(problem: string): BartizanError {
  return new BartizanError('BTZ_INTERNAL', { problem });
}
