import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '#model/alert.ts';
import { type Finding, VERDICTS } from '#model/finding.ts';
import { scoreOf } from './score.ts';

const finding = (
  severity: Finding['severity'],
  verdict: Finding['verdict'],
  control = 'logging.retention',
): Finding => ({
  check: 'c',
  title: { zh: '望', en: 'c' },
  severity,
  verdict,
  resource: { provider: 'aws', type: 't', id: 'i', name: 'n' },
  controls: [control],
  fix: { zh: '望', en: 'f' },
});
const anyFinding = fc
  .tuple(fc.constantFrom(...LEVELS), fc.constantFrom(...VERDICTS), fc.constantFrom('exposure.public-storage', 'x.y'))
  .map(([severity, verdict, control]) => finding(severity, verdict, control));

describe('the score', () => {
  test('is 100 where nothing fails, however little is known', () => {
    expect(scoreOf([]).score).toBe(100);
    expect(scoreOf([finding('critical', 'pass')]).score).toBe(100);
    const untold = scoreOf([finding('critical', 'unknown', 'exposure.public-database')]);
    expect([untold.score, untold.atWorst]).toEqual([100, 50]);
  });

  test('is never above the cap while something critical is exposed, and mending it gives the cap back too', () => {
    const exposed = finding('critical', 'fail', 'exposure.public-database');
    const { score, capped, deductions } = scoreOf([exposed]);
    expect(score).toBe(50);
    expect(deductions[0]?.givesBack).toBe(50);
    expect(capped).toBeGreaterThan(0);
    expect(scoreOf([finding('critical', 'fail')]).score).toBeGreaterThan(50);
  });

  test('is hardly moved by a heap of small things', () => {
    const heap = Array.from({ length: 1_000 }, () => finding('low', 'fail'));
    expect(scoreOf(heap).score).toBeGreaterThan(scoreOf([finding('critical', 'fail')]).score);
    expect(scoreOf([...heap, finding('informational', 'fail')]).score).toBe(scoreOf(heap).score);
  });

  test('is 100 minus what it names, and mending never makes it worse', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 40 }), (findings) => {
        const { score, atWorst, deductions, capped } = scoreOf(findings);
        const named = deductions.reduce((sum, { points }) => sum + points, 0) + capped;
        expect(Math.abs(100 - named - score)).toBeLessThan(0.11);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(atWorst).toBeLessThanOrEqual(score);
        for (const { givesBack } of deductions) expect(givesBack).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
