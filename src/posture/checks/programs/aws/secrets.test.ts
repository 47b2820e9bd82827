import { expect, test } from 'vitest';
import { type Attributes, type Resource, UNKNOWN_PART, unknown } from '#model/resource.ts';
import { SECRET_PROGRAMS } from './secrets.ts';

const ask = (program: string, attributes: Attributes) => {
  const resource: Resource = { provider: 'aws', type: 'aws_x', id: 'one', name: 'one', attributes };
  return SECRET_PROGRAMS[program]?.(resource);
};
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const userData = (user_data: Attributes[string]) => ask('aws-no-secret-in-user-data', { user_data })?.is;

test('finds credentials in a start script, plain and in base64, and never shows them', () => {
  expect(userData(`export KEY=${KEY}`)).toBe('fail');
  expect(userData(Buffer.from(`#!/bin/sh\nexport KEY=${KEY}\n`).toString('base64'))).toBe('fail');
  expect(userData('secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"')).toBe('fail');
  expect(userData('-----BEGIN OPENSSH PRIVATE KEY-----')).toBe('fail');
  const found = ask('aws-no-secret-in-user-data', { user_data: KEY });
  expect(found?.is === 'fail' && found.why()).not.toContain(KEY);
});

test('finds them in the known parts of a text, and deep in settings', () => {
  expect(userData(unknown('known after apply', [], `${UNKNOWN_PART} ${KEY}`))).toBe('fail');
  expect(ask('aws-no-secret-in-environment', { environment: [{ variables: { A: KEY } }] })?.is).toBe('fail');
});

test('leaves hashes, paths, words and what is unknown alone', () => {
  expect(userData('da39a3ee5e6b4b0d3255bfef95601890afd80709')).toBe('pass');
  expect(userData('/usr/local/share/Example1/documents/files')).toBe('pass');
  expect(userData('aws s3 cp s3://shop-setup/start.sh -')).toBe('pass');
  expect(userData(unknown('variable "x" has no value'))).toBe('pass');
  expect(ask('aws-no-secret-in-environment', {})?.is).toBe('pass');
});

test('takes a secret attribute for lost where it is written out, not where it comes from elsewhere', () => {
  expect(ask('aws-no-literal-secret', { secret_key: 'anything' })?.is).toBe('fail');
  expect(ask('aws-no-literal-secret', { secret_key: unknown('variable "x" has no value') })?.is).toBe('pass');
});

test('says that it cannot tell of what could not be read, and not of what is made or asked for elsewhere', () => {
  expect(userData(unknown('needs ec2:DescribeInstanceAttribute'))).toBe('unknown');
  expect(userData(unknown('known after apply', [{ resource: 'aws_kms_secret.x', attribute: 'text' }]))).toBe('pass');
  expect(ask('aws-no-literal-secret', { password: unknown('needs datasync:Describe') })?.is).toBe('unknown');
});
