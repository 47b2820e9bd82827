import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAddress } from './address.ts';

describe('toAddress', () => {
  it('knows every address that the system knows', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(toAddress(address)).toBeDefined();
      }),
    );
  });

  it('takes nothing for an address that the system does not', () => {
    const near = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'f', ':', '.', 'g', ' '), maxLength: 24 });
    fc.assert(
      fc.property(near, (text) => {
        expect(toAddress(text) !== undefined).toBe(isIP(text) !== 0);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['fe80::1%eth0', 'fe80::1'],
    ['203.0.113.256', undefined],
    ['203.0.113', undefined],
    ['0203.0.113.9', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['cloudtrail.amazonaws.com', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, address) => {
    expect(toAddress(text)).toBe(address);
  });
});
