import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, UNKNOWN_PART, unknown, type Value } from '#model/resource.ts';
import { POLICY_PROGRAMS } from './policy.ts';

const ask = (program: string, attributes: Attributes) => {
  const resource: Resource = { provider: 'aws', type: 'aws_x', id: 'one', name: 'one', attributes };
  return POLICY_PROGRAMS[program]?.(resource).is;
};
const policy = (...statements: Attributes[]): Attributes => ({ policy: JSON.stringify({ Statement: statements }) });
const allow = (Action: Value, Resource: Value, more: Attributes = {}): Attributes => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('a policy', () => {
  test('is public with a star as principal, in every way to write it', () => {
    for (const Principal of [
      '*',
      { AWS: '*' },
      { AWS: ['arn:aws:iam::111122223333:root', '*'] },
      { AWS: 'arn:aws:iam::*:role/x' },
    ])
      expect(ask('aws-policy-not-public', policy(allow('s3:GetObject', '*', { Principal })))).toBe('fail');
  });

  test('is not public by what it denies, for a service, or where a condition names somebody', () => {
    const get = (more: Attributes) => ask('aws-policy-not-public', policy(allow('s3:GetObject', '*', more)));
    expect(get({ Effect: 'Deny', Principal: '*' })).toBe('pass');
    expect(get({ Principal: { Service: 'sns.amazonaws.com' } })).toBe('pass');
    expect(get({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })).toBe('pass');
    expect(get({ Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } })).toBe('fail');
    expect(get({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/0'] } } })).toBe(
      'fail',
    );
    expect(get({ Principal: '*', Condition: { StringNotEquals: { 'aws:SourceAccount': '111122223333' } } })).toBe(
      'fail',
    );
  });

  test('may be one statement that is no list, and an Effect that is missing allows', () => {
    const one = { policy: JSON.stringify({ Statement: { Action: '*', Resource: '*' } }) };
    expect(ask('aws-policy-no-admin', one)).toBe('fail');
    expect(ask('aws-policy-no-admin', {})).toBe('pass');
  });

  test('lets its holder rise by patterns and by actions together, not by one of them', () => {
    expect(ask('aws-policy-no-escalation', policy(allow('iam:Attach*', '*')))).toBe('fail');
    expect(ask('aws-policy-no-escalation', policy(allow(['iam:PassRole', 'ec2:RunInstances'], '*')))).toBe('fail');
    expect(ask('aws-policy-no-escalation', policy(allow('iam:PassRole', '*')))).toBe('pass');
    expect(ask('aws-policy-no-escalation', policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }))).toBe('fail');
  });

  test('may have a star as resource only for what cannot be limited', () => {
    expect(
      ask('aws-policy-no-star-resource', policy(allow(['s3:ListAllMyBuckets', 'sts:GetCallerIdentity'], '*'))),
    ).toBe('pass');
    expect(ask('aws-policy-no-star-resource', policy(allow(['s3:ListAllMyBuckets', 's3:GetObject'], '*')))).toBe(
      'fail',
    );
  });

  test('is judged by what is known of it', () => {
    const text = (Resource: string, of: Parameters<typeof unknown>[1]) =>
      ask('aws-policy-no-star-resource', {
        policy: unknown('known after apply', of, JSON.stringify({ Statement: allow('s3:GetObject', Resource) })),
      });
    const bucket = [{ resource: 'aws_s3_bucket.a', attribute: 'arn' }];
    expect(text(`${UNKNOWN_PART}/*`, bucket)).toBe('pass');
    expect(text(UNKNOWN_PART, bucket)).toBe('pass');
    expect(text(UNKNOWN_PART, [])).toBe('unknown');
    expect(ask('aws-policy-no-admin', { policy: unknown('needs iam:GetPolicyVersion') })).toBe('unknown');
    expect(ask('aws-policy-no-admin', { policy: 'no JSON' })).toBe('unknown');
  });

  test('does not fall over a document that is nested without end', () => {
    const nested = (depth: number): string => {
      const deep = `${'['.repeat(depth)}"*"${']'.repeat(depth)}`;
      return `{"Statement": {"Action": ${deep}, "Resource": "*", "Principal": ${deep}}}`;
    };
    expect(ask('aws-policy-no-admin', { policy: nested(500) })).toBe('pass');
    expect(ask('aws-policy-no-admin', { policy: nested(40_000) })).not.toBe('fail');
  });

  test('holds nothing where it is null', () => {
    expect(ask('aws-policy-no-admin', { policy: 'null' })).toBe('unknown');
    const text = '{"Statement": [null, {"Effect": "Allow", "Action": null, "Principal": null, "Condition": null}]}';
    expect(ask('aws-policy-not-public', { policy: text })).toBe('pass');
  });

  test('answers soon for an action that is made of stars', () => {
    const started = performance.now();
    expect(ask('aws-policy-no-escalation', policy(allow(`iam:${'*a'.repeat(500)}b`, '*')))).toBe('pass');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('the trust of a role', () => {
  const trust = (program: string, Principal: Value, more: Attributes = {}) =>
    ask(program, {
      assume_role_policy: JSON.stringify({ Statement: allow('sts:AssumeRole', '', { Principal, ...more }) }),
    });
  const github = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
  const subject = (sub: string) => ({ Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': sub } } });

  test('is for repositories of one owner, not for any', () => {
    expect(trust('aws-trust-github-narrow', github)).toBe('fail');
    expect(trust('aws-trust-github-narrow', github, subject('repo:*'))).toBe('fail');
    expect(trust('aws-trust-github-narrow', github, subject('repo:shop/site:*'))).toBe('pass');
    expect(trust('aws-trust-github-narrow', { Service: 'ec2.amazonaws.com' })).toBe('pass');
  });

  test('is for identities, not for all of an account', () => {
    expect(trust('aws-trust-no-whole-account', { AWS: '111122223333' })).toBe('fail');
    expect(trust('aws-trust-no-whole-account', { AWS: 'arn:aws:iam::111122223333:role/a' })).toBe('pass');
  });
});
