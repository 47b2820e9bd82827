import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { assess } from './assess.ts';
import { toTemplate } from './catalog.ts';
import { readFrameworks } from './read.ts';

const { controls, frameworks, templates } = readFrameworks(
  fileURLToPath(new URL('../../../content/frameworks/', import.meta.url)),
);
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
        if (clause.assessment === 'automatic')
          expect([...clause.controls, ...clause.checks].length, clause.id).toBeGreaterThan(0);
        else expect(clause.guidance, `${clause.id}: what a person has to show`).toBeDefined();
      }
    },
  );
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
