import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressRange,
  addressRange,
  ALL_PORTS,
  covers,
  isPrivate,
  isWholeInternet,
  portRange,
} from './address-range.ts';

const range = (text: string): AddressRange => addressRange(text) as AddressRange;
const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => range(`${address}/${bits}`));
const v6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, bits]) => range(`${address}/${bits}`));

describe('an address range', () => {
  test.each(['0.0.0.0/0', '::/0', '*', '0.0.0.0', '0.0.0.0/1', '2000::/3'])('%s is the whole internet', (text) => {
    expect(isWholeInternet(range(text))).toBe(true);
  });

  test.each(['10.0.0.0/8', '198.51.100.7', '2001:db8::/32'])('%s is not', (text) => {
    expect(isWholeInternet(range(text))).toBe(false);
  });

  test.each(['10.1.2.3', '172.16.0.0/12', '100.64.0.0/10', 'fd00::/8'])('%s is private', (text) => {
    expect(isPrivate(range(text))).toBe(true);
  });

  test.each(['203.0.113.0/24', '172.0.0.0/8', '8.8.8.8', '2001:db8::1'])('%s is not private', (text) => {
    expect(isPrivate(range(text))).toBe(false);
  });

  test.each(['', 'any', '10.0.0.0/33', '10.0.0/8/8', '10.0.0.0/x', '999.1.1.1'])('%s is none', (text) => {
    expect(addressRange(text)).toBeUndefined();
  });

  test('covers itself, what covers each other is the same, and none covers one of the other version', () => {
    fc.assert(
      fc.property(v4, v4, v6, (one, other, foreign) => {
        expect(covers(one, one)).toBe(true);
        if (covers(one, other) && covers(other, one)) expect(one.bits).toBe(other.bits);
        expect(covers(one, foreign)).toBe(false);
      }),
    );
  });
});

describe('a range of ports', () => {
  test.each([
    ['22/22', [22, 22]],
    ['1-65535', [1, 65_535]],
    [' 443 ', [443, 443]],
    ['-1/-1', ALL_PORTS],
    ['Any', ALL_PORTS],
  ])('%s is read', (text, expected) => {
    expect(portRange(text)).toEqual(expected);
  });

  test.each(['', '22/', 'ssh', '1/2/3', '-5/9'])('%s is none', (text) => {
    expect(portRange(text)).toBeUndefined();
  });
});
