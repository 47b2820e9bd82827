import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketFor, bucketTimes, spread } from './time-series.ts';

const GRID = { from: 100_000, to: 105_000, bucketMs: 1_000 };

test('sparse counts are spread over all buckets, in the order of the names', () => {
  const points = [
    { bucketMs: 103_000, name: 'nginx', count: 2 },
    { bucketMs: 101_000, name: 'sshd', count: 5 },
    { bucketMs: 101_000, name: 'sshd', count: 1 },
  ];
  expect(spread(points, ['sshd', 'nginx', 'sudo'], GRID)).toEqual([
    { name: 'sshd', counts: [0, 6, 0, 0, 0], total: 6 },
    { name: 'nginx', counts: [0, 0, 0, 2, 0], total: 2 },
  ]);
});

test('what lies outside the range is not drawn at its edge', () => {
  expect(spread([{ bucketMs: 99_000, name: 'sshd', count: 9 }], ['sshd'], GRID)).toEqual([]);
  expect(spread([{ bucketMs: 105_000, name: 'sshd', count: 9 }], ['sshd'], GRID)).toEqual([]);
});

test('any span gets between 1 and 110 buckets of a whole number of seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60_000, max: 365 * 86_400_000 }), (span) => {
      const bucketMs = bucketFor(span);
      const times = bucketTimes({ from: 0, to: span, bucketMs });
      expect(bucketMs).toBeGreaterThanOrEqual(1_000);
      expect(times.length).toBeGreaterThan(0);
      expect(times.length).toBeLessThanOrEqual(110);
    }),
  );
  expect(bucketFor(86_400_000)).toBe(1_800_000);
});
