import { describe, expect, test } from 'vitest';
import { readChecks } from '../../content.ts';
import { planOf } from '../needs.ts';
import { alicloudCollector } from './index.ts';

describe.each(alicloudCollector.services.map((service) => [service.id, service] as const))('%s', (_id, service) => {
  test('has calls that exist, each with a permission that only reads', () => {
    for (const [name, call] of Object.entries(service.calls)) {
      expect(call.permission, name).toMatch(
        /^[a-z-]+:(Get|List|Describe|Check)[A-Za-z0-9]+$|^ram:GenerateCredentialReport$/,
      );
      // The transport can write, for repairs; a scan never does.
      expect(call.api, name).not.toHaveProperty('write');
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
      expect(type).toMatch(/^alicloud_[a-z0-9_]+$/);
    }
  });
});

describe('the bundled checks', () => {
  const { checks } = readChecks([new URL('../../../../content/checks', import.meta.url).pathname], {
    has: (type) => type.startsWith('alicloud_'),
  });
  const plan = planOf(alicloudCollector, checks);

  test('are each asked of live accounts, or named with what is not collected', () => {
    const live = checks.filter(({ provider, needs }) => provider === 'alicloud' && needs.length > 0);
    const asked = new Set(plan.checks.map(({ id }) => id));
    const left = new Set(plan.notCollected.map(({ check }) => check));
    expect(live.filter(({ id }) => asked.has(id) === left.has(id))).toEqual([]);
    expect(plan.notCollected.filter(({ needs }) => needs.length === 0)).toEqual([]);
    expect(asked.size).toBeGreaterThan(live.length / 2);
    const needs = [...new Set(plan.notCollected.flatMap((one) => one.needs))].sort();
    console.log(`not collected, of ${live.length} live checks ${left.size}: ${needs.join(', ')}`);
  });

  test('lead to no call that nobody asked for', () => {
    const alone = planOf(
      alicloudCollector,
      checks.filter(({ id }) => id === 'oss-bucket-not-public'),
    );
    expect(alone.permissions).toEqual(['ecs:DescribeRegions', 'oss:GetBucketAcl', 'oss:ListBuckets']);
    expect(planOf(alicloudCollector, []).permissions).toEqual([]);
  });
});
