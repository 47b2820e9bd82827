import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSyslogStreamFramer } from './stream-framer.ts';

/** Feeds bytes in pieces of the given sizes and gives the records as text. */
function frame(bytes: Buffer, sizes: readonly number[] = [bytes.length], maxRecordBytes = 1000) {
  const framer = createSyslogStreamFramer(maxRecordBytes);
  const records: string[] = [];
  let tooLong = 0;
  let at = 0;
  const take = (frames: ReturnType<typeof framer.push>) => {
    records.push(...frames.records.map((record) => Buffer.from(record).toString()));
    tooLong += frames.tooLong;
  };
  for (let piece = 0; at < bytes.length; piece++) {
    const size = Math.max(1, sizes[piece % sizes.length] ?? 1);
    take(framer.push(bytes.subarray(at, at + size)));
    at += size;
  }
  take(framer.end());
  return { records, tooLong };
}

const counted = (...records: string[]) =>
  Buffer.from(records.map((record) => `${Buffer.byteLength(record)} ${record}`).join(''));
const lines = (...records: string[]) => Buffer.from(records.map((record) => `${record}\n`).join(''));

describe('a syslog connection', () => {
  it('with octet counting gives records that hold line feeds', () => {
    expect(frame(counted('<34>1 - a\nb', '<34>1 - 登录')).records).toEqual(['<34>1 - a\nb', '<34>1 - 登录']);
  });

  it('with lines gives one record per LF, CRLF or NUL, none for empty lines, and the unfinished last one', () => {
    expect(frame(Buffer.from('<1>a\r\n\n<2>b\0<3>c')).records).toEqual(['<1>a', '<2>b', '<3>c']);
  });

  it('of lines that begin with a number is not taken for octet counting', () => {
    expect(frame(lines('42 is the answer', '7 <x')).records).toEqual(['42 is the answer', '7 <x']);
  });

  it('whose count makes no sense goes on as lines: nothing is thrown away', () => {
    const bytes = Buffer.concat([counted('<1>fine'), Buffer.from('nonsense <2>x\n<3>y\n')]);
    expect(frame(bytes).records).toEqual(['<1>fine', 'nonsense <2>x', '<3>y']);
  });

  it('counts records that are too long, goes on after them, and never holds them', () => {
    const long = `<1>${'x'.repeat(5000)}`;
    for (const bytes of [counted('<1>a', long, '<1>b'), lines('<1>a', long, '<1>b')]) {
      expect(frame(bytes, [100])).toEqual({ records: ['<1>a', '<1>b'], tooLong: 1 });
      expect(frame(bytes)).toEqual({ records: ['<1>a', '<1>b'], tooLong: 1 });
    }
  });

  it('is cut the same however its bytes arrive', () => {
    const record = fc.string({ minLength: 1, maxLength: 60 }).map((text) => `<13>${text.replace(/[\r\n\0]/g, ' ')}|`);
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.boolean(),
        (records, sizes, isCounted) => {
          const bytes = isCounted ? counted(...records) : lines(...records);
          expect(frame(bytes, sizes)).toEqual({
            records: records.map((text) => Buffer.from(text).toString()),
            tooLong: 0,
          });
        },
      ),
    );
  });

  it('never throws nor holds more than a record, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const framer = createSyslogStreamFramer(50);
        for (const chunk of chunks)
          for (const record of framer.push(chunk).records) expect(record.length).toBeLessThanOrEqual(50);
        for (const record of framer.end().records) expect(record.length).toBeLessThanOrEqual(51 + 10);
      }),
    );
  });
});
