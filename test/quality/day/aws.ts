import { ADMINISTRATORS, addressOf } from './company.ts';
import type { Random } from './random.ts';
import { type Diary, type Line, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts';

const ACCOUNT = '111122223333';
const REGION = 'ap-southeast-1';
const TERRAFORM = 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80.0';
const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

type Fields = Readonly<Record<string, unknown>>;

const role = (name: string, session: string, more: Fields = {}): Fields => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE${name.toUpperCase()}:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: `ASIAEXAMPLE${name.slice(0, 5).toUpperCase()}`,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, accountId: ACCOUNT, userName: name },
    attributes: { mfaAuthenticated: 'false' },
  },
  ...more,
});

const person = (userName: string): Fields => ({
  type: 'IAMUser',
  principalId: `AIDAEXAMPLE${userName.toUpperCase()}`,
  arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
  accountId: ACCOUNT,
  userName,
  sessionContext: { attributes: { mfaAuthenticated: 'true' } },
});

interface Call {
  readonly identity: Fields;
  readonly address: string;
  readonly agent: string;
}

/** `service:Name`, as a policy would name it. */
function call(
  random: Random,
  timeMs: number,
  { identity, address, agent }: Call,
  action: string,
  more: Fields = {},
): Line {
  const [service, eventName] = action.split(':') as [string, string];
  const record = {
    eventVersion: '1.09',
    userIdentity: identity,
    eventTime: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: service === 'iam' || service === 'sts' ? 'us-east-1' : REGION,
    sourceIPAddress: address,
    userAgent: agent,
    requestParameters: null,
    responseElements: null,
    readOnly: /^(Get|List|Describe|Head|Batch|Lookup)/.test(eventName),
    eventID: `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    ...more,
  };
  return { timeMs, text: JSON.stringify(record) };
}

const terraformPlan: Scene = (random, timeMs) => {
  const who = {
    identity: role('terraform-ci', `run-${random.integer(100, 999)}`),
    address: '198.51.100.30',
    agent: TERRAFORM,
  };
  const reads = [
    'ec2:DescribeVpcs',
    'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeInstances',
    'ec2:DescribeRouteTables',
    'iam:GetRole',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    's3:GetBucketPolicy',
    's3:GetBucketVersioning',
    's3:GetBucketAcl',
    's3:GetBucketEncryption',
    'rds:DescribeDBInstances',
    'cloudtrail:DescribeTrails',
    'cloudtrail:GetTrailStatus',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
    'lambda:GetFunction',
    'elasticloadbalancing:DescribeLoadBalancers',
    'logs:DescribeLogGroups',
    'autoscaling:DescribeAutoScalingGroups',
    'secretsmanager:DescribeSecret',
    'sts:GetCallerIdentity',
    'ec2:DescribeInstanceAttribute',
    'ssm:GetParameter',
  ];
  return reads.flatMap((action, at) =>
    Array.from({ length: random.integer(1, 3) }, (_, again) =>
      call(random, timeMs + at * 200 + again * 50, who, action),
    ),
  );
};

const terraformApply: Scene = (random, timeMs) => {
  const who = {
    identity: role('terraform-ci', `run-${random.integer(100, 999)}`),
    address: '198.51.100.30',
    agent: TERRAFORM,
  };
  return [
    ...terraformPlan(random, timeMs),
    call(random, timeMs + 20_000, who, 'ec2:CreateTags', {
      requestParameters: { resourcesSet: { items: [{ resourceId: 'i-0abc' }] } },
    }),
    call(random, timeMs + 21_000, who, 'ec2:AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId: 'sg-1',
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
        },
      },
    }),
    call(random, timeMs + 22_000, who, 'lambda:UpdateFunctionConfiguration20150331v2', {
      requestParameters: { functionName: 'thumbs' },
    }),
    call(random, timeMs + 23_000, who, 's3:PutBucketTagging', { requestParameters: { bucketName: 'shop-assets' } }),
    call(random, timeMs + 24_000, who, 'logs:PutRetentionPolicy', {
      requestParameters: { logGroupName: '/aws/lambda/thumbs', retentionInDays: 30 },
    }),
    call(random, timeMs + 25_000, who, 'ec2:ModifyInstanceAttribute', {
      requestParameters: { instanceId: 'i-0abc', instanceType: { value: 't3.large' } },
    }),
  ];
};

const ciDeploys: Scene = (random, timeMs) => {
  const who = {
    identity: role('github-deploy', 'GitHubActions'),
    address: `140.82.112.${random.integer(1, 60)}`,
    agent: 'aws-cli/2.22.0 Python/3.12 Linux/6.8 exe/x86_64',
  };
  return [
    call(
      random,
      timeMs,
      {
        identity: {
          type: 'WebIdentityUser',
          principalId: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
          userName: 'repo:shop/site:ref:refs/heads/main',
          identityProvider: 'token.actions.githubusercontent.com',
        },
        address: who.address,
        agent: who.agent,
      },
      'sts:AssumeRoleWithWebIdentity',
      {
        requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/github-deploy`, roleSessionName: 'GitHubActions' },
      },
    ),
    call(random, timeMs + SECOND_MS, who, 'ecr:GetAuthorizationToken'),
    call(random, timeMs + 30 * SECOND_MS, who, 'ecr:PutImage', {
      requestParameters: { repositoryName: 'shop', imageTag: random.hex(7) },
    }),
    call(random, timeMs + 40 * SECOND_MS, who, 'ecs:RegisterTaskDefinition', { requestParameters: { family: 'shop' } }),
    call(random, timeMs + 41 * SECOND_MS, who, 'ecs:UpdateService', {
      requestParameters: { service: 'shop', cluster: 'main' },
    }),
    call(random, timeMs + 60 * SECOND_MS, who, 'lambda:UpdateFunctionCode20150331v2', {
      requestParameters: { functionName: 'thumbs', s3Bucket: 'shop-builds' },
    }),
    call(random, timeMs + 70 * SECOND_MS, who, 'cloudfront:CreateInvalidation', {
      requestParameters: { distributionId: 'E1' },
    }),
  ];
};

const consoleWork: Scene = (random, timeMs) => {
  const userName = random.pick(ADMINISTRATORS);
  const who = { identity: person(userName), address: addressOf(userName, random), agent: CONSOLE };
  const login = (at: number, hasWorked: boolean): Line =>
    call(random, at, { ...who, identity: { ...who.identity, sessionContext: undefined } }, 'signin:ConsoleLogin', {
      eventType: 'AwsConsoleSignIn',
      readOnly: false,
      responseElements: { ConsoleLogin: hasWorked ? 'Success' : 'Failure' },
      additionalEventData: {
        LoginTo: 'https://console.aws.amazon.com/',
        MobileVersion: 'No',
        MFAUsed: hasWorked ? 'Yes' : 'No',
      },
      ...(hasWorked ? {} : { errorMessage: 'Failed authentication' }),
    });
  const looks = [
    'ec2:DescribeInstances',
    'ec2:DescribeVolumes',
    'ec2:DescribeSecurityGroups',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
    's3:ListBuckets',
    's3:GetBucketLocation',
    'rds:DescribeDBInstances',
    'logs:FilterLogEvents',
    'ce:GetCostAndUsage',
    'iam:ListUsers',
    'iam:GetAccountSummary',
    'iam:ListMFADevices',
    'health:DescribeEventAggregates',
    'cloudtrail:LookupEvents',
    'lambda:ListFunctions20150331',
    'notifications:ListNotificationHubs',
  ];
  return [
    ...(random.happens(0.15) ? [login(timeMs - 20 * SECOND_MS, false)] : []),
    login(timeMs, true),
    ...Array.from({ length: random.integer(8, 40) }, (_, at) => {
      const isDenied = random.happens(0.03);
      return call(
        random,
        timeMs + at * 9 * SECOND_MS,
        who,
        random.pick(looks),
        isDenied ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {},
      );
    }),
    ...(random.happens(0.2)
      ? [
          call(
            random,
            timeMs + 7 * MINUTE_MS,
            who,
            random.pick([
              'ec2:RebootInstances',
              'ec2:StartInstances',
              'rds:ModifyDBInstance',
              'cloudwatch:PutMetricAlarm',
              'ec2:CreateSnapshot',
              'iam:ChangePassword',
            ]),
          ),
        ]
      : []),
  ];
};

const autoscaling: Scene = (random, timeMs) => {
  const who = {
    identity: role('AWSServiceRoleForAutoScaling', 'AutoScaling', { invokedBy: 'autoscaling.amazonaws.com' }),
    address: 'autoscaling.amazonaws.com',
    agent: 'autoscaling.amazonaws.com',
  };
  const instance = `i-0${random.hex(16)}`;
  return [
    call(random, timeMs, who, 'ec2:RunInstances', {
      requestParameters: {
        instanceType: 't3.medium',
        instancesSet: { items: [{ imageId: 'ami-1', minCount: 1, maxCount: 1 }] },
      },
    }),
    call(random, timeMs + 2_000, who, 'ec2:CreateTags'),
    call(random, timeMs + 60_000, who, 'elasticloadbalancing:RegisterTargets'),
    call(random, timeMs + 40 * MINUTE_MS, who, 'ec2:TerminateInstances', {
      requestParameters: { instancesSet: { items: [{ instanceId: instance }] } },
    }),
  ];
};

/** Machines and functions with roles: secrets at the start, keys and parameters all day. */
const applications: Scene = (random, timeMs) => {
  const who = {
    identity: role('shop-app', `i-0${random.hex(8)}`),
    address: `10.0.5.${random.integer(2, 9)}`,
    agent: 'aws-sdk-java/2.29 Linux/6.1',
  };
  return [
    call(random, timeMs, who, 'secretsmanager:GetSecretValue', { requestParameters: { secretId: 'shop/db' } }),
    call(random, timeMs + 300, who, 'kms:Decrypt', {
      requestParameters: {
        encryptionContext: { SecretARN: 'arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:shop/db' },
      },
    }),
    call(random, timeMs + 600, who, 'ssm:GetParametersByPath', {
      requestParameters: { path: '/shop/prod/', withDecryption: true },
    }),
    call(random, timeMs + 900, who, 'sts:AssumeRole', {
      requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/shop-media`, roleSessionName: 'media' },
    }),
  ];
};

const services: Scene = (random, timeMs) => {
  const service = random.pick([
    'cloudtrail',
    'config',
    'elasticloadbalancing',
    'lambda',
    'ecs-tasks',
    'ssm',
    'guardduty',
    'trustedadvisor',
  ]);
  const who = {
    identity: { type: 'AWSService', invokedBy: `${service}.amazonaws.com` },
    address: `${service}.amazonaws.com`,
    agent: `${service}.amazonaws.com`,
  };
  return [
    call(
      random,
      timeMs,
      who,
      random.pick([
        'sts:AssumeRole',
        'kms:GenerateDataKey',
        's3:GetBucketAcl',
        's3:PutObject',
        'logs:CreateLogStream',
        'ec2:DescribeInstances',
        'ssm:UpdateInstanceInformation',
        'kms:Decrypt',
      ]),
    ),
  ];
};

/** Every night at two. */
const backups: Scene = (random, timeMs) => {
  const who = {
    identity: role('AWSBackupDefaultServiceRole', 'AWSBackup-AWSBackupDefaultServiceRole', {
      invokedBy: 'backup.amazonaws.com',
    }),
    address: 'backup.amazonaws.com',
    agent: 'backup.amazonaws.com',
  };
  return [
    ...Array.from({ length: 9 }, (_, at) =>
      call(random, timeMs + at * 4_000, who, 'ec2:CreateSnapshot', {
        requestParameters: { volumeId: `vol-0${random.hex(8)}` },
      }),
    ),
    ...Array.from({ length: 9 }, (_, at) =>
      call(random, timeMs + 20 * MINUTE_MS + at * 4_000, who, 'ec2:DeleteSnapshot', {
        requestParameters: { snapshotId: `snap-0${random.hex(8)}` },
      }),
    ),
    call(random, timeMs + 40 * MINUTE_MS, who, 'rds:CreateDBSnapshot', {
      requestParameters: { dBInstanceIdentifier: 'shop' },
    }),
    call(random, timeMs + 50 * MINUTE_MS, who, 'rds:DeleteDBSnapshot', {
      requestParameters: { dBSnapshotIdentifier: 'shop-30' },
    }),
  ];
};

/** CloudTrail of one account. */
export const AWS: Diary = {
  stream: 'file:/var/spool/cloudtrail.json',
  format: 'cloudtrail',
  share: 0.07,
  occasions: [
    { scene: backups, hours: [2, 2.1], perDay: 1 },
    { scene: terraformPlan, hours: [9, 18], perDay: 12 },
    { scene: terraformApply, hours: [10, 17], perDay: 4 },
    { scene: ciDeploys, hours: [9, 18], perDay: 14 },
    { scene: consoleWork, hours: [9, 18], perDay: 12 },
    { scene: autoscaling, hours: [7, 23], perDay: 20 },
    { scene: applications, weight: 3 },
    { scene: services, weight: 8 },
  ],
};
