import { describe, expect, test } from 'vitest';
import { planOf } from '../needs.ts';
import { bundledChecks, walkChecks, walkServices } from '../walk.fixture.ts';
import { alicloudCollector } from './index.ts';

walkServices(
  alicloudCollector,
  /^[a-z-]+:(Get|List|Describe|Check)[A-Za-z0-9]+$|^ram:GenerateCredentialReport$/,
  // The transport can write, for repairs; a scan never does.
  async ({ api }) => !('write' in api),
);

describe('the bundled checks', () => {
  const checks = bundledChecks('alicloud_');

  test('are each asked of live accounts, or named with what is not collected', () => {
    walkChecks(alicloudCollector, checks);
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
