import { describe, expect, it } from 'vitest';
import { queryError, serveWire } from '#posture/collectors/aws/wire.fixture.ts';
import { IDENTITY } from '#posture/collectors/aws/wire-scan.fixture.ts';
import { commandOf } from './cloud-scan.fixture.ts';

const SECRET = 'wire-secret-0123456789';
const cloudScan = commandOf('aws', { AWS_EC2_METADATA_DISABLED: 'true' });

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAWIRETESTWIRETEST', AWS_SECRET_ACCESS_KEY: SECRET };

describe('cloud scan of AWS', () => {
  it('prints findings, says which part could not be read, and exits 2', async () => {
    await using wire = await serveWire({
      'sts GetCallerIdentity': IDENTITY,
      'ec2 DescribeSecurityGroups': `<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><securityGroupInfo><item><ownerId>210987654321</ownerId><groupId>sg-0a1b2c3d</groupId><groupName>till</groupName><groupDescription>the till</groupDescription><vpcId>vpc-1</vpcId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item></ipPermissions><ipPermissionsEgress/></item></securityGroupInfo></DescribeSecurityGroupsResponse>`,
      'iam GetAccountSummary': queryError(
        403,
        'AccessDenied',
        'User is not authorized to perform iam:GetAccountSummary',
      ),
    });
    const { status, out, err } = await cloudScan(
      ['--endpoint-base', wire.url, '--region', 'eu-central-1', '--no-progress', '--format', 'ndjson'],
      KEYS,
    );
    expect(status).toBe(2);
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; verdict: string; resource: { id: string }; reason?: string });
    const ssh = findings.filter(
      ({ check, resource }) => check === 'aws-security-group-no-open-ssh' && resource.id === 'sg-0a1b2c3d',
    );
    expect(ssh).toMatchObject([
      { verdict: 'fail', resource: { type: 'aws_security_group', region: 'eu-central-1', account: '210987654321' } },
    ]);
    const rdp = findings.filter(
      ({ check, resource }) => check === 'aws-security-group-no-open-rdp' && resource.id === 'sg-0a1b2c3d',
    );
    expect(rdp.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(err).toContain('not read: iam: needs iam:GetAccountSummary (AccessDenied)');
    expect(err.trim().split('\n').at(-1)).toMatch(/^aws 210987654321: \d+ resources in 1 regions; \d+ fail/);
    expect(`${out}${err}`).not.toContain(SECRET);
    expect(`${out}${err}`).not.toContain(KEYS.AWS_ACCESS_KEY_ID);
  }, 60_000);

  it.each([
    ['wrong', 'SignatureDoesNotMatch', "The Canonical String for this request should have been 'POST /secret'"],
    ['unknown', 'InvalidClientTokenId', 'The security token AKIAWIRETESTWIRETEST is invalid.'],
    ['expired', 'ExpiredToken', 'The security token included in the request is expired'],
  ])('says in one line that credentials are %s, and exits 2', async (_name, code, message) => {
    await using wire = await serveWire({ 'sts GetCallerIdentity': queryError(403, code, message) });
    const { status, out, err } = await cloudScan(['--endpoint-base', wire.url], KEYS);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n').at(-1)).toMatch(/^BTZ_CLOUD_CREDENTIALS: /);
    expect(err).toContain(code);
    expect(err).toContain('sts:GetCallerIdentity');
    expect(err).not.toContain(KEYS.AWS_ACCESS_KEY_ID);
    expect(err).not.toContain('POST /');
  });

  it('says so where there are no credentials, and which may be given', async () => {
    const { status, err } = await cloudScan([]);
    expect(status).toBe(2);
    expect(err).toContain('AWS_ACCESS_KEY_ID');
    expect(err).toContain('AWS_PROFILE');
  });

  it('prints a policy that grants reading and nothing else, without any credentials', async () => {
    const { status, out } = await cloudScan(['--print-policy']);
    expect(status).toBe(0);
    const policy = JSON.parse(out) as { Version: string; Statement: { Effect: string; Action: string[] }[] };
    expect(policy.Version).toBe('2012-10-17');
    expect(policy.Statement).toHaveLength(1);
    const [{ Effect, Action } = { Effect: '', Action: [] }] = policy.Statement;
    expect(Effect).toBe('Allow');
    expect(Action).toContain('s3:GetBucketAcl');
    expect(Action).toContain('ec2:DescribeRegions');
    expect(Action).not.toContain('s3:GetObject');
    for (const action of Action)
      expect(action).toMatch(/^[a-z0-9-]+:((Get|List|Describe)[A-Za-z0-9]+|GenerateCredentialReport)$/);
  });
});
