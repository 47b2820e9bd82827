import type { Language } from '#kit/locale.ts';
import { type FrameworkReport, STATUS_WORDS } from './framework-report.ts';

/** RFC 4180, with a byte order mark: spreadsheets take it for UTF-8 by that. One row for each clause. */
export function frameworkCsv(report: FrameworkReport, language: Language): string {
  const head = ['framework', 'clause', 'title', 'status', 'answer', 'failed', 'unknown', 'passed', 'evidence'];
  const rows = report.clauses.map((clause) => [
    clause.framework,
    clause.id,
    clause.title[language],
    clause.status,
    STATUS_WORDS[clause.status][language],
    String(clause.failed),
    String(clause.unknown),
    String(clause.passed),
    clause.evidence.join(' '),
  ]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe in front. */
export function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
