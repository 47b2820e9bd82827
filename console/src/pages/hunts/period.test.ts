import { expect, test } from 'vitest';
import { timesOf } from './period.ts';

const NOW_MS = 1_700_000_000_000;

test('a period is a beginning, and an end only where one was chosen', () => {
  expect(timesOf('day', NOW_MS, {})).toEqual({ sinceMs: NOW_MS - 86_400_000 });
  expect(timesOf('all', NOW_MS, { sinceMs: 5 })).toEqual({ sinceMs: 0 });
  expect(timesOf('custom', NOW_MS, { sinceMs: 5, untilMs: 6 })).toEqual({ sinceMs: 5, untilMs: 6 });
});

test('what ends before it begins, or lacks one of them, is no period', () => {
  for (const custom of [{}, { sinceMs: 5 }, { untilMs: 5 }, { sinceMs: 5, untilMs: 5 }, { sinceMs: 6, untilMs: 5 }])
    expect(timesOf('custom', NOW_MS, custom)).toBeUndefined();
});
