import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attributes, type Resource, unknown } from '#model/resource.ts';
import { NETWORK_PROGRAMS } from './network.ts';

const resource = (type: string, attributes: Attributes): Resource => ({
  provider: 'aws',
  type,
  id: 'one',
  name: 'one',
  attributes,
});
const ask = (program: string, type: string, attributes: Attributes) =>
  NETWORK_PROGRAMS[program]?.(resource(type, attributes)).is;
const ssh = (rule: Attributes) => ask('aws-group-closed-ssh', 'aws_security_group', { ingress: [rule] });
const everyone = { cidr_blocks: ['0.0.0.0/0'] };

describe('a security group', () => {
  test('is open where a rule for everyone covers the port, by either version of addresses', () => {
    expect(ssh({ protocol: 'tcp', from_port: 20, to_port: 30, ...everyone })).toBe('fail');
    expect(ssh({ protocol: 'tcp', from_port: '22', to_port: '22', ipv6_cidr_blocks: ['::/0'] })).toBe('fail');
    expect(ssh({ protocol: '-1', from_port: 0, to_port: 0, ...everyone })).toBe('fail');
  });

  test('is not open by ping, by TCP port 0, by another port or for an office', () => {
    expect(ssh({ protocol: 'icmp', from_port: -1, to_port: -1, ...everyone })).toBe('pass');
    expect(ssh({ protocol: 'tcp', from_port: 0, to_port: 0, ...everyone })).toBe('pass');
    expect(ssh({ protocol: 'tcp', from_port: 443, to_port: 443, ...everyone })).toBe('pass');
    expect(ssh({ protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['203.0.113.0/24'] })).toBe('pass');
    expect(ask('aws-group-closed-ssh', 'aws_security_group', {})).toBe('pass');
  });

  test('is unknown where its addresses are, unless another rule decides', () => {
    const hidden = { protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: unknown('variable "x" has no value') };
    expect(ssh(hidden)).toBe('unknown');
    const open = { protocol: 'tcp', from_port: 22, to_port: 22, ...everyone };
    expect(ask('aws-group-closed-ssh', 'aws_security_group', { ingress: [hidden, open] })).toBe('fail');
  });

  test('lets nothing in by a rule for what goes out', () => {
    const rule = { type: 'egress', protocol: '-1', from_port: 0, to_port: 0, ...everyone };
    expect(ask('aws-group-closed-ssh', 'aws_security_group_rule', rule)).toBe('pass');
    expect(ask('aws-group-egress-limited', 'aws_security_group_rule', rule)).toBe('fail');
  });

  test('is open exactly where a range has the port', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const verdict = ssh({ protocol: 'tcp', from_port: from, to_port: to, ...everyone });
        expect(verdict).toBe(from <= 22 && to >= 22 ? 'fail' : 'pass');
      }),
    );
  });
});

describe('a network ACL', () => {
  const rule = (number: number, action: string, protocol = 'tcp'): Attributes => ({
    rule_no: number,
    action,
    protocol,
    cidr_block: '0.0.0.0/0',
    from_port: 22,
    to_port: 22,
  });
  const acl = (...ingress: Attributes[]) => ask('aws-acl-closed-ssh', 'aws_network_acl', { ingress });

  test('is decided by the lowest number that speaks of everyone, in whatever order the rules stand', () => {
    expect(acl(rule(100, 'allow'), rule(10, 'deny'))).toBe('pass');
    expect(acl(rule(10, 'allow', '-1'), rule(100, 'deny'))).toBe('fail');
    expect(acl(rule(10, 'deny'), rule(100, 'allow', '-1'))).toBe('pass');
    expect(acl()).toBe('pass');
  });
});
