import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Finding } from '#model/finding.ts';
import { printedFinding, type Report } from './format.ts';
import { junitLines } from './junit.ts';
import { toSarif } from './sarif.ts';
import { tableLines } from './table.ts';

const FINDING: Finding = {
  check: 'oss-bucket-not-public',
  title: { zh: '存储桶不对所有人开放', en: 'Bucket {is} not open to everyone' },
  severity: 'high',
  verdict: 'fail',
  resource: {
    provider: 'alicloud',
    type: 'alicloud_oss_bucket',
    id: 'module.a["x<y>&\'"].alicloud_oss_bucket.b',
    name: 'b',
    file: 'envs/生产 1/main.tf',
    line: 3,
    endLine: 9,
  },
  controls: ['exposure.public-storage'],
  reason: 'acl is "public-read" \u001b[31m & more',
  fix: { zh: '将 ACL 设为 private。', en: 'Set the ACL to private.' },
};

function report(language: 'zh' | 'en', findings: readonly Finding[] = [FINDING]): Report {
  const counts = { files: 1, resources: 2, verdicts: { fail: 1, pass: 4, unknown: 1, not_applicable: 0 } };
  return {
    findings,
    problems: [{ file: 'broken.tf', line: 7, problem: 'This file is broken here.' }],
    counts,
    language,
  };
}

const text = z.strictObject({ text: z.string().min(1) });
const region = z.strictObject({ startLine: z.int().positive(), endLine: z.int().positive() });
const physical = z.strictObject({
  artifactLocation: z.strictObject({ uri: z.string().regex(/^[\x21-\x7e]+$/), uriBaseId: z.string().optional() }),
  region: region.optional(),
});
/**
 * What the specification requires of the parts that we write, members that it does not name refused. The official JSON schema is
 * in no package that is installed, so it is not used here.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          version: z.string(),
          language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: text,
              fullDescription: text,
              help: z.strictObject({ text: z.string().min(1), markdown: z.string() }),
              messageStrings: z.record(z.string(), text),
              defaultConfiguration: z.strictObject({ level: z.enum(['none', 'note', 'warning', 'error']) }),
              properties: z.looseObject({ tags: z.array(z.string()) }),
            }),
          ),
        }),
      }),
      language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(
            z.strictObject({
              level: z.enum(['none', 'note', 'warning', 'error']),
              message: text,
              locations: z.array(z.strictObject({ physicalLocation: physical })),
            }),
          ),
        }),
      ),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().nonnegative(),
          kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']),
          level: z.enum(['none', 'note', 'warning', 'error']),
          message: text,
          locations: z.array(
            z.strictObject({
              physicalLocation: physical.optional(),
              logicalLocations: z.array(
                z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() }),
              ),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
});

describe('SARIF', () => {
  it('has the members that the specification requires, in either language', () => {
    for (const language of ['zh', 'en'] as const) {
      const [run] = sarif.parse(JSON.parse(JSON.stringify(toSarif(report(language))))).runs;
      expect(run.results[0]?.message.text).toContain(FINDING.title[language]);
      expect(run.tool.driver.rules[0]?.messageStrings).toEqual({
        zh: { text: '存储桶不对所有人开放' },
        en: { text: 'Bucket {{is}} not open to everyone' },
      });
      expect(run.tool.driver.rules[run.results[0]?.ruleIndex ?? -1]?.id).toBe('oss-bucket-not-public');
    }
  });

  it('places findings in files relative to the root, and says what could not be read', () => {
    const [run] = sarif.parse(toSarif(report('en'))).runs;
    expect(run.results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'envs/%E7%94%9F%E4%BA%A7%201/main.tf', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3, endLine: 9 },
    });
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false });
  });

  it('places findings outside of the root by their whole path', () => {
    for (const file of ['/srv/x y/main.tf', '../main.tf']) {
      const [run] = sarif.parse(toSarif(report('en', [{ ...FINDING, resource: { ...FINDING.resource, file } }]))).runs;
      const place = run.results[0]?.locations[0]?.physicalLocation?.artifactLocation;
      expect(place?.uri).toMatch(/^file:\/\/\/[^ ]*main\.tf$/);
      expect(place?.uriBaseId).toBeUndefined();
    }
  });

  it('keeps a finding’s fingerprint when its lines move, and only then', () => {
    const print = (resource: Partial<Finding['resource']>) =>
      sarif.parse(toSarif(report('en', [{ ...FINDING, resource: { ...FINDING.resource, ...resource } }]))).runs[0]
        .results[0]?.partialFingerprints['bartizan/v1'];
    expect(print({ line: 80, endLine: 90 })).toBe(print({}));
    expect(print({ id: 'other' })).not.toBe(print({}));
  });

  it('marks what is not a failure as such', () => {
    const [run] = sarif.parse(toSarif(report('en', [{ ...FINDING, verdict: 'unknown' }]))).runs;
    expect(run.results[0]).toMatchObject({ kind: 'open', level: 'none' });
  });
});

describe('JUnit', () => {
  const findings: readonly Finding[] = [
    FINDING,
    { ...FINDING, verdict: 'pass', reason: undefined },
    {
      ...FINDING,
      verdict: 'unknown',
      reason: 'variable "x" has no value',
      resource: { ...FINDING.resource, file: undefined, line: undefined },
    },
    { ...FINDING, check: 'other', reason: 'half a pair \uD800 and \u0000 NUL' },
  ];
  const xml = [...junitLines(report('en', findings))].join('\n');

  it('is well-formed, whatever others wrote into names and reasons', () => {
    expect(problemOf(xml)).toBeUndefined();
    expect(xml).toContain('x&lt;y&gt;&amp;&apos;');
    expect(xml).not.toMatch(/[\u0000-\u0008\u001b\uD800-\uDFFF]/);
  });

  it('has a suite for each check and a case for each resource', () => {
    expect(xml).toContain('<testsuites name="bartizan scan" tests="4" failures="2">');
    expect(xml).toContain('<testsuite name="oss-bucket-not-public" tests="3" failures="1" errors="0" skipped="1">');
    expect(xml).toContain('<failure message="Bucket {is} not open to everyone" type="high">');
    expect(xml).toContain('<skipped message="variable &quot;x&quot; has no value"/>');
    expect(xml).toContain('file="envs/生产 1/main.tf" line="3"');
  });
});

/** A look at the bones alone: tags nest, attributes are quoted, nothing stands bare. */
function problemOf(xml: string): string | undefined {
  const open: string[] = [];
  const token =
    /<\?xml[^>]*\?>|<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot|apos|#\d+);[^"<&]*)*")*)\s*(\/?)>|[^<]+/gy;
  for (let found = token.exec(xml); found; found = token.exec(xml)) {
    const [all, closing, name] = found;
    if (name === undefined) {
      if (!all.startsWith('<?') && /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(all)) return `bare & in ${all}`;
    } else if (closing) {
      if (open.pop() !== name) return `</${name}> closes nothing`;
    } else if (!found[4]) open.push(name);
    if (token.lastIndex === xml.length) return open.length === 0 ? undefined : `${open.join()} stays open`;
  }
  return 'something that is no XML';
}

describe('the table', () => {
  it('has the gravest first, says what to do, and ends in counts', () => {
    const lines = [...tableLines(report('en', [{ ...FINDING, verdict: 'unknown', severity: 'critical' }, FINDING]))];
    expect(lines[0]).toBe('high  envs/生产 1/main.tf:3  module.a["x<y>&\'"].alicloud_oss_bucket.b');
    expect(lines[3]).toBe('    → Set the ACL to private.');
    expect(lines[4]).toMatch(/^unknown, critical/);
    expect(lines.at(-1)).toBe('1 files, 2 resources: 1 failed, 1 unknown, 4 passed, 0 not applicable.');
  });

  it('speaks Chinese, and never lets a name colour the terminal', () => {
    const lines = [...tableLines(report('zh'))];
    expect(lines.join('\n')).toContain('将 ACL 设为 private。');
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('words reasons in the reader’s language, in every format', () => {
    const told = [{ ...FINDING, verdict: 'unknown', reason: 'variable "x" has no value' }] as const;
    const zh = '变量 "x" 没有值';
    expect([...tableLines(report('zh', told))].join('\n')).toContain(zh);
    expect(JSON.stringify(toSarif(report('zh', told)))).toContain(JSON.stringify(zh).slice(1, -1));
    expect([...junitLines(report('zh', told))].join('\n')).toContain('变量 &quot;x&quot; 没有值');
    expect(printedFinding(told[0], 'zh').reason).toBe(zh);
    expect(printedFinding(told[0], 'en').reason).toBe(told[0].reason);
  });
});
