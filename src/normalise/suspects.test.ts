import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSuspect, scanForSuspects } from './suspects.ts';

/** All that is looked for, as one pattern that a plain search runs from each place. */
const SLOW = new RegExp(
  [
    String.raw`password[-_"'\\\]=:%,0-9charonv]|password\s{1,4}[=:]|-password|passwd|passphrase|pass["'\\\]=: %]`,
    'pass[-_]?[charonv0-9]|pwd|secret|token|credential|cookie|bearer|authorization|mysql|mariadb|redis-cli',
    String.raw`api[-_]?key|(?:private|signing|encryption)[-_]?(?:access[-_]?)?key|-----begin |curl[\s"']|akia|ltai|eyj`,
    String.raw`gh[pousr]_|github_pat|glpat-|xox[abeprs]-|k_live|:\/\/[^\s/:@"'<>]{0,64}:[^\s/@"'<>]{1,128}@`,
  ].join('|'),
  'gi',
);

const piece = fc.oneof(
  fc.constantFrom(
    'pass',
    'word',
    'Pass',
    'WORD',
    'pwd',
    'passwd',
    '-',
    '--',
    '-----BEGIN ',
    'api',
    '_',
    'key',
    'private',
  ),
  fc.constantFrom('signing', 'access', 'curl', 'secret', 'TOKEN', 'eyJ', 'AKIA', 'ghp_', 'xoxb-', 'sk_live_', 'mysql'),
  fc.constantFrom('https://', '://', 'user', ':', '@', 'host', ' ', '=', '"', '%', '/', '1'),
  fc.string({ unit: 'binary-ascii', maxLength: 4 }),
);
const text = fc
  .array(fc.oneof({ weight: 9, arbitrary: piece }, fc.constant('望 é')), { maxLength: 12 })
  .map((all) => all.join(''));

describe('suspects', () => {
  it('are where a slow search finds them, from any place on', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (given, from) => {
        SLOW.lastIndex = from;
        expect(nextSuspect(given, from)).toBe(SLOW.exec(given)?.index ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 5_000 },
    );
  });

  it('of a batch are told record by record', () => {
    const ascii = text.map((given) => given.replaceAll(/[^\0-\x7f]/g, '?'));
    fc.assert(
      fc.property(fc.array(ascii, { maxLength: 6 }), (records) => {
        const whole = records.join('');
        const scan = scanForSuspects(whole, Buffer.from(whole));
        let start = 0;
        for (const record of records) {
          const end = start + record.length;
          expect(scan.isSuspect(start, end)).toBe(nextSuspect(whole, start) < end);
          start = end;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('are not in what only looks like them', () => {
    const line = 'Failed password for root from 192.0.2.1 port 22 ssh2; see https://shop.example/a:b/c@d';
    expect(nextSuspect(line, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('take no longer than the text is long, whatever it repeats', () => {
    const startMs = performance.now();
    for (const part of ['---', '://a:', 'pass', 'apiapi_', 'private_access'])
      nextSuspect(part.repeat(300_000 / part.length), 0);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});
