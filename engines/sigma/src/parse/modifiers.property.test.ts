import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finds } from '../../test/one-rule.ts';

/** No wildcards and no backslashes: what stands there is meant. */
const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'B', ' ', '1', '-', 'é', '望'),
  minLength: 1,
  maxLength: 5,
});
const words = fc.array(word, { minLength: 1, maxLength: 5 });
const low = (text: string): string => text.toLowerCase();
const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0.5, 1e6));
const dashes = ['-', '/', '–', '—', '―'];

function holds<T>(runs: number, given: fc.Arbitrary<T>, isRight: (value: T) => void): void {
  fc.assert(fc.property(given, isRight), { numRuns: runs });
}

/** Each modifier against what its sentence in the specification says, written with other means. */
describe('every modifier', () => {
  it.each<[string, (field: string, value: string) => boolean]>([
    ['contains', (field, value) => low(field).includes(low(value))],
    ['startswith', (field, value) => low(field).startsWith(low(value))],
    ['endswith', (field, value) => low(field).endsWith(low(value))],
    ['contains|cased', (field, value) => field.includes(value)],
    ['startswith|cased', (field, value) => field.startsWith(value)],
    ['endswith|cased', (field, value) => field.endsWith(value)],
    ['cased', (field, value) => field === value],
  ])('%s, with any, all and neq', (modifier, one) => {
    holds(
      300,
      fc.tuple(
        words,
        fc.oneof(
          word,
          words.map((some) => some.join('')),
        ),
      ),
      ([values, field]) => {
        const found = values.map((value) => one(field, value));
        expect(finds({ [`a|${modifier}`]: values }, { a: field })).toBe(found.some(Boolean));
        expect(finds({ [`a|${modifier}|all`]: values }, { a: field })).toBe(found.every(Boolean));
        expect(finds({ [`a|${modifier}|neq`]: values }, { a: field })).toBe(!found.some(Boolean));
      },
    );
  });

  it.each<[string, (field: number, value: number) => boolean]>([
    ['lt', (field, value) => field < value],
    ['lte', (field, value) => field <= value],
    ['gt', (field, value) => field > value],
    ['gte', (field, value) => field >= value],
    ['neq', (field, value) => field !== value],
  ])('%s', (modifier, one) => {
    holds(200, fc.tuple(number, number, fc.boolean()), ([field, value, isText]) => {
      expect(finds({ [`a|${modifier}`]: value }, { a: isText ? String(field) : field })).toBe(one(field, value));
    });
  });

  it('exists, for any value and for none', () => {
    holds(
      100,
      fc.tuple(fc.option(fc.anything({ maxDepth: 1 }), { nil: undefined }), fc.boolean()),
      ([value, asked]) => {
        expect(finds({ 'a|exists': asked }, { a: value })).toBe((value !== undefined) === asked);
      },
    );
  });

  it('fieldref, with places, cased and neq', () => {
    holds(400, fc.tuple(word, fc.option(word, { nil: undefined })), ([a, b]) => {
      const event = b === undefined ? { a } : { a, b };
      const compare = (test: (left: string, right: string) => boolean): boolean =>
        b !== undefined && test(low(a), low(b));
      expect(finds({ 'a|fieldref': 'b' }, event)).toBe(compare((left, right) => left === right));
      expect(finds({ 'a|fieldref|startswith': 'b' }, event)).toBe(compare((left, right) => left.startsWith(right)));
      expect(finds({ 'a|fieldref|endswith': 'b' }, event)).toBe(compare((left, right) => left.endsWith(right)));
      expect(finds({ 'a|fieldref|contains': 'b' }, event)).toBe(compare((left, right) => left.includes(right)));
      expect(finds({ 'a|fieldref|neq': 'b' }, event)).toBe(!compare((left, right) => left === right));
      expect(finds({ 'a|fieldref|cased': 'b' }, event)).toBe(a === b);
    });
  });

  it('cidr, of both families', () => {
    const v4 = fc.tuple(fc.constantFrom(10, 192), fc.nat(255), fc.nat(3), fc.nat(255)).map((parts) => parts.join('.'));
    // None that stands for an IPv4 address: Node would find that inside of IPv4 networks, and IPv4 inside of `::/0`.
    const group = fc.constantFrom('0', '1', 'ffff', '8000', '2001');
    const v6 = fc
      .tuple(fc.constantFrom('1', '8000', '2001'), fc.array(group, { minLength: 7, maxLength: 7 }))
      .map(([first, rest]) => [first, ...rest].join(':'));
    const v4Network = fc.record({
      base: v4,
      bits: fc.integer({ min: 0, max: 32 }),
      family: fc.constant('ipv4' as const),
    });
    const v6Network = fc.record({
      base: v6,
      bits: fc.integer({ min: 0, max: 128 }),
      family: fc.constant('ipv6' as const),
    });
    const networks = fc.array(fc.oneof(v4Network, v6Network), { minLength: 1, maxLength: 8 });
    const address = fc.oneof(fc.tuple(v4, fc.constant('ipv4' as const)), fc.tuple(v6, fc.constant('ipv6' as const)));
    holds(1_000, fc.tuple(networks, address), ([given, [text, family]]) => {
      const list = new BlockList();
      for (const { base, bits, family: of } of given) if (of === family) list.addSubnet(base, bits, of);
      const found = finds({ 'a|cidr': given.map(({ base, bits }) => `${base}/${bits}`) }, { a: text });
      expect(found).toBe(list.check(text, family));
    });
  });

  it.each<[string, (text: string) => Buffer]>([
    ['base64', (text) => Buffer.from(text)],
    ['wide|base64', (text) => Buffer.from(text, 'utf16le')],
    ['utf16le|base64', (text) => Buffer.from(text, 'utf16le')],
    ['utf16be|base64', (text) => Buffer.from(text, 'utf16le').swap16()],
    ['utf16|base64', (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
  ])('%s, and base64offset wherever the text stands', (modifiers, encode) => {
    const around = fc.uint8Array({ maxLength: 5 });
    holds(200, fc.tuple(word, word, around, around), ([value, other, before, after]) => {
      const encoded = encode(value).toString('base64');
      expect(finds({ [`a|${modifiers}|cased`]: value }, { a: encoded })).toBe(true);
      expect(finds({ [`a|${modifiers}|cased`]: other }, { a: encoded })).toBe(value === other);
      const hidden = Buffer.concat([before, encode(value), after]).toString('base64');
      const offset = modifiers.replace('base64', 'base64offset|contains');
      // Two bytes or fewer show no whole character at some offsets, and an empty text is everywhere.
      if (encode(value).length > 3) expect(finds({ [`a|${offset}`]: value }, { a: `x ${hidden} y` })).toBe(true);
    });
  });

  it('windash: each dash or slash before a word stands for every other', () => {
    const flags = fc.array(fc.constantFrom('a', 'bc', 'x1'), { minLength: 1, maxLength: 3 });
    const signs = fc.array(fc.constantFrom(...dashes, '+'), { minLength: 3, maxLength: 3 });
    holds(300, fc.tuple(flags, signs, signs), ([names, written, seen]) => {
      const line = (by: readonly string[]): string => names.map((name, at) => ` ${by[at]}${name}`).join('');
      const isSame = names.every((_, at) => {
        const [left, right] = [written[at] as string, seen[at] as string];
        return left === right || (dashes.includes(left) && dashes.includes(right));
      });
      expect(finds({ 'a|contains|windash': line(written) }, { a: `run${line(seen)} now` })).toBe(isSame);
    });
  });

  it('expand: a placeholder is each of its values, wildcards included, in every combination', () => {
    holds(300, fc.tuple(words, words, word, word), ([left, right, middle, field]) => {
      const found = left.some((one) => right.some((two) => low(`${one}${middle}${two}`) === low(field)));
      const text = `${left[0]}${middle}${right[0]}`;
      const known = { left, right };
      expect(finds({ 'a|expand': `%left%${middle}%right%` }, { a: field }, known)).toBe(found);
      expect(finds({ 'a|expand': `%left%${middle}%right%` }, { a: text }, known)).toBe(true);
      expect(finds({ 'a|expand': '%any%' }, { a: `${middle}x` }, { any: [`${middle}*`] })).toBe(true);
    });
  });

  it('re, with i, m and s, as ECMAScript reads it', () => {
    const source = fc.constantFrom('^a+b', 'b$', 'a.b', '^b$', '(A|b)1', '[^a]-', 'a{2,3}', '.*b.*a');
    const field = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '1', '-', '\n'), maxLength: 8 });
    const flags = fc.subarray(['i', 'm', 's']);
    holds(600, fc.tuple(source, field, flags), ([pattern, text, used]) => {
      const expected = new RegExp(pattern, used.join('')).test(text);
      expect(finds({ [['a', 're', ...used].join('|')]: pattern }, { a: text })).toBe(expected);
    });
  });

  it('minute, hour, day, week, month and year, compared or equal', () => {
    const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    holds(200, fc.tuple(date, fc.boolean(), fc.integer({ min: -1, max: 1 })), ([time, isEpoch, shift]) => {
      const event = { t: isEpoch ? time.getTime() : time.toISOString() };
      const thursday = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
      thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
      const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      const parts = {
        minute: time.getUTCMinutes(),
        hour: time.getUTCHours(),
        day: time.getUTCDate(),
        week: 1 + Math.floor((thursday.getTime() - yearStart) / 604_800_000),
        month: time.getUTCMonth() + 1,
        year: time.getUTCFullYear(),
      };
      // Of epochs only those that cannot be taken for another unit.
      if (isEpoch && time.getTime() < 1e11) return;
      for (const [part, value] of Object.entries(parts)) {
        expect(finds({ [`t|${part}`]: value + shift }, event)).toBe(shift === 0);
        expect(finds({ [`t|${part}|gte`]: value + shift }, event)).toBe(shift <= 0);
      }
    });
  });
});
