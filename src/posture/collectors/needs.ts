import type { Check } from '../checks/index.ts';
import { askedOf } from './asked.ts';
import type { Collector, Service } from './collector.ts';

/** What a set of checks asks of a collector. */
export interface Plan {
  /** Checks whose needs are all served, for one of their subjects at least: only these are asked of live accounts. */
  readonly checks: readonly Check[];
  /** For each service the names of the calls to make. */
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>;
  /** What must be granted, sorted. */
  readonly permissions: readonly string[];
  /** Checks that stay out, with the needs that no call serves or the types that nothing collects. */
  readonly notCollected: readonly { readonly check: string; readonly needs: readonly string[] }[];
}

/**
 * Which calls follow from the checks’ needs and from what their conditions read, and which permissions from the calls.
 *
 * Checks without needs are about code only, and are left out silently.
 */
export function planOf<Api>(collector: Collector<Api>, all: readonly Check[]): Plan {
  const live = all.filter(({ provider, needs }) => provider === collector.provider && needs.length > 0);
  const serving = servedBy(collector);
  const types = new Set(collector.services.flatMap(({ kinds }) => kinds.map(({ type }) => type)));
  const held = new Set(collector.services.flatMap(({ kinds }) => kinds.flatMap(({ holds = [] }) => holds)));
  const prefixes = new Set([...serving.keys()].map(prefixOf));
  const checks: Check[] = [];
  const notCollected: { check: string; needs: readonly string[] }[] = [];
  for (const check of live) {
    const subjects = [check.resource].flat();
    const collected = subjects.filter((type) => types.has(type));
    const missing = [...check.needs.filter((need) => !serving.has(need)), ...(collected.length > 0 ? [] : subjects)];
    // Needs of a service that nothing reads are of subjects that nothing collects: the other subjects are judged.
    const isPartly =
      collected.length > 0 &&
      subjects.some((type) => !types.has(type) && !held.has(type)) &&
      missing.every((need) => !prefixes.has(prefixOf(need)));
    if (missing.length === 0 || isPartly) checks.push(check);
    else notCollected.push({ check: check.id, needs: missing });
  }
  const calls = new Map<string, Set<string>>();
  const permissions = new Set<string>(checks.length === 0 ? [] : collector.permissions);
  const want = (service: Service<Api>, name: string): void => {
    const names = calls.get(service.id) ?? new Set();
    calls.set(service.id, names);
    if (names.has(name)) return;
    names.add(name);
    const call = service.calls[name];
    if (call === undefined) return;
    permissions.add(call.permission);
    for (const before of [call.of, call.after]) if (before !== undefined) want(service, before);
  };
  for (const { needs } of checks)
    for (const need of needs) for (const { service, name } of serving.get(need) ?? []) want(service, name);
  // A check names what decides it; that its resources are listed, and what it reads beside, follows from its condition.
  const asked = askedOf(checks);
  for (const service of collector.services) {
    for (const { type, call, more = [] } of service.kinds) {
      const names = asked.get(type);
      if (names === undefined) continue;
      want(service, call);
      for (const { call: further, attributes } of more)
        if (Object.keys(attributes).some((name) => names.has(name))) want(service, further);
    }
  }
  return { checks, calls, permissions: [...permissions].sort(), notCollected };
}

function prefixOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}

function servedBy<Api>({ services }: Collector<Api>): Map<string, { service: Service<Api>; name: string }[]> {
  const serving = new Map<string, { service: Service<Api>; name: string }[]>();
  for (const service of services) {
    for (const [name, { permission, serves = [] }] of Object.entries(service.calls)) {
      for (const need of [permission, ...serves]) serving.set(need, [...(serving.get(need) ?? []), { service, name }]);
    }
  }
  return serving;
}
