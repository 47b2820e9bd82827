import type { Finding } from '#model/finding.ts';
import { type Report, printedFinding } from './format.ts';

/** JUnit’s XML, as CI servers read it: a suite for each check, a case for each resource; unknown is skipped, with the reason. */
export function* junitLines({ findings, language }: Report): Generator<string> {
  const suites = Map.groupBy(findings, ({ check }) => check);
  const failures = findings.filter(({ verdict }) => verdict === 'fail').length;
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield `<testsuites name="bartizan scan" tests="${findings.length}" failures="${failures}">`;
  for (const [check, inside] of suites) {
    const failed = inside.filter(({ verdict }) => verdict === 'fail').length;
    const skipped = inside.filter(({ verdict }) => verdict === 'unknown' || verdict === 'not_applicable').length;
    yield `  <testsuite name="${escape(check)}" tests="${inside.length}" failures="${failed}" errors="0" skipped="${skipped}">`;
    for (const finding of inside) yield* testCase(finding);
    yield '  </testsuite>';
  }
  yield '</testsuites>';

  function* testCase(finding: Finding): Generator<string> {
    const { check, title, severity, verdict, resource, reason, fix } = printedFinding(finding, language);
    const { file, line, id } = resource;
    const place = file === undefined ? '' : ` file="${escape(file)}"${line === undefined ? '' : ` line="${line}"`}`;
    const head = `    <testcase name="${escape(id)}" classname="${escape(check)}"${place}`;
    if (verdict === 'pass') {
      yield `${head}/>`;
      return;
    }
    yield `${head}>`;
    const where = file === undefined ? id : `${file}${line === undefined ? '' : `:${line}`} ${id}`;
    const text = [where, reason ?? '', fix].filter((part) => part !== '').join('\n');
    if (verdict === 'fail')
      yield `      <failure message="${escape(title)}" type="${severity}">${escape(text)}</failure>`;
    else yield `      <skipped message="${escape(reason ?? verdict)}"/>`;
    yield '    </testcase>';
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** XML 1.0 has no way to say most control characters and half surrogates: they become a question mark. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\u0008\u000B-\u001F\uFFFE\uFFFF]/g, '?')
    .replace(/[&<>"'\n\t]/g, (char) => ENTITIES[char] ?? char);
}
