import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAT, ruleOf } from '../../test/one-rule.ts';
import { referenceMatch, wild } from '../../test/reference.ts';
import { compile, parseRules, type SigmaRule } from '../index.ts';
import { parsePattern, patternTest } from '../parse/pattern.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ab', '\\', '*', '?', '-', 'é', '1'), maxLength: 8 });
const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '\\', '*', '?', '-', 'É', '1'), maxLength: 8 });
const scalar = fc.oneof(plain, fc.constantFrom(1, 11, 1.5, true, null));
const field = fc.constantFrom('a', 'b', 'c');

const item = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      '',
      '|contains',
      '|startswith',
      '|endswith',
      '|contains|all',
      '|contains|cased',
      '|neq',
      '|endswith|neq',
      '|contains|windash',
    ),
    fc.array(fc.oneof(letters, fc.constantFrom(1, 11, true)), { minLength: 1, maxLength: 9 }),
  ),
  fc.tuple(fc.constant(''), fc.constantFrom([null], [''], ['*'], [null, 'a'])),
  fc.tuple(
    fc.constantFrom('|re', '|re|i'),
    fc.array(fc.constantFrom('a+b', '^ab', 'b$', '(a|b)1', '[^a]-', 'abab'), { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(fc.constantFrom('|gt', '|lte'), fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 1 })),
  fc.tuple(fc.constant('|exists'), fc.constantFrom([true], [false])),
  fc.tuple(
    fc.constantFrom('|fieldref', '|fieldref|startswith', '|fieldref|contains', '|fieldref|neq'),
    fc.array(field, { minLength: 1, maxLength: 1 }),
  ),
);
const map = fc
  .array(fc.tuple(field, item), { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries.map(([name, [modifiers, values]]) => [name + modifiers, values])));
const search = fc.oneof(
  { weight: 4, arbitrary: map },
  { weight: 1, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      letters.filter((word) => word !== ''),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
const condition = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('s1', 's2', 's3', '1 of s*', 'all of s*', '1 of them', 'all of *2'),
    fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map((parts) => parts.join(' ')),
    tie('node').map((inner) => `not ${inner}`),
    tie('node').map((inner) => `(${inner})`),
  ),
})).node;
const detection = fc.record({ s1: search, s2: search, s3: search, condition });
const event = fc.dictionary(
  field,
  fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) }),
  { maxKeys: 3, noNullPrototype: true },
);

describe('the matcher', () => {
  it('matches what the slow reference matches, many rules at once', () => {
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 1, maxLength: 12 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
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
