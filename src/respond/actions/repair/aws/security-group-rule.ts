import { at, listAt, textAt } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { ClosedDoor, RepairKind } from '../kind.ts';
import { callsOf } from './call.ts';

/** What each check wants closed to the world. */
const PORTS: Readonly<Record<string, number>> = {
  'aws-security-group-no-open-ssh': 22,
  'aws-security-group-no-open-rdp': 3389,
};
const EVERYBODY = new Set(['0.0.0.0/0', '::/0']);
const ec2 = callsOf('ec2');

interface Rule {
  readonly id: string;
  readonly protocol: string;
  readonly ports: readonly [number, number];
  readonly cidr: string;
  readonly description: string;
}

/** Takes the rules out of a group that open a port to the world: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html */
export const securityGroupRule: RepairKind = {
  id: 'aws-security-group-rule',
  provider: 'aws',
  checks: Object.keys(PORTS),
  permissions: {
    read: ['ec2:DescribeSecurityGroupRules'],
    write: ['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress'],
  },

  async read(weakness, ask) {
    const Filters = [{ Name: 'group-id', Values: [weakness.resource.id] }];
    const rules: Rule[] = [];
    let token: string | undefined;
    do {
      const more = token === undefined ? {} : { NextToken: token };
      const page = await ask(ec2('DescribeSecurityGroupRules', weakness, { Filters, MaxResults: 1000, ...more }));
      for (const one of listAt(page, 'SecurityGroupRules')) rules.push(...readRule(one));
      token = textAt(page, 'NextToken');
    } while (token !== undefined && rules.length < 10_000);
    const port = PORTS[weakness.check] ?? 0;
    const open = rules.filter((rule) => EVERYBODY.has(rule.cidr) && lets(rule, port));
    const setting = Object.fromEntries(open.map((rule) => [nameOf(rule), rule.description]));
    return { setting, facts: { open, others: rules.filter((rule) => !open.includes(rule)) } };
  },

  plan(weakness, { setting, facts }) {
    const open = facts['open'] as readonly Rule[];
    if (open.length === 0) return undefined;
    const names = Object.keys(setting).join('; ');
    return {
      after: {},
      calls: [
        ec2('RevokeSecurityGroupIngress', weakness, {
          GroupId: weakness.resource.id,
          SecurityGroupRuleIds: open.map(({ id }) => id),
        }),
      ],
      closes: doorOf(open, facts['others'] as readonly Rule[]),
      effects: [
        {
          zh: `使用此安全组的所有实例不再接受这些新连接：${names}，除非另有规则放行。网站、远程登录若靠这条规则，会停。`,
          en: `Every instance with this group accepts no new connections by: ${names}, unless another rule lets them in. Web sites and remote logins that rely on it stop.`,
        },
      ],
    };
  },

  restore: (weakness, before) => [
    ec2('AuthorizeSecurityGroupIngress', weakness, {
      GroupId: weakness.resource.id,
      IpPermissions: Object.entries(before).map(([name, description]) => permissionOf(name, description)),
    }),
  ],
};

function readRule(one: unknown): readonly Rule[] {
  const cidr = textAt(one, 'CidrIpv4') ?? textAt(one, 'CidrIpv6');
  const [id, protocol] = [textAt(one, 'SecurityGroupRuleId'), textAt(one, 'IpProtocol')];
  if (at(one, 'IsEgress') === true || cidr === undefined || id === undefined || protocol === undefined) return [];
  const ports = [Number(at(one, 'FromPort') ?? -1), Number(at(one, 'ToPort') ?? -1)] as const;
  return [{ id, protocol, ports, cidr, description: textAt(one, 'Description') ?? '' }];
}

function lets({ protocol, ports: [first, last] }: Rule, port: number): boolean {
  return protocol === '-1' || ((protocol === 'tcp' || protocol === '6') && first <= port && port <= last);
}

/** A rule gets a new id when it is put back; these words are what it is. */
function nameOf({ protocol, ports: [first, last], cidr }: Rule): string {
  return `${protocol} ${first} ${last} ${cidr}`;
}

function permissionOf(name: string, description: Setting[string]) {
  const [protocol, first, last, cidr = ''] = name.split(' ');
  const said = description === '' ? {} : { Description: String(description) };
  const ranges = cidr.includes(':')
    ? { Ipv6Ranges: [{ CidrIpv6: cidr, ...said }] }
    : { IpRanges: [{ CidrIp: cidr, ...said }] };
  const ports = protocol === '-1' ? {} : { FromPort: Number(first), ToPort: Number(last) };
  return { IpProtocol: protocol, ...ports, ...ranges };
}

/** As one door: as wide as the widest of them. */
function doorOf(open: readonly Rule[], others: readonly Rule[]): ClosedDoor {
  const ways = [...open, ...others].map((rule) => ({
    from: [rule.cidr],
    ports: rule.protocol === '-1' ? ([1, 65_535] as const) : rule.ports,
    isTcp: ['-1', '6', 'tcp'].includes(rule.protocol),
  }));
  const closed = ways.slice(0, open.length);
  return {
    from: closed.flatMap(({ from }) => from),
    ports: [Math.min(...closed.map(({ ports }) => ports[0])), Math.max(...closed.map(({ ports }) => ports[1]))],
    stillOpen: ways.slice(open.length).filter(({ isTcp }) => isTcp),
  };
}
