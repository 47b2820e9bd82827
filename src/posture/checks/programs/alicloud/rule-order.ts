import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import { type AddressRange, addressRange, covers, type PortRange } from './address-range.ts';
import { valuesOf } from './answer.ts';
import { isAll, portsOf } from './security-rule.ts';

/** A rule of a security group, all of which is known. */
export interface ReadRule {
  readonly resource: Resource;
  /** Where it stands among the rules of its group. */
  readonly at: number;
  readonly direction: string;
  readonly card: string;
  readonly accepts: boolean;
  readonly priority: number;
  readonly protocol: string;
  readonly ports: PortRange;
  /** An address range, or the text of a group or a list. */
  readonly source: AddressRange | string;
}

/**
 * Of these ports the ones that a rule still decides: not those that a rule asked before refuses to all whom it lets in.
 * A rule that is not known as a whole is taken to decide all.
 */
export function portsLeft(rule: Resource, rules: readonly ReadRule[], ports: readonly number[]): readonly number[] {
  const own = readRule(rule, 0);
  if (own === undefined) return ports;
  const refusals = rules.filter((other) => !other.accepts && wins(other, own));
  if (refusals.length === 0) return ports;
  return ports.filter((port) => {
    const one: ReadRule = { ...own, ports: [port, port] };
    return !refusals.some((other) => coversRule(other, one));
  });
}

export function readRule(resource: Resource, at: number): ReadRule | undefined {
  const text = (path: string, absent: string): string | undefined => {
    const [value] = valuesOf(resource, path);
    if (value === undefined) return absent;
    return typeof value === 'object' ? undefined : String(value).toLowerCase();
  };
  const direction = text('type', 'ingress');
  const card = text('nic_type', '');
  const policy = text('policy', 'accept');
  const priority = text('priority', '1');
  const protocol = text('ip_protocol', 'all');
  const ports = portsOf(resource);
  const source = sourceOf(resource);
  if (direction === undefined || card === undefined || policy === undefined || priority === undefined) return;
  if (protocol === undefined || ports === undefined || 'missing' in ports || source === undefined) return;
  return {
    resource,
    at,
    direction,
    card,
    accepts: policy !== 'drop',
    priority: Number(priority),
    protocol,
    ports,
    source,
  };
}

function sourceOf(resource: Resource): AddressRange | string | undefined {
  const found = ['source_security_group_id', 'prefix_list_id', 'ipv6_cidr_ip', 'cidr_ip'].flatMap((path) =>
    valuesOf(resource, path),
  );
  if (found.length === 0) return addressRange('0.0.0.0/0');
  const [value] = found;
  // Two sources in one rule are more than this comparison knows.
  if (found.length > 1 || value === undefined) return;
  if (isUnknown(value)) {
    const [reference] = value.references;
    return reference === undefined ? undefined : `${reference.resource}.${reference.attribute}`;
  }
  return addressRange(textOf(value)) ?? textOf(value);
}

/** Asked first: the smaller number, of equal ones the refusal, of equal refusals the one that was written first. */
export function wins(other: ReadRule, own: ReadRule): boolean {
  if (other.resource === own.resource) return false;
  if (other.priority !== own.priority) return other.priority < own.priority;
  if (other.accepts !== own.accepts) return !other.accepts;
  return sameSpan(other, own) ? isWrittenBefore(other.resource, own.resource) : true;
}

function isWrittenBefore(one: Resource, other: Resource): boolean {
  if (one.file === other.file && one.line !== other.line) return (one.line ?? 0) < (other.line ?? 0);
  return one.id < other.id;
}

function sameSpan(one: ReadRule, other: ReadRule): boolean {
  return coversRule(one, other) && coversRule(other, one);
}

export function coversRule(wide: ReadRule, narrow: ReadRule): boolean {
  if (wide.direction !== narrow.direction || wide.card !== narrow.card) return false;
  if (!isAll(wide.protocol) && wide.protocol !== narrow.protocol) return false;
  if (wide.ports[0] > narrow.ports[0] || wide.ports[1] < narrow.ports[1]) return false;
  if (typeof wide.source === 'string' || typeof narrow.source === 'string') return wide.source === narrow.source;
  // A refusal inside a wider permission of the same number is met first; only what is covered as a whole is dead.
  return covers(wide.source, narrow.source);
}
