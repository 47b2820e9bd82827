import type { Bilingual, Deduction, Level } from '../../api/shapes.ts';

/** The deductions of one check together. */
export interface LostPoints {
  readonly check: string;
  readonly title: Bilingual;
  readonly severity: Level;
  readonly points: number;
  /** The most that the score gains by mending one of them. */
  readonly givesBack: number;
  readonly resources: readonly string[];
}

/** Deductions by check, those that take most first. */
export function lostPoints(deductions: readonly Deduction[]): readonly LostPoints[] {
  return [...Map.groupBy(deductions, ({ check }) => check).values()]
    .flatMap((list) => {
      const [first] = list;
      if (!first) return [];
      const { check, title, severity } = first;
      return {
        check,
        title,
        severity,
        points: list.reduce((sum, one) => sum + one.points, 0),
        givesBack: Math.max(...list.map((one) => one.givesBack)),
        resources: list.map(({ resource }) => resource),
      };
    })
    .sort((a, b) => b.points - a.points);
}
