import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DROP_REASONS } from '#model/batch.ts';
import { MAX_BATCH_RECORDS } from '#model/event.ts';
import { openJournal, openJournalReader } from './index.ts';
import { batchOf, recordsOf } from './records.fixture.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal 日志 '));
  path = join(folder, 'journal.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the journal', () => {
  it('gives back what was appended, byte for byte, in order, also after it was opened again', async () => {
    const first = openJournal(path);
    const odd = { ...batchOf(['a\nb', '', 'c\0d']), payload: Uint8Array.of(0xff, 0xfe, 0x00, 0x0a, 1, 2, 3) };
    expect(first.lastSequence()).toBe(0);
    expect(await first.append({ ...odd, ends: Uint32Array.of(2, 2, 5) })).toBe(1);
    expect(await first.append(batchOf(['Failed password for root 登录失败']))).toBe(2);
    first.close();

    const second = openJournal(path);
    const [one, two] = second.read(0, 2 ** 20);
    expect(one).toMatchObject({ sequence: 1, stream: odd.stream, format: 'syslog', receivedMs: odd.receivedMs });
    expect([...(one?.payload ?? [])]).toEqual([0xff, 0xfe, 0x00, 0x0a, 1]);
    expect([...(one?.ends ?? [])]).toEqual([2, 2, 5]);
    expect(two && recordsOf(two)).toEqual(['Failed password for root 登录失败']);
    expect(second.read(2, 2 ** 20)).toEqual([]);
    expect(await second.append(batchOf(['next']))).toBe(3);
    second.close();
  });

  it('is readable by its owner only', () => {
    openJournal(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps nothing of the caller’s buffers: a collector may use them again at once', async () => {
    const journal = openJournal(path);
    const batch = batchOf(['original']);
    const appended = journal.append(batch);
    batch.payload.fill(0);
    batch.ends.fill(0);
    await appended;
    expect(recordsOf(journal.read(0, 100)[0] as never)).toEqual(['original']);
    journal.close();
  });

  it('commits cursor and counters with the batch, and accounting without records without a sequence', async () => {
    const journal = openJournal(path);
    await journal.append(batchOf(['one', 'two'], 'a'), { cursor: { offset: 8 }, dropped: { too_long: 3 } });
    expect(await journal.append(batchOf([], 'a'), { cursor: { offset: 90 }, dropped: { queue_full: 2 } })).toBe(1);
    expect(await journal.append(batchOf(['three'], 'b'))).toBe(2);
    journal.close();

    const reader = openJournalReader(path);
    expect(reader.cursor('a')).toEqual({ offset: 90 });
    expect(reader.cursor('b')).toBeUndefined();
    expect(reader.counters()).toEqual([
      {
        stream: 'a',
        format: 'syslog',
        received: 7,
        stored: 2,
        bytes: 6,
        dropped: { too_long: 3, queue_full: 2 },
        lastReceivedMs: 1_700_000_000_000,
      },
      {
        stream: 'b',
        format: 'syslog',
        received: 1,
        stored: 1,
        bytes: 5,
        dropped: {},
        lastReceivedMs: 1_700_000_000_000,
      },
    ]);
    expect(reader.read(0, 2 ** 20).map((batch) => batch.sequence)).toEqual([1, 2]);
    reader.close();
  });

  it('keeps which network addresses the records came from', async () => {
    const journal = openJournal(path, { cacheBytes: 0 });
    const senders = [
      { address: '203.0.113.9', upTo: 2 },
      { address: '2001:db8::1', upTo: 3 },
    ];
    await journal.append({ ...batchOf(['a', 'b', '登录']), senders });
    await journal.append(batchOf(['c']));
    const [first, second] = journal.read(0, 2 ** 20);
    expect(first?.senders).toEqual(senders);
    expect(first && recordsOf(first)).toEqual(['a', 'b', '登录']);
    expect(second).not.toHaveProperty('senders');
    journal.close();
  });

  it('bounds a read by payload, and still gives one batch that is larger', async () => {
    const journal = openJournal(path, { cacheBytes: 0 });
    for (const size of [10, 10, 500, 10]) await journal.append(batchOf(['x'.repeat(size)]));
    expect(journal.read(0, 25).map((batch) => batch.sequence)).toEqual([1, 2]);
    expect(journal.read(2, 25).map((batch) => batch.sequence)).toEqual([3]);
    journal.close();
  });

  it('refuses a batch of more records than event ids have room for, and one whose ends don’t fit, without harm to others', async () => {
    const journal = openJournal(path);
    const tooMany = { ...batchOf([]), ends: new Uint32Array(MAX_BATCH_RECORDS + 1) };
    const outside = { ...batchOf(['abc']), ends: Uint32Array.of(4) };
    const backwards = { ...batchOf(['abc', 'def']), ends: Uint32Array.of(6, 3) };
    const results = await Promise.allSettled([
      journal.append(tooMany),
      journal.append(outside),
      journal.append(backwards),
      journal.append(batchOf(['a']), { dropped: { too_long: -1 } }),
      journal.append(batchOf(['good'])),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(journal.counters()[0]).toMatchObject({ received: 1, stored: 1 });
    expect(journal.lastSequence()).toBe(1);
    journal.close();
  });

  it('shares one commit among appends that come together', async () => {
    const sizes = [];
    for (const together of [true, false]) {
      const file = `${path}-${together}`;
      const journal = openJournal(file);
      const appends: Promise<number>[] = [];
      for (let count = 0; count < 50; count++) {
        appends.push(journal.append(batchOf(['one line'])));
        if (!together) await appends.at(-1);
      }
      expect(await Promise.all(appends)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      sizes.push(statSync(`${file}-wal`).size);
      journal.close();
    }
    expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) / 10);
  });

  it('commits what is pending when it is closed, and refuses afterwards', async () => {
    const journal = openJournal(path);
    const pending = journal.append(batchOf(['last words']));
    journal.close();
    expect(await pending).toBe(1);
    await expect(journal.append(batchOf(['too late']))).rejects.toMatchObject({ code: 'BTZ_JOURNAL_UNWRITABLE' });
  });

  it('holds received = stored + dropped and sequences without gaps, whatever is appended in whatever company', async () => {
    const step = fc.record({
      stream: fc.constantFrom('a', 'b', 'c'),
      records: fc.array(fc.string({ maxLength: 20 }), { maxLength: 4 }),
      dropped: fc.dictionary(fc.constantFrom(...DROP_REASONS), fc.nat(5)),
      isAwaited: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const file = `${path}-${run++}`;
        const journal = openJournal(file, { cacheBytes: 300 });
        const open: Promise<number>[] = [];
        for (const { stream, records, dropped, isAwaited } of steps) {
          open.push(journal.append(batchOf(records, stream), { dropped }));
          if (isAwaited) await open.at(-1);
        }
        await Promise.all(open);
        const batches = journal.read(0, 2 ** 20);
        const stored = steps.filter(({ records }) => records.length > 0);
        expect(batches.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
        expect(batches.map(recordsOf)).toEqual(
          stored.map(({ records }) => records.map((text) => Buffer.from(text).toString())),
        );
        for (const counters of journal.counters()) {
          const mine = steps.filter(({ stream }) => stream === counters.stream);
          const droppedSum = Object.values(counters.dropped).reduce((sum, count) => sum + count, 0);
          expect(counters.stored).toBe(mine.flatMap(({ records }) => records).length);
          expect(droppedSum).toBe(
            mine.flatMap(({ dropped }) => Object.values(dropped)).reduce((sum, count) => sum + count, 0),
          );
          expect(counters.received).toBe(counters.stored + droppedSum);
        }
        const reader = openJournalReader(file);
        expect(reader.counters()).toEqual(journal.counters());
        reader.close();
        journal.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('readers of the journal', () => {
  it('in another thread learn of a new batch by polling, and see all of it', async () => {
    const journal = openJournal(path);
    await journal.append(batchOf(['first']));
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       import(workerData.module).then(({ openJournalReader }) => {
         const reader = openJournalReader(workerData.path);
         let seen = 0;
         const timer = setInterval(() => {
           if (reader.lastSequence() === seen) return;
           for (const batch of reader.read(seen, 1e6)) { seen = batch.sequence; parentPort.postMessage([seen, Buffer.from(batch.payload).toString()]); }
           if (seen === 3) { clearInterval(timer); reader.close(); }
         }, 2);
       });`,
      { eval: true, workerData: { path, module: new URL('./index.ts', import.meta.url).href } },
    );
    const seen: unknown[] = [];
    const done = new Promise((resolve) => worker.on('exit', resolve));
    worker.on('message', (message) => seen.push(message));
    await journal.append(batchOf(['second']));
    await journal.append(batchOf(['third']));
    await done;
    expect(seen).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
    ]);
    journal.close();
  });

  it('don’t let the write-ahead log grow without bound', async () => {
    const journal = openJournal(path);
    const readers = [openJournalReader(path), openJournalReader(path)];
    const noise = Uint8Array.from({ length: 2 ** 20 }, () => Math.random() * 256);
    const batch = { ...batchOf([]), payload: noise, ends: Uint32Array.of(noise.length) };
    for (let count = 1; count <= 60; count++) {
      await journal.append(batch);
      for (const reader of readers) expect(reader.read(count - 1, 1)[0]?.sequence).toBe(count);
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(20 * 2 ** 20);
    for (const reader of readers) reader.close();
    journal.close();
  });

  it('get a coded error for a journal that is not there', () => {
    expect(() => openJournalReader(path)).toThrow(expect.objectContaining({ code: 'BTZ_JOURNAL_UNREADABLE' }));
  });
});

describe('pruning', () => {
  it('deletes old batches up to a sequence, keeps the newest, and gives the space back', async () => {
    const journal = openJournal(path, { cacheBytes: 0 });
    const noise = () => Buffer.from(Uint8Array.from({ length: 60_000 }, () => Math.random() * 256));
    for (let day = 1; day <= 10; day++) {
      const payload = noise();
      await journal.append({ ...batchOf([]), receivedMs: day * 1000, payload, ends: Uint32Array.of(payload.length) });
    }
    const before = journal.sizeBytes();
    expect(journal.prune(8, 6_000)).toBe(5);
    expect(journal.read(0, 2 ** 30).map(({ sequence }) => sequence)).toEqual([6, 7, 8, 9, 10]);
    expect(journal.prune(1_000_000, 1_000_000)).toBe(4);
    expect(journal.lastSequence()).toBe(10);
    expect(before - journal.sizeBytes()).toBeGreaterThan(0);
    expect(journal.counters()[0]).toMatchObject({ received: 10, stored: 10 });
    journal.close();

    const reopened = openJournal(path);
    expect(await reopened.append(batchOf(['after']))).toBe(11);
    expect(reopened.read(0, 2 ** 30).map(({ sequence }) => sequence)).toEqual([10, 11]);
    reopened.close();
  });
});

describe('a file that is no journal of ours', () => {
  it.each([
    ['text', (file: string) => writeFileSync(file, 'Nov 20 03:11:01 web-1 sshd[411]: hello\n'.repeat(500))],
    ['another program’s database', (file: string) => new DatabaseSync(file).exec('CREATE TABLE t (x)')],
    [
      'a journal of a later version',
      (file: string) => {
        openJournal(file).close();
        new DatabaseSync(file).exec('PRAGMA user_version = 99');
      },
    ],
  ])('is refused with one code and left as it was: %s', (_name, make) => {
    make(path);
    const bytes = statSync(path).size;
    expect(() => openJournal(path)).toThrow(expect.objectContaining({ code: 'BTZ_JOURNAL_UNREADABLE' }));
    expect(() => openJournalReader(path)).toThrow(expect.objectContaining({ code: 'BTZ_JOURNAL_UNREADABLE' }));
    expect(statSync(path).size).toBe(bytes);
  });

  it('names the batch whose bytes are damaged, and reads the others', async () => {
    const journal = openJournal(path);
    for (const text of ['one', 'two', 'three']) await journal.append(batchOf([text]));
    journal.close();
    const database = new DatabaseSync(path);
    database.exec(
      "UPDATE batch SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE sequence = 2",
    );
    database.close();
    const reader = openJournalReader(path);
    expect(reader.read(0, 1).map(recordsOf)).toEqual([['one']]);
    expect(() => reader.read(1, 1)).toThrow(
      expect.objectContaining({ code: 'BTZ_JOURNAL_UNREADABLE', message: expect.stringContaining('batch 2') }),
    );
    expect(reader.read(2, 1).map(recordsOf)).toEqual([['three']]);
    reader.close();
  });
});
