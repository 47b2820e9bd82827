import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Language } from '#kit/locale.ts';
import type { Level } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import { reasonIn } from '#posture/reasons.ts';
import { VERSION } from '../version.ts';
import type { Report } from './format.ts';

const LEVEL: Readonly<Record<Level, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  informational: 'note',
};
/** As GitHub grades them: critical from 9, high from 7, medium from 4. */
const SECURITY_SEVERITY: Readonly<Record<Level, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  informational: '0.0',
};
const OTHER_KINDS = { pass: 'pass', unknown: 'open', not_applicable: 'notApplicable' } as const;

/**
 * SARIF 2.1.0 (OASIS). Titles and advice are in the asked language; the rules’ `messageStrings` hold both. Fingerprints name
 * check, resource and file, not the line, so that a finding stays the same one when code moves.
 */
export function toSarif({ findings, problems, language }: Report): object {
  const rules = new Map<string, number>();
  const descriptions: object[] = [];
  const results = findings.map((finding) => {
    const index = rules.get(finding.check) ?? describe(finding);
    return resultOf(finding, index, language);
  });
  const notifications = problems.map(({ file, line, problem }) => ({
    level: 'error',
    message: { text: problem },
    locations: [{ physicalLocation: physicalLocation(file, line, line) }],
  }));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Bartizan', version: VERSION, language: TAGS[language], rules: descriptions } },
        language: TAGS[language],
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: problems.length === 0, toolExecutionNotifications: notifications }],
        results,
      },
    ],
  };

  function describe(finding: Finding): number {
    const { check, title, severity, controls, fix } = finding;
    rules.set(check, descriptions.length);
    return (
      descriptions.push({
        id: check,
        shortDescription: { text: title[language] },
        fullDescription: { text: title[language] },
        help: { text: fix[language], markdown: fix[language] },
        messageStrings: { zh: { text: braces(title.zh) }, en: { text: braces(title.en) } },
        defaultConfiguration: { level: LEVEL[severity] },
        properties: {
          'security-severity': SECURITY_SEVERITY[severity],
          tags: ['security', ...new Set(controls)],
          severity,
        },
      }) - 1
    );
  }
}

const TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** A message string takes `{0}` for a placeholder: braces of the text are doubled. */
function braces(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

function resultOf(finding: Finding, ruleIndex: number, language: Language): object {
  const { check, title, severity, verdict, resource, reason } = finding;
  const isFailure = verdict === 'fail';
  const text = [`${resource.id}: ${title[language]}`, reason === undefined ? '' : reasonIn(reason, language)]
    .filter((part) => part !== '')
    .join('\n');
  const location = {
    ...(resource.file === undefined
      ? {}
      : { physicalLocation: physicalLocation(resource.file, resource.line, resource.endLine) }),
    logicalLocations: [{ name: resource.name, fullyQualifiedName: resource.id, kind: 'resource' }],
  };
  return {
    ruleId: check,
    ruleIndex,
    kind: isFailure ? 'fail' : OTHER_KINDS[verdict as keyof typeof OTHER_KINDS],
    level: isFailure ? LEVEL[severity] : 'none',
    message: { text },
    locations: [location],
    partialFingerprints: { 'bartizan/v1': fingerprint(finding) },
  };
}

function fingerprint({ check, resource }: Finding): string {
  return createHash('sha256')
    .update([check, resource.id, resource.file ?? resource.account ?? ''].join('\n'))
    .digest('hex');
}

function physicalLocation(file: string, line: number | undefined, endLine: number | undefined): object {
  const region = line === undefined ? {} : { region: { startLine: line, endLine: endLine ?? line } };
  // A place above the root has no relative name there.
  if (isAbsolute(file) || file.startsWith('../'))
    return { artifactLocation: { uri: pathToFileURL(file).href }, ...region };
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, ...region };
}
