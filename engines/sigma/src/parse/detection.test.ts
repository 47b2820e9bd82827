import { describe, expect, it } from 'vitest';
import { finds, matches } from '../../test/one-rule.ts';

describe('wildcards and escapes', () => {
  it.each([
    ['prog?.exe', 'progA.exe', true],
    ['prog?.exe', 'prog.exe', false],
    ['anti*.exe', 'ANTIvirus_V21.2.1.exe', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['C:\\x', 'c:\\x', true],
    ['C:\\\\x', 'c:\\x', true],
    ['C:\\\\*', 'c:\\anything', true],
    ['C:\\*', 'c:\\anything', false],
    ['C:\\*', 'c:*', true],
    ['\\\\\\*', '\\*', true],
    ['\\\\\\\\srv', '\\\\srv', true],
    ['\\\\\\srv', '\\\\srv', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aba', false],
  ])('the value %s on %s gives %s', (value, text, expected) => {
    expect(finds({ f: value }, { f: text })).toBe(expected);
  });
});

describe('searches', () => {
  it('keywords are looked for in the whole event', () => {
    const event = { message: 'Starting EvilService now', other: { deep: ['x mimikatz y'] } };
    expect(finds(['EVILSERVICE', 'nothing'], event)).toBe(true);
    expect(finds({ '|all': ['evilservice', 'mimi*tz'] }, event)).toBe(true);
    expect(finds({ '|all': ['evilservice', 'absent'] }, event)).toBe(false);
    expect(finds({ '|re': 'mimi(kat|dog)z' }, event)).toBe(true);
    expect(finds('evilservice', event)).toBe(true);
  });

  it('a list of maps is joined with OR, a map with AND', () => {
    const selection = [{ a: 1, b: 2 }, { c: 3 }];
    expect(finds(selection, { a: 1, b: 2 })).toBe(true);
    expect(finds(selection, { c: 3 })).toBe(true);
    expect(finds(selection, { a: 1, b: 3 })).toBe(false);
  });

  it('numbers, truth values and their texts are the same', () => {
    expect(finds({ a: 4688 }, { a: '4688' })).toBe(true);
    expect(finds({ a: '4688' }, { a: 4688 })).toBe(true);
    expect(finds({ a: 'true' }, { a: true })).toBe(true);
    expect(finds({ a: true }, { a: 'True' })).toBe(true);
    expect(finds({ a: 4688 }, { a: 46880 })).toBe(false);
  });

  it('a field whose value is a list matches when one of its elements does', () => {
    expect(finds({ a: 'y' }, { a: ['x', 'Y'] })).toBe(true);
    expect(finds({ a: 'z' }, { a: ['x', 'Y'] })).toBe(false);
    expect(finds({ 'a|neq': 'y' }, { a: ['x', 'Y'] })).toBe(false);
  });

  it('names that every object inherits are fields like others', () => {
    for (const field of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(finds({ [`${field}|exists`]: true }, { a: 1 })).toBe(false);
      expect(finds({ [field]: null }, { a: 1 })).toBe(true);
      expect(finds({ [field]: 'x' }, JSON.parse(`{"${field}":"x"}`))).toBe(true);
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('conditions', () => {
  const searches = { sel_a: { a: 1 }, sel_b: { b: 1 }, filter: { c: 1 }, _hidden: { d: 1 } };
  it.each([
    ['sel_a and sel_b', { a: 1, b: 1 }, true],
    ['sel_a and sel_b', { a: 1 }, false],
    ['sel_a or sel_b and filter', { a: 1 }, true],
    ['(sel_a or sel_b) and filter', { a: 1 }, false],
    ['not sel_a', {}, true],
    ['not not sel_a', {}, false],
    ['1 of sel_*', { b: 1 }, true],
    ['any of sel_*', { b: 1 }, true],
    ['all of sel_*', { b: 1 }, false],
    ['all of sel_* and not filter', { a: 1, b: 1 }, true],
    ['all of sel_* and not 1 of filter*', { a: 1, b: 1, c: 1 }, false],
    ['1 of them', { d: 1 }, false],
    ['all of them', { a: 1, b: 1, c: 1 }, true],
    ['1 of *_b', { b: 1 }, true],
    ['SEL_A', undefined, 'names “SEL_A”'],
    ['sel_a AND NOT sel_b', { a: 1 }, true],
    ['sel_a and', undefined, 'ends too early'],
    ['(sel_a', undefined, 'not closed'],
    ['sel_a sel_b', undefined, 'where it should end'],
    ['1 of nothing*', undefined, 'matches no search'],
    ['sel_a | count() > 5', undefined, 'old aggregation syntax'],
  ])('%s on %j gives %s', (condition, event, expected) => {
    if (event === undefined) expect(() => matches({ ...searches, condition }, {})).toThrow(String(expected));
    else expect(matches({ ...searches, condition }, event)).toBe(expected);
  });

  it('a list of conditions is joined with OR', () => {
    expect(matches({ ...searches, condition: ['sel_a', 'sel_b'] }, { b: 1 })).toBe(true);
    expect(matches({ ...searches, condition: ['sel_a', 'sel_b'] }, { c: 1 })).toBe(false);
  });
});
