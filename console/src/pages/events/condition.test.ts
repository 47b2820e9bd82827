import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCondition, OPERATORS, parseCondition } from './condition.ts';

const field = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/);

test('conditions are written as the API reads them', () => {
  expect(encodeCondition({ field: 'user.name', operator: '=', value: 'root' })).toBe('user.name=root');
  expect(encodeCondition({ field: 'src_endpoint.ip', operator: '?', value: 'ignored' })).toBe('src_endpoint.ip?');
});

test('an empty value is a value, and a value may hold operators and line breaks', () => {
  expect(encodeCondition({ field: 'a', operator: '=', value: '' })).toBe('a=');
  expect(parseCondition('a!=b=c~d\ne')).toEqual({ field: 'a', operator: '!=', value: 'b=c~d\ne' });
});

test('whatever field, operator and value, what is read is what was written', () => {
  fc.assert(
    fc.property(field, fc.constantFrom(...OPERATORS), fc.string({ maxLength: 60 }), (name, operator, value) => {
      const written = encodeCondition({ field: name, operator, value });
      expect(parseCondition(written ?? '')).toEqual({ field: name, operator, value: operator === '?' ? '' : value });
    }),
  );
});

test('a field that would smuggle in an operator is not written', () => {
  for (const bad of ['', 'a=b', 'user name', '1st', 'a~', 'ä', 'a'.repeat(122)])
    expect(encodeCondition({ field: bad, operator: '=', value: 'x' })).toBeUndefined();
  expect(parseCondition('no operator')).toBeUndefined();
});
