import { expect, test } from 'vitest';
import { placesOf } from './history-line.ts';

const SIZE = { width: 300, height: 100 };

test('moments stand as far apart as they were, and 100 is at the top', () => {
  const history = [
    { endedMs: 1_000, score: 0 },
    { endedMs: 2_000, score: 100 },
    { endedMs: 4_000, score: 25 },
  ];
  expect(placesOf(history, SIZE)).toEqual([
    { x: 0, y: 100 },
    { x: 100, y: 0 },
    { x: 300, y: 75 },
  ]);
});

test('one moment, or several at one time, never leave the field', () => {
  expect(placesOf([{ endedMs: 5, score: 50 }], SIZE)).toEqual([{ x: 150, y: 50 }]);
  const odd = [
    { endedMs: 5, score: -3 },
    { endedMs: 5, score: 130 },
  ];
  expect(placesOf(odd, SIZE)).toEqual([
    { x: 150, y: 100 },
    { x: 150, y: 0 },
  ]);
  expect(placesOf([], SIZE)).toEqual([]);
});
