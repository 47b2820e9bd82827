import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, count, dateTime, duration, exactTime, percent, relativeTime, shortCount } from './figures.ts';

const NOW = Date.UTC(2026, 10, 20, 8, 0, 0);

test('counts are grouped, large ones shortened in the way of the language', () => {
  expect(count(12345, 'en')).toBe('12,345');
  expect(shortCount(999_999, 'zh-CN')).toBe('999,999');
  expect(shortCount(1_234_567, 'en')).toBe('1.23M');
  expect(shortCount(1_234_567, 'zh-CN')).toBe('123万');
});

test('bytes step by 1,024', () => {
  expect(bytes(0)).toBe('0 B');
  expect(bytes(1023)).toBe('1023 B');
  expect(bytes(1536)).toBe('1.5 KB');
  expect(bytes(1024 ** 3)).toBe('1 GB');
});

test('99.9 % stored is not shown as all, and one line of a million not as none', () => {
  expect(percent(0.999)).toBe('99%');
  expect(percent(0.000001)).toBe('1%');
  expect(percent(1)).toBe('100%');
  expect(percent(0)).toBe('0%');
});

test('times near now are told by their distance, in both directions', () => {
  expect(relativeTime(NOW - 5_000, NOW, 'en')).toBeUndefined();
  expect(relativeTime(NOW - 180_000, NOW, 'en')).toBe('3 minutes ago');
  expect(relativeTime(NOW - 180_000, NOW, 'zh-CN')).toBe('3分钟前');
  expect(relativeTime(NOW + 2 * 86_400_000, NOW, 'en')).toBe('in 2 days');
});

test('a date names the year only where it is another one', () => {
  expect(dateTime(NOW, 'zh-CN', NOW)).not.toContain('2026');
  expect(dateTime(Date.UTC(2024, 5, 1), 'zh-CN', NOW)).toContain('2024');
});

test('the exact time is the same instant, whatever the zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (timeMs) => {
      const text = exactTime(timeMs);
      expect(Date.parse(text.replace(' ', 'T').replace(' ', ''))).toBe(timeMs);
    }),
  );
  expect(exactTime(Number.NaN)).toBe('–');
});

test('durations use the largest unit that stays true', () => {
  expect(duration(3_600_000)).toEqual({ unit: 'hours', count: 1 });
  expect(duration(90 * 60_000)).toEqual({ unit: 'minutes', count: 90 });
  expect(duration(86_400_000)).toEqual({ unit: 'days', count: 1 });
  expect(duration(30 * 3_600_000)).toEqual({ unit: 'hours', count: 30 });
  expect(duration(90_000)).toEqual({ unit: 'seconds', count: 90 });
  expect(duration(10)).toEqual({ unit: 'seconds', count: 1 });
});
