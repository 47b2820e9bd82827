import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import { addressRange, ALL_PORTS, isWholeInternet, type PortRange, portRange } from './address-range.ts';
import { type Answer, ask, valuesOf } from './answer.ts';

/** Sources that are no address range: a group or a list of prefixes. */
const OTHER_SOURCES = ['source_security_group_id', 'prefix_list_id'];

/** Whether a rule of a security group accepts at all: to drop is to close. */
export function accepts(rule: Resource): Answer {
  return ask(rule, 'policy', true, (policy) => policy !== 'drop');
}

/** Whether it speaks of one of these protocols. */
export function isForProtocol(rule: Resource, protocols: readonly string[]): Answer {
  return ask(rule, 'ip_protocol', true, (protocol) => isAll(protocol) || protocols.includes(protocol));
}

/** Whether its ports have one of these. Rules for all protocols are for all ports, whatever range they name. */
export function hasPort(rule: Resource, ports: readonly number[]): Answer {
  const range = portsOf(rule);
  if (range === undefined) return false;
  return 'missing' in range ? range : ports.some((port) => port >= range[0] && port <= range[1]);
}

/** Its ports; `undefined` where the range is none. */
export function portsOf(rule: Resource): PortRange | { readonly missing: string } | undefined {
  const [protocol] = valuesOf(rule, 'ip_protocol');
  if (typeof protocol === 'string' && isAll(protocol.toLowerCase())) return ALL_PORTS;
  const [value] = valuesOf(rule, 'port_range');
  if (value === undefined) return ALL_PORTS;
  if (isUnknown(value)) return { missing: value.reason };
  return portRange(textOf(value));
}

/** Whether the whole internet is meant. A rule that names no source at all is for everyone, as the provider documents. */
export function isFromAnywhere(rule: Resource): Answer {
  const v6 = ask(rule, 'ipv6_cidr_ip', false, isOpenText);
  if (v6 === true) return true;
  const named = OTHER_SOURCES.some((attribute) => valuesOf(rule, attribute).length > 0);
  const v6Named = valuesOf(rule, 'ipv6_cidr_ip').length > 0;
  const v4 = ask(rule, 'cidr_ip', !named && !v6Named, isOpenText);
  return v4 === false ? v6 : v4;
}

export function isIngress(rule: Resource): Answer {
  return ask(rule, 'type', false, (type) => type === 'ingress');
}

export function isAll(protocol: string): boolean {
  return protocol === 'all' || protocol === '-1' || protocol === 'any';
}

function isOpenText(text: string): boolean {
  const range = addressRange(text);
  return range !== undefined && isWholeInternet(range);
}
