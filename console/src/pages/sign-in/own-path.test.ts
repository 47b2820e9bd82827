import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test('paths of the console are kept with their query', () => {
  expect(ownPath('/alerts/a1?x=1')).toBe('/alerts/a1?x=1');
});

test.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example/',
  '//[',
  '/\\evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
])('%j leads nowhere else', (wish) => {
  expect(ownPath(wish)).toBe('/');
});
