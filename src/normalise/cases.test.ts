import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SOURCE_FORMATS } from '#model/event.ts';
import { normaliseBatch, normaliserOf } from './index.ts';

const caseSchema = z.strictObject({
  name: z.string(),
  record: z.string(),
  stream: z.string().default('file:/var/log/x.log'),
  receivedMs: z.number().default(Date.UTC(2026, 10, 20, 4)),
  /** A part of the event, as `toMatchObject` compares. */
  expect: z.record(z.string(), z.unknown()),
  /** Paths that must not be there. */
  absent: z.array(z.string()).default([]),
  /** Text that must be nowhere in the event. */
  hidden: z.array(z.string()).default([]),
});

const HERE = import.meta.dirname;
const UTC_OFFSET_MINUTES = 480;

it('has one folder per format, and no other', () => {
  const folders = readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...SOURCE_FORMATS].sort());
});

describe.each(SOURCE_FORMATS)('normalise/%s', (format) => {
  const file = join(HERE, format, 'cases.yml');
  const cases = existsSync(file) ? z.array(caseSchema).parse(parse(readFileSync(file, 'utf8'))) : [];

  it('says what it reads, and has cases, one of which stays un-understood', () => {
    expect(normaliserOf(format).format).toBe(format);
    expect(normaliserOf(format).description.length).toBeGreaterThan(20);
    expect(cases.filter((one) => one.expect.class_uid === 0).length).toBeGreaterThan(0);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it.each(cases)('$name', (one) => {
    const context = { id: 7, receivedMs: one.receivedMs, utcOffsetMinutes: UTC_OFFSET_MINUTES, stream: one.stream };
    const event = normaliserOf(format).normalise(one.record, context);
    expect(event).toMatchObject(one.expect);
    expect(event.id).toBe(7);
    expect(event.status_detail ?? '').not.toContain('reader failed');
    const present = one.absent.filter((path) => path.split('.').reduce(member, event as unknown) !== undefined);
    expect(present).toEqual([]);
    for (const text of one.hidden) expect(JSON.stringify(event)).not.toContain(text);
  });

  it('gives the same events from a batch, ASCII or not', () => {
    const records = cases.map(({ record }) => record);
    for (const added of [[], ['ünïcödé 望楼']]) {
      const all = [...records, ...added];
      const parts = all.map((record) => Buffer.from(record, 'utf8'));
      let size = 0;
      const batch = {
        sequence: 3,
        stream: 'file:/var/log/x.log',
        format,
        receivedMs: Date.UTC(2026, 10, 20, 4),
        payload: Buffer.concat(parts),
        ends: Uint32Array.from(parts, (part) => (size += part.length)),
      };
      const events = normaliseBatch(batch, UTC_OFFSET_MINUTES);
      const { receivedMs, stream } = batch;
      const expected = all.map((record, index) =>
        normaliserOf(format).normalise(record, {
          id: 3 * 2 ** 20 + index,
          receivedMs,
          stream,
          utcOffsetMinutes: UTC_OFFSET_MINUTES,
        }),
      );
      expect(events).toEqual(expected);
    }
  });
});

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, name);
}
