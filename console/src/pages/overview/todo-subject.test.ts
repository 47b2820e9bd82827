import { expect, test } from 'vitest';
import { inLanguage } from './todo-subject.ts';

test('of two lines the one of the language is shown, a single line in both', () => {
  expect(inLanguage('暴力破解\nBrute force', 'zh-CN')).toBe('暴力破解');
  expect(inLanguage('暴力破解\nBrute force', 'en')).toBe('Brute force');
  expect(inLanguage('203.0.113.9', 'en')).toBe('203.0.113.9');
  expect(inLanguage('', 'en')).toBe('');
});
