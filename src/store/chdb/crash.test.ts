import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eventId } from '#model/event.ts';

import { openChdbLake } from './index.ts';

const KILLS = 8;
const LAST_SEQUENCE = 90;
const ROWS_PER_BATCH = 400;
const OPENING_MS = 250;
const CHILD = fileURLToPath(new URL('crash-child.ts', import.meta.url));

describe('a lake process that is killed while it stores', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'btz-lake-crash-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(`keeps every acknowledged event, and each once, over ${KILLS} kills`, { timeout: 120_000 }, async () => {
    let acknowledged = 0;
    let killed = 0;
    const random = generator(20_260_314);
    while (killed < KILLS) {
      const limit = Math.ceil(((killed + 1) / KILLS) * (LAST_SEQUENCE - 10));
      const round = await runChild(folder, Math.max(limit, acknowledged + 6), random());
      acknowledged = Math.max(acknowledged, round.acknowledged);
      killed += 1;
      // Once the note is lost as well: the lake then has to look at its rows.
      if (killed === 5) writeFileSync(join(folder, 'stored-sequence'), 'garbage');
    }
    const last = await runChild(folder, LAST_SEQUENCE, undefined);
    expect(last.acknowledged).toBe(LAST_SEQUENCE);
    expect(acknowledged).toBeGreaterThan(0);

    const lake = openChdbLake(folder);
    try {
      expect(await lake.storedSequence()).toBe(LAST_SEQUENCE);
      expect((await lake.size()).rows).toBe(LAST_SEQUENCE * ROWS_PER_BATCH);
      for (let sequence = 1; sequence <= LAST_SEQUENCE; sequence += 1) {
        const ids = Array.from({ length: ROWS_PER_BATCH }, (_, index) => eventId(sequence, index));
        const { items } = await lake.search({ fromMs: 0, toMs: 1e14, ids, limit: 1_000 });
        expect(items.map((item) => item.id).sort((one, other) => one - other)).toEqual(ids);
      }
    } finally {
      await lake.close();
    }
  });
});

/** Runs until the sequence is stored, or SIGKILL comes up to 80 ms after a random acknowledgement. */
async function runChild(
  folder: string,
  lastSequence: number,
  killAt: number | undefined,
): Promise<{ acknowledged: number }> {
  const child = spawn(process.execPath, [CHILD, folder, String(lastSequence)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const acknowledgements = killAt === undefined ? Number.POSITIVE_INFINITY : Math.floor(killAt * 3);
  // Not always after an acknowledgement: some die while they open.
  const delayMs = (((killAt ?? 0) * 7_919) % 80) + (acknowledgements === 0 ? OPENING_MS : 0);
  const maybeKill = () => {
    if (timer === undefined && text.split('\n').length - 1 >= acknowledgements) {
      timer = setTimeout(() => child.kill('SIGKILL'), delayMs);
    }
  };
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    maybeKill();
  });
  maybeKill();
  await exit;
  clearTimeout(timer);
  const numbers = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .trim()
    .split('\n')
    .map(Number);
  return { acknowledged: numbers.at(-1) ?? 0 };
}

/** Mulberry32: the same kills at each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
