import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Framer, framerOf } from './index.ts';

function frame(framer: Framer, text: string, size = text.length) {
  const bytes = Buffer.from(text);
  const records: string[] = [];
  const drops: string[] = [];
  let consumedBytes = 0;
  const take = (answer: ReturnType<Framer['push']>) => {
    answer.ends.forEach((end, index) =>
      records.push(Buffer.from(answer.payload.subarray(answer.ends[index - 1] ?? 0, end)).toString()),
    );
    drops.push(...Object.keys(answer.dropped));
    consumedBytes = answer.consumedBytes;
  };
  for (let at = 0; at < bytes.length; at += size) take(framer.push(Uint8Array.from(bytes.subarray(at, at + size))));
  take(framer.end());
  return { records, drops, consumedBytes, bytes: bytes.length };
}

const HEAD = '2026-11-20 03:11:01.977 UTC [10721] postgres@shop';

describe('the log of PostgreSQL', () => {
  it('has one record per message, however many lines it takes', () => {
    const { records } = frame(
      framerOf('postgresql'),
      `${HEAD} LOG:  statement: select 1 from\n\t  orders\n\t where a = 1;\n${HEAD} LOG:  statement: select 2\n`,
    );
    expect(records).toEqual([
      `${HEAD} LOG:  statement: select 1 from\n\t  orders\n\t where a = 1;`,
      `${HEAD} LOG:  statement: select 2`,
    ]);
  });

  it('has lines inside the quotes of csvlog, and none beyond', () => {
    const start = '2026-11-20 03:11:01.977 UTC,"postgres","shop",11909,"[local]",6b.2e85,6,"idle"';
    const csv = `${start},LOG,00000,"statement: select 1 from\n  orders\n where note = 'it''s ""x""';",,\n${start},LOG,00000,"a",,\n`;
    expect(frame(framerOf('postgresql'), csv).records).toEqual([
      `${start},LOG,00000,"statement: select 1 from\n  orders\n where note = 'it''s ""x""';",,`,
      `${start},LOG,00000,"a",,`,
    ]);
  });

  it('names the client of a session in its records, where its prefix does not', () => {
    const received =
      '2026-11-20 03:11:00.000 UTC [77] [unknown]@[unknown] LOG:  connection received: host=203.0.113.9 port=51232';
    const failed = '2026-11-20 03:11:01.067 UTC [77] app@shop FATAL:  password authentication failed for user "app"';
    const other = '2026-11-20 03:11:01.067 UTC [78] app@shop FATAL:  password authentication failed for user "app"';
    expect(frame(framerOf('postgresql'), `${received}\n${failed}\n${other}\n${failed}\n`).records).toEqual([
      received,
      `${failed}\nconnection received: host=203.0.113.9 port=51232`,
      other,
      // The session ended with its failure: a later one of the same number is another’s.
      failed,
    ]);
  });

  it('does so for a server that writes Chinese', () => {
    const received =
      '2026-11-20 03:11:00.000 CST [77] [unknown]@[unknown] 日志:  已接收到连接: 主机=203.0.113.9 端口=51232';
    const failed = '2026-11-20 03:11:01.067 CST [77] app@shop 致命错误:  用户 "app" Password 认证失败';
    expect(frame(framerOf('postgresql'), `${received}\n${failed}\n`).records).toEqual([
      received,
      `${failed}\nconnection received: host=203.0.113.9 port=51232`,
    ]);
  });

  it('does not believe a client that a statement speaks of', () => {
    const lie = `${HEAD} LOG:  statement: select 'connection received: host=192.0.2.66 port=1'`;
    const next = `${HEAD} FATAL:  terminating connection`;
    const comment = `${HEAD} LOG:  statement: select 1 -- LOG:  connection received: host=192.0.2.66 port=1`;
    const name = `${HEAD.replace('postgres@', 'x LOG:  connection received: host=192.0.2.66 port=1@')} FATAL:  no "x"`;
    expect(frame(framerOf('postgresql'), [lie, comment, name, next, ''].join('\n')).records).toEqual([
      lie,
      comment,
      name,
      next,
    ]);
  });

  it('hands on who comes in without waiting for the next line', () => {
    const line = `${HEAD} FATAL:  password authentication failed for user "app"\n`;
    expect(framerOf('postgresql').push(Buffer.from(line)).ends).toHaveLength(1);
    expect(framerOf('postgresql').push(Buffer.from(`${HEAD} LOG:  statement: select\n`)).ends).toHaveLength(0);
  });

  it('drops what is longer than a record may be, and goes on', () => {
    const limits = { maxRecordBytes: 200 };
    const long = `${HEAD} LOG:  statement: select 1\n${`\t${'x'.repeat(90)}\n`.repeat(9)}`;
    const found = frame(framerOf('postgresql', limits), `${long}${HEAD} LOG:  statement: select 2\n`);
    expect(found.drops).toEqual(['too_long']);
    expect(found.records).toEqual([`${HEAD} LOG:  statement: select 2`]);
    expect(found.consumedBytes).toBe(found.bytes);
  });

  it('is cut the same wherever the chunks end', () => {
    const piece = fc.constantFrom(
      `${HEAD} LOG:  statement: select 1\n`,
      '\tfrom orders\n',
      '2026-11-20 03:11:00.000 UTC [10721] [unknown]@[unknown] LOG:  connection received: host=203.0.113.9 port=1\n',
      `${HEAD} FATAL:  no\n`,
      '2026-11-20 03:11:01.977 UTC,"a","b",1,"[local]",x,"y""z\n',
      'inside",,\n',
      '{"timestamp":"x"}\n',
      '\n',
      'x\r\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (pieces, size) => {
        const text = pieces.join('');
        const whole = frame(framerOf('postgresql'), text);
        expect(frame(framerOf('postgresql'), text, size).records).toEqual(whole.records);
        // Empty lines behind the last record may be read again.
        expect(whole.bytes - whole.consumedBytes).toBeLessThanOrEqual(/[\r\n]*$/.exec(text)?.[0].length ?? 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('other servers', () => {
  it('give the elements of a list of audit events one by one', () => {
    const list =
      '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"auditID":"1"},{"auditID":"2"}]}';
    expect(frame(framerOf('kubernetes'), list).records).toEqual(['{"auditID":"1"}', '{"auditID":"2"}']);
    expect(frame(framerOf('json'), list).records).toEqual([list]);
  });

  it('give lines or JSON, as their first byte says', () => {
    expect(frame(framerOf('mysql'), '2026-11-20 [Note] a\n2026-11-20 [Note] b\n').records).toHaveLength(2);
    expect(frame(framerOf('mysql'), '[\n{"id":0,\n"class":"audit"},\n{"id":1}]').records).toEqual([
      '{"id":0,\n"class":"audit"}',
      '{"id":1}',
    ]);
    expect(frame(framerOf('docker'), '').records).toEqual([]);
  });
});
