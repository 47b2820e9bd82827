import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, UNKNOWN_PART, unknown } from '#model/resource.ts';
import { covers, isAbout, isBroad, statementsOf } from './ram-policy.ts';

const policy = (attributes: Attributes): Resource => ({
  provider: 'alicloud',
  type: 'alicloud_ram_policy',
  id: 'alicloud_ram_policy.p',
  name: 'p',
  attributes,
});

describe('a pattern of a policy', () => {
  test('stands for what it is about, in either case of letters', () => {
    expect(isAbout('ram:Attach*', 'ram:AttachPolicyToUser')).toBe(true);
    expect(isAbout('RAM:*Policy*User', 'ram:attachpolicytouser')).toBe(true);
    expect(isAbout('ram:Attach*', 'ram:DetachPolicyFromUser')).toBe(false);
    expect(isAbout('ram:a*a', 'ram:a')).toBe(false);
  });

  test('with nothing to fill in is about itself only', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z:]{1,12}$/), fc.stringMatching(/^[a-z:]{1,12}$/), (one, other) => {
        expect(isAbout(one, other)).toBe(one === other);
        expect(isAbout(`${one}*`, one + other)).toBe(true);
        expect(isAbout(`*${other}`, one + other)).toBe(true);
      }),
    );
  });
});

describe('a resource of a statement', () => {
  const role = { ...policy({}), id: 'alicloud_ram_role.worker' };

  test('is broad when it holds everything of a product', () => {
    for (const one of ['*', 'acs:ram:*:*:*', 'acs:*:*:1234:*']) expect(isBroad(one)).toBe(true);
    for (const one of ['acs:ram:*:1234:role/worker', 'acs:oss:*:*:photos/*']) expect(isBroad(one)).toBe(false);
  });

  test('covers a role by its name, by a pattern, or by a reference, and no other', () => {
    expect(covers('acs:ram::1234:role/Worker', 'role', role, 'worker')).toBe(true);
    expect(covers('acs:ram:*:*:role/w*', 'role', role, 'worker')).toBe(true);
    expect(covers('acs:ram::1234:role/other', 'role', role, 'worker')).toBe(false);
    expect(covers(unknown('?', [], `acs:ram::${UNKNOWN_PART}:role/worker`), 'role', role, 'worker')).toBe(true);
    expect(covers(unknown('?', [], `acs:ram::${UNKNOWN_PART}:role/other`), 'role', role, 'worker')).toBe(false);
    const arn = { resource: 'alicloud_ram_role.worker', attribute: 'arn' };
    expect(covers(unknown('?', [arn], UNKNOWN_PART), 'role', role, 'worker')).toBe(true);
    expect(covers(unknown('?', [], UNKNOWN_PART), 'role', role, 'worker')).toBe(false);
  });
});

describe('the document of a policy', () => {
  test('is read with one statement or several, and with one action or several', () => {
    const one = '{"Statement":{"Effect":"Allow","Action":"ram:*","Resource":"*"}}';
    expect(statementsOf(policy({ document: one }), ['policy_document', 'document'])).toMatchObject([
      { allows: true, conditional: false, actions: ['ram:*'], resources: ['*'] },
    ]);
    const several =
      '{"Statement":[{"Effect":"Deny","NotAction":["oss:*"],"Condition":{"Bool":{"acs:MFAPresent":"false"}}}]}';
    expect(statementsOf(policy({ document: several }), ['document'])).toMatchObject([
      { allows: false, conditional: true, notActions: ['oss:*'] },
    ]);
  });

  test('that cannot be read is not taken for an empty one', () => {
    expect(statementsOf(policy({ document: '{"Statement":' }), ['document'])).toBeUndefined();
    expect(statementsOf(policy({ document: unknown('variable "x" has no value') }), ['document'])).toBeUndefined();
    expect(statementsOf(policy({}), ['document'])).toEqual([]);
  });
});
