import { isUnknown, type Resource } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { portRange } from './address-range.ts';
import { ask, either, failWhen, valuesOf } from './answer.ts';
import { RISKY } from './risky-ports.ts';

/** Programs about NAT gateways, their addresses and entries. */
export const NAT_PROGRAMS: Readonly<Record<string, Program>> = {
  'nat-gateway-addresses-used': addressesUsed,
  'nat-gateway-equal-bandwidth': equalBandwidth,
  'listener-not-risky': (listener) =>
    failWhen(
      [either([ask(listener, 'frontend_port', false, isRisky), ask(listener, 'backend_port', false, isRisky)])],
      () => 'the port is one of administration or of a database',
    ),
  'forwarding-not-risky': (entry) =>
    failWhen(
      [
        either([ask(entry, 'external_port', false, isRisky), ask(entry, 'internal_port', false, isRisky)]),
        ask(entry, 'ip_protocol', true, () => true),
      ],
      () => 'the port is one of administration or of a database',
    ),
};

const BINDINGS = ['alicloud_eip_association', 'alicloud_eip_attachment'];
const ADDRESSES = ['alicloud_eip_address', 'alicloud_eip'];

function isRisky(port: string): boolean {
  const range = portRange(port);
  return range !== undefined && RISKY.some((one) => one >= range[0] && one <= range[1]);
}

function bindingsOf(gateway: Resource, graph: Graph): readonly Resource[] {
  return graph.naming(gateway, BINDINGS, 'instance_id', ['id', 'nat_gateway_id', 'nat_gateway_name']).certain;
}

function addressesUsed(gateway: Resource, graph: Graph): Outcome {
  const tables = [
    graph.naming(gateway, ['alicloud_snat_entry'], 'snat_table_id', ['id', 'snat_table_ids']),
    graph.naming(gateway, ['alicloud_forward_entry'], 'forward_table_id', ['id', 'forward_table_ids']),
  ];
  const entries = tables.flatMap(({ certain }) => certain);
  const bindings = bindingsOf(gateway, graph);
  if (entries.length === 0) {
    // A table that is named by its id alone may be this one’s.
    return tables.some(({ maybe }) => maybe.length > 0)
      ? unsure(() => 'an entry names its table by an id')
      : fail(() => 'no SNAT or DNAT entry uses it');
  }
  return allOf(bindings, (binding) => {
    const [address] = graph.named(binding, ADDRESSES, 'allocation_id', ['id', 'allocation_id']).certain;
    if (address === undefined) return PASS;
    const used = [
      ...graph.naming(address, ['alicloud_snat_entry'], 'snat_ip', ['ip_address']).certain,
      ...graph.naming(address, ['alicloud_forward_entry'], 'external_ip', ['ip_address']).certain,
    ];
    if (used.length > 0) return PASS;
    const plain = entries.some((one) => [...valuesOf(one, 'snat_ip'), ...valuesOf(one, 'external_ip')].some(isPlain));
    return plain
      ? unsure(() => `whether ${address.id} is used cannot be told`)
      : fail(() => `no entry uses ${address.id}`);
  });
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string';
}

/** Of a gateway all addresses that are bound to it, of an SNAT entry those that it names. */
function equalBandwidth(one: Resource, graph: Graph): Outcome {
  const addresses =
    one.type === 'alicloud_snat_entry'
      ? graph.named(one, ADDRESSES, 'snat_ip', ['ip_address']).certain
      : bindingsOf(one, graph).flatMap(
          (binding) => graph.named(binding, ADDRESSES, 'allocation_id', ['id', 'allocation_id']).certain,
        );
  const widths = new Set<string>();
  let missing: string | undefined;
  for (const address of addresses) {
    const [width = '5'] = valuesOf(address, 'bandwidth');
    if (isUnknown(width)) missing ??= width.reason;
    else widths.add(String(Number(width)));
  }
  if (widths.size > 1) return fail(() => `the addresses have ${[...widths].join(' and ')} Mbit/s`);
  return missing === undefined ? PASS : unsure(() => missing as string);
}
