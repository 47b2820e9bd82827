import type { Level } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';

/** 100 minus named deductions. */
export interface Score {
  /** 0–100, one decimal. */
  readonly score: number;
  /** What it would be if everything that is unknown failed. */
  readonly atWorst: number;
  /** Largest first; their points and `capped` add up to 100 − score, to a tenth each. */
  readonly deductions: readonly Deduction[];
  /** What an exposed critical weakness takes beyond its deduction; 0 without one. */
  readonly capped: number;
  readonly counts: Readonly<Record<Finding['verdict'], number>>;
}

export interface Deduction {
  readonly finding: Finding;
  /** Its share of what is taken. */
  readonly points: number;
  /** What the score gains when only this is mended. */
  readonly givesBack: number;
}

/**
 * What all weaknesses of one severity can take together, and how fast: n of them take
 * `most × (1 − e^(−n / pace))`. The first costs most; the hundredth of a kind hardly anything, so that a heap of small
 * things never weighs as much as one that lets somebody in.
 */
const TAKES: Readonly<Record<Level, { readonly most: number; readonly pace: number }>> = {
  critical: { most: 45, pace: 2 },
  high: { most: 30, pace: 6 },
  medium: { most: 17, pace: 15 },
  low: { most: 8, pace: 40 },
  informational: { most: 0, pace: 1 },
};

/** With a critical weakness open to the internet nothing else can make it better than this. */
const CAP = 50;

/** Scores the findings of one scan. Passes and what is not applicable take nothing; unknown ones only count in `atWorst`. */
export function scoreOf(findings: readonly Finding[]): Score {
  const counts = { fail: 0, pass: 0, unknown: 0, not_applicable: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  const tally = tallyOf(failed);
  const now = pointsLeft(tally);
  const deductions = failed
    .filter(({ severity }) => TAKES[severity].most > 0)
    .map((finding) => ({
      finding,
      points: taken(finding.severity, tally[finding.severity]) / tally[finding.severity],
      givesBack: tenths(pointsLeft(without(tally, finding)) - now),
    }))
    .sort((a, b) => b.points - a.points);
  const uncapped = 100 - sumOf(tally);
  return {
    score: tenths(now),
    atWorst: tenths(pointsLeft(tallyOf(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')))),
    deductions,
    capped: tenths(uncapped - now),
    counts,
  };
}

type Tally = Readonly<Record<Level, number>> & { readonly exposed: number };

function tallyOf(findings: readonly Finding[]): Tally {
  const tally = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, exposed: 0 };
  for (const finding of findings) {
    tally[finding.severity] += 1;
    if (isExposed(finding)) tally.exposed += 1;
  }
  return tally;
}

function without(tally: Tally, finding: Finding): Tally {
  const { severity } = finding;
  return { ...tally, [severity]: tally[severity] - 1, exposed: tally.exposed - (isExposed(finding) ? 1 : 0) };
}

function isExposed({ severity, controls }: Finding): boolean {
  return severity === 'critical' && controls.some((control) => control.startsWith('exposure.'));
}

function pointsLeft(tally: Tally): number {
  const left = 100 - sumOf(tally);
  return tally.exposed > 0 ? Math.min(CAP, left) : left;
}

function sumOf(tally: Tally): number {
  return (Object.keys(TAKES) as Level[]).reduce((sum, level) => sum + taken(level, tally[level]), 0);
}

function taken(level: Level, count: number): number {
  const { most, pace } = TAKES[level];
  return most * (1 - Math.exp(-count / pace));
}

function tenths(points: number): number {
  return Math.round(points * 10) / 10;
}
