import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { DropReason } from '#model/batch.ts';
import { MAX_BATCH_RECORDS, type SourceFormat } from '#model/event.ts';
import type { Intake } from '../collector.ts';
import { type FramedRecords, framerOf, MAX_CHUNK_BYTES } from '../framing/index.ts';

export interface HttpIngest {
  readonly body: AsyncIterable<Uint8Array>;
  /** Content-Encoding: none, `gzip`, `deflate` or `zstd`. */
  readonly encoding: string | undefined;
  readonly format: SourceFormat;
  readonly stream: string;
  readonly receivedMs: number;
}

export interface HttpAnswer {
  readonly accepted: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** Of one request, unpacked. Senders cut their batches; in return a request is stored whole or not at all. */
export const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const MAX_AT_ONCE = 16;
/** Of one sender, so that none can keep the others out. */
const MAX_AT_ONCE_OF_ONE = 4;
/** A zstd frame may ask for far more memory than it has bytes; 8 MiB is the most that zstd’s own levels up to 19 ask for. */
const MAX_WINDOW_LOG = 23;
const atOnce = new Map<string, number>();

/**
 * Takes the body of an authorised request as one batch: when it answers, all of it is durable; when it throws, nothing
 * of it is, and the sender may safely send it again.
 *
 * Throws BTZ_GZIP_TOO_LARGE, BTZ_BODY_TOO_LARGE, BTZ_BODY_INVALID (encoding unknown or broken), BTZ_TOO_MANY_REQUESTS, BTZ_DISK_FULL.
 */
export async function acceptHttp(request: HttpIngest, intake: Pick<Intake, 'deliver'>): Promise<HttpAnswer> {
  const { stream } = request;
  const own = atOnce.get(stream) ?? 0;
  const all = [...atOnce.values()].reduce((sum, count) => sum + count, 0);
  if (all >= MAX_AT_ONCE || own >= MAX_AT_ONCE_OF_ONE) throw new BartizanError('BTZ_TOO_MANY_REQUESTS');
  atOnce.set(stream, own + 1);
  try {
    return await accept(request, intake);
  } finally {
    const left = (atOnce.get(stream) ?? 1) - 1;
    if (left > 0) atOnce.set(stream, left);
    else atOnce.delete(stream);
  }
}

async function accept(
  { body, encoding, format, stream, receivedMs }: HttpIngest,
  intake: Pick<Intake, 'deliver'>,
): Promise<HttpAnswer> {
  const framer = framerOf(format);
  const parts: FramedRecords[] = [];
  let bytes = 0;
  let records = 0;
  const keep = (part: FramedRecords) => {
    records += part.ends.length;
    if (records > MAX_BATCH_RECORDS) throw tooLarge(encoding);
    parts.push({ ...part, payload: Uint8Array.from(part.payload), ends: Uint32Array.from(part.ends) });
  };
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        bytes += chunk.length;
        if (bytes > MAX_REQUEST_BYTES) throw tooLarge(encoding);
        for (let start = 0; start < chunk.length; start += MAX_CHUNK_BYTES)
          keep(framer.push(chunk.subarray(start, start + MAX_CHUNK_BYTES)));
        done();
      } catch (thrown) {
        done(thrown as Error);
      }
    },
  });
  const unpack = unpackerOf(encoding);
  try {
    await (unpack ? pipeline(Readable.from(body), unpack, sink) : pipeline(Readable.from(body), sink));
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_BODY_INVALID');
  }
  keep(framer.end());

  const dropped = totalDropped(parts);
  await intake.deliver({ stream, format, receivedMs, ...joined(parts) }, { dropped });
  return { accepted: records, dropped };
}

function unpackerOf(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'zstd':
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } });
    default:
      throw new BartizanError('BTZ_BODY_INVALID', { problem: 'Content-Encoding is none of gzip, deflate, zstd' });
  }
}

function tooLarge(encoding: string | undefined): BartizanError {
  return new BartizanError(encoding === undefined ? 'BTZ_BODY_TOO_LARGE' : 'BTZ_GZIP_TOO_LARGE', {
    limitBytes: MAX_REQUEST_BYTES,
  });
}

function joined(parts: readonly FramedRecords[]): { payload: Uint8Array; ends: Uint32Array } {
  const payload = new Uint8Array(parts.reduce((total, part) => total + part.payload.length, 0));
  const ends = new Uint32Array(parts.reduce((total, part) => total + part.ends.length, 0));
  let at = 0;
  let record = 0;
  for (const part of parts) {
    payload.set(part.payload, at);
    for (const end of part.ends) ends[record++] = at + end;
    at += part.payload.length;
  }
  return { payload, ends };
}

function totalDropped(parts: readonly FramedRecords[]): Partial<Record<DropReason, number>> {
  const total: Partial<Record<DropReason, number>> = {};
  for (const { dropped } of parts) {
    for (const [reason, count] of Object.entries(dropped) as [DropReason, number][])
      total[reason] = (total[reason] ?? 0) + count;
  }
  return total;
}
