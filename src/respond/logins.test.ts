import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseLogindSession, parseUtmp, readLogins } from './logins.ts';

function utmpRecord(type: number, pid: number, user: string, host: string, address: readonly number[] = []): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(type, 0);
  record.writeInt32LE(pid, 4);
  record.write(user, 44);
  record.write(host, 76);
  Buffer.from(address).copy(record, 348);
  return record;
}

const LOGIND = `# This is private data. Do not parse.
UID=0
USER=root
ACTIVE=1
STATE=active
REMOTE=1
TYPE=tty
SERVICE=sshd
REMOTE_HOST=198.51.100.7
LEADER=4711
`;

describe('login records', () => {
  test('utmp: user processes with a remote address', () => {
    const bytes = Buffer.concat([
      utmpRecord(2, 0, 'reboot', '6.1.0'),
      utmpRecord(7, 10, 'root', '198.51.100.7'),
      utmpRecord(7, 11, 'li', 'office.example', [203, 0, 113, 4]),
      utmpRecord(7, 12, 'wang', '198.51.100.8 via mosh [12]'),
      utmpRecord(7, 13, 'tty', ''),
      utmpRecord(8, 14, 'gone', '203.0.113.9'),
      Buffer.alloc(100, 7),
    ]);
    expect(parseUtmp(bytes).map(({ address, user, pid }) => [address.text, user, pid])).toEqual([
      ['198.51.100.7', 'root', 10],
      ['203.0.113.4', 'li', 11],
      ['198.51.100.8', 'wang', 12],
    ]);
  });

  test('utmp: no bytes make it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => Array.isArray(parseUtmp(bytes))));
  });

  test('logind: a remote session, not a local or a closing one', () => {
    expect(parseLogindSession(LOGIND)).toMatchObject({ user: 'root', pid: 4711, address: { text: '198.51.100.7' } });
    expect(parseLogindSession(LOGIND.replace('STATE=active', 'STATE=closing'))).toBeUndefined();
    expect(parseLogindSession(LOGIND.replace(/REMOTE_HOST=.*\n/, ''))).toBeUndefined();
  });

  test('a record whose process is gone does not count', () => {
    const run = mkdtempSync(join(tmpdir(), 'btz-run-'));
    onTestFinished(() => rmSync(run, { recursive: true }));
    mkdirSync(join(run, 'systemd/sessions'), { recursive: true });
    writeFileSync(join(run, 'systemd/sessions/c1'), LOGIND.replace('4711', String(process.pid)));
    writeFileSync(join(run, 'systemd/sessions/c2'), LOGIND.replace('4711', '4194304').replace('.7', '.9'));
    writeFileSync(join(run, 'utmp'), utmpRecord(7, 4194304, 'root', '203.0.113.9'));
    expect(readLogins('/proc', run).map(({ address }) => address.text)).toEqual(['198.51.100.7']);
    expect(readLogins('/proc', join(run, 'nothing'))).toEqual([]);
  });
});
