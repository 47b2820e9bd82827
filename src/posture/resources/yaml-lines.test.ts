import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { at, MAX_YAML_CHARACTERS, readYaml, textOf, type YamlNode } from './yaml-lines.ts';

const plain = (node: YamlNode | undefined): unknown => {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return node.value ?? null;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
};

describe('YAML with its lines', () => {
  it('knows where each key and value stands, from the first line to the last', () => {
    const { documents, problems } = readYaml(
      'a.yml',
      'one:\n  two: |\n    text\n    more\n\nthree: [1,\n  2]\n---\nnext: x\n',
    );
    expect(problems).toEqual([]);
    const [first, second] = documents;
    expect(at(first, 'one')).toMatchObject({ line: 2, endLine: 4 });
    expect(at(first, 'three')).toMatchObject({ line: 6, endLine: 7 });
    expect(second).toMatchObject({ line: 9, endLine: 9 });
  });

  it('keeps numbers as they are written where they would print otherwise', () => {
    const [document] = readYaml(
      'a.yml',
      'a: 8.0\nb: 012345678901\nc: 22\nd: 1e3\ne: 0.5\nf: 12345678901234567890\ng: "7"',
    ).documents;
    expect(plain(document)).toEqual({
      a: '8.0',
      b: '012345678901',
      c: 22,
      d: '1e3',
      e: 0.5,
      f: '12345678901234567890',
      g: '7',
    });
  });

  it('takes yes and off for booleans only where they are', () => {
    const text = 'a: yes\nb: off\nc: "yes"\nd: True\n';
    expect(plain(readYaml('a.yml', text).documents[0])).toEqual({ a: 'yes', b: 'off', c: 'yes', d: true });
    expect(plain(readYaml('a.yml', text, { oldBooleans: true }).documents[0])).toEqual({
      a: true,
      b: false,
      c: 'yes',
      d: true,
    });
  });

  it('follows anchors and merges', () => {
    const [document] = readYaml('a.yml', 'base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\nsame: *b\n').documents;
    expect(plain(document)).toEqual({ base: { x: 1, y: 2 }, own: { y: 3, x: 1 }, same: { x: 1, y: 2 } });
    expect(at(document, 'same')).toMatchObject({ line: 5, endLine: 5 });
  });

  it('reads JSON with tabs, Windows lines and a byte order mark', () => {
    const { documents, problems } = readYaml('a.json', '\ufeff{\r\n\t"a": [\r\n\t\ttrue,\r\n\t\tnull\r\n\t]\r\n}\r\n');
    expect(problems).toEqual([]);
    expect(plain(documents[0])).toEqual({ a: [true, null] });
    expect(at(documents[0], 'a')).toMatchObject({ line: 2, endLine: 5 });
  });
});

describe('hostile YAML', () => {
  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`),
  ].join('\n');

  it.each([
    ['anchors a billion deep', bomb, 7],
    ['brackets without end', `a: 1\n${'['.repeat(100_000)}`, 2],
    ['stairs of dashes', `a: 1\n${'- '.repeat(100_000)}x`, 2],
    ['a tab for indentation', 'a:\n\tb: 1\n', 2],
    ['commas without end', `a: 1\nb: [${','.repeat(100_000)}`, 2],
    ['an unclosed quote', 'a: 1\nb: "x\n', 2],
    ['a NUL', 'a: 1\nb: \0\n', 2],
  ])('is one problem with its line (%s)', (_name, text, line) => {
    const { documents, problems } = readYaml('a.yml', text);
    expect(documents).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'a.yml', line });
  });

  it('is told of without a word from the file, for that may be a secret', () => {
    for (const text of ['a: "hunter2" hunter2\n', 'a: *hunter2\n', '- hunter2\nhunter2: [hunter2 }\n', '"hunter2\n']) {
      const { problems } = readYaml('a.yml', text);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
  });

  it('is not read at all when it is too large', () => {
    const { documents, problems } = readYaml('a.yml', 'a'.repeat(MAX_YAML_CHARACTERS + 1));
    expect(documents).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('costs only its own document, not those beside it', () => {
    const { documents, problems } = readYaml('a.yml', 'a: 1\n---\nb: [\n---\nc: 3\n');
    expect(documents.map(plain)).toContainEqual({ a: 1 });
    expect(documents.map(plain)).toContainEqual({ c: 3 });
    expect(problems).toMatchObject([{ file: 'a.yml' }]);
  });

  it('with a key twice keeps the last and says where', () => {
    const { documents, problems } = readYaml('a.yml', 'a: 1\nb: 2\na: 3\n');
    expect(plain(documents[0])).toEqual({ a: 3, b: 2 });
    expect(problems).toEqual([{ file: 'a.yml', line: 3, problem: 'The key "a" is given twice; the last one counts.' }]);
  });

  it('does not reach the prototype of anything', () => {
    const { documents, problems } = readYaml(
      'a.yml',
      '__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: 1}}\n',
    );
    expect(problems).toMatchObject([{ line: 1, problem: expect.stringContaining('__proto__') }]);
    expect(textOf(at(documents[0], 'toString'))).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('in another encoding says so and is read as far as it goes', () => {
    const text = Buffer.from([0x23, 0xd7, 0xa2, 0xca, 0xcd, 0x0a, ...Buffer.from('a: 1\n')]).toString('utf8');
    const { documents, problems } = readYaml('a.yml', text);
    expect(documents.map(plain)).toEqual([{ a: 1 }]);
    expect(problems).toMatchObject([{ line: 1, problem: expect.stringContaining('UTF-8') }]);
  });

  it('never throws, and each problem has a line of the text', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '!Ref ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '---\n',
      '? ',
      '<<',
      '\t',
      '\r',
      ',',
      '%',
      '@',
      '\ufeff',
      '\u0000',
      '0x1',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const { problems } = readYaml('a.yml', text);
        for (const { line } of problems) {
          if (line !== undefined) expect(line).toBeLessThanOrEqual(text.split('\n').length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives back every value that was written', () => {
    const key = fc.string({ maxLength: 12 }).filter((name) => name !== '__proto__' && name !== '<<');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ maxLength: 20 }),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), (value) => {
        const { documents, problems } = readYaml('a.yml', stringify({ root: value }));
        expect(problems.filter(({ problem }) => !problem.includes('UTF-8'))).toEqual([]);
        expect(plain(at(documents[0], 'root'))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
