import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

describe('parseJson', () => {
  it('agrees with JSON.parse wherever a double is exact', () => {
    const plain = fc
      .jsonValue({ depthSize: 'small' })
      .filter((value) => !/__proto__|(?<![.\d])\d{16,}(?![.\de])/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        const text = JSON.stringify(value);
        const result = parseJson(text);
        expect(result.ok && JSON.stringify(result.value)).toBe(text);
      }),
    );
  });

  it('keeps integers of any length exact, as text', () => {
    expect(parseJson('{"id":12345678901234567890,"n":[-9007199254740993],"s":9007199254740991}')).toEqual({
      ok: true,
      value: { id: '12345678901234567890', n: ['-9007199254740993'], s: 9007199254740991 },
    });
    expect(parseJson('{"big":1e400}')).toEqual({ ok: true, value: { big: '1e400' } });
  });

  it.each([
    '{"__proto__":{"x":1},"a":1}',
    '{"\\u005f\\u005fproto__":{"x":1},"a":1}',
    '{"__pr\\u006fto__":{"x":1},"a":1}',
  ])('does not let %s near a prototype', (text) => {
    const result = parseJson(text);
    const value = result.ok ? (result.value as Record<string, unknown>) : {};
    expect(Object.keys(value)).toEqual(['a']);
    expect(Object.keys(Object.assign({}, value))).toEqual(['a']);
    expect(Reflect.get(Object.assign({}, value), 'x')).toBeUndefined();
  });

  it('refuses depth before it costs anything', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(parseJson(deep)).toMatchObject({ ok: false, code: 'BTZ_JSON_TOO_DEEP' });
    expect(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`)).toMatchObject({ ok: true });
    expect(parseJson(`${'['.repeat(65)}${']'.repeat(65)}`)).toMatchObject({ ok: false });
    expect(parseJson('[[1]]', { maxDepth: 1 })).toMatchObject({ ok: false, code: 'BTZ_JSON_TOO_DEEP' });
  });

  it('does not count brackets inside strings', () => {
    expect(parseJson(JSON.stringify({ a: '['.repeat(1000), b: '\\"[{' })).ok).toBe(true);
  });

  it.each(['', '{', '{"a":}', "{'a':1}", 'nope', '{"a":1}x'])('says that %j is no JSON', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, code: 'BTZ_JSON_INVALID' });
  });
});
