import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LockoutGuard, WIDEST_PREFIX, whyNotBlock } from './guard.ts';
import { overlaps, parseTarget } from './target.ts';

const guard: LockoutGuard = {
  ownAddresses: ['10.0.0.5', '2001:db8:5::5'].map(parseTarget),
  gateways: ['10.0.0.1'].map(parseTarget),
  nameServers: ['100.100.2.136', '2001:4860:4860::8888'].map(parseTarget),
  adminSessions: [
    { address: parseTarget('198.51.100.7'), kind: 'ssh', user: 'root', sinceMs: Date.UTC(2026, 0, 2), live: true },
    { address: parseTarget('2001:db8:a::7'), kind: 'console', sinceMs: Date.UTC(2026, 0, 2), live: false },
  ],
  allowList: ['192.0.2.0/24', '2001:db8:cafe::/48'].map(parseTarget),
};
/** Eight groups; fast-check's own also makes notations that are refused. */
const ipV6 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'));
const why = (text: string): string | undefined => whyNotBlock(parseTarget(text), guard)?.code;

describe('whyNotBlock', () => {
  test.each([
    ['127.0.0.1', 'BTZ_BLOCK_LOOPBACK'],
    ['127.8.8.8', 'BTZ_BLOCK_LOOPBACK'],
    ['::1', 'BTZ_BLOCK_LOOPBACK'],
    ['::ffff:127.0.0.1', 'BTZ_BLOCK_LOOPBACK'],
    ['0.0.0.0', 'BTZ_BLOCK_LOOPBACK'],
    ['::', 'BTZ_BLOCK_LOOPBACK'],
    ['169.254.169.254', 'BTZ_BLOCK_SPECIAL_RANGE'],
    ['224.0.0.251', 'BTZ_BLOCK_SPECIAL_RANGE'],
    ['255.255.255.255', 'BTZ_BLOCK_SPECIAL_RANGE'],
    ['fe80::1', 'BTZ_BLOCK_SPECIAL_RANGE'],
    ['ff02::1', 'BTZ_BLOCK_SPECIAL_RANGE'],
    ['10.0.0.5', 'BTZ_BLOCK_OWN_ADDRESS'],
    ['::ffff:10.0.0.5', 'BTZ_BLOCK_OWN_ADDRESS'],
    ['10.0.0.0/24', 'BTZ_BLOCK_OWN_ADDRESS'],
    ['2001:db8:5::/64', 'BTZ_BLOCK_OWN_ADDRESS'],
    ['10.0.0.1', 'BTZ_BLOCK_GATEWAY'],
    ['100.100.2.128/25', 'BTZ_BLOCK_GATEWAY'],
    ['2001:4860:4860::8888', 'BTZ_BLOCK_GATEWAY'],
    ['198.51.100.7', 'BTZ_BLOCK_ADMIN_SESSION'],
    ['2001:db8:a::7', 'BTZ_BLOCK_ADMIN_SESSION'],
    ['192.0.2.9', 'BTZ_BLOCK_ALLOW_LISTED'],
    ['192.0.0.0/16', 'BTZ_BLOCK_ALLOW_LISTED'],
    ['2001:db8:cafe:1::1', 'BTZ_BLOCK_ALLOW_LISTED'],
    ['203.0.0.0/15', 'BTZ_BLOCK_TOO_WIDE'],
    ['0.0.0.0/0', 'BTZ_BLOCK_TOO_WIDE'],
    ['2001::/31', 'BTZ_BLOCK_TOO_WIDE'],
    ['::/0', 'BTZ_BLOCK_TOO_WIDE'],
  ])('%s is refused', (text, code) => {
    expect(why(text)).toBe(code);
  });

  test.each([
    '203.0.113.9',
    '203.0.113.0/24',
    '10.0.0.6',
    '198.51.100.0/30',
    '2001:db8:bad::1',
    '203.0.0.0/16',
    '2a00:1234::/32',
  ])('%s may be blocked', (text) => {
    expect(why(text)).toBeUndefined();
  });

  test('says whom it would have locked out', () => {
    expect(whyNotBlock(parseTarget('198.51.100.7'), guard)?.details).toEqual({
      target: '198.51.100.7',
      address: '198.51.100.7',
      since: '2026-01-02T00:00:00.000Z',
    });
  });

  test('no target that covers a guarded address is ever allowed', () => {
    const address = fc.oneof(fc.ipV4(), ipV6);
    fc.assert(
      fc.property(
        address,
        fc.integer({ min: 0, max: 128 }),
        fc.constantFrom('ownAddresses', 'gateways', 'nameServers', 'adminSessions', 'allowList'),
        (text, bits, list) => {
          const guarded = parseTarget(text);
          const target = parseTarget(`${guarded.text}/${guarded.family === 4 ? bits % 33 : bits}`);
          const empty = { ownAddresses: [], gateways: [], nameServers: [], adminSessions: [], allowList: [] };
          const entry = list === 'adminSessions' ? { address: guarded, kind: 'ssh', sinceMs: 0, live: true } : guarded;
          expect(whyNotBlock(target, { ...empty, [list]: [entry] })).toBeDefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('whatever is allowed is narrow and touches nothing that is guarded', () => {
    const guarded = [
      ...guard.ownAddresses,
      ...guard.gateways,
      ...guard.nameServers,
      ...guard.allowList,
      ...guard.adminSessions.map(({ address }) => address),
    ];
    fc.assert(
      fc.property(fc.oneof(fc.ipV4Extended(), fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 128 }), (text, bits) => {
        try {
          const target = parseTarget(`${text}/${bits}`);
          if (whyNotBlock(target, guard)) return;
          expect(target.prefix).toBeGreaterThanOrEqual(WIDEST_PREFIX[target.family]);
          expect(guarded.filter((range) => overlaps(range, target))).toEqual([]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BTZ_BLOCK_TARGET_INVALID' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
