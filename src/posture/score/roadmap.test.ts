import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { assess } from '../frameworks/assess.ts';
import { readFrameworks } from '../frameworks/read.ts';
import { HORIZONS, roadMap } from './roadmap.ts';

const { controls, frameworks, measures } = readFrameworks(
  fileURLToPath(new URL('../../../content/frameworks/', import.meta.url)),
);
const shop = { owns: ['servers', 'databases', 'files', 'accounts'], faces: ['website'], laws: ['pipl'] } as const;
const answers = { owns: [...shop.owns], faces: [...shop.faces], laws: [...shop.laws] };

const finding = (
  check: string,
  severity: Finding['severity'],
  control: string,
  verdict: Finding['verdict'] = 'fail',
): Finding => ({
  check,
  title: { zh: '望', en: check },
  severity,
  verdict,
  resource: { provider: 'alicloud', type: 't', id: check, name: check },
  controls: [control],
  fix: { zh: '修', en: 'mend it' },
});

test('every control has a measure, in two languages, and no measure is of none', () => {
  expect([...measures.keys()].sort()).toEqual([...controls.keys()].sort());
  for (const { action, cost, free } of measures.values()) {
    for (const text of [action, cost.note, free ?? action]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
    }
  }
});

describe('the road map', () => {
  test('has three things for today, for an owner whom no scan has told anything', () => {
    const map = roadMap([], measures, answers, []);
    expect(map.today).toHaveLength(3);
    for (const step of map.today) expect(['minutes', 'hours']).toContain(step.effort);
    const all = HORIZONS.flatMap((horizon) => map[horizon]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    // What the owner has not got is not spoken of.
    expect(all.map(({ id }) => id)).not.toContain('hardening.workload');
    expect(all.map(({ id }) => id)).toContain('network.web-firewall');
  });

  test('puts what was found, is open and quickly mended first', () => {
    const findings = [
      finding('weak-password', 'medium', 'identity.password'),
      finding('old-kernel', 'critical', 'threat.supported-versions'),
      finding('open-database', 'critical', 'exposure.public-database'),
      finding('no-tags', 'low', 'governance.naming'),
      finding('fine', 'critical', 'identity.mfa', 'pass'),
    ];
    const map = roadMap(findings, measures, answers, []);
    expect(map.today[0]?.id).toBe('open-database');
    // What takes days is not for today, however bad.
    expect(map.today.map(({ id }) => id)).not.toContain('old-kernel');
    expect(map.week[0]?.id).toBe('old-kernel');
    expect(HORIZONS.flatMap((horizon) => map[horizon]).map(({ id }) => id)).not.toContain('fine');
  });

  test('leaves to the year what a law asks of people', () => {
    const pipl = frameworks.get('pipl');
    const clauses = pipl === undefined ? [] : assess(pipl, []);
    const map = roadMap([], measures, answers, clauses);
    expect(map.year.filter(({ from }) => from === 'clause').length).toBeGreaterThan(5);
    expect([...map.today, ...map.week, ...map.month].some(({ from }) => from === 'clause')).toBe(false);
  });
});
