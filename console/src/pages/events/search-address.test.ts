import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOG_SOURCES } from '../../api/shapes.ts';
import { RECENT, type RecentName, readAddress, timesOf, writeAddress } from './search-address.ts';

const wanted = fc.record({
  range: fc.oneof(
    fc.constantFrom(...(Object.keys(RECENT) as RecentName[])),
    fc.tuple(fc.nat(), fc.nat()).map(([from, length]) => ({ from, to: from + length })),
  ),
  source: fc.option(fc.constantFrom(...LOG_SOURCES), { nil: undefined }),
  text: fc.string({ maxLength: 50 }),
  where: fc.array(
    fc.string({ maxLength: 20 }).map((value) => `user.name=${value}`),
    { maxLength: 5 },
  ),
});

test('a search that was sent to a colleague finds the same', () => {
  fc.assert(
    fc.property(wanted, (search) => {
      expect(readAddress(new URLSearchParams(writeAddress(search).toString()))).toEqual(search);
    }),
  );
});

test('nonsense in the address falls back, and is never sent on', () => {
  const search = readAddress(
    new URLSearchParams('range=forever&from=5&to=1&source=windows&where=drop%20table&where=user.name%3Droot'),
  );
  expect(search).toEqual({ range: 'last24h', source: undefined, text: '', where: ['user.name=root'] });
});

test('a recent range ends no earlier than now', () => {
  const { from, to } = timesOf('last1h', 10_000_000);
  expect(from).toBe(10_000_000 - 3_600_000);
  expect(to).toBeGreaterThanOrEqual(10_000_000);
});
