import { expect, test } from 'vitest';
import { isOver, scopeWithout } from './scope.ts';

test('what is unticked leaves the scope, and nothing else does', () => {
  const choices = { user: 'backup', host: 'web-1', path: '<b>' };
  expect(scopeWithout(choices, new Set())).toEqual(choices);
  expect(scopeWithout(choices, new Set(['host', 'nobody']))).toEqual({ user: 'backup', path: '<b>' });
  expect(scopeWithout(choices, new Set(Object.keys(choices)))).toEqual({});
  expect(choices).toEqual({ user: 'backup', host: 'web-1', path: '<b>' });
});

test('an exception is over at its time, or when a person ended it', () => {
  expect(isOver({ expiresMs: 100 }, 99)).toBe(false);
  expect(isOver({ expiresMs: 100 }, 100)).toBe(true);
  expect(isOver({ expiresMs: 100, endedMs: 50 }, 60)).toBe(true);
});
