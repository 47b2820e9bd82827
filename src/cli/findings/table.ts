import type { Language } from '#kit/locale.ts';
import { LEVELS } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import { reasonIn } from '#posture/reasons.ts';
import { type Counts, plain, type Report } from './format.ts';

/** For people: the gravest first, with what to do; then what was counted. */
export function* tableLines({ findings, counts, language }: Report): Generator<string> {
  for (const finding of findings.toSorted(byGravity)) yield* linesOf(finding, language);
  yield summary(counts, language);
}

function* linesOf({ check, title, severity, verdict, resource, reason, fix }: Finding, language: Language) {
  const place =
    resource.file === undefined ? '' : `${resource.file}${resource.line === undefined ? '' : `:${resource.line}`}`;
  const grade = verdict === 'fail' ? severity : `${verdict}, ${severity}`;
  yield plain(`${grade}  ${[place, resource.id].filter((part) => part !== '').join('  ')}`);
  yield plain(`    ${title[language]} (${check})`);
  if (reason !== undefined) yield plain(`    ${reasonIn(reason, language)}`);
  yield plain(`    → ${fix[language]}`);
}

function byGravity(a: Finding, b: Finding): number {
  return (
    Number(a.verdict !== 'fail') - Number(b.verdict !== 'fail') ||
    LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity) ||
    compare(a.resource.file ?? '', b.resource.file ?? '') ||
    (a.resource.line ?? 0) - (b.resource.line ?? 0) ||
    compare(a.check, b.check)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function summary({ files, resources, verdicts }: Counts, language: Language): string {
  const { fail, unknown, pass, not_applicable: other } = verdicts;
  const of = files === undefined ? '' : language === 'zh' ? `${files} 个文件，` : `${files} files, `;
  return language === 'zh'
    ? `${of}${resources} 个资源：未通过 ${fail}，无法判断 ${unknown}，通过 ${pass}，不适用 ${other}。`
    : `${of}${resources} resources: ${fail} failed, ${unknown} unknown, ${pass} passed, ${other} not applicable.`;
}
