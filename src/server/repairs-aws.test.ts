import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textAt } from '#kit/json-path.ts';
import { hasMoto, startMoto } from '#posture/collectors/aws/moto.fixture.ts';
import { loadService } from '#posture/collectors/aws/sdk.ts';
import { createClient } from '#posture/collectors/aws/transport.ts';
import type { AdminSession } from '#respond/guard.ts';
import { createRepairs, type Repairs } from '#respond/repairs.ts';
import { parseTarget } from '#respond/target.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import type { StateStore } from '#store/state-store.ts';
import { createClouds } from './clouds.ts';
import { createRecheck } from './recheck.ts';

const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';

describe.skipIf(!hasMoto)('repairs of an AWS account simulated by moto (needs moto_server on the PATH)', () => {
  let server: Awaited<ReturnType<typeof startMoto>> | undefined;
  let url = '';
  let folder = '';
  let state: StateStore;
  let repairs: Repairs;
  let adminSessions: AdminSession[] = [];
  const made: Record<string, string> = {};

  const send = async (service: Parameters<typeof loadService>[0], command: string, input: object): Promise<unknown> => {
    const options = { region: REGION, endpointBase: url, isReading: false };
    const [client, { commandOf }] = await Promise.all([createClient(service, options), loadService(service)]);
    return await client.send(new (commandOf(command))({ ...input }));
  };

  beforeAll(async () => {
    server = await startMoto();
    ({ url } = server);
    await send('s3', 'CreateBucket', {
      Bucket: 'shop-photos',
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    await send('s3', 'PutBucketAcl', { Bucket: 'shop-photos', ACL: 'public-read' });
    const group = await send('ec2', 'CreateSecurityGroup', { GroupName: 'web', Description: 'web' });
    made['group'] = textAt(group, 'GroupId') ?? '';
    const ways = [22, 443].map((one) => ({
      IpProtocol: 'tcp',
      FromPort: one,
      ToPort: one,
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'shop' }],
    }));
    await send('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: made['group'], IpPermissions: ways });
    await send('s3', 'CreateBucket', {
      Bucket: 'trail-of-shop',
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    const trail = await send('cloudtrail', 'CreateTrail', { Name: 'audit', S3BucketName: 'trail-of-shop' });
    made['trail'] = textAt(trail, 'TrailARN') ?? '';
    await send('cloudwatch-logs', 'CreateLogGroup', { logGroupName: 'shop' });
    await send('cloudwatch-logs', 'PutRetentionPolicy', { logGroupName: 'shop', retentionInDays: 30 });
    await send('iam', 'CreateUser', { UserName: 'robot' });
    const key = await send('iam', 'CreateAccessKey', { UserName: 'robot' });
    made['key'] = textAt(key, 'AccessKey.AccessKeyId') ?? '';
    await send('rds', 'CreateDBInstance', {
      DBInstanceIdentifier: 'shop',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'mysql',
      AllocatedStorage: 20,
      MasterUsername: 'root',
      MasterUserPassword: 'not-a-secret-1',
      PubliclyAccessible: true,
    });
    await send('iam', 'CreateUser', { UserName: 'mender' });
    const own = await send('iam', 'CreateAccessKey', { UserName: 'mender' });

    folder = mkdtempSync(join(tmpdir(), 'btz-repairs-aws-'));
    state = await openSqliteStateStore(join(folder, 'state.db'));
    const env = {
      BARTIZAN_REPAIR_AWS_ACCESS_KEY_ID: textAt(own, 'AccessKey.AccessKeyId') ?? '',
      BARTIZAN_REPAIR_AWS_SECRET_ACCESS_KEY: textAt(own, 'AccessKey.SecretAccessKey') ?? '',
    };
    let id = 0;
    repairs = createRepairs({
      state,
      evidence: { record: (leaves, queries) => (queries ?? state).evidence.append(leaves) },
      guardFacts: async () => ({ adminSessions }),
      consolePorts: () => [443],
      mode: () => 'ask',
      clock: Date.now,
      ids: () => `repair-${++id}`,
      ...createClouds({ env, endpointBase: url }),
      recheck: createRecheck(url),
      pauseMs: 20,
    });
  }, 60_000);
  afterAll(async () => {
    server?.stop();
    await state.close();
    rmSync(folder, { recursive: true });
  });

  const about = (check: string, type: string, id: string, name = id) => ({
    check,
    resource: { provider: 'aws', account: ACCOUNT, region: REGION, type, id, name },
  });
  const group = () => about('aws-security-group-no-open-ssh', 'aws_security_group', made['group'] ?? '', 'web');

  test.each([
    ['a public bucket', () => about('aws-s3-bucket-not-public-read', 'aws_s3_bucket', 'shop-photos')],
    ['a group that lets everybody in by SSH', group],
    ['a trail that is off', () => about('aws-cloudtrail-logging', 'aws_cloudtrail', made['trail'] ?? '', 'audit')],
    [
      'logs that are kept for a month',
      () => about('aws-log-group-retention-year', 'aws_cloudwatch_log_group', 'arn', 'shop'),
    ],
    ['no password policy', () => about('aws-iam-password-length', 'aws_iam_account_password_policy', ACCOUNT)],
    ['a public database', () => about('aws-rds-not-public', 'aws_db_instance', 'shop')],
  ])('%s is mended, and put back as it was', async (_what, weaknessOf) => {
    const weakness = weaknessOf();
    const { repair } = await repairs.plan(weakness);
    const asked = await repairs.ask(weakness, 'cli');
    const done = await repairs.approve(asked.id, 'user:li');
    expect(done.problem).toBeUndefined();
    expect(done).toMatchObject({ state: 'done', repair: { verdict: 'pass' } });
    await expect(repairs.plan(weakness)).rejects.toMatchObject({ code: 'BTZ_REPAIR_NOT_NEEDED' });
    expect(await repairs.undo(asked.id, 'user:li')).toMatchObject({ state: 'undone' });
    expect((await repairs.plan(weakness)).repair).toMatchObject({ before: repair.before, after: repair.after });
  });

  test('a key is switched off, and on again', async () => {
    const weakness = about('aws-iam-access-key-renewed', 'aws_iam_access_key', made['key'] ?? '');
    const { id } = await repairs.ask(weakness, 'cli');
    expect(await repairs.approve(id, 'cli')).toMatchObject({ state: 'done' });
    const listed = JSON.stringify(await send('iam', 'ListAccessKeys', { UserName: 'robot' }));
    expect(listed).toContain('"Inactive"');
    await repairs.undo(id, 'cli');
    expect(JSON.stringify(await send('iam', 'ListAccessKeys', { UserName: 'robot' }))).toContain('"Active"');
  });

  test('a group by which an administrator is signed in is left alone', async () => {
    adminSessions = [{ address: parseTarget('198.51.100.7'), kind: 'ssh', sinceMs: 0, live: true }];
    expect((await repairs.plan(group())).refusal).toMatchObject({ code: 'BTZ_REPAIR_LOCKS_OUT' });
    adminSessions = [];
  });
});
