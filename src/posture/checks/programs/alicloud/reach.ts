import { isUnknown, type Resource } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { portRange } from './address-range.ts';
import { type Answer, ask, either, failWhen, valuesOf } from './answer.ts';
import { RISKY } from './risky-ports.ts';
import { accepts, hasPort, isForProtocol, isFromAnywhere, isIngress } from './security-rule.ts';

/** Programs that follow the way from the internet to a machine: address, port forwarding, balancer, and the group in between. */
export const REACH_PROGRAMS: Readonly<Record<string, Program>> = {
  'instance-public-and-open': (instance, graph) => {
    const address = hasPublicAddress(instance, graph);
    if (address === false) return PASS;
    return throughGroups(instance, graph, (rule) =>
      failWhen([address, ...opens(rule)], () => `${rule.id} lets everyone in`),
    );
  },
  'instance-admin-reached': (instance, graph) =>
    allOf([byAddress, byForwarding, byBalancer, byNetworkBalancer], (way) => way(instance, graph)),
  /** Of a scaling configuration: its machines are behind groups that are known not to be open. */
  'groups-not-open': (one, graph) => {
    if (GROUPS.every((attribute) => valuesOf(one, attribute).length === 0))
      return fail(() => 'no security group is named');
    const outcome = throughGroups(one, graph, (rule) => failWhen(opens(rule), () => `${rule.id} lets everyone in`));
    return outcome;
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
  ]);
}

/** Asks every rule that lets something into the groups of a machine. Groups that are not in the scan are unknown. */
function throughGroups(one: Resource, graph: Graph, judge: (rule: Resource) => Outcome): Outcome {
  let missing: string | undefined;
  const rules = new Set<Resource>();
  for (const attribute of GROUPS) {
    if (valuesOf(one, attribute).length === 0) continue;
    const groups = graph.named(one, ['alicloud_security_group'], attribute, ['id']);
    for (const group of groups.certain)
      for (const rule of graph.naming(group, RULES, 'security_group_id', ['id']).certain) rules.add(rule);
    const literal = graph.named(one, RULES, attribute, ['security_group_id']).certain;
    for (const rule of literal) rules.add(rule);
    if (groups.certain.length === 0 && literal.length === 0) missing ??= groups.missing;
  }
  const outcome = allOf(
    [...rules].filter((rule) => isIngress(rule) !== false),
    judge,
  );
  return outcome.is === 'pass' && missing !== undefined ? unsure(() => missing as string) : outcome;
}

function opens(rule: Resource): readonly Answer[] {
  return [isIngress(rule), accepts(rule), isFromAnywhere(rule)];
}

function byAddress(instance: Resource, graph: Graph): Outcome {
  const address = hasPublicAddress(instance, graph);
  if (address === false) return PASS;
  return throughGroups(instance, graph, (rule) =>
    failWhen(
      [address, ...opens(rule), isForProtocol(rule, ['tcp', 'udp']), hasPort(rule, RISKY)],
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
    return throughGroups(instance, graph, (rule) =>
      failWhen(
        [inner, ...opens(rule), isForProtocol(rule, ['tcp', 'udp']), hasPort(rule, portsIn(entry))],
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
  const range = value === undefined || isUnknown(value) ? undefined : portRange(String(value));
  return range === undefined ? RISKY : RISKY.filter((port) => port >= range[0] && port <= range[1]);
}
