import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BartizanError } from '#kit/errors.ts';
import type { Collector, Intake } from '../collector.ts';
import { frameAuditd, frameLines } from '../framing/index.ts';
import { type JournalIntake, openJournalIntake } from '../journal-intake.fixture.ts';
import { type FileTailOptions, startFileTail } from './index.ts';

let folder: string;
let path: string;
let intake: JournalIntake;
let tail: Collector | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tail 日志 '));
  path = join(folder, 'auth 安全.log');
  intake = openJournalIntake();
});
afterEach(async () => {
  await tail?.stop();
  tail = undefined;
  intake.close();
  rmSync(folder, { recursive: true });
});

function start(options: Partial<FileTailOptions> = {}, to: Intake = intake): void {
  tail = startFileTail({ path, format: 'syslog', frame: frameLines, start: 'beginning', ...options }, to);
}

async function restart(options: Partial<FileTailOptions> = {}): Promise<void> {
  await tail?.stop();
  start(options);
}

const seen = (expected: readonly string[]) =>
  expect.poll(() => intake.records(), { timeout: 5_000, interval: 5 }).toEqual(expected);
const stateIs = (state: string) => expect.poll(() => tail?.status().state, { timeout: 5_000, interval: 5 }).toBe(state);
const write = (...lines: string[]) => appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('following a file', () => {
  it('delivers each line once, without its line end, as it is written', async () => {
    write('there before');
    start();
    await seen(['there before']);
    write('one', 'two');
    appendFileSync(path, 'half ');
    await seen(['there before', 'one', 'two']);
    appendFileSync(path, 'line\r\nnext\n');
    await seen(['there before', 'one', 'two', 'half line', 'next']);
    expect(intake.counters()).toMatchObject({ stream: `file:${path}`, received: 5, stored: 5 });
    expect(tail?.status()).toMatchObject({ state: 'watching', detail: '' });
  });

  it('begins at the end of a file that was there, on a whole line, and keeps that place over a restart', async () => {
    appendFileSync(path, 'old\nbeing wri');
    start({ start: 'end' });
    await stateIs('watching');
    await tail?.stop();
    appendFileSync(path, 'tten\nwhile down\n');
    start({ start: 'end' });
    await seen(['being written', 'while down']);
  });

  it('waits for a file whose folder is not there yet, and reads it from its first byte', async () => {
    path = join(folder, 'later', 'app.log');
    start({ start: 'end' });
    await stateIs('waiting');
    expect(tail?.status().detail).toContain(path);
    mkdirSync(join(folder, 'later'));
    write('first');
    await seen(['first']);
    await stateIs('watching');
  });

  it('reads through a link', async () => {
    mkdirSync(join(folder, 'real'));
    const target = join(folder, 'real', 'x.log');
    writeFileSync(target, 'a\n');
    symlinkSync(target, path);
    start();
    await seen(['a']);
    appendFileSync(target, 'b\n');
    await seen(['a', 'b']);
  });

  it('finds the log again after its folder was replaced', async () => {
    const nested = join(folder, 'nested');
    mkdirSync(nested);
    path = join(nested, 'x.log');
    write('a');
    start();
    await seen(['a']);
    rmSync(nested, { recursive: true });
    mkdirSync(nested);
    write('b');
    await seen(['a', 'b']);
    write('c');
    await seen(['a', 'b', 'c']);
  });

  it('joins the records of an audit event, and gives the last one after a pause', async () => {
    const event = (serial: number, ...types: string[]) =>
      types.map((type) => `type=${type} msg=audit(1700000000.${serial}:${serial}): x=1`);
    start({ format: 'auditd', frame: frameAuditd });
    write(...event(101, 'SYSCALL', 'CWD', 'PROCTITLE'), ...event(102, 'SYSCALL', 'CWD'));
    await seen([event(101, 'SYSCALL', 'CWD', 'PROCTITLE').join('\n'), event(102, 'SYSCALL', 'CWD').join('\n')]);
  });

  it('counts a line that is too long and goes on after it', async () => {
    start({ frame: () => frameLines({ maxRecordBytes: 1000 }), chunkBytes: 300 });
    write('a', 'x'.repeat(5_000), 'b');
    await seen(['a', 'b']);
    expect(intake.counters()).toMatchObject({ received: 3, stored: 2, dropped: { too_long: 1 } });
  });
});

describe('rotation', () => {
  it('by rename: finishes the old file, also what is written to it late, then reads the new one', async () => {
    write('1');
    start();
    await seen(['1']);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, '2\n');
    await seen(['1', '2']);
    write('3');
    await seen(['1', '2', '3']);
    appendFileSync(`${path}.1`, 'late\n');
    await seen(['1', '2', '3', 'late']);
    write('4');
    await seen(['1', '2', '3', 'late', '4']);
  });

  it('by rename, with an empty new file that the writer does not use yet: loses nothing over a restart', async () => {
    write('1');
    start();
    await seen(['1']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    await pause(50);
    await restart();
    appendFileSync(`${path}.1`, '2\n');
    await seen(['1', '2']);
    write('3');
    await seen(['1', '2', '3']);
  });

  it('by copytruncate: goes on at the start of the file, nothing twice', async () => {
    write('1', '2');
    start();
    await seen(['1', '2']);
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    write('3');
    await seen(['1', '2', '3']);
  });

  it('by copytruncate right after a write: what was not read yet is read from the copy', async () => {
    write('1');
    start();
    await seen(['1']);
    write('2');
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    write('3');
    await seen(['1', '2', '3']);
  });

  it('notices a file written anew that is longer than the old one', async () => {
    write('aaaa');
    start();
    await seen(['aaaa']);
    writeFileSync(path, 'bbbbbbbbbb\ncccccc\n');
    await seen(['aaaa', 'bbbbbbbbbb', 'cccccc']);
  });

  it.each([
    ['rename, once', () => renameSync(path, `${path}.1`)],
    ['rename, with a date for a name', () => renameSync(path, `${path}-20260102`)],
    [
      'copytruncate',
      () => {
        copyFileSync(path, `${path}.1`);
        truncateSync(path);
      },
    ],
  ])('while nobody looked: finishes the old file first (%s)', async (_name, rotate) => {
    write('1', '2');
    start();
    await seen(['1', '2']);
    await tail?.stop();
    write('3');
    rotate();
    write('4');
    start();
    await seen(['1', '2', '3', '4']);
  });

  it('twice while nobody looked: reads the files between, too', async () => {
    write('1');
    start();
    await seen(['1']);
    await tail?.stop();
    write('2');
    renameSync(path, `${path}.1`);
    write('3');
    await pause(20);
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    write('4');
    start();
    await seen(['1', '2', '3', '4']);
  });

  it('does not take a packed file, another log or an older rotation for the rest of the log', async () => {
    writeFileSync(`${path}.2`, 'older\n');
    writeFileSync(`${path}.1.gz`, '1\n2\n');
    writeFileSync(`${path}.bak`, '1\nno\n');
    writeFileSync(join(folder, 'auth 安全.log2'), '1\nno\n');
    write('1');
    start();
    await seen(['1']);
    await tail?.stop();
    unlinkSync(path);
    write('fresh');
    start();
    await seen(['1', 'fresh']);
    await pause(50);
    expect(intake.records()).toEqual(['1', 'fresh']);
  });
});

describe('trouble', () => {
  it('of the intake is waited out: the reason is shown, nothing is lost, nothing comes twice', async () => {
    let isFull = true;
    let refused = 0;
    start(
      {},
      {
        cursor: (stream) => intake.cursor(stream),
        deliver: async (batch, accounting) => {
          if (isFull) {
            refused++;
            throw new BartizanError('BTZ_DISK_FULL', { directory: '/data' });
          }
          await intake.deliver(batch, accounting);
        },
      },
    );
    write('1', '2');
    await stateIs('error');
    expect(tail?.status().detail).toContain('No space is left in /data');
    write('3');
    await expect.poll(() => refused).toBeGreaterThan(1);
    isFull = false;
    await seen(['1', '2', '3']);
    await stateIs('watching');
  });

  it('with something that is no file is said', async () => {
    mkdirSync(path);
    start();
    await stateIs('error');
    expect(tail?.status().detail).toContain('not a regular file');
  });

  const mayChangeUser = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;
  it.skipIf(!mayChangeUser)(
    `with permissions is said, with the remedy${mayChangeUser ? '' : ' (skipped: needs root, to become another user)'}`,
    async () => {
      writeFileSync(path, 'secret\n', { mode: 0o600 });
      const before = process.geteuid?.() ?? 0;
      const problem = await (async () => {
        const module = new URL('./index.ts', import.meta.url).href;
        const script = `const { startFileTail } = await import(${JSON.stringify(module)});
        const { frameLines } = await import(${JSON.stringify(new URL('../framing/index.ts', import.meta.url).href)});
        const tail = startFileTail({ path: ${JSON.stringify(path)}, format: 'syslog', frame: frameLines, start: 'beginning' },
          { cursor: () => undefined, deliver: async () => {} });
        setTimeout(async () => { console.log(JSON.stringify(tail.status())); await tail.stop(); }, 100);`;
        spawnSync('chmod', ['755', folder]);
        const args = ['--reuid', '65534', '--clear-groups', process.execPath, '--input-type=module', '-e', script];
        return JSON.parse(spawnSync('setpriv', args, { encoding: 'utf8' }).stdout);
      })();
      expect(before).toBe(0);
      expect(problem).toMatchObject({ state: 'no_permission', detail: expect.stringContaining('usermod -aG') });
    },
  );

  it('stops at once, also while it waits', async () => {
    start();
    await stateIs('waiting');
    await tail?.stop();
    expect(tail?.status().state).toBe('stopped');
  });
});
