import fc from 'fast-check';

/** Values with wildcards and escapes in them. */
export const letters = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'ab', '\\', '*', '?', '-', 'é', '1'),
  maxLength: 8,
});
export const plain = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'B', '\\', '*', '?', '-', 'É', '1'),
  maxLength: 8,
});
const scalar = fc.oneof(plain, fc.constantFrom(1, 11, 1.5, true, null));
const field = fc.constantFrom('a', 'b', 'c');

const item = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      '',
      '|contains',
      '|startswith',
      '|endswith',
      '|contains|all',
      '|contains|cased',
      '|neq',
      '|endswith|neq',
      '|contains|windash',
    ),
    fc.array(fc.oneof(letters, fc.constantFrom(1, 11, true)), { minLength: 1, maxLength: 9 }),
  ),
  fc.tuple(fc.constant(''), fc.constantFrom([null], [''], ['*'], [null, 'a'])),
  fc.tuple(
    fc.constantFrom('|re', '|re|i'),
    fc.array(fc.constantFrom('a+b', '^ab', 'b$', '(a|b)1', '[^a]-', 'abab'), { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(fc.constantFrom('|gt', '|lte'), fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 1 })),
  fc.tuple(fc.constant('|exists'), fc.constantFrom([true], [false])),
  fc.tuple(
    fc.constantFrom('|fieldref', '|fieldref|startswith', '|fieldref|contains', '|fieldref|neq'),
    fc.array(field, { minLength: 1, maxLength: 1 }),
  ),
);
const map = fc
  .array(fc.tuple(field, item), { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries.map(([name, [modifiers, values]]) => [name + modifiers, values])));
const search = fc.oneof(
  { weight: 4, arbitrary: map },
  { weight: 1, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      letters.filter((word) => word !== ''),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
const condition = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('s1', 's2', 's3', '1 of s*', 'all of s*', '1 of them', 'all of *2'),
    fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map((parts) => parts.join(' ')),
    tie('node').map((inner) => `not ${inner}`),
    tie('node').map((inner) => `(${inner})`),
  ),
})).node;
/** A `detection` section: three searches and a condition. */
export const anyDetection = fc.record({ s1: search, s2: search, s3: search, condition });
/** A flat event with the same few fields. */
export const anyEvent = fc.dictionary(
  field,
  fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) }),
  { maxKeys: 3, noNullPrototype: true },
);
