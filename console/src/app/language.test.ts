import { expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';

test('what was chosen before wins over the browser', () => {
  expect(chooseLanguage('en', ['zh-CN'])).toBe('en');
  expect(chooseLanguage('zh-CN', ['en-US'])).toBe('zh-CN');
});

test('the first language of the browser that we speak is taken', () => {
  expect(chooseLanguage(null, ['zh-TW', 'en'])).toBe('zh-CN');
  expect(chooseLanguage(null, ['de-DE', 'en-GB', 'zh'])).toBe('en');
});

test('a stored word that is no language of ours is not taken', () => {
  expect(chooseLanguage('../../x', ['zh-CN'])).toBe('zh-CN');
  expect(chooseLanguage(null, ['fr-FR'])).toBe('en');
  // Zhuang is not Chinese, though its code begins alike.
  expect(chooseLanguage(null, ['zha'])).toBe('en');
});
