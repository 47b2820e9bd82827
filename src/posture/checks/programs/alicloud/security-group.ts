import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { addressRange, isPrivate } from './address-range.ts';
import { type Answer, failWhen, valuesOf } from './answer.ts';
import type { Program } from '../index.ts';
import { ADMIN, DATABASES, RDP, SSH } from './risky-ports.ts';
import { accepts, hasPort, isForProtocol, isFromAnywhere, portsOf } from './security-rule.ts';

/** Programs that judge one rule of a security group (`alicloud_security_group_rule`). */
export const SECURITY_GROUP_PROGRAMS: Readonly<Record<string, Program>> = {
  'security-group-ssh-closed': closedToAll(['tcp'], SSH),
  'security-group-rdp-closed': closedToAll(['tcp', 'udp'], RDP),
  'security-group-databases-closed': closedToAll(['tcp', 'udp'], DATABASES),
  'security-group-admin-closed': closedToAll(['tcp', 'udp'], ADMIN),
  'security-group-not-all-open': (rule) =>
    failWhen([accepts(rule), isFromAnywhere(rule), hasEveryPort(rule)], () => `${said(rule)} is open to the internet`),
  'security-group-only-web-open': (rule) =>
    failWhen(
      [accepts(rule), isFromAnywhere(rule), isForProtocol(rule, ['tcp', 'udp']), isMoreThanWeb(rule)],
      () => `${said(rule)} is open to the internet`,
    ),
  'security-group-ping-closed': (rule) =>
    failWhen(
      [accepts(rule), isFromAnywhere(rule), isForProtocol(rule, ['icmp', 'icmpv6'])],
      () => `${said(rule)} is open to the internet`,
    ),
  'security-group-ipv6-closed': (rule) =>
    failWhen(
      [accepts(rule), isFromAnywhere(rule), isForProtocol(rule, ['tcp', 'udp']), isMoreThanWeb(rule)],
      () => `${said(rule)} is open to ::/0`,
    ),
  'security-group-not-all-ports': (rule) => failWhen([accepts(rule), hasEveryPort(rule)], () => `${said(rule)}`),
  'security-group-egress-narrow': (rule) =>
    failWhen([accepts(rule), isFromAnywhere(rule), hasEveryPort(rule)], () => `${said(rule)} may go anywhere`),
  'security-group-private-sources': privateSources,
};

function closedToAll(protocols: readonly string[], ports: readonly number[]): Program {
  return (rule) =>
    failWhen(
      [accepts(rule), isFromAnywhere(rule), isForProtocol(rule, protocols), hasPort(rule, ports)],
      () => `${said(rule)} is open to the internet`,
    );
}

/** Rules for ICMP have no ports, whatever range they name. */
function hasEveryPort(rule: Resource): Answer {
  const carries = isForProtocol(rule, ['tcp', 'udp']);
  if (carries !== true) return carries;
  const range = portsOf(rule);
  if (range === undefined) return false;
  return 'missing' in range ? range : range[0] <= 1 && range[1] >= 65_535;
}

function isMoreThanWeb(rule: Resource): Answer {
  const range = portsOf(rule);
  if (range === undefined) return false;
  return 'missing' in range ? range : !(range[0] === range[1] && (range[0] === 80 || range[0] === 443));
}

function privateSources(rule: Resource): Outcome {
  const accepted = accepts(rule);
  if (accepted === false) return PASS;
  const anywhere = isFromAnywhere(rule);
  if (anywhere === true) return failWhen([accepted], () => 'the source is the whole internet');
  for (const value of [...valuesOf(rule, 'cidr_ip'), ...valuesOf(rule, 'ipv6_cidr_ip')]) {
    if (isUnknown(value)) return unsure(() => value.reason);
    const range = addressRange(textOf(value));
    if (range !== undefined && !isPrivate(range)) return fail(() => `the source is ${textOf(value)}`);
  }
  return PASS;
}

function said(rule: Resource): string {
  const [protocol = 'all'] = valuesOf(rule, 'ip_protocol');
  const [ports = '-1/-1'] = valuesOf(rule, 'port_range');
  return `${textOf(protocol)} ${isUnknown(ports) ? '' : textOf(ports)}`.trim();
}
