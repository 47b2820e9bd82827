import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../collector.ts';
import { frameLines } from '../framing/index.ts';
import { type JournalIntake, openJournalIntake } from '../journal-intake.fixture.ts';
import { type FileMark, fromCursor } from './file-mark.ts';
import { findPlaces, type Place } from './find-place.ts';
import { startFileTail } from './index.ts';
import { openListing } from './listing.ts';
import { createRotatedLog, type RotatedLog } from './rotated-log.fixture.ts';

/** What happens between two steps of the tail is done while it waits for a delivery: no timing decides. */
let folder: string;
let path: string;
let intake: JournalIntake;
let tail: Collector | undefined;
let log: RotatedLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotation '));
  path = join(folder, 'app.log');
  intake = openJournalIntake();
  log = createRotatedLog(path);
});
afterEach(async () => {
  await tail?.stop();
  tail = undefined;
  intake.close();
  rmSync(folder, { recursive: true });
});

/** @param atDelivery called before the delivery of that number is made durable. */
function start(atDelivery: Readonly<Record<number, () => void>> = {}): void {
  let deliveries = 0;
  tail = startFileTail(
    { path, format: 'syslog', frame: frameLines, start: 'beginning', chunkBytes: 128 },
    {
      cursor: (stream) => intake.cursor(stream),
      async deliver(batch, accounting) {
        deliveries += 1;
        atDelivery[deliveries]?.();
        await intake.deliver(batch, accounting);
      },
    },
  );
}

async function stop(): Promise<void> {
  await tail?.stop();
  tail = undefined;
}

/** Writes lines, and has them read before the tail is stopped. */
async function readAndStop(count: number): Promise<void> {
  log.write(count);
  start();
  await hasAll();
  await stop();
}

const hasAll = () => expect.poll(() => intake.records(), { timeout: 5_000, interval: 5 }).toEqual(log.written);

/** Counted as files that were not read, and told to the operator. */
function losses(): { readonly counted: number; readonly detail: string } {
  return { counted: intake.counters()?.dropped.unread_file ?? 0, detail: tail?.status().detail ?? '' };
}

describe('copytruncate', () => {
  it('while an older file is still being finished: the file that was not begun yet is read from its copy', async () => {
    await readAndStop(1);
    log.write(10);
    log.copyTruncate();
    log.write(5);
    start({
      2: () => {
        log.copyTruncate();
        log.write(3);
      },
    });
    await hasAll();
    expect(losses()).toEqual({ counted: 0, detail: '' });
  });

  it('twice while an older file is still being finished, nothing written since: both copies are read', async () => {
    await readAndStop(1);
    log.write(10);
    log.copyTruncate();
    log.write(5);
    start({
      2: () => {
        log.copyTruncate();
        log.write(4);
        log.copyTruncate();
      },
    });
    await hasAll();
    log.write();
    await hasAll();
    expect(losses().counted).toBe(0);
  });

  it('of a file that was empty when it was last looked at, while nobody looks: the copy is read', async () => {
    appendFileSync(path, '');
    start();
    await expect.poll(() => intake.cursor(`file:${path}`)).toBeDefined();
    await stop();
    log.write(3);
    log.copyTruncate();
    log.write(2);
    log.copyTruncate();
    log.write();
    start();
    await hasAll();
  });

  it('that is only half done when the tail starts: nothing twice, nothing lost', async () => {
    await readAndStop(2);
    log.write(2);
    log.copyTruncate();
    log.write(20);
    log.shift();
    const whole = readFileSync(path);
    writeFileSync(`${path}.1`, whole.subarray(0, 700));
    start({
      // After the older copy was finished, and before the log, of which a part is copied, is begun.
      2: () => {
        appendFileSync(`${path}.1`, whole.subarray(700));
        truncateSync(path);
        log.write(3);
      },
    });
    await hasAll();
  });

  it('of a log whose last lines were read and did not get into the copy: nothing twice, and no loss is told', async () => {
    await readAndStop(10);
    const short = readFileSync(path).subarray(0, -20);
    truncateSync(path);
    writeFileSync(`${path}.1`, short);
    log.write(2);
    start();
    await hasAll();
    expect(losses()).toEqual({ counted: 0, detail: '' });
  });
});

describe('what cannot be read any more', () => {
  it('is counted and told: a log rotated twice while nobody looked, and the first copy packed', async () => {
    await readAndStop(3);
    log.write(2);
    const lost = log.written.splice(3);
    log.copyTruncate();
    expect(spawnSync('gzip', [`${path}.1`]).status).toBe(0);
    log.written.push(...lost);
    log.write(4);
    log.copyTruncate();
    log.write();
    start();
    await expect
      .poll(() => intake.records(), { timeout: 5_000, interval: 5 })
      .toEqual(log.written.filter((line) => !lost.includes(line)));
    expect(losses()).toEqual({ counted: 1, detail: expect.stringContaining('delaycompress') });
    // Not once more at the next start, and not for ever.
    await stop();
    log.write();
    start();
    await expect.poll(() => intake.records().at(-1), { timeout: 5_000, interval: 5 }).toBe(log.written.at(-1));
    expect(losses()).toEqual({ counted: 1, detail: '' });
  });

  it('is counted and told: a log emptied while it was read, with no copy', async () => {
    log.write(3);
    start();
    await hasAll();
    truncateSync(path);
    await expect.poll(() => losses().counted, { timeout: 5_000, interval: 5 }).toBe(1);
    expect(losses().detail).toContain('find out who emptied it');
    log.write();
    await hasAll();
    expect(intake.counters()).toMatchObject({ received: 5, stored: 4 });
  });

  it('is told once of a log that was deleted and does not come back for a while', async () => {
    await readAndStop(3);
    unlinkSync(path);
    start();
    await expect.poll(() => tail?.status().state, { timeout: 5_000, interval: 5 }).toBe('waiting');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    log.write();
    await hasAll();
    expect(losses().counted).toBe(1);
  });

  it('is not feared for a log that was read to its end and packed after', async () => {
    await readAndStop(3);
    log.rename();
    expect(spawnSync('gzip', [`${path}.1`]).status).toBe(0);
    log.write(2);
    start();
    await hasAll();
    expect(losses()).toEqual({ counted: 0, detail: '' });
  });
});

describe('rename', () => {
  it('with late writers: what they write to the old file while the tail is down is read, too', async () => {
    log.write();
    start();
    await hasAll();
    log.rename();
    log.write();
    await hasAll();
    await stop();
    appendFileSync(`${path}.1`, 'late\n');
    start();
    await expect.poll(() => intake.records(), { timeout: 5_000, interval: 5 }).toEqual([...log.written, 'late']);
  });
});

describe('the listing of rotated files', () => {
  const rotations: readonly (readonly [string, () => void])[] = [
    ['by copy', () => log.copyTruncate()],
    [
      'by rename',
      () => {
        log.rename();
        log.write();
      },
    ],
  ];
  it.each(rotations)(
    'is of one moment, though they are rotated %s between being named and being opened',
    (_by, rotate) => {
      for (let count = 0; count < 3; count++) {
        log.write(count + 1);
        log.copyTruncate();
      }
      log.write(4);
      let isRotated = false;
      const { rotated, current } = openListing(path, (names) => {
        const found = readdirSync(names);
        if (!isRotated) rotate();
        isRotated = true;
        return found;
      });
      const files = [...rotated.map(({ file }) => file), ...(current === undefined ? [] : [current])];
      expect(files.map((file) => readFileSync(file, 'utf8')).join('')).toBe(
        log.written.map((line) => `${line}\n`).join(''),
      );
      for (const file of files) closeSync(file);
    },
  );

  it('is made anew when the log was copied and emptied after it: its copy holds the place', async () => {
    await readAndStop(5);
    const { mark } = fromCursor(intake.cursor(`file:${path}`));
    log.write(2);
    let looks = 0;
    const found = findPlaces(path, mark as FileMark, [], (names) => {
      const listed = readdirSync(names);
      if (++looks === 2) log.copyTruncate();
      return listed;
    });
    const [own, next] = [found.own, found.next[0]].map((place) => place && readFileSync(place.file, 'utf8'));
    expect([own?.split('\n').length, next]).toEqual([8, '']);
    expect(found).toMatchObject({ own: { offset: mark?.offset }, loss: 'none' });
    for (const { file } of [found.own as Place, ...found.next]) closeSync(file);
  });

  it('says so when the names never come to rest, and leaves nothing open', () => {
    log.write();
    const openBefore = readdirSync('/proc/self/fd').length;
    let number = 0;
    expect(() =>
      openListing(path, (names) => {
        writeFileSync(`${path}.${++number}`, '');
        return readdirSync(names);
      }),
    ).toThrow(expect.objectContaining({ code: 'BTZ_INPUT_UNREADABLE' }));
    expect(readdirSync('/proc/self/fd')).toHaveLength(openBefore);
  });
});
