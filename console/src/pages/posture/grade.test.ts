import { expect, test } from 'vitest';
import { gradeOf, points } from './grade.ts';

test('a score is as good as its words, at the edges too', () => {
  expect([100, 90, 89.9, 70, 69.9, 40, 39.9, 0].map(gradeOf)).toEqual([
    'good',
    'good',
    'fair',
    'fair',
    'weak',
    'weak',
    'bad',
    'bad',
  ]);
});

test('points have a decimal only where there is one', () => {
  expect([points(100, 'en'), points(82.44, 'en'), points(4.6, 'zh-CN')]).toEqual(['100', '82.4', '4.6']);
});
