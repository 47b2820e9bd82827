import { expect, test } from 'vitest';
import type { Deduction } from '../../api/shapes.ts';
import { lostPoints } from './lost-points.ts';

const lost = (check: string, resource: string, points: number, givesBack: number): Deduction => ({
  check,
  title: { zh: check, en: check },
  severity: 'high',
  resource,
  points,
  givesBack,
});

test('deductions of one check stand together, what takes most first', () => {
  const rows = lostPoints([lost('a', 'r1', 2, 0.5), lost('b', 'r2', 3, 1), lost('a', 'r3', 2, 0.2)]);
  expect(rows.map(({ check, points, resources }) => [check, points, resources])).toEqual([
    ['a', 4, ['r1', 'r3']],
    ['b', 3, ['r2']],
  ]);
  // Mending one of them never gives back what mending both would.
  expect(rows[0]?.givesBack).toBe(0.5);
  expect(lostPoints([])).toEqual([]);
});
