import { describe, expect, it } from 'vitest';
import { isUnknown } from '#model/resource.ts';
import { load, shown } from '../terraform.fixture.ts';

async function ids(code: string | Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await load(code)).resources.map(({ id }) => id);
}

describe('count and for_each', () => {
  it('make one resource each, with its index and its key', async () => {
    const { resources } = await load(`
      resource "aws_a" "c" {
        count = 2
        n     = count.index
      }
      resource "aws_a" "e" {
        for_each = { x = 1, "y z" = 2 }
        k        = "\${each.key}=\${each.value}"
      }
      resource "aws_a" "s" {
        for_each = toset(["q", "p"])
        k        = each.value
      }
      resource "aws_a" "none" {
        count = 0
      }
    `);
    expect(resources.map(({ id, attributes }) => [id, Object.values(attributes)[0]])).toEqual([
      ['aws_a.c[0]', 0],
      ['aws_a.c[1]', 1],
      ['aws_a.e["x"]', 'x=1'],
      ['aws_a.e["y z"]', 'y z=2'],
      ['aws_a.s["p"]', 'p'],
      ['aws_a.s["q"]', 'q'],
    ]);
  });

  it('give one resource with an unknown index where the number is unknown', async () => {
    const { resources } = await load(
      'variable "n" {}\nresource "aws_a" "b" {\n  count = var.n\n  x = count.index\n  y = aws_a.b[0].id\n}',
    );
    expect(resources.map(({ id }) => id)).toEqual(['aws_a.b[*]']);
    expect(shown(resources[0]?.attributes['x'])).toBe('unknown: variable "n" has no value');
  });

  it('are not believed in any number', async () => {
    const { resources, problems } = await load('resource "aws_a" "b" {\n  count = 1000000000\n}');
    expect(resources).toHaveLength(1);
    expect(problems).toMatchObject([
      { file: 'main.tf', line: 1, problem: expect.stringContaining('1000000000 instances') },
    ]);
  });

  it('can be referred to by index, by key, by splat and in loops', async () => {
    const { resources } = await load(`
      resource "aws_a" "c" {
        count = 2
        name  = "n\${count.index}"
      }
      resource "aws_b" "r" {
        names = aws_a.c[*].name
        last  = aws_a.c[1].name
        arns  = [for one in aws_a.c : one.arn]
      }
    `);
    const found = resources.find(({ id }) => id === 'aws_b.r')?.attributes;
    expect(found).toMatchObject({ names: ['n0', 'n1'], last: 'n1' });
    const arns = found?.['arns'];
    expect(Array.isArray(arns) && arns.map((one) => isUnknown(one) && one.references)).toEqual([
      [{ resource: 'aws_a.c[0]', attribute: 'arn' }],
      [{ resource: 'aws_a.c[1]', attribute: 'arn' }],
    ]);
  });
});

describe('a dynamic block', () => {
  it('is as many blocks as its list has elements, beside those that are written out', async () => {
    const { resources } = await load(`
      resource "aws_a" "b" {
        ingress {
          port = 1
        }
        dynamic "ingress" {
          for_each = { web = 80 }
          iterator = it
          content {
            port = it.value
            name = it.key
          }
        }
      }
    `);
    expect(resources[0]?.attributes).toEqual({ ingress: [{ port: 1 }, { port: 80, name: 'web' }] });
  });

  it('is unknown as a whole where its list is: whether there is any cannot be told', async () => {
    const { resources } = await load(
      'variable "l" {}\nresource "aws_a" "b" {\n  dynamic "log" {\n    for_each = var.l\n    content {\n      x = 1\n    }\n  }\n}',
    );
    expect(shown(resources[0]?.attributes['log'])).toBe('unknown: variable "l" has no value');
  });
});

describe('a module', () => {
  const tree = {
    'env/main.tf': `
      module "shop" {
        source   = "../modules/shop"
        for_each = toset(["a", "b"])
        name     = each.key
      }
      resource "aws_a" "user" {
        bucket = module.shop["a"].bucket
        arn    = module.shop["b"].arn
      }`,
    'modules/shop/main.tf': `
      variable "name" { type = string }
      module "store" {
        source = "./store"
        name   = "\${var.name}-store"
      }
      output "bucket" { value = module.store.bucket }
      output "arn" { value = module.store.arn }`,
    'modules/shop/store/main.tf': `
      variable "name" {}
      resource "aws_s3_bucket" "it" { bucket = var.name }
      output "bucket" { value = aws_s3_bucket.it.bucket }
      output "arn" { value = aws_s3_bucket.it.arn }`,
  };

  it('is evaluated once for each use, with its inputs, and gives its outputs', async () => {
    const { resources, problems } = await load(tree);
    expect(problems).toEqual([]);
    expect(resources.map(({ id, file, line, root }) => [id, file, line, root])).toEqual([
      ['aws_a.user', 'env/main.tf', 7, 'env'],
      ['module.shop["a"].module.store.aws_s3_bucket.it', 'modules/shop/store/main.tf', 3, 'env'],
      ['module.shop["b"].module.store.aws_s3_bucket.it', 'modules/shop/store/main.tf', 3, 'env'],
    ]);
    expect(resources[0]?.attributes['bucket']).toBe('a-store');
    const arn = resources[0]?.attributes['arn'];
    expect(isUnknown(arn) && arn.references).toEqual([
      { resource: 'module.shop["b"].module.store.aws_s3_bucket.it', attribute: 'arn' },
    ]);
  });

  it('from elsewhere leaves its outputs unknown, and is no problem', async () => {
    const { resources, problems } = await load(
      'module "v" {\n  source = "terraform-aws-modules/vpc/aws"\n}\nresource "aws_a" "b" {\n  x = module.v.id\n}',
    );
    expect(problems).toEqual([]);
    expect(shown(resources[0]?.attributes['x'])).toBe('unknown: module "v" comes from elsewhere and is not read');
  });

  it('outside of the tree is not read, and the scan says so', async () => {
    const { resources, problems } = await load('module "v" {\n  source = "../../../etc"\n}\nresource "aws_a" "b" {}');
    expect(problems).toMatchObject([
      { file: 'main.tf', line: 1, problem: expect.stringContaining('not in what is scanned') },
    ]);
    expect(resources).toHaveLength(1);
  });

  it('that calls itself, alone or in a circle, is read once and told', async () => {
    const { resources, problems } = await load({
      'a/main.tf': 'module "b" {\n  source = "../b"\n}\nresource "aws_a" "a" {}',
      'b/main.tf': 'module "a" {\n  source = "../a"\n}\nresource "aws_a" "b" {}',
      'c/main.tf': 'module "c" {\n  source = "./"\n}\nresource "aws_a" "c" {}',
    });
    expect(resources.map(({ id }) => id).sort()).toEqual(['aws_a.a', 'aws_a.c', 'module.b.aws_a.b']);
    expect(problems.map(({ problem }) => problem)).toEqual([
      'Module "c" calls a module that it is part of.',
      'Module "a" calls a module that it is part of.',
    ]);
  });

  it('converts its inputs to their types, with the defaults of optional members', async () => {
    const { resources } = await load(`
      variable "o" {
        type = object({
          port = number
          name = optional(string, "web")
          open = optional(bool)
        })
        default = { port = "80" }
      }
      resource "aws_a" "b" {
        o = var.o
      }`);
    expect(resources[0]?.attributes).toEqual({ o: { port: 80, name: 'web' } });
  });
});

describe('a data source', () => {
  it('of a policy document is computed', async () => {
    const { resources } = await load(`
      data "aws_iam_policy_document" "base" {
        statement {
          sid     = "base"
          actions = ["s3:*"]
          resources = ["*"]
        }
      }
      data "aws_iam_policy_document" "it" {
        source_policy_documents = [data.aws_iam_policy_document.base.json]
        statement {
          effect  = "Deny"
          actions = ["s3:GetObject", "s3:PutObject"]
          resources = [aws_s3_bucket.b.arn]
          principals {
            type        = "AWS"
            identifiers = ["*"]
          }
          condition {
            test     = "Bool"
            variable = "aws:SecureTransport"
            values   = ["false"]
          }
        }
      }
      resource "aws_s3_bucket" "b" {}
      resource "aws_s3_bucket_policy" "p" {
        policy = data.aws_iam_policy_document.it.json
        base   = data.aws_iam_policy_document.base.json
      }`);
    const { policy, base } = resources.find(({ id }) => id === 'aws_s3_bucket_policy.p')?.attributes ?? {};
    expect(JSON.parse(typeof base === 'string' ? base : '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'base', Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    expect(isUnknown(policy) && policy.references).toEqual([{ resource: 'aws_s3_bucket.b', attribute: 'arn' }]);
    expect(JSON.parse((isUnknown(policy) && policy.partial) || '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'base', Effect: 'Allow', Action: 's3:*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: '\uFFFC',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  it('of a policy made of others that are known in part keeps what is known of them', async () => {
    const { resources } = await load(`
      data "aws_iam_policy_document" "deny" {
        statement {
          effect    = "Deny"
          actions   = ["s3:*"]
          resources = [aws_s3_bucket.b.arn]
        }
      }
      variable "extra" {}
      data "aws_iam_policy_document" "both" {
        source_policy_documents = compact([data.aws_iam_policy_document.deny.json, ""])
      }
      data "aws_iam_policy_document" "more" {
        source_policy_documents = [data.aws_iam_policy_document.deny.json, var.extra]
      }
      resource "aws_s3_bucket" "b" {}
      resource "aws_s3_bucket_policy" "p" {
        both = data.aws_iam_policy_document.both.json
        more = data.aws_iam_policy_document.more.json
      }`);
    const { both, more } = resources.find(({ id }) => id === 'aws_s3_bucket_policy.p')?.attributes ?? {};
    const statements = (value: typeof both) => JSON.parse((isUnknown(value) && value.partial) || '{}').Statement;
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: '\uFFFC' };
    expect(statements(both)).toEqual([deny]);
    expect(statements(more)).toEqual([deny, '\uFFFC']);
  });

  it('of any other kind is unknown, and no resource', async () => {
    const { resources } = await load(
      'data "aws_ami" "u" {\n  owners = ["1"]\n}\nresource "aws_a" "b" {\n  ami = data.aws_ami.u.id\n}',
    );
    expect(resources.map(({ id }) => id)).toEqual(['aws_a.b']);
    const ami = resources[0]?.attributes['ami'];
    expect(isUnknown(ami) && ami.references).toEqual([{ resource: 'data.aws_ami.u', attribute: 'id' }]);
  });
});

it('returns provider blocks as resources, and nothing of providers that it does not know', async () => {
  expect(
    await ids(
      'provider "aws" {\n  access_key = "k"\n}\nprovider "aws" {\n  alias = "eu"\n}\nresource "random_id" "r" {}',
    ),
  ).toEqual(['provider.aws', 'provider.aws.eu']);
});

it('leaves out what says how a block is used, and keeps its lifecycle', async () => {
  const { resources } = await load(
    'resource "aws_a" "b" {\n  count = 1\n  depends_on = [aws_a.c]\n  provider = aws.eu\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
  );
  expect(resources[0]?.attributes).toEqual({ lifecycle: [{ prevent_destroy: true }] });
});

it('takes names of JavaScript’s own for names like any other', async () => {
  const { resources } = await load(`
    locals {
      __proto__   = { polluted = true }
      constructor = 2
    }
    resource "aws_a" "__proto__" {
      __proto__ = local.__proto__
      b         = local.constructor
      c         = try(local.toString, "none")
      d         = { "__proto__" = { polluted = true } }
    }`);
  expect(resources[0]?.attributes['c']).toBe('none');
  expect(Object.hasOwn(resources[0]?.attributes ?? {}, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
