import { BartizanError } from '#kit/errors.ts';
import { listAt, textAt } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { Ask, ClosedDoor, CloudCall, RepairKind, Weakness } from '../kind.ts';

/** What makes a rule what it is, as the provider spells it. Without it the rule is not there. */
const PARTS = [
  'SecurityGroupId',
  'IpProtocol',
  'PortRange',
  'SourcePortRange',
  'SourceCidrIp',
  'Ipv6SourceCidrIp',
  'Policy',
  'Priority',
  'NicType',
  'Description',
] as const;
const MOST_PAGES = 20;
const MOST_GROUPS = 500;

/** Takes one rule out of a group: https://help.aliyun.com/zh/ecs/developer-reference/api-ecs-2014-05-26-revokesecuritygroup */
export const securityGroupRule: RepairKind = {
  id: 'security-group-rule',
  provider: 'alicloud',
  checks: [
    'security-group-ssh-not-open',
    'security-group-rdp-not-open',
    'security-group-admin-not-open',
    'security-group-database-not-open',
    'security-group-not-open-to-all',
    'security-group-not-all-ports',
    'security-group-not-all-protocols',
    'security-group-ipv6-not-open',
    'security-group-only-web-open',
  ],
  permissions: {
    read: ['ecs:DescribeSecurityGroups', 'ecs:DescribeSecurityGroupAttribute'],
    write: ['ecs:RevokeSecurityGroup', 'ecs:AuthorizeSecurityGroup'],
  },

  async read(weakness, ask, kept) {
    const { id, region } = weakness.resource;
    const ofKept = textAt(kept, 'SecurityGroupId');
    const groups = ofKept === undefined ? await groupsOf(region, ask) : [ofKept];
    for (const group of groups) {
      const rules = await rulesOf(group, region, ask);
      const own = rules.find((rule) => textAt(rule, 'SecurityGroupRuleId') === id);
      // A rule that was put back has a new identifier.
      const found = own ?? rules.find((rule) => kept !== undefined && isSame(settingOf(rule, group), kept));
      if (found === undefined) continue;
      const others = rules.filter((rule) => rule !== found);
      return {
        setting: settingOf(found, group),
        facts: { ruleId: textAt(found, 'SecurityGroupRuleId'), source: found, others },
      };
    }
    if (kept === undefined) throw new BartizanError('BTZ_REPAIR_GONE', { what: `rule ${id}` });
    return { setting: {}, facts: { others: [] } };
  },

  plan(weakness, { setting, facts }) {
    const ruleId = textAt(facts, 'ruleId');
    if (ruleId === undefined || setting['SecurityGroupId'] === undefined) return undefined;
    const ports = String(setting['PortRange']);
    const from = String(setting['SourceCidrIp'] ?? setting['Ipv6SourceCidrIp'] ?? '');
    return {
      after: {},
      calls: [
        ecsCall('RevokeSecurityGroup', weakness, {
          SecurityGroupId: setting['SecurityGroupId'],
          'SecurityGroupRuleId.1': ruleId,
        }),
      ],
      closes: doorOf(facts['source'], listAt(facts, 'others')),
      effects: [
        {
          zh: `从 ${from} 到此安全组内所有实例 ${String(setting['IpProtocol'])} ${ports} 端口的新连接会被拒绝，除非组内其他规则或实例的其他安全组另有放行。网站、远程登录、数据库若靠这条规则，都会停。`,
          en: `New connections from ${from} to ${String(setting['IpProtocol'])} ${ports} of every instance in the group are refused, unless another rule, or another group of the instance, lets them in. Web sites, remote logins and databases that rely on this rule stop.`,
        },
      ],
    };
  },

  restore(weakness, { SecurityGroupId: group = '', ...rule }) {
    // Told `Accept`, asked for as `accept`.
    const parts = Object.entries(rule).map(
      ([name, value]) => [`Permissions.1.${name}`, name === 'Policy' ? String(value).toLowerCase() : value] as const,
    );
    return [ecsCall('AuthorizeSecurityGroup', weakness, { SecurityGroupId: group, ...Object.fromEntries(parts) })];
  },
};

function settingOf(rule: unknown, group: string): Setting {
  const parts = PARTS.flatMap((name) => {
    const value = name === 'SecurityGroupId' ? group : textAt(rule, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(parts);
}

function isSame(one: Setting, other: Setting): boolean {
  return PARTS.every((name) => String(one[name] ?? '') === String(other[name] ?? ''));
}

/** A finding names the rule, and its rule alone knows the group: it is looked for in all of the region. */
async function groupsOf(region: string | undefined, ask: Ask): Promise<readonly string[]> {
  const pages = await pagesOf('DescribeSecurityGroups', region, { MaxResults: 100 }, ask);
  const ids = pages.flatMap((page) =>
    listAt(page, 'SecurityGroups.SecurityGroup').flatMap((one) => textAt(one, 'SecurityGroupId') ?? []),
  );
  return ids.slice(0, MOST_GROUPS);
}

async function rulesOf(group: string, region: string | undefined, ask: Ask): Promise<readonly unknown[]> {
  const params = { SecurityGroupId: group, Direction: 'ingress', MaxResults: 1000 };
  const pages = await pagesOf('DescribeSecurityGroupAttribute', region, params, ask);
  return pages.flatMap((page) => listAt(page, 'Permissions.Permission'));
}

async function pagesOf(action: string, region: string | undefined, params: CloudCall['params'], ask: Ask) {
  const pages: unknown[] = [];
  let token: string | undefined;
  do {
    const paged: CloudCall['params'] = token === undefined ? params : { ...params, NextToken: token };
    const page = await ask(ecsCall(action, { resource: { region } }, paged));
    pages.push(page);
    token = textAt(page, 'NextToken');
  } while (token !== undefined && pages.length < MOST_PAGES);
  return pages;
}

function ecsCall(
  action: string,
  { resource: { region } }: { readonly resource: Pick<Weakness['resource'], 'region'> },
  params: CloudCall['params'],
): CloudCall {
  return {
    permission: `ecs:${action}`,
    api: { product: 'ecs', version: '2014-05-26', action },
    params: { ...(region === undefined ? {} : { RegionId: region }), ...params },
    region,
  };
}

/** A group in which anything is refused may refuse what another rule seems to let in: then nothing counts as open. */
function doorOf(rule: unknown, others: readonly unknown[]): ClosedDoor | undefined {
  const door = wayIn(rule);
  if (door === undefined) return undefined;
  const isPlain = others.every((other) => textAt(other, 'Policy')?.toLowerCase() === 'accept');
  return { ...door, stillOpen: isPlain ? others.flatMap((other) => wayIn(other) ?? []) : [] };
}

function wayIn(rule: unknown): Pick<ClosedDoor, 'from' | 'ports'> | undefined {
  const protocol = textAt(rule, 'IpProtocol')?.toLowerCase();
  const from = [textAt(rule, 'SourceCidrIp'), textAt(rule, 'Ipv6SourceCidrIp')].flatMap((one) => one ?? []);
  if (textAt(rule, 'Policy')?.toLowerCase() !== 'accept' || from.length === 0) return undefined;
  if (protocol === 'all') return { from, ports: [1, 65_535] };
  const [, first = '', last = ''] = /^(-?\d+)\/(-?\d+)$/.exec(textAt(rule, 'PortRange') ?? '') ?? [];
  if (protocol !== 'tcp' || first === '') return undefined;
  return { from, ports: first === '-1' ? [1, 65_535] : [Number(first), Number(last)] };
}
