import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeYaml } from '../../test/whole-yaml.ts';
import { yamlText } from '../../test/yaml-texts.ts';
import { readPlainYaml } from './plain-yaml.ts';

describe('plain YAML', () => {
  it('is read as the whole parser reads it, or left to that', () => {
    let taken = 0;
    fc.assert(
      fc.property(yamlText, (text) => {
        const plain = readPlainYaml(text);
        if (plain === undefined) return;
        taken += 1;
        expect(plain.filter(({ data }) => data !== null)).toEqual(wholeYaml(text));
      }),
      { numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a folded text', 'a: >\n  b\n  c\n'],
    ['a text over several lines', 'a: b\n  c\n'],
    ['a map in braces', 'a: { b: 1 }\n'],
    ['a tab', 'a:\tb\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key that every object inherits', '__proto__: 1\n'],
    ['a number that is rarely written so', 'a: 0o17\n'],
    ['nesting without end', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['dashes without end', `${'- '.repeat(10_000)}a`],
  ])('leaves %s to the whole parser', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
