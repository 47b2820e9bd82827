import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pattern, subject as text } from '../../test/patterns.ts';
import { compileRegex } from './index.ts';

const PLAIN = { i: false, m: false, s: false };

describe('regular expressions', () => {
  it('give the answers of ECMAScript, whatever pattern and text', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        (source, texts, i, m) => {
          const expected = new RegExp(source, `${i ? 'i' : ''}${m ? 'm' : ''}`);
          const { test, required } = compileRegex(source, { i, m, s: false });
          for (const subject of texts) {
            expect(test(subject)).toBe(expected.test(subject));
            if (expected.test(subject) && required !== undefined)
              expect(required.some((part) => subject.toLowerCase().includes(part))).toBe(true);
          }
        },
      ),
      { numRuns: 4_000 },
    );
  });

  it.each([
    ['(?i)ab\\d', 'xAB7', true],
    ['a(?i:b)c', 'aBc', true],
    ['a(?i:b)c', 'aBC', false],
    ['(?<name>x)y', 'xy', true],
    ['(?P<name>x)y', 'xz', false],
    ['[[:alpha:]]+[]x]', 'q]', true],
    ['\\Aab\\z', 'ab', true],
    ['\\Aab\\z', 'xab', false],
    ['\\x41\\u0042\\x{43}', 'ABC', true],
    ['\\p{Lu}\\p{L}', '望楼', false],
    ['\\p{L}{2}', '望楼', true],
    ['a(?#comment)b', 'ab', true],
    ['a{,2}b', 'b', true],
    ['a{x}', 'a{x}', true],
    ['\\h', '\t', true],
  ])('%s on %s gives %s', (source, subject, expected) => {
    expect(compileRegex(source, PLAIN).test(subject)).toBe(expected);
  });

  it.each([
    ['(a)\\1', 'refers back'],
    ['\\k<x>', 'refers back'],
    ['(?=a)', 'looks around'],
    ['(?!a)', 'looks around'],
    ['(?<=a)b', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['(?>a)', 'atomic'],
    ['a++', 'possessive'],
    ['(?R)', 'flag'],
    ['(a{1,500}){1,500}', 'states'],
    ['a{99999}', 'more than 10000 times'],
    ['*a', 'nothing before it'],
    ['(a', 'not closed'],
    ['a)', 'too many'],
    ['[a', 'not closed'],
    ['[b-a]', 'backwards'],
    ['\\y', 'unknown escape'],
    ['(?x)a', 'flag “x”'],
    ['('.repeat(300), 'nests deeper'],
    ['a\\', 'ends with a backslash'],
  ])('%s is refused: %s', (source, reason) => {
    expect(() => compileRegex(source, PLAIN)).toThrow(reason);
  });

  it('cost no more steps for patterns that make others run away', () => {
    const subject = `${'a'.repeat(50_000)}!`;
    for (const source of ['^(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*.*.*)*=', '(?:a?){40}a{40}b', 'a.{0,60}b.{0,60}c'])
      expect(compileRegex(source, PLAIN).test(subject)).toBe(/[!]$/.test(source));
  });
});
