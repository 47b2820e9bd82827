import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packRecords } from '#kit/records.ts';
import type { RawBatch } from '#model/batch.ts';
import { SOURCE_FORMATS } from '#model/event.ts';
import { CONTENT_FOLDER } from './content.ts';

const DAY_MS = 86_400_000;

/**
 * One line of the story: `line` is written `times` times from `at` on, `every` seconds apart. `{iso}`, `{clf}` and `{epoch}` are the
 * time of the line, `{n}` counts from 1, `{a|b|c}` takes its choices in turn.
 */
const storySchema = z.array(
  z.object({
    at: z.string().regex(/^\d\d:\d\d:\d\d$/),
    format: z.enum(SOURCE_FORMATS),
    times: z.number().int().positive().max(10_000).default(1),
    every: z.number().positive().default(1),
    line: z.string(),
  }),
);

/** The bundled attack day as raw batches, its last line a moment ago, in order of time. */
export async function demoDay(nowMs: number): Promise<readonly RawBatch[]> {
  const story = storySchema.parse(parse(await readFile(join(CONTENT_FOLDER, 'demo', 'attack-day.yml'), 'utf8')));
  const lines = story.flatMap(({ at, format, times, every, line }) =>
    Array.from({ length: times }, (_, index) => {
      const timeMs = nowMs - DAY_MS + secondsOf(at) * 1000 + index * every * 1000;
      return { timeMs, format, text: fill(line, timeMs, index) };
    }),
  );
  lines.sort((a, b) => a.timeMs - b.timeMs);

  const batches: RawBatch[] = [];
  let start = 0;
  for (let index = 1; index <= lines.length; index++) {
    const format = lines[start]?.format;
    if (!format || lines[index]?.format === format) continue;
    batches.push({
      stream: `demo:${format}`,
      format,
      receivedMs: nowMs,
      ...packRecords(lines.slice(start, index).map(({ text }) => text)),
    });
    start = index;
  }
  return batches;
}

function secondsOf(clockTime: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clockTime.split(':').map(Number);
  return (hours * 60 + minutes) * 60 + seconds;
}

function fill(template: string, timeMs: number, index: number): string {
  return template.replace(/\{([^{}"]+)\}/g, (whole, name: string) => {
    if (name === 'iso') return new Date(timeMs).toISOString();
    if (name === 'clf') return commonLogTime(timeMs);
    if (name === 'epoch') return (timeMs / 1000).toFixed(3);
    if (name === 'n') return String(index + 1);
    if (!name.includes('|')) return whole;
    const choices = name.split('|');
    return choices[index % choices.length] ?? '';
  });
}

/** `20/Nov/2026:03:11:01 +0000` */
function commonLogTime(timeMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(timeMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
