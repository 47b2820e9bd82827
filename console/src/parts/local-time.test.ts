import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from './local-time.ts';

test('a time goes into the field and comes out again, to the minute', () => {
  const timeMs = new Date(2026, 10, 24, 3, 5).getTime();
  expect(toLocalInput(timeMs)).toBe('2026-11-24T03:05');
  expect(fromLocalInput(toLocalInput(timeMs + 59_000))).toBe(timeMs);
});

test('what is no time is none', () => {
  for (const text of ['', '2026', '2026-11-24', '2026-13-45T99:99', '24.11.2026 03:05'])
    expect(fromLocalInput(text)).toBeUndefined();
  expect(toLocalInput(Number.NaN)).toBe('');
});
