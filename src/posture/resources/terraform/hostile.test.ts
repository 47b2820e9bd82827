import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { load, shown, valueOf } from './terraform.fixture.ts';

const doubling = (line: (name: string) => string, first: string): string =>
  `locals {\n  l0 = ${first}\n${Array.from({ length: 60 }, (_, at) => `  l${at + 1} = ${line(`local.l${at}`)}`).join('\n')}\n}`;

describe('code that asks for too much', () => {
  it.each([
    ['text that doubles', doubling((name) => `"\${${name}}\${${name}}"`, '"ha"'), 'the text is too long'],
    ['lists that double', doubling((name) => `concat(${name}, ${name})`, '["ha"]'), 'the list is too long'],
    ['lists of the same lists', doubling((name) => `[${name}, ${name}]`, '["ha"]'), 'value is too large'],
  ])('%s is unknown', async (_, code, reason) => {
    expect(shown(await valueOf('local.l60', code))).toBe(`unknown: ${reason}`);
  });

  it('in loops in loops ends, and the scan says so', async () => {
    const code =
      'locals {\n  r = range(1000)\n}\nresource "aws_a" "b" {\n  v = [for a in local.r : [for b in local.r : [for c in local.r : a + b + c]]]\n}';
    const { resources, problems } = await load(code);
    expect(shown(resources[0]?.attributes['v'])).toMatch(/^unknown/);
    expect(problems).toMatchObject([{ problem: expect.stringContaining('takes too long to evaluate') }]);
  });

  it('by modules in modules in modules is cut, and the scan says so', async () => {
    const code = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [
        `m${at}/main.tf`,
        `resource "aws_a" "b" {\n  count = 100\n}\n${at < 9 ? `module "x" {\n  source = "../m${at + 1}"\n  count  = 100\n}\n` : ''}`,
      ]),
    );
    const { resources, problems } = await load(code);
    expect(resources.length).toBeLessThan(60_000);
    expect(problems).toMatchObject([{ problem: expect.stringContaining('the rest is left out') }]);
  });

  it('by a chain of names is unknown where it is too long', async () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `  c${at} = local.c${at + 1}`).join('\n');
    expect(shown(await valueOf('local.c0', `locals {\n${chain}\n  c20000 = 1\n}`))).toBe(
      'unknown: names refer to names in too long a chain',
    );
  });

  it('by a circle of names is unknown, and told once', async () => {
    const { resources, problems } = await load(
      'locals {\n  a = local.b\n  b = "x${local.a}"\n}\nresource "aws_a" "b" {\n  x = local.a\n  y = local.b\n}',
    );
    expect(shown(resources[0]?.attributes['x'])).toMatch(/^unknown: local "a" refers to itself/);
    expect(problems).toEqual([{ file: 'main.tf', line: 2, problem: 'local "a" refers to itself.' }]);
  });

  it('by a pattern is answered', async () => {
    expect(shown(await valueOf('regex("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaa!")'))).toMatch(/^unknown/);
  });
});

describe('a broken file', () => {
  it.each([
    ['an open brace', 'resource "aws_a" "b" {\n  x = 1\n'],
    ['an open string', 'resource "aws_a" "b" {\n  x = "1\n}\n'],
    ['an open heredoc', 'resource "aws_a" "b" {\n  x = <<EOT\n  1\n}\n'],
    ['another language', '<html><body>nothing</body></html>\n'],
    ['bytes', '\u0001\u0002\uFFFD{{{{\n'],
  ])('with %s is one problem, and the others are read', async (_, text) => {
    const { resources, problems } = await load({ 'a.tf': text, 'b.tf': 'resource "aws_a" "ok" {}' });
    expect(resources.map(({ id }) => id)).toContain('aws_a.ok');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'a.tf', problem: expect.stringContaining('is broken here') });
  });

  it('in JSON is one problem', async () => {
    const { problems } = await load({ 'a.tf.json': '{"resource": {"aws_a": ' });
    expect(problems).toHaveLength(1);
  });
});

it('never throws, whatever is cut out of code or put into it', async () => {
  const text = `variable "a" {
  type    = object({ x = optional(list(string), ["q"]) })
  default = {}
}
locals {
  m = { for at, one in var.a.x : one => { size = at, name = "\${one}-\${local.n}" } }
  n = try(jsondecode("{\\"k\\": [1]}").k[0], 2)
}
resource "aws_a" "b" {
  for_each = local.m
  count    = length(var.a.x)
  name     = each.value.name
  arns     = [for k, one in aws_a.b : one.arn]
  dynamic "rule" {
    for_each = range(local.n)
    content {
      port = rule.value + cidrhost("10.0.0.0/8", rule.key)
    }
  }
}
module "m" {
  source = "./m"
  in     = module.m.out
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
`;
  const junk = fc.constantFrom(
    '{',
    '}',
    '"',
    '${',
    '[',
    ']',
    '(',
    ')',
    '=',
    ',',
    '*',
    '...',
    'local.',
    'each',
    'null',
    '-',
    '\n',
    '0',
    'for',
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(12), fc.array(junk, { maxLength: 4 }), async (at, cut, inserted) => {
      const { resources, problems } = await load({
        'main.tf': text.slice(0, at) + inserted.join('') + text.slice(at + cut),
        'm/main.tf': 'variable "in" {}\noutput "out" { value = var.in }\n',
      });
      for (const { id, line } of resources) expect([id, line]).not.toContain(undefined);
      for (const { file, problem } of problems) expect(`${file} ${problem}`).toMatch(/^(?:m\/)?main\.tf .+\.$/);
    }),
    { numRuns: 300 },
  );
});
