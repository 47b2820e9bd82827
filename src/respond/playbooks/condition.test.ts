import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { holds, readCondition } from './condition.ts';

const VALUES = { __count__: '10', __kind__: 'root', __from__: '203.0.113.9', __sure__: 'true', __odd__: "it's" };
const evaluate = (text: string): boolean | string => {
  const read = readCondition(text);
  return read.condition ? holds(read.condition, VALUES) : read.problem;
};

describe('a condition', () => {
  test.each([
    ['__count__:value > 9', true],
    ['__count__:value < 9', false],
    ["__count__:value = '10.0'", true],
    ["__kind__:value == 'root' AND NOT __count__:value <= 9", true],
    ["__kind__:value = 'x' OR __kind__:value = 'y' AND __count__:value = 10", false],
    ["(__kind__:value = 'x' OR __kind__:value = 'root') AND __count__:value = 10", true],
    ["[__kind__:value IN ('admin', 'root')]", true],
    ["__kind__:value NOT IN ('admin', 'root')", false],
    ["__kind__:value LIKE 'r%t'", true],
    ["__kind__:value LIKE 'r_t'", false],
    ["__from__:value ISSUBSET '203.0.113.0/24'", true],
    ["__from__:value ISSUBSET '2001:db8::/32'", false],
    ['__sure__:value', true],
    ["__missing__:value = ''", true],
    ['__missing__:value < 1', false],
    ["__odd__:value = 'it\\'s'", true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test.each([
    ['process.exit(1)', 'cannot be read'],
    ["__kind__:value MATCHES '(a+)+$'", 'MATCHES is not offered'],
    ['__kind__:value =', 'missing at the end'],
    ["__kind__:value = 'a' __kind__:value", 'AND or OR is missing'],
    ["'lonely'", 'a comparison is missing'],
    ["__kind__:value = 'open", 'cannot be read'],
    [`${'('.repeat(500)}1=1${')'.repeat(500)}`, 'nested deeper'],
    [`${'NOT '.repeat(500)}1=1`, 'nested deeper'],
  ])('%s is refused', (text, problem) => {
    expect(evaluate(text)).toContain(problem);
  });

  test('compares texts as texts, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (one, other) => {
        const quoted = `'${other.replace(/[\\']/g, '\\$&')}'`;
        const read = readCondition(`__a__:value LIKE ${quoted}`);
        if (!read.condition) return;
        if (!/[%_]/.test(other)) expect(holds(read.condition, { __a__: one })).toBe(one === other);
        const itself = readCondition(`__a__:value = ${quoted}`);
        expect(itself.condition && holds(itself.condition, { __a__: other })).toBe(true);
      }),
    );
  });

  test('comes to an end over a pattern made to keep it busy', () => {
    const read = readCondition(`__a__:value LIKE '${'%a'.repeat(500)}b'`);
    expect(read.condition && holds(read.condition, { __a__: 'a'.repeat(4_000) })).toBe(false);
  });
});
