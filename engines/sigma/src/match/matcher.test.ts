import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDetection, anyEvent, letters, plain } from '../../test/arbitraries.ts';
import { FLAT, ruleOf } from '../../test/one-rule.ts';
import { referenceMatch, wild } from '../../test/reference.ts';
import { compile, parseRules, type SigmaRule } from '../index.ts';
import { parsePattern, patternTest } from '../parse/pattern.ts';

describe('the matcher', () => {
  it('matches what the slow reference matches, many rules at once', () => {
    fc.assert(
      fc.property(
        fc.array(anyDetection, { minLength: 1, maxLength: 12 }),
        fc.array(anyEvent, { minLength: 1, maxLength: 8 }),
        (detections, events) => {
          const rules: SigmaRule[] = detections.map((one, number) => ({ ...ruleOf(one), id: `rule-${number}` }));
          const matcher = compile(rules, FLAT);
          for (const one of events) {
            const expected = rules.filter((rule) => referenceMatch(rule, one)).map(({ id }) => id);
            expect(matcher.match('flat', one).map(({ id }) => id)).toEqual(expected);
          }
        },
      ),
      { numRuns: 700 },
    );
  });

  it('reads wildcards as the slow reference does', () => {
    fc.assert(
      fc.property(letters, fc.array(plain, { minLength: 1, maxLength: 10 }), (value, texts) => {
        const pattern = parsePattern(value);
        const test = patternTest(pattern);
        for (const text of texts) expect(test(text)).toBe(wild(pattern, text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives the shared empty list when nothing matches, and for routes that it does not know', () => {
    const matcher = compile([ruleOf({ s: { a: 1 }, condition: 's' })], FLAT);
    const nothing = matcher.match('flat', { a: 2 });
    expect(nothing).toEqual([]);
    expect(matcher.match('flat', { b: 2 })).toBe(nothing);
    expect(matcher.match('toString', { a: 1 })).toBe(nothing);
    expect(matcher.match('flat', { a: 1 })).toHaveLength(1);
  });

  it('runs only rules whose log source the route accepts, and follows its paths into lists', () => {
    const text = ['sshd', 'nginx']
      .map(
        (service) =>
          `title: ${service}\nid: ${service}\nlogsource: { service: ${service} }\ndetection:\n  s: { ip: 10.0.0.1 }\n  condition: s`,
      )
      .join('\n---\n');
    const { rules } = parseRules(text, 'two.yml');
    const matcher = compile(rules, {
      sshd: { accepts: ({ service }) => service === 'sshd', path: () => ['src', 'ip'] },
      nginx: { accepts: ({ service }) => service === 'nginx', path: () => ['ips', 'deep', 'very', 'ip'] },
    });
    expect(matcher.match('sshd', { src: { ip: '10.0.0.1' } }).map(({ id }) => id)).toEqual(['sshd']);
    expect(matcher.match('nginx', { src: { ip: '10.0.0.1' } })).toEqual([]);
    expect(matcher.match('nginx', { ips: [{}, { deep: [{ very: { ip: ['10.0.0.1'] } }] }] })).toHaveLength(1);
    expect(matcher.describe('sshd')).toEqual({ rules: 1, always: 0 });
  });

  it('searches keywords only where the route says', () => {
    const matcher = compile([ruleOf({ s: ['needle'], condition: 's' })], {
      raw: { accepts: () => true, path: (name) => [name], keywords: [['raw'], ['more', 'text']] },
    });
    expect(matcher.match('raw', { raw: 'a Needle here' })).toHaveLength(1);
    expect(matcher.match('raw', { more: { text: 'needle' } })).toHaveLength(1);
    expect(matcher.match('raw', { other: 'needle' })).toHaveLength(0);
  });

  it('finds long and short literals of a large list, and nothing between', () => {
    const words = Array.from({ length: 2_000 }, (_, number) => `${'long-prefix-of-all-words-'.repeat(3)}${number}x`);
    const matcher = compile([ruleOf({ s: { 'f|contains': [...words, 'ab'] }, condition: 's' })], FLAT);
    expect(matcher.match('flat', { f: `say ${words[1_234]}` })).toHaveLength(1);
    expect(matcher.match('flat', { f: `${words[1_234]?.slice(0, -1)}` })).toHaveLength(0);
    expect(matcher.match('flat', { f: 'xxAB' })).toHaveLength(1);
  });

  it('finds letters beyond ASCII among hundreds of them, in every place', () => {
    const words = Array.from({ length: 300 }, (_, number) => String.fromCharCode(0x4e00 + number));
    const rule = (search: Record<string, unknown>): SigmaRule => ruleOf({ s: search, condition: 's' });
    const rules = [
      rule({ 'f|contains': [...words, '望楼a'] }),
      rule({ 'f|endswith': words }),
      rule({ 'f|startswith': [...words, 'cmd'] }),
    ];
    const matcher = compile(rules, FLAT);
    expect(matcher.match('flat', { f: 'x望楼A' })).toEqual([rules[0]]);
    expect(matcher.match('flat', { f: `x${words[7]}` })).toEqual([rules[0], rules[1]]);
    expect(matcher.match('flat', { f: `${words[7]}x` })).toEqual([rules[0], rules[2]]);
    expect(matcher.match('flat', { f: 'CMD' })).toEqual([rules[2]]);
    expect(matcher.match('flat', { f: 'é and plain letters' })).toEqual([]);
  });
});
