import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { analyze } from './analyze.ts';
import { inputFiles } from './input-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'input 文件 '));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string, changedSeconds = 1_000): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  utimesSync(path, changedSeconds, changedSeconds);
  return path;
}

it('takes of a folder all text below it, the oldest first, and follows no link', () => {
  mkdirSync(join(folder, 'deep'));
  const newest = write('auth.log', 'c\n', 3_000);
  const older = write('auth.log.1', 'b\n', 2_000);
  const [one, two] = [write('deep/1.json', '{}'), write('deep/2.json', '{}')];
  write('auth.log.2.gz', 'packed');
  write('wtmp', 'tty\0\0');
  symlinkSync('/etc/passwd', join(folder, 'link.log'));
  symlinkSync(folder, join(folder, 'deep', 'circle'));
  expect(inputFiles([folder])).toEqual({ files: [one, two, older, newest], problems: [] });
});

it('leaves what was named as it was named, packed, absent or standard input', () => {
  const packed = write('a.gz', 'x');
  const named = ['-', packed, join(folder, 'absent'), packed];
  expect(inputFiles(named)).toEqual({ files: named, problems: [] });
  expect(inputFiles([folder])).toEqual({
    files: [],
    problems: [`${folder} cannot be read: there is no text file in it.`],
  });
});

it.skipIf(process.getuid?.() === 0)(
  'says what of a folder it may not read, and takes the rest (skipped for root)',
  () => {
    const open = write('open.log', 'x\n');
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o000 });
    expect(inputFiles([folder])).toEqual({ files: [open], problems: [expect.stringContaining(closed)] });
  },
);

it('joins what rotation parted: one alert over both files of a folder', async () => {
  const line = (second: number) =>
    `2026-03-14T12:00:${String(second).padStart(2, '0')}Z web-1 sshd[4${second}]: Failed password for root from 203.0.113.9 port 4${second} ssh2\n`;
  const seconds = Array.from({ length: 20 }, (_, index) => index * 2);
  write('auth.log', seconds.slice(10).map(line).join(''), 3_000);
  write('auth.log.1', seconds.slice(0, 10).map(line).join(''), 2_000);
  const said: string[] = [];
  const { write: real } = process.stdout;
  const exitCode = process.exitCode;
  process.stdout.write = ((text: string, done?: () => void) => {
    said.push(text);
    done?.();
    return true;
  }) as typeof real;
  try {
    await analyze([folder], { rules: [], format: 'ndjson', failOn: 'low', lang: 'en' });
  } finally {
    process.stdout.write = real;
  }
  expect(process.exitCode).toBe(1);
  process.exitCode = exitCode;
  const alerts = said.map((text) => JSON.parse(text) as { rule: { id: string }; count: number });
  expect(alerts.map(({ rule, count }) => [rule.id, count])).toEqual([['ssh-bruteforce', 20]]);
});
