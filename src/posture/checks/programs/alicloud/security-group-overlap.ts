import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { valuesOf } from './answer.ts';
import type { Program } from '../index.ts';
import { coversRule, type ReadRule, readRule, wins } from './rule-order.ts';
import { portsOf } from './security-rule.ts';

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

/** More rules of one group than the provider lets it have; beyond that only the first are compared. */
const MOST_RULES = 1_000;

/** The rules of the same group, the rule itself among them at its place. */
function others(rule: Resource, graph: Graph): readonly ReadRule[] {
  const known = READ.get(graph) ?? new Map<string, readonly ReadRule[]>();
  READ.set(graph, known);
  const [group] = valuesOf(rule, 'security_group_id');
  if (group === undefined) return [];
  const [reference] = isUnknown(group) ? group.references : [];
  const key = isUnknown(group) ? `reference ${reference?.resource ?? rule.id}` : `id ${textOf(group)}`;
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

function canMatch(rule: Resource): Outcome {
  const [protocol] = valuesOf(rule, 'ip_protocol');
  const [value] = valuesOf(rule, 'port_range');
  if (value === undefined) return PASS;
  if (isUnknown(value)) return unsure(() => value.reason);
  if (isUnknown(protocol)) return unsure(() => protocol.reason);
  if (typeof protocol !== 'string') return PASS;
  const text = textOf(value);
  const needsPorts = ['tcp', 'udp'].includes(protocol.toLowerCase());
  if (needsPorts && text.trim() === '-1/-1') return fail(() => `${protocol} needs ports, and ${text} names none`);
  const ports = portsOf(rule);
  if (ports === undefined) return fail(() => `${text} is no range of ports`);
  if ('missing' in ports) return PASS;
  const impossible = ports[0] > ports[1] || ports[1] > 65_535 || (needsPorts && ports[0] === 0 && ports[1] === 0);
  return impossible ? fail(() => `no packet has a port of ${text}`) : PASS;
}
