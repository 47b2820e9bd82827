import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnknown } from '#model/resource.ts';
import { shown, valueOf } from '../terraform.fixture.ts';

const DECLARED = `
variable "none" {}
variable "rules" {
  default = [{ port = 22, open = true }, { port = 443, open = false }]
}
locals {
  names = ["a", "b", "c"]
  sizes = { small = 1, large = 2 }
}
`;

describe('an expression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['7 % 4', 3],
    ['-2 + 5', 3],
    ['"2" + 1', 3],
    ['1 < 2 && 2 >= 2', true],
    ['!true || false', false],
    ['1 == 1.0', true],
    ['"1" == 1', false],
    ['[1, { a = 2 }] == [1, { a = 2 }]', true],
    ['{ a = 1 } != { a = 2 }', true],
    ['true ? "a" : "b"', 'a'],
    ['false ? 1 : true ? 2 : 3', 2],
    ['false ? 1 : false ? 2 : true ? 3 : 4', 3],
    ['local.names[1]', 'b'],
    ['local.names.2', 'c'],
    ['local.sizes["large"]', 2],
    ['local.sizes.small', 1],
    ['var.rules[*].port', [22, 443]],
    ['var.rules.*.port', [22, 443]],
    ['[for name in local.names : upper(name)]', ['A', 'B', 'C']],
    ['[for at, name in local.names : "${at}${name}" if at > 0]', ['1b', '2c']],
    ['{ for name, size in local.sizes : name => size * 2 }', { large: 4, small: 2 }],
    ['{ for rule in var.rules : rule.open => rule.port... }', { true: [22], false: [443] }],
    ['"port ${var.rules[0].port}"', 'port 22'],
    ['"${local.names}"', ['a', 'b', 'c']],
    ['"%{ if true }yes%{ else }no%{ endif }"', 'yes'],
    ['"%{ for name in local.names ~} ${name},%{ endfor }"', 'a,b,c,'],
    ['"a $${b} %%{c}"', 'a ${b} %{c}'],
    ['"\\u00e9 \\"q\\" \\\\ \\t"', 'é "q" \\ \t'],
    ['0x1F', 31],
    ['try(local.sizes.huge, "other")', 'other'],
    ['try(local.sizes["huge"] ? "yes" : "no", tobool("true") ? "also" : "no")', 'also'],
    ['try("${local.sizes.huge} GB", "other")', 'other'],
    ['try([local.sizes.huge], [])', []],
    ['try({ size = local.sizes.huge }, {})', {}],
    ['try(flatten([local.sizes["huge"]]), [])', []],
    ['try(local.sizes.huge == 1 ? 1 : 2, 3)', 3],
    ['can(local.sizes.huge)', false],
    ['can([local.sizes.huge])', false],
    ['can(local.sizes.small)', true],
    ['terraform.workspace', 'default'],
    ['True', true],
    ['[False]', [false]],
    ['null == null', true],
    ['false && var.none', false],
    ['true || var.none', true],
  ])('%s', async (expression, expected) => {
    expect(await valueOf(expression, DECLARED)).toEqual(expected);
  });

  it.each([
    ['var.none', 'unknown: variable "none" has no value'],
    ['"a ${var.none}"', 'unknown: variable "none" has no value'],
    ['var.none + 1', 'unknown: variable "none" has no value'],
    ['var.none ? 1 : 2', 'unknown: variable "none" has no value'],
    ['true && var.none', 'unknown: variable "none" has no value'],
    ['[for x in var.none : x]', 'unknown: variable "none" has no value'],
    ['local.missing', 'unknown: local.missing is not declared'],
    ['local.names[7]', 'unknown: there is no such element'],
    ['1 / 0', 'unknown: division by zero'],
    ['"a" + 1', 'unknown: + needs numbers'],
    ['nonsense("x")', 'unknown: function nonsense is not known'],
    ['timestamp()', 'unknown: the time of apply is not known'],
    ['each.value', 'unknown: each is not known here'],
  ])('%s is unknown, and says why', async (expression, expected) => {
    expect(shown(await valueOf(expression, DECLARED))).toBe(expected);
  });

  it('is known where what is unknown does not matter', async () => {
    expect(await valueOf('var.none ? "same" : "same"', DECLARED)).toBe('same');
    expect(await valueOf('[var.none, 2][1]', DECLARED)).toBe(2);
    expect(await valueOf('length([var.none, 2])', DECLARED)).toBe(2);
  });

  it('keeps what is known of a text and of JSON', async () => {
    const text = await valueOf('jsonencode({ Action = "*", Resource = "${var.none}/*" })', DECLARED);
    expect(isUnknown(text) && text.partial).toBe('{"Action":"*","Resource":"\uFFFC/*"}');
    expect(await valueOf('jsondecode(jsonencode({ Action = "*", Resource = var.none })).Action', DECLARED)).toBe('*');
  });

  it('never has a value in the reason of an unknown', async () => {
    const value = await valueOf(
      'regex("^x", "hunter2-secret") + jsondecode("{hunter2-secret") + tonumber("hunter2-secret")',
    );
    expect(isUnknown(value)).toBe(true);
    expect(JSON.stringify(value)).not.toContain('hunter2');
  });
});

describe('a heredoc', () => {
  it('keeps its text, comments and escapes, and takes the common indent away when asked', async () => {
    expect(await valueOf('<<EOT\n# ${local.names[0]} \\n\n  // x\nEOT', DECLARED)).toBe('# a \\n\n  // x\n');
    expect(await valueOf('<<-EOT\n    one\n      two ${local.names[1]}\n\n    three\n  EOT', DECLARED)).toBe(
      'one\n  two b\n\nthree\n',
    );
    expect(
      await valueOf('<<-EOT\n  %{ for name in local.names ~}\n  - ${name}\n  %{ endfor ~}\n  end\n  EOT', DECLARED),
    ).toBe('- a\n- b\n- c\nend\n');
    expect(await valueOf('<<EOT\n$${HOME:-x} %%{y}\nEOT')).toBe('${HOME:-x} %{y}\n');
  });
});

type Arithmetic = { readonly text: string; readonly value: number };

describe('arithmetic', () => {
  const { expression } = fc.letrec<{ expression: Arithmetic; leaf: Arithmetic; node: Arithmetic }>((tie) => ({
    leaf: fc.integer({ min: 0, max: 99 }).map((value) => ({ text: String(value), value })),
    node: fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*'), tie('expression'))
      .map(([left, operator, right]) => ({
        text: `(${left.text} ${operator} ${right.text})`,
        value:
          operator === '+'
            ? left.value + right.value
            : operator === '-'
              ? left.value - right.value
              : left.value * right.value,
      })),
    expression: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('node')),
  }));

  it('gives what a pocket calculator gives', async () => {
    await fc.assert(
      fc.asyncProperty(expression, async ({ text, value }) => {
        fc.pre(Number.isSafeInteger(value));
        expect(await valueOf(text)).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 100 },
    );
  });

  it('binds without parentheses as JavaScript does', async () => {
    const operand = fc.integer({ min: 1, max: 9 }).map(String);
    const operator = fc.constantFrom('+', '-', '*', '<', '<=', '>', '>=', '&&', '||', '==');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(operator, operand), { maxLength: 4 }), operand, async (rest, first) => {
        const isLogic = rest.some(([one]) => /[<>=&|]/.test(one));
        fc.pre(!isLogic);
        const text = `${first} ${rest.map(([one, value]) => `${one} ${value}`).join(' ')}`;
        const expected = rest.length === 0 ? Number(first) : pocket(text);
        expect(await valueOf(text)).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });
});

/** Products first, then sums from left to right. */
function pocket(text: string): number {
  const [head = '', ...tail] = text.split(/ (?=[+-] )/);
  const product = (part: string) => part.split(' * ').reduce((total, one) => total * Number(one), 1);
  return tail.reduce((sum, part) => sum + (part.startsWith('-') ? -1 : 1) * product(part.slice(2)), product(head));
}

it('takes any text through JSON and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
      const quoted = JSON.stringify(text.toWellFormed())
        .replaceAll('${', '$${')
        .replaceAll('%{', '%%{')
        .replaceAll('\\b', '\\u0008')
        .replaceAll('\\f', '\\u000c');
      fc.pre(!/[\uE000\uE001]|\$\$\$|%%%/.test(text) && !/\\\\u000[8c]/.test(quoted));
      expect(await valueOf(`jsondecode(jsonencode(${quoted}))`)).toBe(text.toWellFormed());
    }),
    { numRuns: 100 },
  );
});
