import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { portRange } from './address-range.ts';
import { type Answer, ask, either, failWhen, valuesOf } from './answer.ts';
import { RISKY } from './risky-ports.ts';
import { portsLeft, type ReadRule, readRule } from './rule-order.ts';
import { accepts, hasPort, isForProtocol, isFromAnywhere, isIngress, portsOf } from './security-rule.ts';

/** Programs that follow the way from the internet to a machine: address, port forwarding, balancer, and the group in between. */
export const REACH_PROGRAMS: Readonly<Record<string, Program>> = {
  'instance-public-and-open': (instance, graph) => {
    const address = hasPublicAddress(instance, graph);
    if (address === false) return PASS;
    return throughGroups(instance, graph, (rule, all) =>
      failWhen([address, ...opens(rule), isInForce(rule, all)], () => `${rule.id} lets everyone in`),
    );
  },
  'instance-admin-reached': (instance, graph) =>
    allOf([byAddress, byForwarding, byBalancer, byNetworkBalancer], (way) => way(instance, graph)),
  /** Of a scaling configuration: its machines are behind groups that are known not to be open. */
  'groups-not-open': (one, graph) => {
    if (GROUPS.every((attribute) => valuesOf(one, attribute).length === 0))
      return fail(() => 'no security group is named');
    return throughGroups(one, graph, (rule, all) =>
      failWhen([...opens(rule), isInForce(rule, all)], () => `${rule.id} lets everyone in`),
    );
  },
};

const RULES = ['alicloud_security_group_rule'];
const GROUPS = ['security_groups', 'security_group_ids', 'security_group_id'];
const INSTANCE_NAMES = ['id', 'instance_id', 'instance_name'];

function hasPublicAddress(instance: Resource, graph: Graph): Answer {
  const bound = graph.naming(
    instance,
    ['alicloud_eip_association', 'alicloud_eip_attachment'],
    'instance_id',
    INSTANCE_NAMES,
  );
  return either([
    bound.certain.length > 0,
    ask(instance, 'internet_max_bandwidth_out', false, (width) => Number(width) > 0),
    ask(instance, 'allocate_public_ip', false, (wanted) => wanted === 'true'),
    ask(instance, 'public_ip', false, () => true),
    bound.maybe.length > 0 && { missing: 'an address is bound to a machine that is named by its id alone' },
  ]);
}

/**
 * Asks every rule that lets something into the groups of a machine, beside all the others: of several groups the rules
 * count together. A group that is not in the scan leaves a pass unknown.
 */
function throughGroups(
  one: Resource,
  graph: Graph,
  judge: (rule: Resource, all: readonly ReadRule[]) => Outcome,
): Outcome {
  let missing: string | undefined;
  const rules = new Set<Resource>();
  for (const attribute of GROUPS) {
    const named = valuesOf(one, attribute).length;
    if (named === 0) continue;
    const groups = graph.named(one, ['alicloud_security_group'], attribute, ['id']);
    for (const group of groups.certain)
      for (const rule of graph.naming(group, RULES, 'security_group_id', ['id']).certain) rules.add(rule);
    const literal = graph.named(one, RULES, attribute, ['security_group_id']).certain;
    for (const rule of literal) rules.add(rule);
    const found = new Set([
      ...groups.certain.flatMap((group) => valuesOf(group, 'id').map(String)),
      ...literal.flatMap((rule) => valuesOf(rule, 'security_group_id').map(String)),
    ]);
    const nameless = groups.certain.filter((group) => valuesOf(group, 'id').length === 0).length;
    if (found.size + nameless < named) missing ??= groups.missing;
  }
  const incoming = [...rules].filter((rule) => isIngress(rule) !== false);
  const all = incoming.flatMap((rule, at) => readRule(rule, at) ?? []);
  const outcome = allOf(incoming, (rule) => judge(rule, all));
  return outcome.is === 'pass' && missing !== undefined ? unsure(() => missing as string) : outcome;
}

/** At the first and the last of its ports: whether a refusal that is asked before leaves it nothing there. */
function isInForce(rule: Resource, all: readonly ReadRule[]): boolean {
  const ports = portsOf(rule);
  if (ports === undefined || 'missing' in ports) return true;
  return portsLeft(rule, all, ports).length > 0;
}

function opens(rule: Resource): readonly Answer[] {
  return [isIngress(rule), accepts(rule), isFromAnywhere(rule)];
}

function byAddress(instance: Resource, graph: Graph): Outcome {
  const address = hasPublicAddress(instance, graph);
  if (address === false) return PASS;
  return throughGroups(instance, graph, (rule, all) =>
    failWhen(
      [address, ...opens(rule), isForProtocol(rule, ['tcp', 'udp']), hasPort(rule, portsLeft(rule, all, RISKY))],
      () => `the machine has a public address, and ${rule.id} lets everyone in`,
    ),
  );
}

/** A port forwarding keeps the visitor’s address, so the group decides too. */
function byForwarding(instance: Resource, graph: Graph): Outcome {
  const entries = graph.naming(instance, ['alicloud_forward_entry'], 'internal_ip', [
    'private_ip',
    'primary_ip_address',
  ]);
  return allOf(entries.certain, (entry) => {
    const inner = ask(entry, 'internal_port', false, isRiskyText);
    if (inner === false) return PASS;
    return throughGroups(instance, graph, (rule, all) =>
      failWhen(
        [
          inner,
          ...opens(rule),
          isForProtocol(rule, ['tcp', 'udp']),
          hasPort(rule, portsLeft(rule, all, portsIn(entry))),
        ],
        () => `${entry.id} forwards the internet to it, and ${rule.id} lets everyone in`,
      ),
    );
  });
}

/** What comes from a classic balancer does not pass the machine’s security group. */
function byBalancer(instance: Resource, graph: Graph): Outcome {
  const direct = graph
    .naming(instance, ['alicloud_slb_backend_server'], 'backend_servers.server_id', INSTANCE_NAMES)
    .certain.flatMap((backend) => balancersOf(backend, graph));
  const groups = [
    ...graph.naming(instance, ['alicloud_slb_server_group'], 'servers.server_ids', INSTANCE_NAMES).certain,
    ...graph
      .naming(instance, ['alicloud_slb_server_group_server_attachment'], 'server_id', INSTANCE_NAMES)
      .certain.flatMap(
        (attachment) => graph.named(attachment, ['alicloud_slb_server_group'], 'server_group_id', ['id']).certain,
      ),
  ];
  const listeners = [
    ...direct.flatMap(
      (balancer) => graph.naming(balancer, ['alicloud_slb_listener'], 'load_balancer_id', ['id']).certain,
    ),
    ...groups.flatMap((group) => graph.naming(group, ['alicloud_slb_listener'], 'server_group_id', ['id']).certain),
  ];
  return allOf(new Set(listeners), (listener) =>
    allOf(balancersOf(listener, graph), (balancer) =>
      failWhen(
        [
          ask(balancer, 'address_type', true, (type) => type === 'internet'),
          ask(listener, 'protocol', false, (protocol) => protocol === 'tcp' || protocol === 'udp'),
          ask(listener, 'backend_port', false, isRiskyText),
          ask(listener, 'acl_status', true, (status) => status !== 'on'),
        ],
        () => `${listener.id} leads the internet to it`,
      ),
    ),
  );
}

/** The network balancer passes connections on as they are; what its servers listen on is public where it is. */
function byNetworkBalancer(instance: Resource, graph: Graph): Outcome {
  const servers = graph.naming(instance, ['alicloud_nlb_server_group_server_attachment'], 'server_id', INSTANCE_NAMES);
  return allOf(servers.certain, (server) => {
    const risky = ask(server, 'port', false, isRiskyText);
    if (risky === false) return PASS;
    const groups = graph.named(server, ['alicloud_nlb_server_group'], 'server_group_id', ['id']).certain;
    const listeners = groups.flatMap(
      (group) => graph.naming(group, ['alicloud_nlb_listener'], 'server_group_id', ['id']).certain,
    );
    return allOf(listeners, (listener) =>
      allOf(graph.named(listener, ['alicloud_nlb_load_balancer'], 'load_balancer_id', ['id']).certain, (balancer) =>
        failWhen(
          [risky, ask(balancer, 'address_type', false, (type) => type === 'internet')],
          () => `${listener.id} leads the internet to it`,
        ),
      ),
    );
  });
}

function balancersOf(one: Resource, graph: Graph): readonly Resource[] {
  return graph.named(one, ['alicloud_slb_load_balancer', 'alicloud_slb'], 'load_balancer_id', ['id']).certain;
}

function isRiskyText(text: string): boolean {
  const range = portRange(text);
  return range !== undefined && RISKY.some((port) => port >= range[0] && port <= range[1]);
}

function portsIn(entry: Resource): readonly number[] {
  const [value] = valuesOf(entry, 'internal_port');
  const range = value === undefined || isUnknown(value) ? undefined : portRange(textOf(value));
  return range === undefined ? RISKY : RISKY.filter((port) => port >= range[0] && port <= range[1]);
}
