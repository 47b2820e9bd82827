import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { assess } from './assess.ts';
import { toTemplate } from './catalog.ts';
import { readChecks } from '../content.ts';
import { readFrameworks } from './read.ts';

const content = fileURLToPath(new URL('../../../content/', import.meta.url));
const { controls, frameworks, templates } = readFrameworks(`${content}frameworks`);
const checks = new Map(readChecks([`${content}checks`]).checks.map((check) => [check.id, check]));
const level2 = frameworks.get('djbp-2.0-level-2');

const finding = (verdict: Finding['verdict'], control: string, severity: Finding['severity'] = 'medium'): Finding => ({
  check: 'c',
  title: { zh: '望', en: 'c' },
  severity,
  verdict,
  resource: { provider: 'alicloud', type: 't', id: `${verdict}-${control}`, name: 'n' },
  controls: [control],
  fix: { zh: '望', en: 'f' },
});
/** Status of the clause with this number. */
function statusOf(clause: string, findings: readonly Finding[]) {
  if (level2 === undefined) throw new RangeError('the framework is not there');
  return assess(level2, findings).find((one) => one.clause.id === clause)?.status;
}

describe('the frameworks that ship', () => {
  test.each([...frameworks.values(), ...templates.values()].map((one) => [one.id, one] as const))(
    '%s has clauses with numbers of their own, in two languages, made of controls that exist',
    (_id, { title, clauses }) => {
      expect(title.zh).toMatch(/\p{Script=Han}/u);
      expect(clauses.length).toBeGreaterThan(0);
      expect(new Set(clauses.map(({ framework, key }) => `${framework} ${key}`)).size).toBe(clauses.length);
      for (const clause of clauses) {
        expect(clause.title.zh, clause.id).toMatch(/\p{Script=Han}/u);
        expect(clause.title.en, clause.id).not.toMatch(/\p{Script=Han}/u);
        for (const control of clause.controls) expect(controls.has(control), `${clause.id}: ${control}`).toBe(true);
        for (const check of clause.checks) expect(checks.has(check), `${clause.id}: ${check}`).toBe(true);
        if (clause.assessment === 'automatic')
          expect([...clause.controls, ...clause.checks].length, clause.id).toBeGreaterThan(0);
        else expect(clause.guidance, `${clause.id}: what a person has to show`).toBeDefined();
      }
    },
  );
});

describe.each([
  ['cis-alibaba-cloud', ['alicloud', 'kubernetes']],
  ['cis-aws', ['aws']],
])('%s', (id, providers) => {
  const framework = frameworks.get(id);
  const clauses = framework?.clauses ?? [];
  const statusIn = (clause: string, findings: readonly Finding[]) =>
    framework && assess(framework, findings).find((one) => one.clause.id === clause)?.status;

  test('asks single checks, of its own cloud, and never whatever is of the same kind', () => {
    expect(clauses.length).toBeGreaterThan(0);
    for (const clause of clauses) {
      expect(clause.controls, clause.id).toEqual([]);
      for (const check of clause.checks)
        expect(providers, `${clause.id}: ${check}`).toContain(checks.get(check)?.provider);
    }
  });

  test('each automatic clause is met, or not, by each of its checks alone, be it advice or not', () => {
    for (const clause of clauses.filter(({ assessment }) => assessment === 'automatic')) {
      for (const check of clause.checks) {
        const told = (verdict: Finding['verdict']) =>
          statusIn(clause.id, [{ ...finding(verdict, 'governance.cost', checks.get(check)?.severity), check }]);
        expect([clause.id, check, told('pass'), told('fail'), told('unknown')]).toEqual([
          clause.id,
          check,
          'satisfied',
          'not_satisfied',
          'unknown',
        ]);
      }
    }
  });
});

test('keys of the root account do not make its second factor missing, nor the other way round', () => {
  const cis = frameworks.get('cis-alibaba-cloud');
  if (cis === undefined) throw new RangeError('the framework is not there');
  const found = [
    { ...finding('fail', 'identity.root', 'critical'), check: 'account-root-no-keys' },
    { ...finding('pass', 'identity.root', 'critical'), check: 'account-root-mfa' },
  ];
  const told = Object.fromEntries(assess(cis, found).map(({ clause, status }) => [clause.id, status]));
  expect(told).toMatchObject({ '1.1': 'no_data', '1.2': 'not_satisfied', '1.3': 'satisfied', '1.4': 'no_data' });
});

describe('a clause', () => {
  test('is met only where something was asked and nothing fails or is unknown', () => {
    expect(statusOf('7.1.4.9', [])).toBe('manual');
    expect(statusOf('7.1.4.7', [])).toBe('no_data');
    expect(statusOf('7.1.4.7', [finding('pass', 'encryption.in-transit')])).toBe('satisfied');
    expect(
      statusOf('7.1.4.7', [finding('pass', 'encryption.in-transit'), finding('unknown', 'encryption.in-transit')]),
    ).toBe('unknown');
    expect(
      statusOf('7.1.4.7', [finding('unknown', 'encryption.in-transit'), finding('fail', 'encryption.in-transit')]),
    ).toBe('not_satisfied');
  });

  test('is not decided by advice, by what is not applicable, or by another control', () => {
    expect(statusOf('7.1.4.7', [finding('fail', 'encryption.in-transit', 'informational')])).toBe('no_data');
    expect(statusOf('7.1.4.7', [finding('not_applicable', 'encryption.in-transit')])).toBe('no_data');
    expect(statusOf('7.1.4.7', [finding('fail', 'governance.cost')])).toBe('no_data');
  });

  test('carries the hash of what decided it, whatever the order', () => {
    const both = [finding('pass', 'encryption.in-transit'), finding('fail', 'encryption.in-transit')];
    const evidenceOf = (findings: readonly Finding[]) =>
      level2 && assess(level2, findings).find(({ clause }) => clause.id === '7.1.4.7')?.evidence;
    expect(evidenceOf(both)).toMatch(/^[0-9a-f]{64}$/);
    expect(evidenceOf(both.toReversed())).toBe(evidenceOf(both));
    expect(evidenceOf(both.slice(1))).not.toBe(evidenceOf(both));
  });
});

test('a template takes the clauses that its profile names, by their ids in the catalogue', () => {
  const metadata = {
    title: 'Shop',
    'last-modified': 'x',
    version: '1',
    'oscal-version': '1.1.2',
    props: [],
    links: [],
  };
  const profile = {
    uuid: 'x',
    metadata,
    imports: [{ href: '../catalogs/djbp-2.0-level-2.yml', 'include-controls': [{ 'with-ids': ['c-7.1.4.7'] }] }],
  };
  expect(toTemplate('shop', profile, frameworks).clauses.map(({ id }) => id)).toEqual(['7.1.4.7']);
});
