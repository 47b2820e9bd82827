import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldReader } from './fields.ts';
import { fieldWalk } from './walk.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'toString', '__proto__', 'constructor');
const event = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, 'x', 1, true, undefined),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('a walk through an event', () => {
  it('finds what reading each field by itself finds', () => {
    const seen = { few: 0, many: 0 };
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), {
          maxLength: 12,
          selector: (path) => path.join('/'),
        }),
        fc.dictionary(name, event, { noNullPrototype: true }),
        fc.boolean(),
        (wanted, one, isMany) => {
          const absent = Array.from({ length: 20 }, (_, at) => [`absent${at}`]);
          const paths = isMany ? [...wanted, ...absent] : wanted;
          const found = new Map<string, unknown>();
          fieldWalk(paths)(one, (field, value) => found.set((paths[field] as string[]).join('/'), value));
          const expected = new Map<string, unknown>();
          for (const path of paths) {
            const value = fieldReader(path)(one);
            if (value !== undefined) expected.set(path.join('/'), value);
          }
          expect(found).toEqual(expected);
          seen[paths.length > 12 ? 'many' : 'few'] += 1;
        },
      ),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.few, seen.many)).toBeGreaterThan(100);
  });

  it('sees no field that the event only inherits', () => {
    const paths = ['toString', 'constructor', ...'abcdefghijklm'].map((one) => [one]);
    const found: unknown[] = [];
    fieldWalk(paths)({ z: 1 }, (_, value) => found.push(value));
    expect(found).toEqual([]);
  });
});
