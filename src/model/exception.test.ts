import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS, type Level } from './alert.ts';
import { ANCHORS, exactEntities, hides, isTooWideFor, isWithin } from './exception.ts';

const name = fc.constantFrom('src_ip', 'user', 'path', 'user_agent', '__proto__', 'toString');
const value = fc.oneof(fc.constantFrom('a', 'A', 'a, b', '', '*', '%'), fc.string());
const entities = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key })
  .map((all) => Object.fromEntries(all));

describe('an exception', () => {
  it('hides nothing that differs in one of the things it names, and nothing when it names none', () => {
    fc.assert(
      fc.property(entities, entities, fc.constantFrom(...LEVELS), (scope, found, level) => {
        const alert = { rule: { id: 'r', title: { zh: '', en: '' }, level, attack: [] }, demo: false, firstMs: 0 };
        const exception = { kind: 'false_positive', ruleIds: ['r'], scope, demo: false, startsMs: 0 } as const;
        const isHidden = hides({ ...exception, ruleIds: ['r'] }, alert, found);
        const names = Object.keys(scope);
        const fits = names.length > 0 && names.every((key) => Object.hasOwn(found, key) && found[key] === scope[key]);
        const isGraveAndLoose =
          level === 'critical' && (names.length < 2 || !names.some((key) => ANCHORS.includes(key)));
        expect(isHidden).toBe(fits && !isGraveAndLoose);
        expect(hides({ ...exception, ruleIds: ['r2'] }, alert, found)).toBe(false);
        expect(hides({ ...exception, ruleIds: [] }, alert, found)).toBe(false);
        expect(hides({ ...exception, ruleIds: ['r'], demo: true }, alert, found)).toBe(false);
      }),
    );
  });

  it('that names less hides at least as much', () => {
    fc.assert(
      fc.property(entities, fc.nat(5), (found, at) => {
        const wider = Object.fromEntries(Object.entries(found).filter((_, index) => index !== at));
        if (Object.keys(wider).length > 0) expect(isWithin(found, wider)).toBe(true);
        expect(isTooWideFor('high', found)).toBe(Object.keys(found).length === 0);
      }),
    );
  });

  it('cannot name what an alert has several of, nor what was cut short', () => {
    const found = { user: 'root, bin', path: `${'p'.repeat(256)}…`, host: 'h'.repeat(256), src_ip: '192.0.2.1' };
    expect(exactEntities({ entities: found, several: ['user'] })).toEqual({ host: found.host, src_ip: '192.0.2.1' });
  });
});

describe('maintenance', () => {
  const HOUR_MS = 3_600_000;
  const window = { kind: 'maintenance', ruleIds: [], scope: { host: 'web' }, demo: false, startsMs: HOUR_MS } as const;
  const alert = (level: Level, firstMs = HOUR_MS, demo = false) => ({
    rule: { id: 'r', title: { zh: '', en: '' }, level, attack: [] as string[] },
    demo,
    firstMs,
  });
  const web = { host: 'web', user: 'root' };
  const isHidden = (changes: object, about = alert('high'), exact: Record<string, string> = web) =>
    hides({ ...window, ruleIds: [], ...changes }, about, exact);

  it('hides alerts of any rule that are about what it names, or all of the rules that it names', () => {
    expect(isHidden({})).toBe(true);
    expect(isHidden({}, alert('high'), { host: 'db' })).toBe(false);
    expect(isHidden({ ruleIds: ['r'] })).toBe(true);
    expect(isHidden({ ruleIds: ['other'] })).toBe(false);
    expect(isHidden({ ruleIds: ['other', 'r'], scope: {} })).toBe(true);
    expect(isHidden({ scope: {} })).toBe(false);
    expect(isHidden({}, alert('high', HOUR_MS, true))).toBe(false);
  });

  it('lets critical alerts through, unless two things fit, one of them who or where', () => {
    expect(isHidden({}, alert('critical'))).toBe(false);
    expect(isHidden({ ruleIds: ['r'], scope: {} }, alert('critical'))).toBe(false);
    expect(isHidden({ scope: web }, alert('critical'))).toBe(true);
  });

  it('does not hide what began before it, but for clocks that differ by five minutes', () => {
    expect(isHidden({}, alert('high', HOUR_MS - 300_000))).toBe(true);
    expect(isHidden({}, alert('high', HOUR_MS - 300_001))).toBe(false);
    expect(isHidden({}, alert('high', 100 * HOUR_MS))).toBe(true);
    expect(isHidden({ kind: 'quiet', ruleIds: ['r'] }, alert('high', 0))).toBe(true);
  });
});
