import { describe, expect, test } from 'vitest';
import { askedOf } from '../asked.ts';
import { attributesOf } from '../map.ts';
import { planOf } from '../needs.ts';
import { bundledChecks, walkChecks, walkServices } from '../walk.fixture.ts';
import { awsCollector } from './index.ts';
import { loadService } from './sdk.ts';

walkServices(
  awsCollector,
  /^[a-z0-9-]+:(Get|List|Describe)[A-Za-z0-9]+$|^iam:GenerateCredentialReport$/,
  async ({ api }) => {
    const { commandOf } = await loadService(api.service);
    return typeof commandOf(api.command) === 'function';
  },
);

describe('the bundled checks', () => {
  const checks = bundledChecks('aws_');
  const plan = planOf(awsCollector, checks);

  test('are each asked of live accounts, or named with what is not collected', () => {
    walkChecks(awsCollector, checks);
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
