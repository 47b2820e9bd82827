import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Event } from '#model/event.ts';

import { COLUMNS, FIXED_COLUMNS, HOT_FIELDS } from './columns.ts';
import { decodeRow, ROW_COLUMNS } from './decode.ts';
import { type EncodedBlock, rowBlock } from './encode.ts';
import { placeByDay } from './partition.ts';

const NOON = Date.UTC(2026, 2, 14, 12);
const anEvent: Event = {
  id: 1,
  time: NOON,
  source: 'sshd',
  class_uid: 3002,
  activity_id: 1,
  severity_id: 1,
  unmapped: {},
  raw: 'x',
};

function encoded(events: readonly Event[]): EncodedBlock {
  const block = rowBlock(() => NOON);
  // Used before: nothing of what was in it may show.
  for (const raw of ['望楼', 'x'.repeat(70_000)]) block.add({ ...anEvent, raw, user: { name: raw } }, 'other');
  block.encode();
  block.clear();
  for (const event of events) block.add(event, 'test');
  return block.encode();
}

/** What the engine would answer: columns that were not sent have their defaults. */
function throughTheTable(events: readonly Event[]): readonly Record<string, unknown>[] {
  return readNative(encoded(events)).map((sent) => {
    const row = ROW_COLUMNS.map((column) => (sent.has(column) ? sent.get(column) : defaultOf(column)));
    return decodeRow(row) as unknown as Record<string, unknown>;
  });
}

const BYTES: Readonly<Record<string, number>> = { UInt8: 1, UInt16: 2, Int32: 4, Int64: 8, UInt64: 8 };

/** Reads the format as its documentation describes it. */
function readNative({ columns, chunks }: EncodedBlock): readonly Map<string, unknown>[] {
  const bytes = Buffer.concat(chunks);
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    const value = bytes.subarray(at - length, at);
    expect(Buffer.from(value.toString())).toEqual(value);
    return value.toString();
  };
  const fixed = (type: string) => {
    const size = BYTES[type] as number;
    at += size;
    if (size === 8) return Number(bytes[type === 'Int64' ? 'readBigInt64LE' : 'readBigUInt64LE'](at - size));
    return type === 'Int32' ? bytes.readInt32LE(at - size) : bytes.readUIntLE(at - size, size);
  };
  const width = number();
  const height = number();
  expect(width).toBe(columns.length);
  const rows = Array.from({ length: height }, () => new Map<string, unknown>());
  for (const column of columns) {
    expect({ name: text(), type: text() }).toEqual(column);
    for (const row of rows) row.set(column.name, column.type === 'String' ? text() : fixed(column.type));
  }
  expect(at).toBe(bytes.length);
  return rows;
}

function defaultOf(column: string): unknown {
  const isNumber =
    column === 'message_tail' || HOT_FIELDS.some((hot) => hot.column === column && hot.kind === 'number');
  return isNumber ? -1 : '';
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'root', '\\', '\\ud800', '"', 'constructor', '\u2028'),
);
const number = fc.oneof(
  fc.nat(70_000),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, max: 2 ** 53, min: -(2 ** 53) }),
);
const optionalFields = <T>(model: T & Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
const arbitraryEvent = fc
  .record(
    {
      class_uid: fc.nat(10_000),
      activity_id: fc.nat(99),
      severity_id: fc.nat(99),
      status_id: number,
      message: text,
      device: optionalFields({ hostname: text }),
      user: optionalFields({ name: text, uid: text }),
      actor: optionalFields({ user: optionalFields({ name: text }), invoked_by: text }),
      src_endpoint: optionalFields({ ip: text, port: number }),
      process: optionalFields({ name: text, pid: number, cmd_line: text }),
      http_request: optionalFields({ url: optionalFields({ path: text, text }) }),
      http_response: optionalFields({ code: number }),
      unmapped: fc.dictionary(
        text.filter((key) => key.isWellFormed()),
        fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
      ),
      raw: text,
    },
    { requiredKeys: ['class_uid', 'activity_id', 'severity_id', 'unmapped', 'raw'] },
  )
  .map((fields) => ({ id: 1_048_577, time: NOON, source: 'json', ...fields }) as unknown as Event);

/** A member of that name is left out of the event, at any depth; `raw` keeps it. */
const withoutProto = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);

describe('a row of the lake', () => {
  test('is the event again, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { minLength: 1, maxLength: 4 }), (events) => {
        const back = throughTheTable(events);
        for (const [index, event] of events.entries()) {
          const { raw, ...rest } = event;
          expect(back[index]?.raw).toBe(raw);
          expect(withoutEmpty(back[index]?.event)).toEqual(
            withoutEmpty(JSON.parse(JSON.stringify(rest), withoutProto)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test('keeps a message that begins within a character of the record', () => {
    const raw = 'says \u{1F525} here';
    const message = raw.slice(raw.indexOf('\udd25'));
    const [back] = throughTheTable([{ ...anEvent, raw, message }]);
    expect([back?.raw, back?.message]).toEqual([raw, '\ufffd here']);
  });

  test('keeps its place among thousands, of which few have the field, long texts and others than English', () => {
    const events = Array.from(
      { length: 9_000 },
      (_, index): Event => ({
        ...anEvent,
        id: 2 ** 40 + index,
        time: index % 2 === 0 ? NOON : -index,
        raw: `${index} ${index % 500 === 7 ? '望楼\u{1F525}é\ud800'.repeat(index) : 'x'.repeat(index % 300)}`,
        ...(index % 1_000 === 999 && { file: { path: `/${index}` }, http_response: { code: index } }),
      }),
    );
    const back = throughTheTable(events);
    expect(
      back.map(({ id, time, raw, event }) => [id, time, raw, (event as Event).file, (event as Event).http_response]),
    ).toEqual(
      events.map(({ id, time, raw, file, http_response }) => [id, time, raw.toWellFormed(), file, http_response]),
    );
  });

  test('sends only the columns that any event of the block needs', () => {
    const names = encoded([anEvent]).columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['id', 'time_ms', 'raw', 'class_uid']));
    expect(names).not.toContain('url_path');
    expect(names).not.toContain('message');
    expect(COLUMNS).toHaveLength(FIXED_COLUMNS.length + HOT_FIELDS.length);
    expect(new Set(COLUMNS).size).toBe(COLUMNS.length);
  });
});

describe('the day of a row', () => {
  test('is its own near the arrival, and at most eight in one insert', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.double(), fc.integer({ min: NOON - 1e12, max: NOON + 1e9 }))),
        (times) => {
          const placement = placeByDay(times, NOON);
          const days = new Set(times.map((time) => placement.dayOf(time)).filter((day) => day !== undefined));
          expect(days.size).toBeLessThanOrEqual(8);
          for (const day of days) {
            expect(day).toBeGreaterThanOrEqual(placement.arrivalDay - 730);
            expect(day).toBeLessThanOrEqual(placement.arrivalDay + 2);
          }
        },
      ),
    );
    expect(placeByDay([NOON], NOON).dayOf(NOON + 1)).toBe(placeByDay([], NOON).arrivalDay);
    expect(placeByDay([Number.NaN], NOON).dayOf(Number.NaN)).toBeUndefined();
  });
});

/** Empty texts and objects are the same as absent ones to the lake, except in the source's own fields. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.toWellFormed() : value;
  const entries = Object.entries(value as Record<string, unknown>)
    .map(([key, inner]) => [key, key === 'unmapped' ? wellFormed(inner) : withoutEmpty(inner)] as const)
    .filter(([, inner]) => inner !== '' && !(isObject(inner) && Object.keys(inner).length === 0));
  return Object.fromEntries(entries);
}

function wellFormed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.toWellFormed() : inner)),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
