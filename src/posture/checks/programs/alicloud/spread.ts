import { type Attributes, isAttributes, isUnknown, type Resource, type Value, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { valuesOf } from './answer.ts';
import type { Program } from '../index.ts';

/** Programs that ask how many servers there are, and in how many zones they stand. */
export const SPREAD_PROGRAMS: Readonly<Record<string, Program>> = {
  'two-zone-mappings': (one) =>
    severalOf(
      valuesOf(one, 'zone_mappings').map((block) => keyOf(block, ['zone_id', 'vswitch_id'])),
      'zone',
    ),
  'endpoint-two-zones': endpointZones,
  'two-servers': (group, graph) => severalOf(serversOf(group, graph).map(serverKey), 'server'),
  'servers-in-two-zones': (group, graph) => inTwoZones(serversOf(group, graph), group, graph),
  'two-origins': (domain) =>
    severalOf(
      valuesOf(domain, 'sources').map((block) => (isAttributes(block) ? blockKey(block) : keyOf(block, []))),
      'origin server',
    ),
};

const ENDPOINT_PARTS = [
  ['alicloud_privatelink_vpc_endpoint_zone', 'endpoint_id'],
  ['alicloud_privatelink_vpc_endpoint_service_resource', 'service_id'],
] as const;

/** Zones stand inside, or in resources that name the endpoint; those that may name another leave it open. */
function endpointZones(endpoint: Resource, graph: Graph): Outcome {
  const parts = ENDPOINT_PARTS.map(([type, by]) => graph.naming(endpoint, [type], by, ['id']));
  const keys = (blocks: readonly Value[]): readonly Key[] =>
    blocks.map((block) => keyOf(block, ['zone_id', 'resource_id', 'vswitch_id']));
  const own = keys([
    ...['zones', 'zone', 'resources'].flatMap((path) => valuesOf(endpoint, path)),
    ...parts.flatMap((part) => part.certain.map((one) => one.attributes)),
  ]);
  const outcome = severalOf(own, 'zone');
  const maybe = keys(parts.flatMap((part) => part.maybe.map((one) => one.attributes)));
  if (outcome.is !== 'fail' || severalOf([...own, ...maybe], 'zone').is === 'fail') return outcome;
  return unsure(() => 'whether a zone belongs to it cannot be told');
}

/** What tells a thing from another; unknown where that cannot be told. */
type Key = string | { readonly missing: string /** It may stand for several. */; readonly isList?: boolean };

/** Passes with two that differ; those that cannot be told may be the second. */
function severalOf(keys: readonly Key[], what: string): Outcome {
  const known = new Set(keys.filter((key) => typeof key === 'string'));
  if (known.size > 1) return PASS;
  const unclear = keys.find((key) => typeof key === 'object');
  const isOpen = keys.length > 1 || keys.some((key) => typeof key === 'object' && key.isList === true);
  if (typeof unclear === 'object' && isOpen) return unsure(() => unclear.missing);
  return fail(() => (keys.length === 0 ? `there is no ${what}` : `there is only one ${what}`));
}

function keyOf(block: Value, attributes: readonly string[]): Key {
  if (isUnknown(block)) return { missing: block.reason, isList: true };
  if (!isAttributes(block)) return textOf(block);
  for (const attribute of attributes) {
    const value = block[attribute];
    if (value === undefined || value === '') continue;
    return isUnknown(value) ? referenceKey(value) : textOf(value);
  }
  return { missing: `${attributes[0] ?? 'the value'} is not given` };
}

function blockKey(block: Attributes): Key {
  const unclear = Object.values(block).find(isUnknown);
  return unclear === undefined ? JSON.stringify(block) : { missing: unclear.reason };
}

/** Two references to different resources are two things, whatever their ids will be. */
function referenceKey(value: Value): Key {
  if (!isUnknown(value)) return textOf(value);
  const [reference] = value.references;
  return reference === undefined ? { missing: value.reason } : `${reference.resource}.${reference.attribute}`;
}

/** What is not known where servers are listed may be a whole list of them. */
function serverKey(server: Value): Key {
  const key = referenceKey(server);
  return typeof key === 'string' ? key : { ...key, isList: true };
}

/** Attributes that hold the servers of a group of any balancer, inline or in a resource that names the group. */
const INLINE = ['servers.server_id', 'servers.server_ids', 'backend_servers.server_id', 'servers.server_ip'];
const ATTACHED: Readonly<Record<string, readonly [types: readonly string[], by: string]>> = {
  alicloud_alb_server_group: [['alicloud_alb_server_group_server_attachment'], 'server_group_id'],
  alicloud_nlb_server_group: [['alicloud_nlb_server_group_server_attachment'], 'server_group_id'],
  alicloud_slb_server_group: [['alicloud_slb_server_group_server_attachment'], 'server_group_id'],
  alicloud_slb_load_balancer: [['alicloud_slb_backend_server', 'alicloud_slb_attachment'], 'load_balancer_id'],
};

function serversOf(group: Resource, graph: Graph): readonly Value[] {
  const [types, by] = ATTACHED[group.type] ?? [[], 'server_group_id'];
  const attached = graph.naming(group, types, by, ['id', 'server_group_id', 'load_balancer_id']);
  return [
    ...INLINE.flatMap((path) => valuesOf(group, path)),
    ...[...attached.certain, ...attached.maybe].flatMap((one) => [
      ...valuesOf(one, 'server_id'),
      ...valuesOf(one, 'backend_servers.server_id'),
      ...valuesOf(one, 'instance_ids'),
    ]),
  ];
}

const MACHINES = ['alicloud_instance', 'alicloud_eci_container_group', 'alicloud_ecs_network_interface'];

/** By the machines’ zones where they are in the scan; machines elsewhere may stand in any zone, but one machine stands in one. */
function inTwoZones(servers: readonly Value[], group: Resource, graph: Graph): Outcome {
  const distinct = severalOf(servers.map(serverKey), 'server');
  if (distinct.is === 'fail') return distinct;
  const zones = new Set<string>();
  let elsewhere = false;
  for (const server of servers) {
    const holder: Resource = { ...group, attributes: { server } };
    const machines = graph.named(holder, MACHINES, 'server', ['id', 'instance_name', 'private_ip']).certain;
    if (machines.length === 0) elsewhere = true;
    for (const machine of machines) {
      const zone = zoneOf(machine, graph);
      if (zone === undefined) elsewhere = true;
      else zones.add(zone);
    }
  }
  if (zones.size > 1) return PASS;
  if (elsewhere) return unsure(() => 'the zone of a server is not in this scan');
  return fail(() => `all servers stand in ${[...zones][0] ?? 'one zone'}`);
}

function zoneOf(machine: Resource, graph: Graph): string | undefined {
  for (const attribute of ['availability_zone', 'zone_id']) {
    const [value] = valuesOf(machine, attribute);
    if (value !== undefined && !isUnknown(value)) return textOf(value);
  }
  for (const vswitch of graph.named(machine, ['alicloud_vswitch'], 'vswitch_id', ['id']).certain) {
    const [zone] = [...valuesOf(vswitch, 'zone_id'), ...valuesOf(vswitch, 'availability_zone')];
    if (zone !== undefined && !isUnknown(zone)) return textOf(zone);
  }
  return undefined;
}
