import { expect, test } from 'vitest';
import { rowsOf, scopeOf } from './scope-text.ts';

test('rows with a value are the scope, and empty ones ask for nothing', () => {
  expect(
    scopeOf([
      { name: 'host', value: ' web-1 ' },
      { name: 'user', value: '  ' },
    ]),
  ).toEqual({ host: 'web-1' });
  expect(scopeOf(rowsOf({ host: 'a', user: '<b>' }))).toEqual({ host: 'a', user: '<b>' });
  expect(scopeOf(rowsOf({}))).toEqual({});
});

test('the same thing asked for twice is no scope: one of the two would be lost', () => {
  expect(
    scopeOf([
      { name: 'host', value: 'a' },
      { name: 'host', value: 'b' },
    ]),
  ).toBeUndefined();
});
