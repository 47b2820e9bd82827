import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units and has no white space (RFC 8785, 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('is the same text for the same value, and reads back as it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('says in the nearest way what JSON cannot say', () => {
    expect(
      canonicalJson({ big: 12345678901234567890n, none: undefined, not: Number.NaN, bytes: Buffer.from('hi') }),
    ).toBe('{"big":"12345678901234567890","bytes":"aGk=","not":null}');
  });

  it('keeps a member named __proto__ as data, and does not fall over nesting without end', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    expect(canonicalJson(hostile)).toBe('{"__proto__":{"admin":true}}');
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(canonicalJson(cycle)).toContain('[nested too deep]');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
