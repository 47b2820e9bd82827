import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccessStamp, readAnyTime, readBsdStamp, readIsoStamp } from './timestamp.ts';

const context = { receivedMs: Date.UTC(2026, 10, 20, 4), utcOffsetMinutes: 0 };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

describe('stamps', () => {
  it('finds the year of any stamp that is at most eleven months old or a day ahead', () => {
    const day = 86_400_000;
    const received = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2090, 0, 1) });
    fc.assert(
      fc.property(
        received,
        fc.integer({ min: -day, max: 330 * day }),
        fc.integer({ min: -720, max: 840 }),
        (receivedMs, age, offset) => {
          const timeMs = Math.floor((receivedMs - age) / 1000) * 1000;
          const local = new Date(timeMs + offset * 60_000);
          const clock = local.toISOString().slice(11, 19);
          const text = `${MONTHS[local.getUTCMonth()]} ${String(local.getUTCDate()).padStart(2, ' ')} ${clock}`;
          expect(readBsdStamp(text, 0, { receivedMs, utcOffsetMinutes: offset })).toEqual({ timeMs, end: text.length });
        },
      ),
    );
  });

  it('reads what JavaScript writes, zones too', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(readIsoStamp(date.toISOString(), 0, context)?.timeMs).toBe(date.getTime());
      }),
    );
    expect(readIsoStamp('2026-11-20T11:11:01.738197+08:00', 0, context)?.timeMs).toBe(
      Date.UTC(2026, 10, 20, 3, 11, 1, 738),
    );
    expect(readIsoStamp('2026-11-20 11:11:01,5', 0, { ...context, utcOffsetMinutes: 480 })?.timeMs).toBe(
      Date.UTC(2026, 10, 20, 3, 11, 1, 500),
    );
    expect(readAccessStamp('20/Nov/2026:11:11:01 +0800', 0, context)?.timeMs).toBe(Date.UTC(2026, 10, 20, 3, 11, 1));
  });

  it('takes the last 29 February that there was', () => {
    expect(readBsdStamp('Feb 29 00:00:00', 0, context)?.timeMs).toBe(Date.UTC(2024, 1, 29));
  });

  it.each(['Nov 31 00:00:00', 'Nov 20 24:00:00', 'Foo 20 00:00:00', 'Nov 20', '', 'Nov  x 00:00:00'])(
    'does not make a time of %j',
    (text) => {
      expect(readBsdStamp(text, 0, context)).toBeUndefined();
    },
  );

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T25:00:00Z',
    '0001-01-01T00:00:00Z',
  ])('nor of %j', (text) => {
    expect(readIsoStamp(text, 0, context)).toBeUndefined();
  });

  it.each([1795115461, 1795115461000, 1795115461000000, '1795115461.000', '1795115461000'])(
    'tells the unit of the epoch %j by its size',
    (value) => {
      expect(readAnyTime(value, context)).toBe(1795115461000);
    },
  );

  it.each([undefined, null, {}, 'soon', Number.NaN, -1, 12])('takes %j for no time', (value) => {
    expect(readAnyTime(value, context)).toBeUndefined();
  });
});
