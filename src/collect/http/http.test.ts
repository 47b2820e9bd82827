import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Accounting, RawBatch } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import { acceptHttp, MAX_REQUEST_BYTES } from './index.ts';

function takeIn(
  body: Uint8Array | string,
  { encoding, format = 'syslog' }: { encoding?: string; format?: SourceFormat } = {},
) {
  const delivered: { batch: RawBatch; accounting?: Accounting }[] = [];
  const chunks = async function* () {
    const bytes = Buffer.from(body);
    for (let start = 0; start < bytes.length; start += 70_000) yield bytes.subarray(start, start + 70_000);
  };
  const answer = acceptHttp(
    { body: chunks(), encoding, format, stream: 'http:test', receivedMs: 1 },
    {
      async deliver(batch, accounting) {
        delivered.push({ batch, accounting });
      },
    },
  );
  return { answer, delivered };
}

function recordsOf({ payload, ends }: RawBatch): string[] {
  return [...ends].map((end, index) =>
    Buffer.from(payload.subarray(index === 0 ? 0 : ends[index - 1], end)).toString(),
  );
}

describe('a request of log records', () => {
  it('is one batch, answered after it is durable', async () => {
    const { answer, delivered } = takeIn('one\r\ntwo\n\x00three');
    expect(await answer).toEqual({ accepted: 3, dropped: {} });
    expect(delivered).toHaveLength(1);
    expect(delivered.flatMap(({ batch }) => recordsOf(batch))).toEqual(['one', 'two', '\x00three']);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('may be packed with %s', async (encoding, pack) => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    const { answer, delivered } = takeIn(pack(Buffer.from(lines.join('\n'))), { encoding });
    expect(await answer).toEqual({ accepted: 5_000, dropped: {} });
    expect(delivered.flatMap(({ batch }) => recordsOf(batch))).toEqual(lines);
  });

  it('says what it left out', async () => {
    const { answer, delivered } = takeIn(`a\n${'x'.repeat(2 * 1024 * 1024)}\nb\n`);
    expect(await answer).toEqual({ accepted: 2, dropped: { too_long: 1 } });
    expect(delivered[0]?.accounting).toEqual({ dropped: { too_long: 1 } });
  });

  it('leaves nothing behind when it is too large, a bomb, broken or packed in an unknown way', async () => {
    const cases = [
      [() => takeIn(Buffer.alloc(MAX_REQUEST_BYTES + 1, 'line\n')), 'BTZ_BODY_TOO_LARGE'],
      [
        () => takeIn(gzipSync(Buffer.alloc(MAX_REQUEST_BYTES * 8, 'line\n')), { encoding: 'gzip' }),
        'BTZ_GZIP_TOO_LARGE',
      ],
      [() => takeIn('this is not gzip', { encoding: 'gzip' }), 'BTZ_BODY_INVALID'],
      [() => takeIn(gzipSync('cut off in the middle of it').subarray(0, 20), { encoding: 'gzip' }), 'BTZ_BODY_INVALID'],
      [() => takeIn('x', { encoding: 'br' }), 'BTZ_BODY_INVALID'],
    ] as const;
    for (const [start, code] of cases) {
      const { answer, delivered } = start();
      await expect(answer).rejects.toMatchObject({ code });
      expect(delivered).toEqual([]);
    }
  });

  it('of a slow sender keeps no other sender out', async () => {
    const never = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      await new Promise<void>(() => undefined);
    };
    const start = (stream: string, body: AsyncIterable<Uint8Array>) =>
      acceptHttp(
        { body, encoding: undefined, format: 'syslog', stream, receivedMs: 1 },
        { deliver: async () => undefined },
      );
    for (let count = 0; count < 4; count++) void start('http:slow', never());
    await expect(start('http:slow', never())).rejects.toMatchObject({ code: 'BTZ_TOO_MANY_REQUESTS' });
    const quick = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('line\n');
    };
    expect(await start('http:quick', quick())).toMatchObject({ accepted: 1 });
  });

  it('takes an array of JSON documents apart', async () => {
    const { answer, delivered } = takeIn('{"Records":[{"a":1},{"a":2}]}', { format: 'cloudtrail' });
    expect((await answer).accepted).toBe(2);
    expect(delivered.flatMap(({ batch }) => recordsOf(batch))).toEqual(['{"a":1}', '{"a":2}']);
  });
});
