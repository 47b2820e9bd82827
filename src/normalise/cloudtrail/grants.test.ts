import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantsOf } from './grants.ts';

const OWN = '111122223333';

/** The statements as IAM writes them (text) and as S3 does (object). */
function both(...statements: readonly unknown[]): readonly unknown[] {
  const document = { Version: '2012-10-17', Statement: statements };
  return [
    { roleName: 'r', policyDocument: JSON.stringify(document) },
    { bucketName: 'b', bucketPolicy: document },
    { attributes: { Policy: JSON.stringify(document) } },
    { policyDocument: encodeURIComponent(JSON.stringify(document)) },
  ];
}

function grants(...statements: readonly unknown[]): unknown {
  const [first, ...others] = both(...statements).map((parameters) => grantsOf(parameters, OWN));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const allow = (part: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'x', ...part });

describe('who is let in', () => {
  it('names accounts of others among one’s own', () => {
    const principal = { AWS: [`arn:aws:iam::${OWN}:root`, 'arn:aws:iam::193672423079:root', '012345678912'] };
    expect(grants(allow({ Principal: principal }))).toEqual({ outsiders: ['193672423079', '012345678912'] });
  });

  it('leaves out one’s own account, services, AWS’s log delivery, and what is denied', () => {
    expect(grants(allow({ Principal: { AWS: OWN } }))).toBeUndefined();
    expect(grants(allow({ Principal: { Service: 'ec2.amazonaws.com' } }))).toBeUndefined();
    expect(grants(allow({ Principal: { AWS: 'arn:aws:iam::127311923021:root' } }))).toBeUndefined();
    expect(grants({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' })).toBeUndefined();
  });

  it('knows everybody, unless a condition narrows it', () => {
    expect(grants(allow({ Principal: '*' }))).toEqual({ everyone: true });
    expect(grants(allow({ Principal: { AWS: ['*'] } }))).toEqual({ everyone: true });
    expect(grants(allow({ NotPrincipal: { AWS: OWN } }))).toEqual({ everyone: true });
    const org = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    expect(grants(allow({ Principal: '*', Condition: org }))).toBeUndefined();
    const not = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    expect(grants(allow({ Principal: '*', Condition: not }))).toEqual({ everyone: true });
    const world = { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '0.0.0.0/0'] } };
    expect(grants(allow({ Principal: '*', Condition: world }))).toEqual({ everyone: true });
  });

  it('knows a role that any workflow may take', () => {
    const principal = { Federated: `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com` };
    const on = (key: string, value: string) =>
      allow({
        Principal: principal,
        Condition: { StringLike: { [`token.actions.githubusercontent.com:${key}`]: value } },
      });
    expect(grants(on('aud', 'sts.amazonaws.com'))).toEqual({ loose_federation: true });
    expect(grants(on('sub', 'repo:*'))).toEqual({ loose_federation: true });
    expect(grants(on('sub', 'repo:shop/site:*'))).toBeUndefined();
  });
});

describe('what is shared without a policy', () => {
  it.each([
    [{ createVolumePermission: { add: { items: [{ userId: '012345678912' }] } } }, { outsiders: ['012345678912'] }],
    [{ launchPermission: { add: { items: [{ group: 'all' }] } } }, { everyone: true }],
    [{ launchPermission: { remove: { items: [{ group: 'all' }] } } }, undefined],
    [{ launchPermission: { add: { items: [{ userId: OWN }] } } }, undefined],
    [{ attributeName: 'restore', valuesToAdd: ['all'] }, { everyone: true }],
    [{ functionName: 'f', principal: '*' }, { everyone: true }],
    [{ functionName: 'f', principal: '*', principalOrgID: 'o-1' }, undefined],
    [{ functionName: 'f', principal: 's3.amazonaws.com' }, undefined],
    [{ principals: ['999988887777', 'arn:aws:organizations::1:ou/x'] }, { outsiders: ['999988887777'] }],
  ])('%j', (parameters, expected) => {
    expect(grantsOf(parameters, OWN)).toEqual(expected);
  });
});

describe('which rights an identity gets', () => {
  it('tells all rights from some', () => {
    const rights = (Action: unknown, Resource: unknown) => grants({ Effect: 'Allow', Action, Resource });
    expect(rights('*', '*')).toEqual({ administrator: true });
    expect(rights(['iam:*'], ['*'])).toEqual({ administrator: true });
    expect(rights(['s3:*', 'iam:CreateAccessKey'], '*')).toEqual({ ladder: true });
    expect(rights('*', 'arn:aws:s3:::shop/*')).toBeUndefined();
    expect(rights('s3:*', '*')).toBeUndefined();
  });
});

it('never throws, and gives nothing away for what it does not know', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(grantsOf({ policyDocument: JSON.stringify({ Statement: value }), x: value }, OWN) ?? {}).toBeTypeOf(
        'object',
      );
      expect(grantsOf(value, undefined)?.outsiders).toBeUndefined();
    }),
  );
  expect(grantsOf({ policyDocument: '{"Statement":' }, OWN)).toBeUndefined();
  expect(grantsOf({ policyDocument: '%7B%22Statement%' }, OWN)).toBeUndefined();
});
