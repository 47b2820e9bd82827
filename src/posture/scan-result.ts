import { createHash } from 'node:crypto';
import { LEVELS } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import type { LoadProblem } from '#model/resource.ts';
import type { Scan } from '#model/scan.ts';
import { assess, findingLine } from './frameworks/assess.ts';
import type { Framework } from './frameworks/catalog.ts';
import { scoreOf } from './score/score.ts';

/** Most that is kept of a scan; its counts and score speak of all. */
const MOST_FINDINGS = 20_000;
const MOST_DEDUCTIONS = 200;
const MOST_PROBLEMS = 100;

export interface ScanRun {
  readonly kind: Scan['kind'];
  readonly target: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly resources: number;
  readonly checks: number;
  readonly problems: readonly LoadProblem[];
}

/** A scan as it is kept: score, standing of every clause, and the findings that fail or cannot be told, worst first. */
export function toScanResult(
  { problems, ...run }: ScanRun,
  findings: readonly Finding[],
  frameworks: Iterable<Framework>,
): { readonly scan: Omit<Scan, 'id' | 'actor'>; readonly findings: readonly Finding[] } {
  const { deductions, ...score } = scoreOf(findings);
  const clauses = [...frameworks].flatMap((framework) =>
    assess(framework, findings).map(({ clause, status, failed, unknown, passed, evidence }) => ({
      framework: clause.framework,
      clause: clause.key,
      status,
      failed: failed.length,
      unknown: unknown.length,
      passed,
      evidence,
    })),
  );
  const kept = findings
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
    .sort((a, b) => LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity))
    .slice(0, MOST_FINDINGS);
  const scan = {
    ...run,
    ...score,
    deductions: deductions.slice(0, MOST_DEDUCTIONS).map(({ finding, points, givesBack }) => ({
      check: finding.check,
      title: finding.title,
      severity: finding.severity,
      resource: finding.resource.id,
      points: Math.round(points * 100) / 100,
      givesBack,
    })),
    clauses,
    problems: problems.slice(0, MOST_PROBLEMS),
    problemCount: problems.length,
    evidence: evidenceOf(findings),
  };
  return { scan, findings: kept };
}

/** SHA-256 of all findings, each on its line, in the order of the lines. */
export function evidenceOf(findings: readonly Finding[]): string {
  const hash = createHash('sha256');
  for (const line of findings.map(findingLine).sort()) hash.update(line);
  return hash.digest('hex');
}
