import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cursor } from '#model/batch.ts';
import type { Collector } from '../collector.ts';
import { frameLines } from '../framing/index.ts';
import { recordsOf } from '../journal-intake.fixture.ts';
import { startFileTail } from './index.ts';
import { createRotatedLog } from './rotated-log.fixture.ts';

const STEPS = ['write', 'write a lot', 'copytruncate', 'copy half', 'rename', 'kill', 'look'] as const;
const DESTROYING = [...STEPS, 'pack', 'kill and pack'] as const;
type Step = (typeof DESTROYING)[number];

/** Does what is planned, within deliveries or between them, and gives what it came to. */
async function play<T>(
  stepNames: readonly Step[],
  judge: (world: Awaited<ReturnType<typeof createWorld>>) => Promise<T>,
): Promise<void> {
  const step = fc.record({ step: fc.constantFrom(...stepNames), turns: fc.nat(6), isWithinDelivery: fc.boolean() });
  const steps = fc.array(step, { minLength: 5, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (planned) => {
      const world = await createWorld();
      try {
        for (const { step: next, turns, isWithinDelivery } of planned) {
          if (isWithinDelivery) world.atDelivery(next);
          else world.perform(next);
          for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        }
        await world.end();
        await judge(world);
      } finally {
        await world.close();
      }
    }),
    { numRuns: Number(process.env['BTZ_INTERLEAVINGS'] ?? 60) },
  );
}

it('has every line exactly once, whatever is done to the log between two deliveries', { timeout: 600_000 }, () =>
  play(STEPS, async (world) => {
    await expect.poll(() => world.seen.length, { timeout: 5_000, interval: 2 }).toBe(world.written.length);
    expect(world.seen).toEqual(world.written);
    expect(world.lost()).toBe(0);
  }),
);

const hasGzip = spawnSync('gzip', ['--version']).status === 0;
it.skipIf(!hasGzip)(
  `tells when a line is missing where files are packed before they were read, and makes none up${hasGzip ? '' : ' (skipped: needs gzip)'}`,
  { timeout: 600_000 },
  () =>
    play(DESTROYING, async (world) => {
      await expect.poll(() => world.seen.at(-1), { timeout: 5_000, interval: 2 }).toBe(world.written.at(-1));
      // Of a line whose end is gone with its file, what was read of it is kept.
      const missing = world.written.filter((line) => !world.seen.includes(line));
      // Some may come twice then: where the file of the place is gone, times decide, and a tick of the kernel is long.
      const made = world.seen.filter((line) => !world.written.some((known) => known.startsWith(line)));
      expect(made).toEqual([]);
      if (missing.length > 0) expect(world.lost()).toBeGreaterThan(0);
    }),
);

/** A log, who writes and rotates it, and a tail of it that can be killed; what was delivered outlives it. */
async function createWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'interleaving '));
  const path = join(folder, 'app.log');
  const log = createRotatedLog(path);
  const seen: string[] = [];
  const queued: Step[] = [];
  const ended: Promise<void>[] = [];
  let cursor: Cursor | undefined;
  let tail: { readonly collector: Collector; isKilled: boolean } | undefined;
  let lost = 0;
  let finishCopy: (() => void) | undefined;

  function start(): void {
    const own = { isKilled: false } as { collector: Collector; isKilled: boolean };
    own.collector = startFileTail(
      { path, format: 'syslog', frame: frameLines, start: 'beginning', chunkBytes: 100 },
      {
        cursor: () => cursor,
        async deliver(batch, accounting) {
          const next = queued.shift();
          if (next) perform(next);
          await new Promise(setImmediate);
          // Killed before it was durable.
          if (own.isKilled) throw new Error('killed');
          seen.push(...recordsOf(batch));
          cursor = accounting?.cursor ?? cursor;
          lost += accounting?.dropped?.unread_file ?? 0;
        },
      },
    );
    tail = own;
  }

  function perform(step: Step): void {
    // The rotation is under way: only its end may come now, the writer writes nothing between copy and truncation.
    if (finishCopy && step !== 'kill' && step !== 'look') {
      finishCopy();
      finishCopy = undefined;
      return;
    }
    if (step === 'write') log.write();
    else if (step === 'write a lot') log.write(12);
    else if (step === 'copytruncate') log.copyTruncate();
    else if (step === 'copy half') {
      log.shift();
      const whole = readFileSync(path);
      const half = Math.floor(whole.length / 2);
      writeFileSync(`${path}.1`, whole.subarray(0, half));
      finishCopy = () => {
        appendFileSync(`${path}.1`, whole.subarray(half));
        truncateSync(path);
      };
    } else if (step === 'rename') {
      log.rename();
      log.write();
    } else if (step === 'pack') log.pack();
    else if (step === 'kill and pack' && tail) {
      kill();
      log.copyTruncate();
      log.pack();
      start();
    } else if (step === 'kill' && tail) {
      kill();
      start();
    }
  }

  function kill(): void {
    if (!tail) return;
    tail.isKilled = true;
    ended.push(tail.collector.stop());
  }

  log.write();
  start();
  await expect.poll(() => seen.length, { interval: 2 }).toBe(1);
  return {
    written: log.written,
    seen,
    perform,
    lost: () => lost,
    atDelivery: (step: Step) => queued.push(step),
    async end() {
      for (const step of queued.splice(0)) {
        perform(step);
        await new Promise(setImmediate);
      }
      finishCopy?.();
      log.write();
    },
    async close() {
      await tail?.collector.stop();
      await Promise.all(ended);
      rmSync(folder, { recursive: true });
    },
  };
}
