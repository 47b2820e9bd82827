import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressCount, overlaps, parseTarget, rangeOfBytes } from './target.ts';

describe('parseTarget', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9/32', '203.0.113.9'],
    ['203.0.113.9/24', '203.0.113.0/24'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8:1:2::ffff/48', '2001:db8:1::/48'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:FFFF:203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9/120', '203.0.113.0/24'],
    ['::1', '::1'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseTarget(text).text).toBe(canonical);
    expect(parseTarget(canonical)).toEqual(parseTarget(text));
  });

  test.each([
    ['', 'nothing'],
    ['010.1.1.1', 'octal'],
    ['0x7f.1', 'hexadecimal'],
    ['127.1', 'short'],
    ['2130706433', 'decimal'],
    ['203.0.113.256', 'out of range'],
    ['203.0.113.9.1', 'five parts'],
    ['203.0.113.9/33', 'prefix too long'],
    ['203.0.113.9/024', 'prefix with a leading zero'],
    ['203.0.113.9/', 'prefix missing'],
    ['203.0.113.9/24/24', 'two prefixes'],
    ['203.0.113.9/255.255.255.0', 'netmask'],
    ['203.0.113.9:22', 'port'],
    [' 203.0.113.9', 'white space'],
    ['203.0.113.9\n', 'line feed'],
    ['203.0.113.9 }; flush ruleset; add element x y { 1.1.1.1', 'injection'],
    ['fe80::1%eth0', 'zone'],
    ['[2001:db8::1]', 'brackets'],
    ['2001:db8:::1', 'two gaps'],
    ['2001:db8::1/129', 'prefix too long'],
    ['12345::', 'group too long'],
    ['::ffff:010.1.1.1', 'octal in a mapped form'],
    ['::ffff:0:0/90', 'more than the mapped range'],
    ['1.2.3.4::', 'dotted part first'],
    ['::1.2.3.4', 'IPv4-compatible form'],
    ['64:ff9b::1.2.3.4', 'dotted tail outside the mapped form'],
    ['٢٠٣.0.113.9', 'other digits'],
    ['localhost', 'a name'],
    ['any', 'a word'],
    ['0'.repeat(100_000), 'very long'],
  ])('refuses %s (%s)', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'BTZ_BLOCK_TARGET_INVALID' }));
  });

  test('never reads an arbitrary text as something that is not written back the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fx:./%]{1,30}$/)), (text) => {
        try {
          const range = parseTarget(text);
          expect(range.text).toMatch(/^[0-9a-f:.]+(\/\d+)?$/);
          expect(parseTarget(range.text)).toEqual(range);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BTZ_BLOCK_TARGET_INVALID' });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps every address and prefix', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const range = parseTarget(`${address}/${prefix}`);
        expect(overlaps(range, parseTarget(address))).toBe(true);
        expect(addressCount(range)).toBe(2n ** BigInt(32 - prefix));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!address.includes('.') && !/^[0:]+:ffff:[^:]+(:[^:]+)?$/i.test(address));
        const range = parseTarget(address);
        expect(range.family).toBe(6);
        expect(addressCount(range)).toBe(1n);
      }),
    );
  });
});

describe('rangeOfBytes', () => {
  test('reads network order and unwraps a mapped address', () => {
    expect(rangeOfBytes(Uint8Array.of(203, 0, 113, 9))?.text).toBe('203.0.113.9');
    expect(rangeOfBytes(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, 9))?.text).toBe(
      '203.0.113.9',
    );
  });

  test('does not read other lengths', () => {
    expect(rangeOfBytes(Uint8Array.of(1, 2, 3))).toBeUndefined();
  });
});

test('IPv4 and IPv6 never overlap, though their numbers may', () => {
  expect(overlaps(parseTarget('0.0.0.1'), parseTarget('::1'))).toBe(false);
});
