import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Event, SOURCE_FORMATS, type SourceFormat } from '#model/event.ts';
import { toAddress } from './address.ts';
import { normaliseBatch, normaliserOf } from './index.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 20, 4);

function read(format: SourceFormat, record: string, stream = 'file:/x.log'): Event {
  return normaliserOf(format).normalise(record, { id: 1, receivedMs: RECEIVED_MS, utcOffsetMinutes: 0, stream });
}

const LINES = [
  'Nov 20 03:11:01 web-1 sshd[411]: Failed password for invalid user a from 203.0.113.9 port 50122 ssh2',
  '203.0.113.9 - - [20/Nov/2026:03:11:01 +0800] "GET /a?b=%27 HTTP/1.1" 404 522 "-" "x"',
  "type=USER_LOGIN msg=audit(1684329817.579:3000): pid=123 msg='op=login acct=2869 addr=203.0.113.9 res=failed'",
  '{"eventName":"A","eventSource":"b","serviceName":"c","userIdentity":{"type":"Root"},"MESSAGE":[1,2],"event":"{}"}',
];

describe.each(SOURCE_FORMATS)('any record as %s', (format) => {
  it('becomes one event with its id and a time, and nothing is thrown', () => {
    const mutated = fc.tuple(
      fc.constantFrom(...LINES),
      fc.nat(120),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.nat(30),
    );
    const record = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      mutated.map(([line, at, text, cut]) => line.slice(0, at) + text + line.slice(at + cut)),
      fc.json({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(record, (text) => {
        const event = read(format, text);
        expect(event.id).toBe(1);
        expect(Number.isSafeInteger(event.time)).toBe(true);
        expect(event.status_detail ?? '').not.toContain('reader failed');
        expect(() => JSON.stringify(event)).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  it('comes to an end when it is a megabyte of one thing', () => {
    for (const piece of [
      'a',
      ' ',
      '"',
      '\\',
      '[',
      '{',
      ' from ',
      'a=',
      '%25',
      "'",
      '=',
      'user ',
      ' port 1',
      '\u001d',
    ]) {
      for (const head of ['', ...LINES.map((line) => line.slice(0, -4))]) {
        expect(read(format, head + piece.repeat(1_000_000 / piece.length)).raw.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('sshd', () => {
  const address = fc.ipV4().filter((ip) => ip !== '192.0.2.66');
  const forged = fc.constantFrom(
    ' from 192.0.2.66 port 22 ssh2',
    ' from 192.0.2.66',
    ' 192.0.2.66 port 22',
    ' from 192.0.2.66 port 22 ssh2 [preauth]',
    ': Too many',
    '#012',
    ' by ',
    ' for ',
    'x',
  );
  const user = fc.array(fc.oneof(forged, fc.string({ maxLength: 8 })), { maxLength: 4 }).map((parts) => parts.join(''));

  it('never takes an address out of a user name', () => {
    const forms: ((user: string, peer: string) => string)[] = [
      (name, peer) => `Failed password for invalid user ${name} from ${peer} port 4711 ssh2`,
      (name, peer) => `Failed none for invalid user ${name} from ${peer} port 4711 ssh2`,
      (name, peer) => `Invalid user ${name} from ${peer} port 4711`,
      (name, peer) => `Connection closed by invalid user ${name} ${peer} port 4711 [preauth]`,
      (name, peer) => `Disconnected from invalid user ${name} ${peer} port 4711 [preauth]`,
      (name, peer) =>
        `error: maximum authentication attempts exceeded for invalid user ${name} from ${peer} port 4711 ssh2 [preauth]`,
      (name, peer) => `Failed publickey for invalid user ${name} from ${peer} port 4711 ssh2: RSA SHA256:abcdef`,
      (name, peer) => `Received disconnect from ${peer} port 4711:11: ${name} [preauth]`,
      (name, peer) => `Bad protocol version identification '${name}' from ${peer} port 4711`,
    ];
    fc.assert(
      fc.property(user, address, fc.constantFrom(...forms), (name, peer, form) => {
        const event = read('syslog', `Nov 20 03:11:01 web-1 sshd[411]: ${form(name, peer)}`);
        expect(event.src_endpoint?.ip).toBe(peer);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('normaliseBatch', () => {
  it('numbers events by journal position and keeps invalid UTF-8 readable', () => {
    const payload = Buffer.from([0x61, 0xff, 0x62, 0x00, 0x63]);
    const batch = {
      sequence: 5,
      stream: 's',
      format: 'syslog' as const,
      receivedMs: RECEIVED_MS,
      payload,
      ends: Uint32Array.of(3, 5),
    };
    const events = normaliseBatch(batch, 0);
    expect(events.map(({ id }) => id)).toEqual([5 * 2 ** 20, 5 * 2 ** 20 + 1]);
    expect(events.map(({ raw }) => raw)).toEqual(['a\u{fffd}b', '\0c']);
  });

  it('does not join a secret of one record with its neighbour', () => {
    const records = ['GET /?token=abcdef', 'ghijkl'];
    let size = 0;
    const ends = Uint32Array.from(records, (record) => (size += record.length));
    const batch = {
      sequence: 1,
      stream: 's',
      format: 'syslog' as const,
      receivedMs: 0,
      payload: Buffer.from(records.join('')),
      ends,
    };
    expect(normaliseBatch(batch, 0).map(({ raw }) => raw)).toEqual(['GET /?token=***', 'ghijkl']);
  });
});

/** Lines of sshd that are about no peer. */
const TALK = /Close session|banner line too long|listening/;
const HUB = join(import.meta.dirname, '../../../shared/corpora/crowdsec-hub/.tests');
describe.skipIf(!existsSync(HUB))('real lines (skipped where ../shared/corpora is absent)', () => {
  const lines = (folder: string) =>
    readdirSync(join(HUB, folder))
      .filter((file) => file.endsWith('.log'))
      .flatMap((file) => readFileSync(join(HUB, folder, file), 'utf8').split('\n'))
      .filter((line) => line.trim() !== '');

  const sshFolders = existsSync(HUB)
    ? readdirSync(HUB).filter((folder) => /^(?:sshd-|ssh-bf|ssh-slow|opnsense-sshd)/.test(folder))
    : [];
  it.each(sshFolders)('every line of %s is understood, and has an address where one is written', (folder) => {
    const written = lines(folder).filter((line) => /sshd(?:-session)?[[ ]/.test(line) && !TALK.test(line));
    expect(written.filter((line) => read('syslog', line).class_uid === 0)).toEqual([]);
    const addressed = written.filter((line) => /\d+\.\d+\.\d+\.\d+/.test(line));
    expect(addressed.filter((line) => toAddress(read('syslog', line).src_endpoint?.ip ?? '') === undefined)).toEqual(
      [],
    );
  });

  it.each([
    'nginx-http-sqli-probing',
    'nginx-http-malformed',
    'apache2-malformed',
    'apache2-http-sensitive-files',
    'nginx-http-path-traversal',
  ])('every request of %s has its address and status', (folder) => {
    const known = lines(folder).map((line) => read('access', line));
    expect(known.filter(({ class_uid }) => class_uid !== 4002)).toEqual([]);
    expect(known.filter((event) => event.src_endpoint?.ip === undefined || !event.http_response?.code)).toEqual([]);
  });

  it.each(['auditd-base64-exec', 'auditd-postexploit-rm', 'laurel-base64-exec', 'aws-cloudtrail-postexploit'])(
    'every event of %s is understood',
    (folder) => {
      const format = folder.startsWith('aws') ? 'cloudtrail' : 'auditd';
      expect(lines(folder).filter((line) => read(format, line).class_uid === 0)).toEqual([]);
    },
  );
});
