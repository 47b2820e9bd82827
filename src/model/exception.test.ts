import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from './alert.ts';
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
        const alert = { rule: { id: 'r', title: { zh: '', en: '' }, level, attack: [] }, demo: false };
        const isHidden = hides({ ruleId: 'r', scope, demo: false }, alert, found);
        const names = Object.keys(scope);
        const fits = names.length > 0 && names.every((key) => Object.hasOwn(found, key) && found[key] === scope[key]);
        const isGraveAndLoose =
          level === 'critical' && (names.length < 2 || !names.some((key) => ANCHORS.includes(key)));
        expect(isHidden).toBe(fits && !isGraveAndLoose);
        expect(hides({ ruleId: 'r2', scope, demo: false }, alert, found)).toBe(false);
        expect(hides({ ruleId: 'r', scope, demo: true }, alert, found)).toBe(false);
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
