import { expect, it } from 'vitest';
import { isUnknown, type Value } from '#model/resource.ts';
import { terraformLoader } from './index.ts';

async function load(text: string, more: Readonly<Record<string, string>> = {}) {
  const files = Object.entries({ 'main.tf': text, ...more });
  return terraformLoader.load(files.map(([path, content]) => ({ path, text: content })));
}

async function attributes(text: string, id: string, more: Readonly<Record<string, string>> = {}) {
  const { resources } = await load(text, more);
  return resources.find((resource) => resource.id === id)?.attributes ?? {};
}

function referencesOf(value: Value | undefined) {
  return isUnknown(value) ? value.references.map(({ resource, attribute }) => `${resource}.${attribute}`) : undefined;
}

it('reads resources with their lines, blocks as lists, and leaves null away', async () => {
  const { resources, problems } = await load(
    '\nresource "alicloud_oss_bucket" "logs" {\n  bucket = "b"\n  policy = null\n  versioning {\n    status = "Enabled"\n  }\n}\n',
  );
  expect(problems).toEqual([]);
  expect(resources).toEqual([
    {
      provider: 'alicloud',
      type: 'alicloud_oss_bucket',
      id: 'alicloud_oss_bucket.logs',
      name: 'logs',
      attributes: { bucket: 'b', versioning: [{ status: 'Enabled' }] },
      file: 'main.tf',
      line: 2,
      endLine: 8,
      root: '.',
    },
  ]);
});

it('follows variables, their values in tfvars, and locals', async () => {
  const code =
    'variable "name" {}\nvariable "zone" { default = "z" }\nlocals { full = "${var.name}-${var.zone}" }\nresource "aws_s3_bucket" "b" { bucket = local.full }';
  const given = {
    'terraform.tfvars': 'name = "shop"\n',
    'a.auto.tfvars': 'zone = "y"\n',
    'other.tfvars': 'name = "no"\n',
  };
  expect(await attributes(code, 'aws_s3_bucket.b', given)).toEqual({ bucket: 'shop-y' });
});

it('names the variable that has no value', async () => {
  const { bucket } = await attributes(
    'variable "x" {}\nresource "aws_s3_bucket" "b" { bucket = var.x }',
    'aws_s3_bucket.b',
  );
  expect(isUnknown(bucket) && bucket.reason).toBe('variable "x" has no value');
});

it('keeps a reference to what is known after apply, and takes what stands in the code', async () => {
  const code =
    'resource "aws_s3_bucket" "b" { bucket = "name" }\nresource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.id\n  name = aws_s3_bucket.b.bucket\n  arn = "${aws_s3_bucket.b.arn}/*"\n}';
  const { bucket, name, arn } = await attributes(code, 'aws_s3_bucket_acl.a');
  expect(referencesOf(bucket)).toEqual(['aws_s3_bucket.b.id']);
  expect(name).toBe('name');
  expect(referencesOf(arn)).toEqual(['aws_s3_bucket.b.arn']);
  expect(isUnknown(arn) && arn.partial).toBe('\uFFFC/*');
});

it('reads the JSON syntax, its templates and its blocks', async () => {
  const json = JSON.stringify(
    {
      variable: { name: { default: 'shop' } },
      resource: {
        aws_s3_bucket: { b: { bucket: '${var.name}-logs', tags: { a: 'b' }, versioning: { enabled: true } } },
      },
    },
    undefined,
    2,
  );
  const { resources, problems } = await load('', { 'more.tf.json': json });
  expect(problems).toEqual([]);
  expect(resources).toMatchObject([
    {
      id: 'aws_s3_bucket.b',
      file: 'more.tf.json',
      line: 9,
      endLine: 17,
      attributes: { bucket: 'shop-logs', tags: { a: 'b' }, versioning: [{ enabled: true }] },
    },
  ]);
});
