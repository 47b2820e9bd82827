import { isAttributes, isUnknown, type Resource, type Value, textOf } from '#model/resource.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { elementsAt } from '../../paths.ts';

type Program = (resource: Resource) => Outcome;
type Rule = { readonly [name: string]: Value };

/** Rules of a security group and of a network ACL, asked what they let in from everywhere. */
export const NETWORK_PROGRAMS: Readonly<Record<string, Program>> = {
  'aws-group-closed-ssh': groupClosed([22]),
  'aws-group-closed-rdp': groupClosed([3389]),
  'aws-group-closed-http': groupClosed([80]),
  'aws-group-closed-databases': groupClosed([
    1433, 1521, 3306, 5432, 5439, 6379, 7000, 7001, 9042, 9200, 11211, 27017, 27018,
  ]),
  'aws-group-closed-file-sharing': groupClosed([20, 21, 23, 69, 111, 135, 137, 138, 139, 445, 873, 2049]),
  'aws-group-closed-remote-control': groupClosed([
    512, 513, 514, 2375, 2376, 2379, 4333, 5500, 5900, 5985, 5986, 6443, 10250,
  ]),
  'aws-group-closed-everything': groupClosed('all'),
  'aws-group-egress-limited': (resource) => allOf(egressRules(resource), (rule) => opens(rule, 'all', GROUP_SOURCES)),
  'aws-acl-closed-20': aclClosed([20]),
  'aws-acl-closed-21': aclClosed([21]),
  'aws-acl-closed-ssh': aclClosed([22]),
  'aws-acl-closed-rdp': aclClosed([3389]),
  'aws-acl-closed-everything': aclClosed('all'),
};

type Ports = readonly number[] | 'all';

function groupClosed(ports: Ports): Program {
  return (resource) => allOf(groupRules(resource), (rule) => opens(rule, ports, GROUP_SOURCES));
}

function egressRules({ type, attributes }: Resource): readonly Value[] {
  if (type === 'aws_security_group_rule') return attributes.type === 'egress' ? [attributes] : [];
  return type === 'aws_vpc_security_group_egress_rule' ? [attributes] : elementsAt(attributes, ['egress']);
}

function groupRules({ type, attributes }: Resource): readonly Value[] {
  if (type === 'aws_security_group_rule') return attributes.type === 'egress' ? [] : [attributes];
  return type === 'aws_vpc_security_group_ingress_rule' ? [attributes] : elementsAt(attributes, ['ingress']);
}

/** Attributes that say who is let in, in all the shapes that rules have. */
const GROUP_SOURCES = ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6'];
const ACL_SOURCES = ['cidr_block', 'ipv6_cidr_block'];
/** … or something narrower than addresses. */
const NARROW = [
  'security_groups',
  'source_security_group_id',
  'referenced_security_group_id',
  'prefix_list_id',
  'prefix_list_ids',
  'self',
];

/** Whether a rule lets everyone reach one of the ports. */
function opens(rule: Value, ports: Ports, sources: readonly string[]): Outcome {
  if (isUnknown(rule)) return unsure(() => rule.reason);
  if (!isAttributes(rule)) return PASS;
  const reached = covers(rule, ports);
  if (reached === false) return PASS;
  const given = sources.flatMap((name) => elementsAt(rule, [name]));
  const open = given.some((one) => !isUnknown(one) && isEverywhere(one));
  const nobodyNamed = given.length === 0 && 'ip_protocol' in rule && NARROW.every((name) => !(name in rule));
  if (!open && !nobodyNamed) {
    const hidden = given.find((one) => isUnknown(one));
    return isUnknown(hidden) ? unsure(() => hidden.reason) : PASS;
  }
  return reached === true ? fail(() => 'a rule names everyone') : unsure(() => 'its ports cannot be told');
}

/** `undefined` where it cannot be told. */
function covers(rule: Rule, ports: Ports): boolean | undefined {
  const given = rule.protocol ?? rule.ip_protocol;
  const protocol = isUnknown(given) ? 'unknown' : textOf(given).toLowerCase();
  if (protocol === '-1' || protocol === 'all') return true;
  if (protocol.startsWith('icmp') || protocol === '1' || protocol === '58') return false;
  if (isUnknown(rule.from_port) || isUnknown(rule.to_port)) return undefined;
  const [from, to] = [Number(rule.from_port ?? -1), Number(rule.to_port ?? -1)];
  if (from < 0 || to < 0) return protocol === 'unknown' ? undefined : true;
  const covered = ports === 'all' ? from <= 1 && to >= 65_535 : ports.some((port) => port >= from && port <= to);
  // A protocol that is not known may be all of them, whatever ports stand beside it.
  return covered || (protocol === 'unknown' ? undefined : false);
}

function isEverywhere(value: Value): boolean {
  return typeof value === 'string' && /^(0\.0\.0\.0|[0:]*::)\/0$/.test(value.trim());
}

/** The first rule by number that speaks of everyone and a port decides. */
function aclClosed(ports: Ports): Program {
  return (resource) => {
    if (resource.type === 'aws_network_acl_rule') {
      const { egress, rule_action: action } = resource.attributes;
      if (egress === true || egress === 'true' || textOf(action).toLowerCase() === 'deny') return PASS;
      return opens(resource.attributes, ports, ACL_SOURCES);
    }
    const rules = elementsAt(resource.attributes, ['ingress']).toSorted((a, b) => numberOf(a) - numberOf(b));
    const wanted: readonly Ports[] = ports === 'all' ? ['all'] : ports.map((port) => [port]);
    return allOf(wanted, (one) => {
      const first = rules
        .map((rule) => ({ rule, outcome: opens(rule, one, ACL_SOURCES) }))
        .find(({ outcome }) => outcome.is !== 'pass');
      if (first === undefined || first.outcome.is === 'unknown') return first?.outcome ?? PASS;
      return isAttributes(first.rule) && textOf(first.rule.action).toLowerCase() === 'deny' ? PASS : first.outcome;
    });
  };
}

function numberOf(rule: Value): number {
  const number = isAttributes(rule) ? Number(rule.rule_no ?? rule.rule_number) : Number.NaN;
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}
