import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, unknown } from '#model/resource.ts';
import { createGraph } from '../../graph.ts';
import { RAM_PROGRAMS } from './ram-takeover.ts';

const ACCOUNT = '1234567890';

const live = (type: string, id: string, attributes: Attributes): Resource => ({
  provider: 'alicloud',
  type: `alicloud_ram_${type}`,
  id,
  name: id,
  attributes,
  account: ACCOUNT,
});
const user = (name: string): Resource => live('user', name, { name });
const role = (name: string, who: string, statement: object = {}): Resource =>
  live('role', name, {
    role_name: name,
    document: JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: who }, ...statement }],
    }),
  });
const policy = (name: string, ...statements: object[]): Resource =>
  live('policy', name, { policy_name: name, policy_document: JSON.stringify({ Statement: statements }) });
const attach = (holder: 'user' | 'role', name: string, policyName: string, type = 'Custom'): Resource =>
  live(`${holder}_policy_attachment`, `${name}:${policyName}`, {
    [`${holder}_name`]: name,
    policy_name: policyName,
    policy_type: type,
  });

const assumes = (name: string, ...roles: string[]): Resource =>
  policy(name, {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: roles.map((one) => `acs:ram::${ACCOUNT}:role/${one}`),
  });

/** What is said of the first of the resources. */
function ask(...resources: Resource[]): { readonly is: string; readonly why: string } {
  const outcome = RAM_PROGRAMS['ram-becomes-admin']?.(resources[0] as Resource, createGraph(resources));
  return { is: outcome?.is ?? 'nothing', why: outcome === undefined || outcome.is === 'pass' ? '' : outcome.why() };
}

const ROOT = `acs:ram::${ACCOUNT}:root`;
const strong = [
  role('strong', `acs:ram::${ACCOUNT}:role/middle`),
  attach('role', 'strong', 'AdministratorAccess', 'System'),
];

describe('whoever may assume a role that may assume a strong one', () => {
  const way = [
    attach('user', 'clerk', 'up'),
    assumes('up', 'middle'),
    role('middle', ROOT),
    attach('role', 'middle', 'further'),
    assumes('further', 'strong', 'middle'),
    ...strong,
  ];

  test('can become administrator, and the reason is the way there', () => {
    expect(ask(user('clerk'), ...way)).toEqual({
      is: 'fail',
      why: 'clerk can assume middle, which can assume strong, which is administrator',
    });
  });

  test('cannot when a policy denies it', () => {
    const denied = policy('never', { Effect: 'Deny', Action: 'sts:*', Resource: '*' });
    expect(ask(user('clerk'), ...way, denied, attach('user', 'clerk', 'never')).is).toBe('pass');
  });

  test('cannot when the role trusts another account, or only under a condition', () => {
    const others = way.map((one) => (one.id === 'middle' ? role('middle', 'acs:ram::999:root') : one));
    expect(ask(user('clerk'), ...others).is).toBe('pass');
    const mfa = { Condition: { Bool: { 'acs:MFAPresent': 'true' } } };
    const guarded = way.map((one) => (one.id === 'middle' ? role('middle', ROOT, mfa) : one));
    expect(ask(user('clerk'), ...guarded).is).toBe('pass');
  });

  test('is found although roles trust each other in a circle', () => {
    const back = [role('circle', ROOT), attach('role', 'circle', 'round'), assumes('round', 'middle', 'circle')];
    expect(ask(user('clerk'), ...way, ...back).is).toBe('fail');
    expect(ask(user('other'), ...way, ...back).is).toBe('pass');
  });
});

describe('a user whose policy cannot be read', () => {
  test('is not taken for harmless', () => {
    const hidden = live('policy', 'p', { policy_name: 'p', policy_document: unknown('needs ram:GetPolicy') });
    expect(ask(user('clerk'), attach('user', 'clerk', 'p'), hidden)).toEqual({
      is: 'unknown',
      why: 'the document of p cannot be told',
    });
  });
});

describe('a policy that allows everything but', () => {
  test('what leads to all rights does not lead there', () => {
    const all = (...notActions: string[]) => policy('rest', { Effect: 'Allow', NotAction: notActions, Resource: '*' });
    expect(ask(user('clerk'), attach('user', 'clerk', 'rest'), all('ram:*', 'sts:*')).is).toBe('pass');
    expect(ask(user('clerk'), attach('user', 'clerk', 'rest'), all('oss:*')).is).toBe('fail');
  });
});
