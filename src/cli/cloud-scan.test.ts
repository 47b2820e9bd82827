import { describe, expect, it } from 'vitest';
import { rpcError, serveWire } from '#posture/collectors/alicloud/wire.fixture.ts';
import { commandOf } from './cloud-scan.fixture.ts';

const SECRET = 'wire-secret-0123456789';
const cloudScan = commandOf('alicloud', { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' });

const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tWireTestKey', ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET };
const IDENTITY = '{"AccountId":"1098765432101234","Arn":"acs:ram::1098765432101234:user/scanner","RequestId":"1"}';

describe('cloud scan', () => {
  it('prints findings, says which part could not be read, and exits 2', async () => {
    await using wire = await serveWire({
      GetCallerIdentity: IDENTITY,
      oss: `<ListAllMyBucketsResult><IsTruncated>false</IsTruncated><Buckets><Bucket><Name>shop-photos</Name><Location>oss-cn-hangzhou</Location></Bucket></Buckets></ListAllMyBucketsResult>`,
      'oss ?acl':
        '<AccessControlPolicy><AccessControlList><Grant>public-read</Grant></AccessControlList></AccessControlPolicy>',
      DescribeVpcs: rpcError(403, 'Forbidden.RAM'),
    });
    const { status, out, err } = await cloudScan(
      ['--endpoint-base', wire.url, '--region', 'cn-hangzhou', '--no-progress', '--format', 'ndjson'],
      KEYS,
    );
    expect(status).toBe(2);
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; verdict: string; resource: object; reason?: string });
    expect(findings.find(({ check }) => check === 'oss-bucket-not-public')).toMatchObject({
      verdict: 'fail',
      resource: { id: 'shop-photos', region: 'cn-hangzhou', account: '1098765432101234' },
    });
    const vpcs = findings.filter(({ resource }) => (resource as { type: string }).type === 'alicloud_vpc');
    expect(vpcs.length).toBeGreaterThan(0);
    for (const { verdict, reason } of vpcs) {
      expect(verdict).toBe('unknown');
      expect(reason).toBe('needs vpc:DescribeVpcs');
    }
    expect(err).toContain('not read: vpc: needs vpc:DescribeVpcs (Forbidden.RAM) in cn-hangzhou');
    expect(err.trim().split('\n').at(-1)).toMatch(/^alicloud 1098765432101234: \d+ resources in 1 regions; 1?\d* fail/);
    expect(`${out}${err}`).not.toContain(SECRET);
    expect(`${out}${err}`).not.toContain(KEYS.ALIBABA_CLOUD_ACCESS_KEY_ID);
  }, 60_000);

  it.each([
    ['wrong', 'SignatureDoesNotMatch', 'The signature does not match. server string to sign is: POST%26secret'],
    ['unknown', 'InvalidAccessKeyId.NotFound', 'Specified access key LTAI5tWireTestKey is not found.'],
    ['expired', 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.'],
  ])('says in one line that credentials are %s, and exits 2', async (_name, code, message) => {
    await using wire = await serveWire({ GetCallerIdentity: rpcError(400, code, message) });
    const { status, out, err } = await cloudScan(['--endpoint-base', wire.url], KEYS);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n').at(-1)).toMatch(/^BTZ_CLOUD_CREDENTIALS: /);
    expect(err).toContain(code);
    expect(err).toContain('sts:GetCallerIdentity');
    expect(err.match(/BTZ_/g)).toHaveLength(1);
    expect(err).not.toContain(KEYS.ALIBABA_CLOUD_ACCESS_KEY_ID);
    expect(err).not.toContain('POST%26');
  });

  it('takes no credentials from arguments, and says so where there are none', async () => {
    expect((await cloudScan(['--access-key-secret', SECRET])).err).not.toContain(SECRET);
    const { status, err } = await cloudScan([]);
    expect(status).toBe(2);
    expect(err).toContain('ALIBABA_CLOUD_ACCESS_KEY_ID');
  });

  it('prints a policy that grants reading and nothing else, without any credentials', async () => {
    const { status, out } = await cloudScan(['--print-policy']);
    expect(status).toBe(0);
    const policy = JSON.parse(out) as { Version: string; Statement: { Effect: string; Action: string[] }[] };
    expect(policy.Version).toBe('1');
    expect(policy.Statement).toHaveLength(1);
    const [{ Effect, Action } = { Effect: '', Action: [] }] = policy.Statement;
    expect(Effect).toBe('Allow');
    expect(Action).toContain('oss:GetBucketAcl');
    expect(Action).toContain('ecs:DescribeRegions');
    // Making a report of identities is the only thing that is not plain reading.
    for (const action of Action)
      expect(action).toMatch(/^[a-z-]+:((Get|List|Describe|Check)[A-Za-z0-9]+|GenerateCredentialReport)$/);
    expect(Action.filter((action) => /GetObject|GetSecretValue|UserData/.test(action))).toEqual([]);
  });
});
