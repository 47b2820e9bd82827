import { expect, test } from 'vitest';
import { addressLines } from './address-lines.ts';

test('one per line, with blanks and Chinese punctuation forgiven', () => {
  expect(addressLines(' 198.51.100.7\r\n\n2001:db8::/48，203.0.113.0/24；10.0.0.1 ')).toEqual([
    '198.51.100.7',
    '2001:db8::/48',
    '203.0.113.0/24',
    '10.0.0.1',
  ]);
});

test('the same entry is not kept twice, and an empty field is an empty list', () => {
  expect(addressLines('10.0.0.1\n10.0.0.1')).toEqual(['10.0.0.1']);
  expect(addressLines(' \n ')).toEqual([]);
});
