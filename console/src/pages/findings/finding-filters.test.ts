import { expect, test } from 'vitest';
import { isNarrowed, PER_PAGE, searchOf } from './finding-filters.ts';

const search = (text: string) => searchOf(new URLSearchParams(text));

test('the address says what is looked for', () => {
  expect(search('text=db&level=high&verdict=unknown&check=x&page=3')).toEqual({
    text: 'db',
    minLevel: 'high',
    verdict: 'unknown',
    check: 'x',
    limit: PER_PAGE,
    offset: 2 * PER_PAGE,
    page: 3,
  });
  expect(isNarrowed(search('page=2'))).toBe(false);
  expect(isNarrowed(search('clause=c-1&framework=f'))).toBe(true);
});

test.each(['page=-4', 'page=1e99', 'page=NaN', 'level=worst', 'verdict=pass', `text=${'x'.repeat(9_000)}`, 'target='])(
  'what the server would refuse is not sent: %s',
  (address) => {
    const { offset, text = '', ...rest } = search(address);
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(100_000);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(Object.keys(rest).sort()).toEqual(['limit', 'page']);
  },
);
