import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FramedRecords,
  type Framer,
  frameAuditd,
  frameJsonDocuments,
  frameLines,
  framerOf,
  sniffFormat,
} from './index.ts';

/** Records and drops of a whole stream, cut into chunks of these sizes in turn. */
function frame(framer: Framer, stream: Uint8Array, sizes: readonly number[] = [stream.length]) {
  const answers: FramedRecords[] = [];
  let at = 0;
  for (let turn = 0; at < stream.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    answers.push(framer.push(Uint8Array.from(stream.subarray(at, at + size))));
    at += size;
  }
  answers.push(framer.end());
  return {
    records: answers.flatMap(textsOf),
    dropped: sum(answers),
    consumedBytes: answers.at(-1)?.consumedBytes,
    answers,
  };
}

function textsOf({ payload, ends }: FramedRecords): string[] {
  return Array.from(ends, (end, index) => Buffer.from(payload.subarray(ends[index - 1] ?? 0, end)).toString('latin1'));
}

function sum(answers: readonly FramedRecords[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { dropped } of answers)
    for (const [reason, count] of Object.entries(dropped)) total[reason] = (total[reason] ?? 0) + count;
  return total;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** Stops after some chunks, begins anew with another framer at the consumed byte, and compares with one that never stopped. */
function restartsExactly(make: () => Framer, stream: Uint8Array, chunks: readonly number[], stopAfter: number): void {
  const first = make();
  const before: string[] = [];
  let at = 0;
  let consumed = 0;
  for (let turn = 0; turn < stopAfter && at < stream.length; turn += 1) {
    const size = chunks[turn % chunks.length] ?? 1;
    const answer = first.push(Uint8Array.from(stream.subarray(at, at + size)));
    before.push(...textsOf(answer));
    consumed = answer.consumedBytes;
    at += size;
  }
  const after = frame(make(), stream.subarray(consumed)).records;
  expect([...before, ...after]).toEqual(frame(make(), stream).records);
}

describe('frameLines', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u00ff', '\r', ' '), maxLength: 12 });
  const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 });

  it('cuts any bytes into the same lines, however they arrive', () => {
    fc.assert(
      fc.property(stream, sizes, (lines, chunks) => {
        const text = lines.map(([content, end]) => content + end).join('');
        const expected = text
          .split('\n')
          .map((one) => one.replace(/\r$/, ''))
          .filter((one) => one !== '');
        const framed = frame(frameLines(), bytes(text), chunks);
        expect(framed.records).toEqual(expected);
        expect(framed.consumedBytes).toBe(text.length);
      }),
    );
  });

  it('goes on at the exact byte after a restart', () => {
    fc.assert(
      fc.property(stream, sizes, fc.nat(20), (lines, chunks, stop) => {
        restartsExactly(frameLines, bytes(lines.map(([content, end]) => content + end).join('')), chunks, stop);
      }),
    );
  });

  it('leaves an incomplete line for later, and gives it out only at the end', () => {
    const framer = frameLines();
    expect(textsOf(framer.push(bytes('one\ntw')))).toEqual(['one']);
    expect(framer.push(bytes('o')).consumedBytes).toBe(4);
    expect(textsOf(framer.idle())).toEqual([]);
    expect(framer.end()).toMatchObject({ consumedBytes: 7 });
  });

  it('counts a line that is too long, holds none of it, and keeps its neighbours', () => {
    const framer = frameLines({ maxRecordBytes: 10 });
    const text = `before\n${'x'.repeat(10_000)}\nafter\n${'y'.repeat(10)}\r\n${'z'.repeat(11)}\n`;
    const framed = frame(framer, bytes(text), [7, 1000]);
    expect(framed.records).toEqual(['before', 'after', 'y'.repeat(10)]);
    expect(framed.dropped).toEqual({ too_long: 2 });
    expect(framed.consumedBytes).toBe(text.length);
  });
});

describe('frameAuditd', () => {
  const record = (type: string, serial: number, rest = 'x=1', second = 1000) =>
    `type=${type} msg=audit(${second}.000:${serial}): ${rest}`;

  it('joins the lines of one event, also when two are mixed', () => {
    const lines = [
      record('SYSCALL', 1),
      record('SYSCALL', 2),
      record('PATH', 1),
      record('PROCTITLE', 1),
      record('USER_LOGIN', 3),
      record('PROCTITLE', 2),
      'no audit line',
    ];
    const framed = frame(frameAuditd(), bytes(`${lines.join('\n')}\n`), [13]);
    expect(framed.records).toEqual([
      [lines[0], lines[2], lines[3]].join('\n'),
      [lines[1], lines[5]].join('\n'),
      lines[4],
      lines[6],
    ]);
  });

  it('does not answer half an event, and answers it when nothing more comes', () => {
    const framer = frameAuditd();
    const answer = framer.push(bytes(`${record('USER_AUTH', 1)}\n${record('SYSCALL', 2)}\n`));
    expect(textsOf(answer)).toEqual([record('USER_AUTH', 1)]);
    expect(answer.consumedBytes).toBe(record('USER_AUTH', 1).length + 1);
    expect(textsOf(framer.idle())).toEqual([record('SYSCALL', 2)]);
  });

  it('gives up waiting when the log is two seconds on', () => {
    const framer = frameAuditd();
    expect(textsOf(framer.push(bytes(`${record('SYSCALL', 1)}\n${record('SYSCALL', 2, 'x=1', 1003)}\n`)))).toEqual([
      record('SYSCALL', 1),
    ]);
  });

  it('does not hold more than it may, whoever keeps events open', () => {
    const framer = frameAuditd({ maxRecordBytes: 200 });
    let held = 0;
    let answered = 0;
    for (let serial = 0; serial < 2000; serial += 1) {
      const text = `${record('SYSCALL', serial)}\n`;
      held += text.length;
      answered = framer.push(bytes(text)).consumedBytes;
      expect(held - answered).toBeLessThan(200 * 6 + 65 * 60);
    }
    expect(answered).toBeGreaterThan(0);
  });

  it('goes on at the exact byte after a restart', () => {
    const event = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('SYSCALL', 'PATH', 'PROCTITLE', 'USER_CMD', 'EOE'),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 14 }),
        fc.integer({ min: 20, max: 90 }),
        fc.nat(12),
        (events, size, stop) => {
          // Within one run nothing is closed by time, so that a restart cannot see less than the run before did.
          const stream = bytes(events.map(([serial, type]) => `${record(type, serial)}\n`).join(''));
          restartsExactly(frameAuditd, stream, [size], stop);
        },
      ),
    );
  });
});

describe('frameJsonDocuments', () => {
  const value = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ depthSize: 'small' }), { maxKeys: 3 });
  const documents = fc.array(value, { maxLength: 6 });
  const printed = fc.constantFrom<(all: readonly unknown[]) => string>(
    (all) => all.map((one) => `${JSON.stringify(one)}\n`).join(''),
    (all) => all.map((one) => JSON.stringify(one, null, 2)).join('\n'),
    (all) => all.map((one) => JSON.stringify(one)).join(''),
    (all) => JSON.stringify(all),
    (all) => JSON.stringify(all, null, 3),
    (all) => JSON.stringify({ Records: all }),
    (all) => JSON.stringify({ RequestId: 'r', Count: 2, Events: all, NextToken: 'x{' }, null, 1),
  );

  it('finds the same documents in any print, however they arrive', () => {
    fc.assert(
      fc.property(documents, printed, sizes, (all, print, chunks) => {
        const text = print(all);
        const framed = frame(frameJsonDocuments(), Buffer.from(text), chunks);
        const read = framed.records.map((one): unknown => JSON.parse(Buffer.from(one, 'latin1').toString()));
        expect(JSON.stringify(read)).toBe(JSON.stringify(all.filter((one) => !wraps(one))));
        expect(framed.dropped).toEqual({});
        expect(framed.consumedBytes).toBe(Buffer.byteLength(text));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on at the exact byte after a restart', () => {
    fc.assert(
      fc.property(documents, printed, sizes, fc.nat(60), (all, print, chunks, stop) => {
        const text = print(all);
        // What closes a paged answer is told from data only by having seen its beginning.
        fc.pre(!text.includes('NextToken'));
        restartsExactly(frameJsonDocuments, Buffer.from(text), chunks, stop);
      }),
    );
  });

  it('keeps the exact bytes of an element', () => {
    const element = '{ "a" : [1 , 2],\n\t"b":{"Records":[{"c":1}]} }';
    expect(frame(frameJsonDocuments(), bytes(`{"Records": [${element},\n{"d":1}]}\n`)).records).toEqual([
      element,
      '{"d":1}',
    ]);
  });

  it('does not take the list inside an event for a wrapped trail', () => {
    const text = '{"user":{"name":"x"},"events":[{"a":1},{"a":2}]}';
    expect(frame(frameJsonDocuments(), bytes(text)).records).toEqual([text]);
  });

  it.each([
    ['a line cut off', '{"a":1\n{"b":2}\n', ['{"b":2}']],
    ['a string cut off', '{"a":"x\n{"b":2}\n', ['{"b":2}']],
    ['a line of text', 'oops\n{"b":2}\n', ['{"b":2}']],
    ['the end of a file', '{"b":2}\n{"c":', ['{"b":2}']],
  ])('counts %s once and finds the next document', (_name, text, records) => {
    const framed = frame(frameJsonDocuments(), bytes(text), [3]);
    expect(framed.records).toEqual(records);
    expect(framed.dropped).toEqual({ invalid_json: 1 });
  });

  it('skips what is too deep or too long without holding it', () => {
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const framed = frame(
      frameJsonDocuments({ maxRecordBytes: 1000 }),
      bytes(`${deep}\n{"b":"${'x'.repeat(5000)}"}\n{"c":1}`),
      [999],
    );
    expect(framed.records).toEqual(['{"c":1}']);
    expect(framed.dropped).toEqual({ too_deep: 1, too_long: 1 });
    expect(frame(frameJsonDocuments(), bytes('['.repeat(300_000))).records).toEqual([]);
  });

  function wraps(one: Record<string, unknown>): boolean {
    return ['Records', 'records', 'Events', 'events'].some((name) => Array.isArray(one[name]));
  }
});

describe('sniffFormat', () => {
  it.each([
    [
      '{"Records":[{"eventVersion":"1.08","eventSource":"ec2.amazonaws.com","awsRegion":"us-east-1"}]}',
      'x',
      'cloudtrail',
    ],
    ['[\n {\n "awsRegion": "a", "eventSource": "iam.amazonaws.com" }]', 'x', 'cloudtrail'],
    ['{"eventName":"X","acsRegion":"cn-hangzhou","serviceName":"Ecs"}', 'x', 'actiontrail'],
    ['type=SYSCALL msg=audit(1684329817.579:2995): arch=c000003e', 'x', 'auditd'],
    ['node=a type=SYSCALL msg=audit(1684329817.579:2995): arch=c000003e', 'x', 'auditd'],
    ['{"ID":"1688048710.843:30826","SYSCALL":{}}', 'x', 'auditd'],
    ['{"__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}', 'x', 'journald'],
    ['{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}', 'x', 'kubernetes'],
    ['{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[]}', 'x', 'kubernetes'],
    ['{"status":"start","id":"b3","from":"nginx","Type":"container","Action":"start"}', 'x', 'docker'],
    ['{"log":"x\\n","stream":"stdout","time":"2026-11-20T03:11:01Z"}', 'x', 'docker'],
    ['time="2026-11-20T03:11:01.3Z" level=info msg="API listen on /run/docker.sock"', 'x', 'docker'],
    ['2026-11-20 03:11:01.868 UTC [10719] a@b LOG:  statement: select 1', 'x', 'postgresql'],
    ['2026-11-20 03:11:01 UTC::@:[10947]:LOG:  starting', 'x', 'postgresql'],
    ['203.0.113.9 2026-11-20 03:11:01.868 UTC [10719] a@b FATAL:  no', 'x', 'postgresql'],
    [
      '2026-11-20 03:11:01.631 UTC,,,11783,,6b04bc9f.2e07,1,,2026-11-20 03:11:01 UTC,,0,LOG,00000,"x"',
      'x',
      'postgresql',
    ],
    ['{"timestamp":"2026-11-20 03:11:01.631 UTC","pid":11783,"error_severity":"LOG"}', 'x', 'postgresql'],
    ['2026-11-20  3:11:01 0 [Note] Starting MariaDB', 'x', 'mysql'],
    ['2026-11-20T03:11:01.411498Z 25 [Note] [MY-010926] [Server] x', 'x', 'mysql'],
    ['20261120 03:11:01,db-1,app,203.0.113.9,4,0,CONNECT,shop,,0', 'x', 'mysql'],
    ['[\n{ "timestamp": "2026-11-20 03:11:01", "id": 0, "class": "audit", "event": "startup" }', 'x', 'mysql'],
    ['2026-11-20 03:11:01 web-1 app: LOG is on', 'x', 'syslog'],
    ['{"Type":"order","items":[{"log":"a"}]}', 'x', 'json'],
    ['{"remote_addr":"1.2.3.4","request":"GET / HTTP/1.1","status":200}', 'x', 'access'],
    ['1.2.3.4 - - [20/Nov/2026:03:11:01 +0800] "GET / HTTP/1.1" 200 1', 'x', 'access'],
    ['a.example:443 1.2.3.4 - bob [20/Nov/2026:03:11:01 +0800] "GET / HTTP/1.1" 200 1', 'x', 'access'],
    ['Nov 20 03:11:01 web-1 sshd[1]: x\nNov  2 03:11:01 web-1 sshd[1]: y', 'x', 'syslog'],
    ['2026-11-20T03:11:01.1+08:00 web-1 sshd[1]: x', 'x', 'syslog'],
    ['<38>1 2026-11-20T03:11:01Z h sshd 1 - - x', 'x', 'syslog'],
    ['{"hello":"world"}', 'x', 'json'],
    ['', '/var/log/nginx/access.log', 'access'],
    ['', '/var/log/audit/audit.log', 'auditd'],
    ['', '/var/log/auth.log', 'syslog'],
  ])('takes %j in %s for %s', (head, path, format) => {
    expect(sniffFormat(Buffer.from(head), path)).toBe(format);
  });
});

const CORPORA = join(import.meta.dirname, '../../../../shared/corpora');
describe.skipIf(!existsSync(CORPORA))('real files (skipped where ../shared/corpora is absent)', () => {
  it('finds every CloudTrail event of an attacked account', () => {
    const folder = join(CORPORA, 'invictus-aws/CloudTrail');
    for (const file of readdirSync(folder)) {
      const content = readFileSync(join(folder, file));
      const { Records } = JSON.parse(content.toString()) as { Records: unknown[] };
      expect(sniffFormat(content.subarray(0, 4096), file)).toBe('cloudtrail');
      const framed = frame(framerOf('cloudtrail'), content, [65_536]);
      expect(framed.records.map((one): unknown => JSON.parse(Buffer.from(one, 'latin1').toString()))).toEqual(Records);
      expect(framed.dropped).toEqual({});
    }
  });

  it.each([
    ['sshd-logs', 'syslog'],
    ['nginx_http-logs', 'access'],
    ['apache2-logs', 'access'],
    ['auditd-logs', 'auditd'],
    ['laurel-logs', 'auditd'],
    ['aws-cloudtrail', 'cloudtrail'],
    ['traefik_json', 'access'],
  ])('knows what %s is', (folder, format) => {
    const place = join(CORPORA, 'crowdsec-hub/.tests', folder);
    for (const file of readdirSync(place).filter((name) => name.endsWith('.log'))) {
      expect(sniffFormat(readFileSync(join(place, file)), 'x')).toBe(format);
    }
  });
});
