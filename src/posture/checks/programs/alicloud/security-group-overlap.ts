import { isUnknown, type Resource } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { fail, type Outcome, PASS } from '../../outcome.ts';
import { type AddressRange, addressRange, covers, overlaps, type PortRange } from './address-range.ts';
import { valuesOf } from './answer.ts';
import type { Program } from '../index.ts';
import { isAll, portsOf } from './security-rule.ts';

/** Programs that judge a rule among the other rules of its group. What cannot be told shadows nothing. */
export const SECURITY_GROUP_OVERLAP_PROGRAMS: Readonly<Record<string, Program>> = {
  'security-group-rule-not-shadowed': (rule, graph) => {
    const own = readRule(rule, 0);
    if (own === undefined) return PASS;
    for (const other of others(rule, graph)) {
      if (other.accepts === own.accepts && wins(other, own) && coversRule(other, own))
        return fail(() => `${other.resource.id} already says so`);
    }
    return PASS;
  },
  'security-group-rules-agree': (rule, graph) => {
    const own = readRule(rule, 0);
    if (own === undefined) return PASS;
    for (const other of others(rule, graph)) {
      if (other.accepts !== own.accepts && wins(other, own) && coversRule(other, own))
        return fail(() => `${other.resource.id} says the opposite and is asked first`);
    }
    return PASS;
  },
  'security-group-rule-can-match': canMatch,
};

interface ReadRule {
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

/** More rules of one group than the provider lets it have; beyond that only the first are compared. */
const MOST_RULES = 1_000;

/** The rules of the same group, the rule itself among them at its place. */
function others(rule: Resource, graph: Graph): readonly ReadRule[] {
  const known = READ.get(graph) ?? new Map<string, readonly ReadRule[]>();
  READ.set(graph, known);
  const [group] = valuesOf(rule, 'security_group_id');
  if (group === undefined) return [];
  const [reference] = isUnknown(group) ? group.references : [];
  const key = isUnknown(group) ? `reference ${reference?.resource ?? rule.id}` : `id ${String(group)}`;
  let rules = known.get(key);
  if (rules === undefined) {
    rules = rulesOf(rule, isUnknown(group), graph)
      .slice(0, MOST_RULES)
      .flatMap((one, at) => readRule(one, at) ?? []);
    known.set(key, rules);
  }
  return rules;
}

/** Each group’s rules are read once in a scan. */
const READ = new WeakMap<Graph, Map<string, readonly ReadRule[]>>();

function rulesOf(rule: Resource, byReference: boolean, graph: Graph): readonly Resource[] {
  if (!byReference) return graph.named(rule, [rule.type], 'security_group_id', ['security_group_id']).certain;
  const groups = graph.named(rule, ['alicloud_security_group'], 'security_group_id', ['id']).certain;
  return groups.flatMap((group) => graph.naming(group, [rule.type], 'security_group_id', ['id']).certain);
}

function readRule(resource: Resource, at: number): ReadRule | undefined {
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
  return addressRange(String(value)) ?? String(value);
}

/** Asked first: the smaller number, of equal ones the refusal, of equal refusals the one that was written first. */
function wins(other: ReadRule, own: ReadRule): boolean {
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

function coversRule(wide: ReadRule, narrow: ReadRule): boolean {
  if (wide.direction !== narrow.direction || wide.card !== narrow.card) return false;
  if (!isAll(wide.protocol) && wide.protocol !== narrow.protocol) return false;
  if (wide.ports[0] > narrow.ports[0] || wide.ports[1] < narrow.ports[1]) return false;
  if (typeof wide.source === 'string' || typeof narrow.source === 'string') return wide.source === narrow.source;
  // A refusal inside a wider permission of the same number is met first; only what is covered as a whole is dead.
  return overlaps(wide.source, narrow.source) && covers(wide.source, narrow.source);
}

function canMatch(rule: Resource): Outcome {
  const [protocol] = valuesOf(rule, 'ip_protocol');
  const [value] = valuesOf(rule, 'port_range');
  if (value === undefined || isUnknown(value) || typeof protocol !== 'string') return PASS;
  const text = String(value);
  const needsPorts = ['tcp', 'udp'].includes(protocol.toLowerCase());
  if (needsPorts && text.trim() === '-1/-1') return fail(() => `${protocol} needs ports, and ${text} names none`);
  const ports = portsOf(rule);
  if (ports === undefined) return fail(() => `${text} is no range of ports`);
  if ('missing' in ports) return PASS;
  const impossible = ports[0] > ports[1] || ports[1] > 65_535 || (needsPorts && ports[0] === 0 && ports[1] === 0);
  return impossible ? fail(() => `no packet has a port of ${text}`) : PASS;
}
