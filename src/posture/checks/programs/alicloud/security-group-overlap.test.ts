import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, unknown } from '#model/resource.ts';
import { createGraph } from '../../graph.ts';
import { SECURITY_GROUP_OVERLAP_PROGRAMS } from './security-group-overlap.ts';

const rule = (name: string, attributes: Attributes): Resource => ({
  provider: 'alicloud',
  type: 'alicloud_security_group_rule',
  id: `alicloud_security_group_rule.${name}`,
  name,
  attributes: { type: 'ingress', ip_protocol: 'tcp', security_group_id: 'sg-1', ...attributes },
});

function verdicts(program: string, rules: readonly Resource[]): readonly string[] {
  const graph = createGraph(rules);
  return rules.map((one) => SECURITY_GROUP_OVERLAP_PROGRAMS[program]?.(one, graph).is ?? 'no program');
}

describe('rules of one group among each other', () => {
  test('a narrow one behind a wide one of the same mind is shadowed', () => {
    const wide = rule('wide', { port_range: '1/1024', cidr_ip: '10.0.0.0/8', priority: 1 });
    const narrow = rule('narrow', { port_range: '80/80', cidr_ip: '10.1.0.0/16', priority: 2 });
    expect(verdicts('security-group-rule-not-shadowed', [wide, narrow])).toEqual(['pass', 'fail']);
  });

  test('a narrow one in front of a wide one is not, nor is one in IPv6 or going the other way', () => {
    const narrow = rule('narrow', { port_range: '80/80', cidr_ip: '10.1.0.0/16', priority: 1 });
    const wide = rule('wide', { port_range: '1/1024', cidr_ip: '10.0.0.0/8', priority: 2 });
    const v6 = rule('v6', { port_range: '80/80', ipv6_cidr_ip: 'fd00::/8', priority: 3 });
    const out = rule('out', { type: 'egress', port_range: '80/80', cidr_ip: '10.1.0.0/16', priority: 3 });
    expect(verdicts('security-group-rule-not-shadowed', [narrow, wide, v6, out])).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
    ]);
  });

  test('of two equal rules one is left, whatever their order', () => {
    const one = rule('one', { port_range: '80/80', cidr_ip: '10.0.0.0/8' });
    const two = rule('two', { port_range: '80/80', cidr_ip: '10.0.0.0/8' });
    for (const rules of [
      [one, two],
      [two, one],
    ])
      expect(verdicts('security-group-rule-not-shadowed', rules).filter((verdict) => verdict === 'fail')).toHaveLength(
        1,
      );
  });

  test('what cannot be told shadows nothing', () => {
    const wide = rule('wide', { port_range: unknown('variable "ports" has no value'), cidr_ip: '0.0.0.0/0' });
    const narrow = rule('narrow', { port_range: '80/80', cidr_ip: '10.1.0.0/16', priority: 9 });
    expect(verdicts('security-group-rule-not-shadowed', [wide, narrow])).toEqual(['pass', 'pass']);
  });

  test('never are all rules of a group shadowed', () => {
    const rules = fc.array(
      fc.record({
        from: fc.integer({ min: 1, max: 100 }),
        length: fc.integer({ min: 0, max: 100 }),
        bits: fc.integer({ min: 8, max: 16 }),
        priority: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(rules, (drawn) => {
        const made = drawn.map(({ from, length, bits, priority }, at) =>
          rule(`r${at}`, { port_range: `${from}/${from + length}`, cidr_ip: `10.0.0.0/${bits}`, priority }),
        );
        expect(verdicts('security-group-rule-not-shadowed', made)).toContain('pass');
      }),
      { numRuns: 60 },
    );
  });

  test('a refusal behind a permission of the same traffic contradicts it; the other way round it is an exception', () => {
    const accept = rule('accept', { port_range: '22/22', cidr_ip: '0.0.0.0/0', priority: 1 });
    const refuse = rule('refuse', { port_range: '22/22', cidr_ip: '203.0.113.0/24', priority: 2, policy: 'drop' });
    expect(verdicts('security-group-rules-agree', [accept, refuse])).toEqual(['pass', 'fail']);
    const first = rule('first', { port_range: '22/22', cidr_ip: '203.0.113.0/24', priority: 1, policy: 'drop' });
    const later = rule('later', { port_range: '22/22', cidr_ip: '0.0.0.0/0', priority: 2 });
    expect(verdicts('security-group-rules-agree', [first, later])).toEqual(['pass', 'pass']);
  });
});
