import type { Bilingual } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import type { ClauseStanding } from '#model/scan.ts';

/** A framework's clauses with the answers of scans, ready to be written in any format. */
export interface FrameworkReport {
  readonly id: string;
  readonly title: Bilingual;
  readonly version: string;
  readonly source: string | undefined;
  readonly madeMs: number;
  /** What was scanned, and when: `modules/ (2026-11-24T02:00:00Z)`. */
  readonly scans: readonly string[];
  readonly clauses: readonly ReportClause[];
}

export interface ReportClause {
  readonly framework: string;
  readonly id: string;
  readonly title: Bilingual;
  readonly groups: readonly Bilingual[];
  readonly guidance: Bilingual | undefined;
  readonly status: ClauseStanding['status'];
  readonly failed: number;
  readonly unknown: number;
  readonly passed: number;
  /** SHA-256 of the findings that decided it, one for each scan. */
  readonly evidence: readonly string[];
  /** The first of those that fail or cannot be told. */
  readonly findings: readonly Finding[];
}

export const STATUS_WORDS: Readonly<Record<ClauseStanding['status'], Bilingual>> = {
  satisfied: { zh: '符合', en: 'met' },
  not_satisfied: { zh: '不符合', en: 'not met' },
  unknown: { zh: '无法判断', en: 'cannot be told' },
  no_data: { zh: '未检查到', en: 'nothing scanned speaks of it' },
  manual: { zh: '需人工核查', en: 'for a person to show' },
  elsewhere: { zh: '由其他记录证明', en: 'shown elsewhere' },
};

/** How many clauses stand how, in the order of the words. */
export function standingOf({ clauses }: FrameworkReport): readonly (readonly [ClauseStanding['status'], number])[] {
  return (Object.keys(STATUS_WORDS) as ClauseStanding['status'][]).map((status) => [
    status,
    clauses.filter((clause) => clause.status === status).length,
  ]);
}
