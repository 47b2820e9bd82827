import { expect, test } from 'vitest';
import { tokenOf } from './setup-link.ts';

test('the token is found in a fragment, a whole link, or alone with its name', () => {
  expect(tokenOf('#token=abc_DEF-123')).toBe('abc_DEF-123');
  expect(tokenOf(' http://127.0.0.1:8787/setup#token=abc ')).toBe('abc');
  expect(tokenOf('token=abc')).toBe('abc');
});

test('nothing else is taken for a token', () => {
  expect(tokenOf('')).toBeUndefined();
  expect(tokenOf('#mytoken=abc')).toBeUndefined();
  expect(tokenOf('#token=')).toBeUndefined();
  expect(tokenOf('abc')).toBeUndefined();
});
