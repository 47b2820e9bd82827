import { describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { isUnknown } from '#model/resource.ts';
import { createCheckSet } from '../../checks/index.ts';
import { bundledChecks } from '../walk.fixture.ts';
import { type Answers, jsonError, queryError } from './wire.fixture.ts';
import { needing, scanWire } from './wire-scan.fixture.ts';

const checks = bundledChecks('aws_');

/** What the bundled checks of these ids say of a server that answers so, by check and name. */
async function judge(answers: Answers, ...ids: readonly string[]) {
  const chosen = checks.filter(({ id }) => ids.includes(id));
  expect(chosen.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const { resources, problems, wire } = await scanWire(answers, chosen);
  const findings: readonly Finding[] = [...createCheckSet(chosen).run(resources, Date.UTC(2026, 10, 24))];
  const verdict = (check: string, name: string): string | undefined =>
    findings.find((one) => one.check === check && [one.resource.id, one.resource.name].includes(name))?.verdict;
  return { resources, problems, wire, findings, verdict };
}

const ec2 = (action: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>9b7c</requestId>${body}</${action}Response>`;
const query = (action: string, body: string): string =>
  `<${action}Response xmlns="https://example.amazonaws.com/doc/"><${action}Result>${body}</${action}Result><ResponseMetadata><RequestId>1c2d</RequestId></ResponseMetadata></${action}Response>`;
const ALIASES = JSON.stringify({
  Aliases: [
    {
      AliasName: 'alias/aws/ebs',
      AliasArn: 'arn:aws:kms:eu-central-1:210987654321:alias/aws/ebs',
      TargetKeyId: 'aaaa-1111',
    },
    { AliasName: 'alias/aws/rds', TargetKeyId: 'aaaa-2222' },
    { AliasName: 'alias/shop', TargetKeyId: 'bbbb-1111' },
  ],
  Truncated: false,
});
const KEY = 'arn:aws:kms:eu-central-1:210987654321:key';

describe('servers', () => {
  const instance = (id: string, tokens: string, volume: string, state = 'running'): string =>
    `<item><reservationId>r-1</reservationId><instancesSet><item><instanceId>${id}</instanceId><imageId>ami-1</imageId><instanceState><code>16</code><name>${state}</name></instanceState><instanceType>t3.micro</instanceType><launchTime>2026-05-01T08:00:00.000Z</launchTime><monitoring><state>disabled</state></monitoring><rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>${volume}</volumeId><status>attached</status></ebs></item></blockDeviceMapping><metadataOptions><state>applied</state><httpTokens>${tokens}</httpTokens><httpPutResponseHopLimit>1</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint></metadataOptions><tagSet><item><key>Name</key><value>till</value></item></tagSet></item></instancesSet></item>`;
  const volume = (id: string, encrypted: boolean, key = ''): string =>
    `<item><volumeId>${id}</volumeId><size>8</size><encrypted>${encrypted}</encrypted>${key === '' ? '' : `<kmsKeyId>${KEY}/${key}</kmsKeyId>`}<attachmentSet/></item>`;
  const answers = {
    'ec2 DescribeInstances': ec2(
      'DescribeInstances',
      `<reservationSet>${instance('i-good', 'required', 'vol-own')}${instance('i-bad', 'optional', 'vol-plain')}${instance('i-gone', 'optional', 'vol-x', 'terminated')}</reservationSet>`,
    ),
    'ec2 DescribeVolumes': ec2(
      'DescribeVolumes',
      `<volumeSet>${volume('vol-own', true, 'bbbb-1111')}${volume('vol-aws', true, 'aaaa-1111')}${volume('vol-plain', false)}</volumeSet>`,
    ),
    'kms ListAliases': ALIASES,
    // What is made from now on is encrypted: that says nothing of what is there.
    'ec2 GetEbsEncryptionByDefault': ec2(
      'GetEbsEncryptionByDefault',
      '<ebsEncryptionByDefault>true</ebsEncryptionByDefault>',
    ),
  };

  test('are judged with their disks, and those that are gone are not', async () => {
    const { verdict, findings } = await judge(answers, 'aws-ec2-imdsv2', 'aws-ec2-disks-encrypted');
    expect(verdict('aws-ec2-imdsv2', 'i-good')).toBe('pass');
    expect(verdict('aws-ec2-imdsv2', 'i-bad')).toBe('fail');
    expect(verdict('aws-ec2-disks-encrypted', 'i-good')).toBe('pass');
    expect(verdict('aws-ec2-disks-encrypted', 'i-bad')).toBe('fail');
    expect(findings.filter(({ resource }) => resource.id === 'i-gone')).toEqual([]);
  });

  test('have disks whose key is AWS’s own, which is no key of ours', async () => {
    const { verdict } = await judge(answers, 'aws-ebs-volume-own-key');
    expect(verdict('aws-ebs-volume-own-key', 'vol-own')).toBe('pass');
    expect(verdict('aws-ebs-volume-own-key', 'vol-aws')).toBe('fail');
  });

  test('have disks whose key cannot be told where the aliases are denied', async () => {
    const { verdict, findings } = await judge(
      {
        ...answers,
        'kms ListAliases': jsonError(400, 'AccessDeniedException', 'not authorized to perform: kms:ListAliases'),
      },
      'aws-ebs-volume-own-key',
      'aws-ebs-volume-encrypted',
    );
    expect(verdict('aws-ebs-volume-own-key', 'vol-own')).toBe('unknown');
    expect(findings.find(({ check }) => check === 'aws-ebs-volume-own-key')?.reason).toContain('needs kms:ListAliases');
    // What was not denied is known.
    expect(verdict('aws-ebs-volume-encrypted', 'vol-plain')).toBe('fail');
    expect(verdict('aws-ebs-volume-encrypted', 'vol-own')).toBe('pass');
  });
});

describe('identities', () => {
  const policy = (action: string): string =>
    encodeURIComponent(
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }),
    );
  const page = (users: string, marker?: string): string =>
    query(
      'GetAccountAuthorizationDetails',
      `<IsTruncated>${marker !== undefined}</IsTruncated>${marker === undefined ? '' : `<Marker>${marker}</Marker>`}<UserDetailList>${users}</UserDetailList><GroupDetailList/><RoleDetailList/><Policies/>`,
    );
  const user = (name: string, more = ''): string =>
    `<member><UserName>${name}</UserName><UserId>AIDA${name}</UserId><Arn>arn:aws:iam::210987654321:user/${name}</Arn><Path>/</Path><CreateDate>2024-01-05T10:00:00Z</CreateDate><GroupList/><AttachedManagedPolicies/>${more}</member>`;
  const summary = (keys: number): string =>
    query(
      'GetAccountSummary',
      `<SummaryMap><entry><key>AccountMFAEnabled</key><value>0</value></entry><entry><key>AccountAccessKeysPresent</key><value>${keys}</value></entry></SummaryMap>`,
    );
  const report = (rows: string): string =>
    query(
      'GetCredentialReport',
      `<Content>${Buffer.from(`user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_last_rotated\n${rows}`).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-11-24T02:00:00Z</GeneratedTime>`,
    );

  test('are read page by page with what hangs on them', async () => {
    const inline = `<UserPolicyList><member><PolicyName>all</PolicyName><PolicyDocument>${policy('*')}</PolicyDocument></member></UserPolicyList>`;
    const { verdict, wire } = await judge(
      {
        'iam GetAccountAuthorizationDetails': ({ query: asked }) =>
          asked.get('Marker') === null ? page(user('alice'), 'more') : page(user('bob', inline)),
      },
      'aws-iam-no-admin-policy',
      'aws-iam-user-in-group',
    );
    expect(verdict('aws-iam-no-admin-policy', 'bob:all')).toBe('fail');
    expect(verdict('aws-iam-user-in-group', 'alice')).toBe('fail');
    expect(wire.count('iam GetAccountAuthorizationDetails')).toBe(2);
    // It is one call for all: none for each user.
    expect(wire.asked.map(({ call }) => call).filter((call) => /User/.test(call))).toEqual([]);
  });

  test('with a console password are told from those without, and a denied one is neither', async () => {
    const { verdict } = await judge(
      {
        'iam GetAccountAuthorizationDetails': page(['alice', 'robot', 'locked'].map((name) => user(name)).join('')),
        'iam GetLoginProfile': ({ query: asked }) => {
          const name = asked.get('UserName');
          if (name === 'robot') return queryError(404, 'NoSuchEntity', 'Login Profile for User robot cannot be found.');
          if (name === 'locked') return queryError(403, 'AccessDenied');
          return query(
            'GetLoginProfile',
            '<LoginProfile><UserName>alice</UserName><CreateDate>2024-01-05T10:00:00Z</CreateDate></LoginProfile>',
          );
        },
      },
      'aws-iam-user-no-console',
    );
    expect(verdict('aws-iam-user-no-console', 'alice')).toBe('fail');
    expect(verdict('aws-iam-user-no-console', 'robot')).toBe('pass');
    expect(verdict('aws-iam-user-no-console', 'locked')).toBe('unknown');
  });

  test('of the account itself may have a key: the report is waited for and says since when', async () => {
    const { verdict, resources, wire } = await judge(
      {
        'iam GetAccountAuthorizationDetails': page(''),
        'iam GetAccountSummary': summary(1),
        'iam GenerateCredentialReport': (_asked, times) =>
          query('GenerateCredentialReport', `<State>${times === 1 ? 'STARTED' : 'COMPLETE'}</State>`),
        'iam GetCredentialReport': report(
          '<root_account>,arn:aws:iam::210987654321:root,not_supported,false,true,2020-03-01T00:00:00+00:00,N/A\n',
        ),
      },
      'aws-iam-no-root-key',
    );
    expect(verdict('aws-iam-no-root-key', '<root_account>')).toBe('fail');
    expect(wire.count('iam GenerateCredentialReport')).toBe(2);
    expect(resources.find(({ id }) => id === '<root_account>')?.attributes['create_date']).toBe(
      '2020-03-01T00:00:00+00:00',
    );
  });

  test('without a password policy have the weakest', async () => {
    const { verdict, problems } = await judge(
      { 'iam GetAccountPasswordPolicy': queryError(404, 'NoSuchEntity', 'The Password Policy cannot be found.') },
      'aws-iam-password-length',
    );
    expect(verdict('aws-iam-password-length', '210987654321')).toBe('fail');
    expect(problems).toEqual([]);
  });
});

describe('services of other protocols', () => {
  test('REST and JSON: a function is public by what its policy says', async () => {
    const policy = (...statements: readonly object[]): string =>
      JSON.stringify({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }), RevisionId: '1' });
    const allow = (Sid: string, more: object): object => ({
      Sid,
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      ...more,
    });
    const { verdict } = await judge(
      {
        'lambda GET /2015-03-31/functions': JSON.stringify({
          Functions: ['open', 'closed', 'quiet'].map((name) => ({
            FunctionName: name,
            FunctionArn: `arn:aws:lambda:eu-central-1:210987654321:function:${name}`,
            Runtime: name === 'open' ? 'python3.7' : 'nodejs24.x',
          })),
          NextMarker: null,
        }),
        'lambda GET /2015-03-31/functions/open/policy': policy(allow('all', { Principal: '*' })),
        'lambda GET /2015-03-31/functions/closed/policy': policy(
          allow('s3', {
            Principal: { Service: 's3.amazonaws.com' },
            Condition: {
              ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::shop' },
              StringEquals: { 'AWS:SourceAccount': '210987654321' },
            },
          }),
        ),
        'lambda GET /2015-03-31/functions/quiet/policy': jsonError(404, 'ResourceNotFoundException'),
      },
      'aws-lambda-permission-not-public',
      'aws-lambda-permission-source',
      'aws-lambda-supported-runtime',
    );
    const id = (name: string, sid: string): string =>
      `arn:aws:lambda:eu-central-1:210987654321:function:${name}:${sid}`;
    expect(verdict('aws-lambda-permission-not-public', id('open', 'all'))).toBe('fail');
    expect(verdict('aws-lambda-permission-not-public', id('closed', 's3'))).toBe('pass');
    expect(verdict('aws-lambda-permission-source', id('closed', 's3'))).toBe('pass');
    expect(verdict('aws-lambda-supported-runtime', 'open')).toBe('fail');
    expect(verdict('aws-lambda-supported-runtime', 'quiet')).toBe('pass');
  });

  test('JSON: keys of AWS and keys on their way out are not judged', async () => {
    const { findings, verdict, wire } = await judge(
      {
        'kms ListKeys': JSON.stringify({
          Keys: ['turning', 'still', 'aws', 'gone'].map((KeyId) => ({ KeyId, KeyArn: `${KEY}/${KeyId}` })),
          Truncated: false,
        }),
        'kms DescribeKey': ({ body }) => {
          const { KeyId } = JSON.parse(body) as { KeyId: string };
          return JSON.stringify({
            KeyMetadata: {
              KeyId,
              Arn: `${KEY}/${KeyId}`,
              Enabled: KeyId !== 'gone',
              KeyState: KeyId === 'gone' ? 'PendingDeletion' : 'Enabled',
              KeyManager: KeyId === 'aws' ? 'AWS' : 'CUSTOMER',
              KeySpec: 'SYMMETRIC_DEFAULT',
              KeyUsage: 'ENCRYPT_DECRYPT',
              Origin: 'AWS_KMS',
              CreationDate: 1.7e9,
            },
          });
        },
        'kms GetKeyRotationStatus': ({ body }) => JSON.stringify({ KeyRotationEnabled: body.includes('turning') }),
      },
      'aws-kms-rotation',
    );
    expect(verdict('aws-kms-rotation', 'turning')).toBe('pass');
    expect(verdict('aws-kms-rotation', 'still')).toBe('fail');
    expect(findings).toHaveLength(2);
    expect(wire.count('kms GetKeyRotationStatus')).toBe(2);
  });

  test('JSON: queues are asked here, not at the host that their address names', async () => {
    const { resources, wire } = await scanWire(
      {
        'sqs ListQueues': JSON.stringify({ QueueUrls: ['https://sqs.eu-central-1.amazonaws.com/210987654321/orders'] }),
        'sqs GetQueueAttributes': JSON.stringify({
          Attributes: { QueueArn: 'arn:aws:sqs:eu-central-1:210987654321:orders', SqsManagedSseEnabled: 'true' },
        }),
      },
      needing('aws_sqs_queue', 'sqs:GetQueueAttributes'),
    );
    expect(wire.count('sqs GetQueueAttributes')).toBe(1);
    expect(resources[0]).toMatchObject({ name: 'orders', attributes: { sqs_managed_sse_enabled: true } });
  });

  test('JSON: an account without queues is read completely, though the list is left out', async () => {
    const { resources, problems } = await scanWire(
      { 'sqs ListQueues': '{}' },
      needing('aws_sqs_queue', 'sqs:ListQueues'),
    );
    expect(resources).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('query: a database of Neptune is none of RDS, and each is of its own type', async () => {
    const instance = (name: string, engine: string, more = ''): string =>
      `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:eu-central-1:210987654321:db:${name}</DBInstanceArn><Engine>${engine}</Engine><DBInstanceClass>db.t3.micro</DBInstanceClass><PubliclyAccessible>true</PubliclyAccessible><StorageEncrypted>true</StorageEncrypted>${more}</DBInstance>`;
    const { resources } = await scanWire(
      {
        'rds DescribeDBInstances': query(
          'DescribeDBInstances',
          `<DBInstances>${instance('shop', 'postgres')}${instance('member', 'aurora-mysql', '<DBClusterIdentifier>c</DBClusterIdentifier>')}${instance('graph', 'neptune')}${instance('papers', 'docdb')}</DBInstances>`,
        ),
      },
      ['aws_db_instance', 'aws_rds_cluster_instance', 'aws_neptune_cluster_instance', 'aws_docdb_cluster_instance'].map(
        (type) => needing(type, 'rds:DescribeDBInstances'),
      ),
    );
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      'aws_db_instance shop',
      'aws_docdb_cluster_instance papers',
      'aws_neptune_cluster_instance graph',
      'aws_rds_cluster_instance member',
    ]);
  });

  test('JSON: a recorder of another region does not make this one record', async () => {
    const { findings } = await judge(
      {
        'config DescribeConfigurationRecorders': JSON.stringify({
          ConfigurationRecorders: [
            {
              name: 'default',
              roleARN: 'arn:aws:iam::210987654321:role/config',
              recordingGroup: { allSupported: true },
            },
          ],
        }),
        'config DescribeConfigurationRecorderStatus': ({ region }) =>
          JSON.stringify({ ConfigurationRecordersStatus: [{ name: 'default', recording: region === 'eu-central-1' }] }),
      },
      'aws-config-recorder-on',
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass']);
  });

  test('JSON: half an answer is unknown, not empty', async () => {
    const { resources } = await scanWire(
      { 'dynamodb ListTables': '{"TableNames":["orders"]}', 'dynamodb DescribeTable': '{"Table":{"TableName":"ord' },
      needing('aws_dynamodb_table', 'dynamodb:DescribeTable'),
    );
    const table = resources.find(({ type }) => type === 'aws_dynamodb_table');
    expect(table?.unread).toContain('dynamodb:DescribeTable');
    expect(isUnknown(table?.attributes['deletion_protection_enabled'])).toBe(true);
  });
});
