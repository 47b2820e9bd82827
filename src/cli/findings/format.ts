import type { Language } from '#kit/locale.ts';
import type { Finding, Verdict } from '#model/finding.ts';
import type { LoadProblem } from '#model/resource.ts';
import { reasonIn } from '#posture/reasons.ts';

export const FINDING_FORMATS = ['table', 'json', 'ndjson', 'sarif', 'junit'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

/** What each format shows if nothing else is asked: machines get all verdicts, people what there is to do. */
export const SHOWN: Readonly<Record<FindingFormat, readonly Verdict[]>> = {
  table: ['fail', 'unknown'],
  json: ['fail', 'pass', 'unknown', 'not_applicable'],
  ndjson: ['fail', 'pass', 'unknown', 'not_applicable'],
  sarif: ['fail'],
  junit: ['fail', 'pass', 'unknown'],
};

/** All of a scan, for the formats that need it at once. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly problems: readonly LoadProblem[];
  readonly counts: Counts;
  readonly language: Language;
}

export interface Counts {
  /** Absent for live accounts. */
  readonly files?: number | undefined;
  readonly resources: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

/** One finding as `scan` prints it: the contract of `--format json` and `ndjson`. */
export function printedFinding(finding: Finding, language: Language) {
  const { check, title, severity, verdict, resource, controls, reason, fix } = finding;
  return {
    check,
    title: title[language],
    severity,
    verdict,
    resource,
    controls,
    reason: reason === undefined ? undefined : reasonIn(reason, language),
    fix: fix[language],
  };
}

/** A line for a terminal: what others wrote must not move the reader’s cursor or colour what follows. */
export function plain(line: string): string {
  return line.replace(/\p{Cc}|\p{Cf}/gu, ' ');
}

/** A problem as it stands on standard error. */
export function problemLine({ file, line, problem }: LoadProblem): string {
  return `${plain(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`)}\n`;
}
