import fc from 'fast-check';

/** Patterns in the language that ECMAScript and this machine read alike. */
export const pattern = fc
  .letrec<{ node: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.constantFrom(
        'a',
        'b',
        'A',
        'é',
        '0',
        '-',
        ' ',
        '\\d',
        '\\w',
        '\\W',
        '\\s',
        '[ab]',
        '[^a]',
        '[a-c0-9_-]',
        '[^\\w]',
        '\\.',
        '[^\\n]',
      ),
      tie('node').map((node) => `(?:${node})`),
      tie('node').map((node) => `(${node})`),
    ),
    node: fc
      .array(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc
              .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}?', '+?'))
              .map((pair) => pair.join('')),
          },
          { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B', '|') },
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.join('')),
  }))
  .node.filter((source) => source.length <= 80);
/** A text that such patterns may match. */
export const subject = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'B', 'é', 'É', '0', '-', ' ', '.', '_', '\n', 'k', '\u212a'),
  maxLength: 12,
});
