import { expect, test } from 'vitest';

import { BartizanError } from './errors.ts';

test('an error is a sentence, whoever worded its end, and the remedy can stand behind it', () => {
  const said = (problem: string) => new BartizanError('BTZ_INPUT_UNREADABLE', { path: '/a b', problem }).message;
  expect(said('it is a folder')).toBe('/a b cannot be read: it is a folder.');
  expect(said("EACCES, mkdir '/a'")).toBe("/a b cannot be read: EACCES, mkdir '/a'.");
  for (const whole of ['Say --only.', 'Really?', '请检查。']) expect(said(whole)).toBe(`/a b cannot be read: ${whole}`);
});
