import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHclParser } from './parse.ts';

const parser = await createHclParser();

describe('the HCL parser', () => {
  it('knows the lines of blocks and attributes, with any line end and a byte-order mark', () => {
    const { body, problem } = parser.parse(
      '\uFEFF# comment\r\nresource "a" "b" {\r\n  x = 1\r\n\r\n  inner {\r\n    y = [\r\n    ]\r\n  }\r\n}\r\n',
    );
    expect(problem).toBeUndefined();
    expect(body.blocks).toMatchObject([
      {
        type: 'resource',
        labels: ['a', 'b'],
        line: 2,
        endLine: 9,
        body: { attributes: [{ name: 'x', line: 3 }], blocks: [{ type: 'inner', line: 5, endLine: 8 }] },
      },
    ]);
  });

  it('reads on behind a mistake, and leaves out the block that it is in', () => {
    const { body, problem } = parser.parse(
      'resource "a" "ok" {\n  x = 1\n}\nresource "a" "bad" {\n  x = = 2\n}\nresource "a" "also" {\n  y = 3\n}\n',
    );
    expect(problem).toMatchObject({ line: 5 });
    expect(body.blocks.map(({ labels }) => labels[1])).toEqual(['ok', 'also']);
  });

  it('does not take a shell’s ${…} in an escaped heredoc for its own', () => {
    const { body, problem } = parser.parse('a = <<EOT\n$${HOME:-/root} %%{x}\nEOT\nb = 2\n');
    expect(problem).toBeUndefined();
    expect(body.attributes.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('puts a chain of choices together from the right', () => {
    const [attribute] = parser.parse('a = x ? 1 : y ? 2 : z ? 3 : 4').body.attributes;
    expect(attribute?.value).toMatchObject({
      yes: { value: 1 },
      no: { yes: { value: 2 }, no: { yes: { value: 3 }, no: { value: 4 } } },
    });
  });

  it('gives up, with a word, what is nested too deep or too large', () => {
    expect(parser.parse(`a = ${'['.repeat(2_000)}${']'.repeat(2_000)}`).problem?.problem).toContain('nested too deep');
    expect(parser.parse(`${'a {\n'.repeat(200)}${'}\n'.repeat(200)}`).problem?.problem).toContain('nested too deep');
    expect(parser.parse('a'.repeat(9 * 1024 * 1024)).problem?.problem).toContain('larger than 8 MB');
  });

  it('never throws, whatever is cut out of a file or put into it', () => {
    const text =
      'variable "a" {\n  default = { x = [1, "two ${var.b}", null] }\n}\nresource "t" "n" {\n  for_each = toset(["a"])\n  s = <<-EOT\n    %{ if true ~}\n    x ${each.key}\n    %{ endif ~}\n  EOT\n  dynamic "b" {\n    for_each = [for k, v in var.a : v if v != null]\n    content { z = b.value ? 1 : -2 }\n  }\n}\n';
    const junk = fc.constantFrom(
      '{',
      '}',
      '"',
      '${',
      '%{',
      '<<EOT\n',
      '\n',
      '[',
      ')',
      '=',
      '?',
      '\0',
      '\uE000',
      '\uD800',
      '/*',
      '#',
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.array(junk, { maxLength: 6 }), (at, cut, inserted) => {
        const damaged = text.slice(0, at) + inserted.join('') + text.slice(at + cut);
        const { body, problem } = parser.parse(damaged);
        expect(Array.isArray(body.blocks)).toBe(true);
        if (problem) expect(problem.line).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
