import { describe, expect, test } from 'vitest';
import type { Check } from '../checks/index.ts';
import { readChecks } from '../content.ts';
import type { Call, Collector } from './collector.ts';
import { planOf } from './needs.ts';

/** The bundled checks of a provider. */
export function bundledChecks(prefix: string): readonly Check[] {
  return readChecks([new URL('../../../content/checks', import.meta.url).pathname], {
    has: (type) => type.startsWith(prefix),
  }).checks;
}

/**
 * Tests that hold for the services of every provider.
 *
 * @param permission what only reads
 * @param exists whether the provider’s SDK has the call, where that can be told
 */
export function walkServices<Api>(
  { provider, services }: Collector<Api>,
  permission: RegExp,
  exists: (call: Call<Api>) => Promise<boolean> = async () => true,
): void {
  describe.each(services.map((service) => [service.id, service] as const))('%s', (_id, service) => {
    test('has calls that exist, each with a permission that only reads', async () => {
      for (const [name, call] of Object.entries(service.calls)) {
        expect(call.permission, name).toMatch(permission);
        expect(await exists(call), name).toBe(true);
        for (const before of [call.of, call.after])
          if (before !== undefined) expect(Object.keys(service.calls)).toContain(before);
      }
      const used = new Set(service.kinds.flatMap(({ call, more = [] }) => [call, ...more.map((part) => part.call)]));
      for (const name of used) expect(Object.keys(service.calls)).toContain(name);
    });

    test('gives each attribute once, and no other name for it besides', () => {
      for (const { type, attributes, ofParent = {}, more = [], synonyms = [], holds = [] } of service.kinds) {
        const given = [attributes, ofParent, ...more.map((part) => part.attributes)].flatMap(Object.keys);
        expect(given.toSorted(), type).toEqual([...new Set(given)].sort());
        expect(synonyms.filter((name) => given.includes(name))).toEqual([]);
        expect(holds).not.toContain(type);
        expect(type).toMatch(new RegExp(`^${provider}_[a-z0-9_]+$`));
      }
    });
  });
}

/** Whether each check that speaks of live accounts is asked of them, or named with what is missing; which are, is printed. */
export function walkChecks<Api>(collector: Collector<Api>, checks: readonly Check[]): void {
  const plan = planOf(collector, checks);
  const live = checks.filter(({ provider, needs }) => provider === collector.provider && needs.length > 0);
  const asked = new Set(plan.checks.map(({ id }) => id));
  const left = new Set(plan.notCollected.map(({ check }) => check));
  expect(live.filter(({ id }) => asked.has(id) === left.has(id))).toEqual([]);
  expect(plan.notCollected.filter(({ needs }) => needs.length === 0)).toEqual([]);
  expect(asked.size).toBeGreaterThan(live.length / 2);
  const needs = [...new Set(plan.notCollected.flatMap((one) => one.needs))].sort();
  console.log(`not collected, of ${live.length} live checks ${left.size}: ${needs.join(', ')}`);
}
