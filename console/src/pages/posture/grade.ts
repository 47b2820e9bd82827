export type Grade = 'good' | 'fair' | 'weak' | 'bad';

/** What a score of 0–100 means in words. */
export function gradeOf(score: number): Grade {
  if (score >= 90) return 'good';
  if (score >= 70) return 'fair';
  return score >= 40 ? 'weak' : 'bad';
}

/** `82.4`, `100`: one decimal where there is one. */
export function points(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}
