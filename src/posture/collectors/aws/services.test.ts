import { describe, expect, test } from 'vitest';
import { readChecks } from '../../content.ts';
import { askedOf } from '../asked.ts';
import { attributesOf } from '../map.ts';
import { planOf } from '../needs.ts';
import { awsCollector } from './index.ts';
import { loadService } from './sdk.ts';

describe.each(awsCollector.services.map((service) => [service.id, service] as const))('%s', (_id, service) => {
  test('has calls that the SDK has, each with a permission that only reads', async () => {
    for (const [name, call] of Object.entries(service.calls)) {
      expect(call.permission, name).toMatch(
        /^[a-z0-9-]+:(Get|List|Describe)[A-Za-z0-9]+$|^iam:GenerateCredentialReport$/,
      );
      const { commandOf } = await loadService(call.api.service);
      expect(() => commandOf(call.api.command), name).not.toThrow();
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
      expect(
        synonyms.filter((name) => given.includes(name)),
        type,
      ).toEqual([]);
      expect(holds).not.toContain(type);
      expect(type).toMatch(/^aws_[a-z0-9_]+$/);
    }
  });
});

describe('the bundled checks', () => {
  const { checks } = readChecks([new URL('../../../../content/checks', import.meta.url).pathname], {
    has: (type) => type.startsWith('aws_'),
  });
  const plan = planOf(awsCollector, checks);

  test('are each asked of live accounts, or named with what is not collected', () => {
    const live = checks.filter(({ provider, needs }) => provider === 'aws' && needs.length > 0);
    const asked = new Set(plan.checks.map(({ id }) => id));
    const left = new Set(plan.notCollected.map(({ check }) => check));
    expect(live.filter(({ id }) => asked.has(id) === left.has(id))).toEqual([]);
    expect(plan.notCollected.filter(({ needs }) => needs.length === 0)).toEqual([]);
    const needs = [...new Set(plan.notCollected.flatMap((one) => one.needs))].sort();
    console.log(`not collected, of ${live.length} live checks ${left.size}: ${needs.join(', ')}`);
  });

  test('read nothing of collected types that no collector says', () => {
    const collected = new Map<string, Set<string>>();
    for (const kind of awsCollector.services.flatMap(({ kinds }) => kinds)) {
      const names = collected.get(kind.type) ?? new Set(['id', 'name']);
      collected.set(kind.type, names);
      for (const name of [...attributesOf(kind), ...(kind.synonyms ?? [])]) names.add(name);
    }
    const missing = [...askedOf(plan.checks)].flatMap(([type, names]) =>
      [...names]
        .filter((name) => collected.has(type) && !collected.get(type)?.has(name))
        .map((name) => `${type}.${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('lead to no call that nobody asked for', () => {
    const alone = planOf(
      awsCollector,
      checks.filter(({ id }) => id === 'aws-s3-bucket-versioning'),
    );
    expect(alone.permissions).toEqual(['ec2:DescribeRegions', 's3:GetBucketVersioning', 's3:ListAllMyBuckets']);
    expect(planOf(awsCollector, []).permissions).toEqual([]);
  });

  test('that need what is secret in servers stay out', () => {
    expect(
      plan.permissions.filter((one) => /GetObject|GetSecretValue|InstanceAttribute|GetFunction$/.test(one)),
    ).toEqual([]);
  });

  test('of several subjects are asked of those that are collected', () => {
    const asked = new Set(plan.checks.map(({ id }) => id));
    // Start configurations of groups of servers are not collected; servers are.
    expect(asked).toContain('aws-ec2-imdsv2');
    // What servers are started with is not read, so nothing may be said of it.
    expect(asked).not.toContain('aws-ec2-no-secrets-in-user-data');
  });
});
