import { isAttributes, isUnknown, type Resource, type Value, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { allOf, type Outcome, unsure } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { addressRange, isWholeInternet, portRange } from './address-range.ts';
import { ask, failWhen, valuesOf } from './answer.ts';
import { RISKY } from './risky-ports.ts';

/** Programs about network ACLs of a VPC, whose entries stand inside or in `alicloud_network_acl_entries`. */
export const NETWORK_ACL_PROGRAMS: Readonly<Record<string, Program>> = { 'network-acl-risky-closed': riskyClosed };

function riskyClosed(acl: Resource, graph: Graph): Outcome {
  const beside = graph.naming(acl, ['alicloud_network_acl_entries'], 'network_acl_id', ['id']).certain;
  const entries: readonly Value[] = [
    ...valuesOf(acl, 'ingress_acl_entries'),
    ...beside.flatMap((one) => valuesOf(one, 'ingress')),
  ];
  return allOf(entries, (entry) => {
    if (isUnknown(entry)) return unsure(() => entry.reason);
    if (!isAttributes(entry)) return failWhen([false], () => '');
    const one: Resource = { ...acl, attributes: entry };
    return failWhen(
      [
        ask(one, 'policy', true, (policy) => policy === 'accept'),
        ask(one, 'protocol', true, (protocol) => ['tcp', 'udp', 'all', '-1'].includes(protocol)),
        ask(one, 'source_cidr_ip', false, isOpen),
        ask(one, 'port', true, isRisky),
      ],
      () => `an entry accepts ${textOf(entry.port ?? 'every port')} from everywhere`,
    );
  });
}

function isOpen(text: string): boolean {
  const range = addressRange(text);
  return range !== undefined && isWholeInternet(range);
}

function isRisky(text: string): boolean {
  const range = portRange(text);
  return range !== undefined && RISKY.some((port) => port >= range[0] && port <= range[1]);
}
