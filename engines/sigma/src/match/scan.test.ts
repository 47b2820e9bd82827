import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Literal, stands } from './literals.ts';
import { hasOneOf, scanOf } from './scan.ts';

const text = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'c', '\\', '.', 'é', 'ſ', '望', '\0'), maxLength });
const literal: fc.Arbitrary<Literal> = fc.record({
  place: fc.constantFrom('whole', 'start', 'end', 'anywhere'),
  text: text(12),
});

function found(literals: readonly Literal[], value: string): number[] {
  const indexes = new Set<number>();
  scanOf(literals)(value, (index) => indexes.add(index));
  return [...indexes].sort((a, b) => a - b);
}

const truth = (literals: readonly Literal[], value: string): number[] =>
  literals.flatMap((one, index) => (stands(one, value) ? [index] : []));

describe('a scan', () => {
  it('finds exactly the literals that a value has, few or many', () => {
    fc.assert(
      fc.property(
        fc.array(literal, { maxLength: 120 }),
        fc.array(text(40), { minLength: 1, maxLength: 4 }),
        (some, values) => {
          const literals = some.filter(({ place, text: own }) => place === 'whole' || own !== '');
          for (const value of values) {
            expect(found(literals, value)).toEqual(truth(literals, value));
            if (literals.length > 0) expect(hasOneOf(literals)(value)).toBe(truth(literals, value).length > 0);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('finds literals that share all their letters, by an automaton', () => {
    const literals = Array.from({ length: 400 }, (_, at): Literal => ({ place: 'anywhere', text: 'a'.repeat(at + 4) }));
    const value = `${'a'.repeat(100)}b`;
    expect(found(literals, value)).toEqual(truth(literals, value));
    expect(found(literals, 'b'.repeat(1_000))).toEqual([]);
  });

  it('finds one of ten thousand, in a long value that nearly has all of them', () => {
    const literals = Array.from(
      { length: 10_000 },
      (_, at): Literal => ({ place: 'anywhere', text: `value-${String(at).padStart(5, '0')}!` }),
    );
    const scan = scanOf(literals);
    const indexes: number[] = [];
    scan('value-0000'.repeat(10_000), (index) => indexes.push(index));
    expect(indexes).toEqual([]);
    scan(`${'value-0000'.repeat(10_000)}value-04321!`, (index) => indexes.push(index));
    expect(indexes).toEqual([4_321]);
  });
});
