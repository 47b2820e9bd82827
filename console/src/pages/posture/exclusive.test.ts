import { expect, test } from 'vitest';
import { facesAfter } from './exclusive.ts';

test('“nothing” clears what was chosen, and anything else clears it', () => {
  expect(facesAfter(['website', 'api'], ['website', 'api', 'nothing'])).toEqual(['nothing']);
  expect(facesAfter(['nothing'], ['nothing', 'files'])).toEqual(['files']);
  expect(facesAfter(['website'], ['website', 'api'])).toEqual(['website', 'api']);
  expect(facesAfter([], ['nothing'])).toEqual(['nothing']);
});
