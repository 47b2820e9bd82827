import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, UNKNOWN_PART, unknown } from '#model/resource.ts';
import { type Check, type Condition, createCheckSet } from './index.ts';

const resource = (type: string, id: string, attributes: Attributes, file?: string): Resource => ({
  provider: 'alicloud',
  type,
  id,
  name: id,
  attributes,
  file,
});

/** The verdicts about the resources of type `a`, in their order; with `why` the reasons. */
function ask(condition: Condition, resources: readonly Resource[], applies?: Condition) {
  const text = { zh: '望', en: 'x' };
  const rest = {
    severity: 'low',
    provider: 'alicloud',
    resource: 'a',
    controls: ['x'],
    needs: [],
    cases: [],
  } satisfies Partial<Check>;
  const check: Check = { id: 'x', title: text, why: text, fix: text, ...rest, applies, condition };
  return [...createCheckSet([check]).run(resources, Date.UTC(2026, 0, 15))].map(({ verdict, reason }) => ({
    verdict,
    reason,
  }));
}
const verdict = (condition: Condition, attributes: Attributes, applies?: Condition) =>
  ask(condition, [resource('a', 'one', attributes)], applies)[0]?.verdict;

describe('a condition', () => {
  test('compares as Terraform does: texts, numbers and truth values are the same when they read the same', () => {
    expect(verdict({ on: true }, { on: 'true' })).toBe('pass');
    expect(verdict({ days: { at_least: 180 } }, { days: '180' })).toBe('pass');
    expect(verdict({ days: { at_least: 180 } }, { days: 'many' })).toBe('fail');
    expect(verdict({ on: true }, { on: 1 })).toBe('fail');
  });

  test('takes what is absent for its default, and else fails unless it asks for absence', () => {
    expect(verdict({ on: { is: true, default: true } }, {})).toBe('pass');
    expect(verdict({ on: true }, {})).toBe('fail');
    expect(verdict({ acl: { is_not: 'public' } }, {})).toBe('pass');
    expect(verdict({ acl: { exists: false } }, {})).toBe('pass');
    expect(verdict({ acl: { exists: false } }, { acl: 'x' })).toBe('fail');
    expect(verdict({ 'logging.bucket': { exists: true } }, { logging: [] })).toBe('fail');
  });

  test('takes what a variable without a default is set to for there where that is said', () => {
    const given = unknown('variable "key" has no value');
    expect(verdict({ key: { empty: false, or_given: true } }, { key: given })).toBe('pass');
    expect(verdict({ key: { empty: false } }, { key: given })).toBe('unknown');
    const missing = unknown('needs kms:DescribeKey');
    expect(verdict({ key: { empty: false, or_given: true } }, { key: missing })).toBe('unknown');
    expect(verdict({ key: { empty: false, or_given: true } }, { key: '' })).toBe('fail');
  });

  test('reads a list of JSON with unknown parts, and says which switch it found', () => {
    const text = unknown('known after apply', [], `[{"image": "${UNKNOWN_PART}:1", "privileged": true}]`);
    expect(verdict({ text: { json: { none: { in: '.', is: { privileged: true } } } } }, { text })).toBe('fail');
    expect(verdict({ text: { json: { each: { in: '.', is: { privileged: true } } } } }, { text })).toBe('pass');
    const [found] = ask({ key_rotation: true }, [resource('a', 'one', { key_rotation: false })]);
    expect(found?.reason).toBe('key_rotation is false');
  });

  test('takes a reference to another resource for met where that is said, and no other unknown', () => {
    const made = unknown('known after apply', [{ resource: 'aws_kms_key.a', attribute: 'arn' }]);
    const key = { not_matches: '^alias/aws/', or_reference: true } as const;
    expect(verdict({ key }, { key: made })).toBe('pass');
    expect(verdict({ key: { not_matches: '^alias/aws/' } }, { key: made })).toBe('unknown');
    expect(verdict({ key }, { key: unknown('variable "x" has no value') })).toBe('unknown');
    expect(verdict({ key }, { key: 'alias/aws/ebs' })).toBe('fail');
  });

  test('is unknown where a value cannot be told, unless the rest decides it', () => {
    const value = unknown('variable "x" has no value');
    expect(ask({ on: true }, [resource('a', 'one', { on: value })])).toEqual([
      { verdict: 'unknown', reason: 'variable "x" has no value' },
    ]);
    expect(verdict({ on: true, off: false }, { on: value, off: true })).toBe('fail');
    expect(verdict({ any: [{ on: true }, { off: true }] }, { on: value, off: true })).toBe('pass');
    expect(verdict({ not: { on: true } }, { on: value })).toBe('unknown');
    expect(verdict({ on: true }, { on: true }, { kind: { is: 'x' } })).toBe('not_applicable');
    expect(verdict({ on: true }, { on: true, kind: value }, { kind: { is: 'x' } })).toBe('unknown');
  });

  test('reads what is known of a policy that names another resource', () => {
    const policy = (text: string): Attributes => ({ policy: unknown('known after apply', [], text) });
    const open: Condition = {
      none: {
        in: 'policy',
        is: {
          '.': {
            json: {
              some: { in: 'Statement', is: { Effect: 'Allow', some: { in: 'Resource', is: { '.': { is: '*' } } } } },
            },
          },
        },
      },
    };
    const of = (resource: string) => policy(`{"Statement":[{"Effect":"Allow","Resource":["${resource}"]}]}`);
    expect(verdict(open, of('*'))).toBe('fail');
    expect(verdict(open, of(`acs:oss:*:*:${UNKNOWN_PART}/*`))).toBe('pass');
    expect(verdict(open, of(UNKNOWN_PART))).toBe('unknown');
    expect(verdict({ policy: { json: { 'Statement.Effect': 'Allow' } } }, of(`acs:oss:*:*:${UNKNOWN_PART}/*`))).toBe(
      'pass',
    );
    expect(verdict({ policy: { json: { 'Statement.Resource': { is_not: '*' } } } }, of(`acs:${UNKNOWN_PART}/*`))).toBe(
      'pass',
    );
    expect(verdict({ policy: { json: { 'Statement.Resource': { is_not: '*' } } } }, of(UNKNOWN_PART))).toBe('unknown');
    expect(verdict({ policy: { json: { 'Statement.Resource': { is_not: '*' } } } }, of('*'))).toBe('fail');
    expect(verdict({ policy: { json: { 'Statement.Effect': 'Allow' } } }, policy(UNKNOWN_PART))).toBe('unknown');
  });

  test('of a list known in part answers what more elements cannot change', () => {
    const part = ['10.0.0.0/8', unknown('variable "more" has no value')];
    expect(verdict({ cidrs: { cidr_open: false } }, { cidrs: part })).toBe('unknown');
    expect(verdict({ cidrs: { cidr_open: false } }, { cidrs: [...part, '::/0'] })).toBe('fail');
    expect(verdict({ cidrs: { contains: '10.0.0.0/8' } }, { cidrs: part })).toBe('pass');
    expect(verdict({ cidrs: { contains: '10.0.0.0/9' } }, { cidrs: part })).toBe('unknown');
    expect(verdict({ cidrs: { contains_none: ['10.0.0.0/8'] } }, { cidrs: part })).toBe('fail');
    expect(verdict({ cidrs: { contains_none: ['::/0'] } }, { cidrs: part })).toBe('unknown');
  });

  test('reads ports, ranges, versions and moments', () => {
    expect(verdict({ port: { has_port: [22] } }, { port: '1/65535' })).toBe('pass');
    expect(verdict({ port: { has_port: [22] } }, { port: '-1/-1' })).toBe('pass');
    expect(verdict({ port: { has_port: [22] } }, { port: '80/80' })).toBe('fail');
    expect(verdict({ version: { version_at_least: '1.26' } }, { version: '1.28.3-aliyun.1' })).toBe('pass');
    expect(verdict({ version: { version_at_least: '1.26' } }, { version: '1.9' })).toBe('fail');
    expect(verdict({ made: { older_than_days: 90 } }, { made: '2025-01-01T00:00:00Z' })).toBe('pass');
    expect(verdict({ made: { older_than_days: 90 } }, { made: '2026-01-01T00:00:00Z' })).toBe('fail');
    expect(verdict({ cidr: { cidr_open: true } }, { cidr: '::/0' })).toBe('pass');
    expect(verdict({ cidr: { cidr_public: true } }, { cidr: '192.168.0.0/16' })).toBe('fail');
    expect(verdict({ cidr: { cidr_public: true } }, { cidr: '8.8.8.0/24' })).toBe('pass');
    expect(verdict({ cidr: { cidr_open: true } }, { cidr: 'not an address' })).toBe('fail');
  });

  test('asks the elements of blocks, and what is JSON in a text', () => {
    const none: Condition = { none: { in: 'rule', where: { port: '22' }, is: { cidr: { cidr_open: true } } } };
    expect(verdict(none, { rule: [{ port: '22', cidr: '0.0.0.0/0' }] })).toBe('fail');
    expect(verdict(none, { rule: [{ port: '80', cidr: '0.0.0.0/0' }] })).toBe('pass');
    expect(verdict(none, { rule: unknown('it is made by a dynamic block') })).toBe('unknown');
    const policy: Condition = { policy: { json: { none: { in: 'Statement', is: { Action: { contains: '*' } } } } } };
    expect(verdict(policy, { policy: '{"Statement":{"Action":"*"}}' })).toBe('fail');
    expect(verdict(policy, { policy: '{"Statement":[{"Action":["oss:Get"]}]}' })).toBe('pass');
    expect(verdict(policy, { policy: '{"Statement":' })).toBe('unknown');
  });

  test('names the element that must not be, unless it is secret', () => {
    const open: Condition = { none: { in: 'ips', is: { '.': { cidr_open: true } } } };
    expect(ask(open, [resource('a', 'one', { ips: ['10.0.0.0/8', '0.0.0.0/0'] })])[0]?.reason).toBe(
      'ips has one that must not be: 0.0.0.0/0',
    );
    const secret: Condition = { none: { in: 'passwords', is: { '.': { is: 'hunter2' } } } };
    expect(ask(secret, [resource('a', 'one', { passwords: ['hunter2'] })])[0]?.reason).not.toContain('hunter2');
  });

  test('never shows a secret in its reason', () => {
    expect(ask({ password: { is: '' } }, [resource('a', 'one', { password: 'hunter2' })])[0]?.reason).not.toContain(
      'hunter2',
    );
  });

  test('is refused when its pattern could run away', () => {
    expect(() => ask({ name: { matches: '(?=a)b' } }, [])).toThrow(/^x: /);
    expect(() => ask({ program: 'nobody' }, [])).toThrow(/nobody/);
  });
});

describe('resources that name each other', () => {
  const logged: Condition = { some: { type: 'log', by: 'of', is: { on: true } } };
  const refersTo = (id: string) => unknown('known after apply', [{ resource: id, attribute: 'id' }]);

  test('are found by reference in code', () => {
    const log = resource('log', 'log.l', { of: refersTo('a.one'), on: true }, 'main.tf');
    const both = [resource('a', 'a.one', {}, 'main.tf'), resource('a', 'a.two', {}, 'main.tf'), log];
    expect(ask(logged, both).map((one) => one.verdict)).toEqual(['pass', 'fail']);
  });

  test('are found by identifier in a live account', () => {
    const log = resource('log', 'l-1', { of: 'i-1', on: true });
    expect(ask(logged, [resource('a', 'i-1', {}), resource('a', 'i-2', {}), log]).map((one) => one.verdict)).toEqual([
      'pass',
      'fail',
    ]);
  });

  test('may belong together where one has no identifier yet and the other names a plain one', () => {
    const code = resource('a', 'a.one', {}, 'main.tf');
    expect(ask(logged, [code, resource('log', 'log.l', { of: 'i-1', on: true }, 'main.tf')])[0]?.verdict).toBe(
      'unknown',
    );
    expect(ask(logged, [code, resource('log', 'log.l', { of: 'i-1', on: false }, 'main.tf')])[0]?.verdict).toBe('fail');
  });

  test('are asked the other way round too', () => {
    const guarded: Condition = { each: { type: 'group', from: 'groups', is: { open: false } } };
    const group = resource('group', 'group.g', { open: true }, 'main.tf');
    expect(
      ask(guarded, [resource('a', 'a.one', { groups: [refersTo('group.g')] }, 'main.tf'), group])[0]?.verdict,
    ).toBe('fail');
    expect(ask(guarded, [resource('a', 'a.one', { groups: ['sg-elsewhere'] }, 'main.tf'), group])[0]).toEqual({
      verdict: 'unknown',
      reason: 'groups names sg-elsewhere, which is not in this scan',
    });
  });

  test('cannot be told where some could not be read', () => {
    const unread = { ...resource('log', 'logs', { of: unknown('needs log:List') }), unread: 'needs log:List' };
    const exists: Condition = { some: { type: 'log' } };
    const none: Condition = { none: { type: 'log', by: 'of', is: { on: true } } };
    for (const condition of [logged, exists, none])
      expect(ask(condition, [resource('a', 'i-1', {}), unread])[0]).toEqual({
        verdict: 'unknown',
        reason: 'needs log:List',
      });
    // What was read decides all the same.
    const log = resource('log', 'l-1', { of: 'i-1', on: true });
    expect(ask(logged, [resource('a', 'i-1', {}), log, unread])[0]?.verdict).toBe('pass');
    expect(ask(none, [resource('a', 'i-1', {}), log, unread])[0]?.verdict).toBe('fail');
  });

  test('and what could not be read is unknown itself, whatever is asked of it', () => {
    const unread = { ...resource('a', 'all', {}), unread: 'needs a:List' };
    expect(ask({ id: { exists: false } }, [unread])[0]).toEqual({ verdict: 'unknown', reason: 'needs a:List' });
  });
});
