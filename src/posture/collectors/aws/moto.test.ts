import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { createCheckSet } from '../../checks/index.ts';
import { readChecks } from '../../content.ts';
import { planOf } from '../needs.ts';
import { type AccountScan, scanAccount } from '../scan.ts';
import type { AwsService } from './api.ts';
import { awsCollector } from './index.ts';
import { hasMoto, startMoto } from './moto.fixture.ts';
import { loadService } from './sdk.ts';
import { createClient } from './transport.ts';

const REGION = 'eu-central-1';

describe.skipIf(!hasMoto)('an account simulated by moto (needs moto_server on the PATH)', () => {
  let server: Awaited<ReturnType<typeof startMoto>> | undefined;
  let scan: AccountScan | undefined;
  let findings: readonly Finding[] = [];
  let made: Awaited<ReturnType<typeof furnish>> | undefined;

  beforeAll(async () => {
    server = await startMoto();
    const { url } = server;
    made = await furnish(url);
    const { checks } = readChecks([new URL('../../../../content/checks', import.meta.url).pathname], {
      has: (type) => type.startsWith('aws_'),
    });
    const plan = planOf(awsCollector, checks);
    const connection = await awsCollector.connect({ endpointBase: url, regions: [REGION] });
    scan = await scanAccount(awsCollector, connection, plan, { nowMs: Date.now(), pauseMs: 50 });
    findings = [...createCheckSet(plan.checks).run(scan.resources, Date.now())];
  }, 60_000);
  afterAll(() => {
    server?.stop();
  });

  /** Of a bucket and what is kept apart of it: the worst. */
  const verdict = (check: string, id: string | undefined): string | undefined => {
    const found = findings.filter(
      (one) => one.check === check && [one.resource.id, one.resource.name].includes(id ?? ''),
    );
    return (found.find((one) => one.verdict === 'fail') ?? found[0])?.verdict;
  };

  test('is read but for what moto does not simulate', () => {
    const failed = new Set(scan?.problems.map(({ permission }) => permission));
    for (const one of ['s3', 'iam', 'rds', 'kms', 'dynamodb', 'sqs', 'sns', 'ecr', 'logs', 'elasticloadbalancing'])
      expect([...failed].filter((permission) => permission.startsWith(`${one}:`))).toEqual([]);
    for (const { kind } of scan?.problems ?? []) expect(kind).not.toBe('credentials');
    expect(scan?.resources.length).toBeGreaterThan(40);
  });

  test.each([
    ['aws-s3-bucket-not-public-read', 'open-house', 'fail'],
    ['aws-s3-bucket-not-public-read', 'locked-house', 'pass'],
    ['aws-s3-bucket-versioning', 'open-house', 'fail'],
    ['aws-s3-bucket-versioning', 'locked-house', 'pass'],
    ['aws-s3-bucket-public-access-block', 'open-house', 'fail'],
    ['aws-s3-bucket-public-access-block', 'locked-house', 'pass'],
    ['aws-s3-policy-not-public', 'open-house', 'fail'],
    ['aws-s3-bucket-tls-only', 'locked-house', 'pass'],
    ['aws-security-group-no-open-ssh', 'open-group', 'fail'],
    ['aws-security-group-no-open-ssh', 'closed-group', 'pass'],
    ['aws-security-group-no-open-databases', 'open-group', 'pass'],
    ['aws-rds-not-public', 'open-shop', 'fail'],
    ['aws-rds-not-public', 'closed-shop', 'pass'],
    ['aws-rds-encrypted', 'open-shop', 'fail'],
    ['aws-rds-encrypted', 'closed-shop', 'pass'],
    ['aws-iam-no-admin-policy', 'everything', 'fail'],
    ['aws-iam-no-admin-policy', 'reads-one-bucket', 'pass'],
    ['aws-iam-user-in-group', 'alice', 'pass'],
    ['aws-iam-user-in-group', 'bob', 'fail'],
    ['aws-iam-role-trust-not-public', 'anyone', 'fail'],
    ['aws-iam-role-trust-not-public', 'servers', 'pass'],
    ['aws-dynamodb-pitr', 'orders', 'pass'],
    ['aws-dynamodb-pitr', 'drafts', 'fail'],
    ['aws-ecr-scan-on-push', 'scanned', 'pass'],
    ['aws-ecr-scan-on-push', 'unscanned', 'fail'],
    ['aws-log-group-retention', 'kept-a-month', 'pass'],
    ['aws-log-group-retention', 'kept-for-ever', 'fail'],
    ['aws-sqs-queue-own-key', 'plain', 'fail'],
    ['aws-sns-topic-encrypted', 'news', 'fail'],
  ])('says of %s and %s: %s', (check, name, expected) => {
    expect(verdict(check, name)).toBe(expected);
  });

  test('tells keys, servers and the account apart by what was made', () => {
    expect(verdict('aws-kms-rotation', made?.turning)).toBe('pass');
    expect(verdict('aws-kms-rotation', made?.still)).toBe('fail');
    expect(verdict('aws-ec2-imdsv2', made?.strict)).toBe('pass');
    expect(verdict('aws-ec2-imdsv2', made?.lax)).toBe('fail');
    const account = scan?.resources.find(({ type }) => type === 'aws_account');
    expect(account?.attributes['root_access_keys_present']).toBe(false);
    expect(verdict('aws-iam-password-length', account?.id)).toBe('pass');
    expect(verdict('aws-iam-password-symbol', account?.id)).toBe('fail');
  });
});

/** Makes things, good and bad, through the SDK. */
async function furnish(url: string) {
  const send = async (
    service: AwsService,
    command: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, never>>> => {
    const [client, { commandOf }] = await Promise.all([
      createClient(service, { region: REGION, endpointBase: url, isReading: false }),
      loadService(service),
    ]);
    return (await client.send(new (commandOf(command))(input))) as Readonly<Record<string, never>>;
  };
  const policy = (...statements: readonly object[]): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: statements });

  for (const Bucket of ['open-house', 'locked-house'])
    await send('s3', 'CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
  await send('s3', 'PutBucketAcl', { Bucket: 'open-house', ACL: 'public-read' });
  await send('s3', 'PutBucketPolicy', {
    Bucket: 'open-house',
    Policy: policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open-house/*' }),
  });
  await send('s3', 'PutBucketVersioning', {
    Bucket: 'locked-house',
    VersioningConfiguration: { Status: 'Enabled' },
  });
  await send('s3', 'PutPublicAccessBlock', {
    Bucket: 'locked-house',
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  await send('s3', 'PutBucketPolicy', {
    Bucket: 'locked-house',
    Policy: policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::locked-house', 'arn:aws:s3:::locked-house/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  });

  for (const [GroupName, CidrIp] of [
    ['open-group', '0.0.0.0/0'],
    ['closed-group', '10.0.0.0/8'],
  ]) {
    const { GroupId } = await send('ec2', 'CreateSecurityGroup', { GroupName, Description: 'of the shop' });
    await send('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }],
    });
  }
  const server = async (HttpTokens: string): Promise<string> => {
    const { Instances } = (await send('ec2', 'RunInstances', {
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      MetadataOptions: { HttpTokens, HttpEndpoint: 'enabled' },
    })) as { readonly Instances?: readonly { readonly InstanceId: string }[] };
    return Instances?.[0]?.InstanceId ?? '';
  };
  const strict = await server('required');
  const lax = await server('optional');

  for (const [DBInstanceIdentifier, isOpen] of [
    ['open-shop', true],
    ['closed-shop', false],
  ] as const)
    await send('rds', 'CreateDBInstance', {
      DBInstanceIdentifier,
      Engine: 'postgres',
      DBInstanceClass: 'db.t3.micro',
      AllocatedStorage: 20,
      MasterUsername: 'shop',
      MasterUserPassword: 'not-a-real-one-1',
      PubliclyAccessible: isOpen,
      StorageEncrypted: !isOpen,
    });

  await send('iam', 'UpdateAccountPasswordPolicy', { MinimumPasswordLength: 16, RequireNumbers: true });
  for (const UserName of ['alice', 'bob']) await send('iam', 'CreateUser', { UserName });
  await send('iam', 'CreateGroup', { GroupName: 'tills' });
  await send('iam', 'AddUserToGroup', { GroupName: 'tills', UserName: 'alice' });
  await send('iam', 'PutUserPolicy', {
    UserName: 'bob',
    PolicyName: 'everything',
    PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
  });
  await send('iam', 'CreatePolicy', {
    PolicyName: 'reads-one-bucket',
    PolicyDocument: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::locked-house/*' }),
  });
  for (const [RoleName, Principal] of [
    ['anyone', '*'],
    ['servers', { Service: 'ec2.amazonaws.com' }],
  ])
    await send('iam', 'CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
    });

  const key = async (): Promise<string> => {
    const { KeyMetadata } = (await send('kms', 'CreateKey', {})) as {
      readonly KeyMetadata?: { readonly KeyId: string };
    };
    return KeyMetadata?.KeyId ?? '';
  };
  const [turning, still] = [await key(), await key()];
  await send('kms', 'EnableKeyRotation', { KeyId: turning });

  for (const TableName of ['orders', 'drafts'])
    await send('dynamodb', 'CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
  await send('dynamodb', 'UpdateContinuousBackups', {
    TableName: 'orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await send('ecr', 'CreateRepository', {
    repositoryName: 'scanned',
    imageScanningConfiguration: { scanOnPush: true },
  });
  await send('ecr', 'CreateRepository', { repositoryName: 'unscanned' });
  for (const logGroupName of ['kept-a-month', 'kept-for-ever'])
    await send('cloudwatch-logs', 'CreateLogGroup', { logGroupName });
  await send('cloudwatch-logs', 'PutRetentionPolicy', { logGroupName: 'kept-a-month', retentionInDays: 30 });
  await send('sqs', 'CreateQueue', { QueueName: 'plain' });
  await send('sns', 'CreateTopic', { Name: 'news' });
  return { strict, lax, turning, still };
}
