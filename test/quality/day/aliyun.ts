import { ADMINISTRATORS, addressOf } from './company.ts';
import type { Random } from './random.ts';
import { type Diary, type Line, MINUTE_MS, type Scene } from './scene.ts';

type Fields = Readonly<Record<string, unknown>>;

const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

const aliyun = (
  random: Random,
  timeMs: number,
  identity: Fields,
  address: string,
  action: string,
  more: Fields = {},
): Line => {
  const [serviceName, eventName] = action.split(':') as [string, string];
  const isRead = /^(Get|List|Describe|Query)/.test(eventName);
  const eventTime = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  const record = {
    eventId: random.hex(32),
    eventVersion: '1',
    eventTime,
    eventType: 'ApiCall',
    eventName,
    serviceName,
    eventSource: `${serviceName.toLowerCase()}.cn-hangzhou.aliyuncs.com`,
    eventRW: isRead ? 'Read' : 'Write',
    acsRegion: 'cn-hangzhou',
    apiVersion: '2014-05-26',
    sourceIpAddress: address,
    userAgent: 'AlibabaCloud (Linux; amd64) Java/17',
    requestId: random.hex(24),
    requestParameters: {},
    userIdentity: identity,
    ...more,
  };
  return { timeMs, text: JSON.stringify(record) };
};

const OWNER = '1234567890123456';
const ramUser = (userName: string): Fields => ({
  type: 'ram-user',
  principalId: '26842',
  accountId: OWNER,
  userName,
  accessKeyId: userName === 'terraform' ? 'LTAI5tExampleTf' : '',
  sessionContext: { attributes: { mfaAuthenticated: 'true' } },
});
const ramRole = (userName: string): Fields => ({
  type: 'assumed-role',
  principalId: '33:app',
  accountId: OWNER,
  userName,
  accessKeyId: 'STS.NUexample',
  sessionContext: { attributes: { mfaAuthenticated: 'false' } },
});

const aliyunPerson: Scene = (random, timeMs) => {
  const userName = random.pick(ADMINISTRATORS);
  const address = addressOf(userName, random);
  const more = { userAgent: CONSOLE, eventType: 'ConsoleCall' };
  const looks = [
    'Ecs:DescribeInstances',
    'Ecs:DescribeDisks',
    'Ecs:DescribeSecurityGroups',
    'Rds:DescribeDBInstances',
    'Slb:DescribeLoadBalancers',
    'Cms:DescribeMetricList',
    'BssOpenApi:QueryBill',
    'Oss:ListBuckets',
    'Vpc:DescribeVpcs',
    'Actiontrail:LookupEvents',
    'Ram:GetUser',
  ];
  return [
    aliyun(random, timeMs, ramUser(userName), address, 'AasSub:ConsoleSignin', {
      eventType: 'ConsoleSignin',
      userAgent: CONSOLE,
      additionalEventData: { mfaChecked: 'true', loginAccount: `${userName}@${OWNER}.onaliyun.com` },
    }),
    ...Array.from({ length: random.integer(6, 30) }, (_, at) =>
      aliyun(random, timeMs + at * 8_000, ramUser(userName), address, random.pick(looks), more),
    ),
    ...(random.happens(0.3)
      ? [
          aliyun(
            random,
            timeMs + 300_000,
            ramUser(userName),
            address,
            random.pick([
              'Ecs:RebootInstance',
              'Ecs:CreateSnapshot',
              'Slb:SetBackendServers',
              'Rds:ModifyBackupPolicy',
              'Alidns:UpdateDomainRecord',
            ]),
            more,
          ),
        ]
      : []),
  ];
};

const aliyunTerraform: Scene = (random, timeMs) =>
  [
    'Ecs:DescribeInstances',
    'Ecs:DescribeSecurityGroupAttribute',
    'Vpc:DescribeVSwitches',
    'Ram:GetRole',
    'Ram:ListPoliciesForRole',
    'Ram:GetPolicy',
    'Oss:GetBucketInfo',
    'Oss:GetBucketAcl',
    'Rds:DescribeDBInstanceAttribute',
    'Kms:DescribeKey',
    'Actiontrail:DescribeTrails',
    'Slb:DescribeLoadBalancerAttribute',
    'Sts:GetCallerIdentity',
    'Ecs:ModifyInstanceAttribute',
    'Ecs:AddTags',
  ].map((action, at) =>
    aliyun(random, timeMs + at * 400, ramUser('terraform'), '198.51.100.30', action, {
      userAgent: 'Terraform/1.9.8 Provider/1.235.0',
    }),
  );

const aliyunScaling: Scene = (random, timeMs) => [
  aliyun(random, timeMs, ramRole('aliyunserviceroleforautoscaling:ess'), 'ess.aliyuncs.com', 'Ecs:RunInstances', {
    userAgent: 'ess.aliyuncs.com',
    requestParameters: { InstanceType: 'ecs.g7.large', Amount: 1 },
  }),
  aliyun(
    random,
    timeMs + 30 * MINUTE_MS,
    ramRole('aliyunserviceroleforautoscaling:ess'),
    'ess.aliyuncs.com',
    'Ecs:DeleteInstance',
    { userAgent: 'ess.aliyuncs.com', requestParameters: { InstanceId: `i-bp1${random.hex(12)}` } },
  ),
];

const aliyunService: Scene = (random, timeMs) => [
  aliyun(
    random,
    timeMs,
    ramRole(random.pick(['shop-app:i-bp1', 'aliyuncsmanagedkubernetesrole:ack', 'aliyunlogdefaultrole:log'])),
    `10.1.0.${random.integer(2, 60)}`,
    random.pick([
      'Kms:Decrypt',
      'Kms:GetSecretValue',
      'Sts:AssumeRole',
      'Ecs:DescribeInstances',
      'Slb:DescribeLoadBalancers',
      'Cr:GetAuthorizationToken',
      'Vpc:DescribeRouteTables',
      'Oss:PutObject',
      'Ecs:DescribeSnapshots',
    ]),
  ),
];

/** ActionTrail of one account. */
export const ALIYUN: Diary = {
  stream: 'file:/var/spool/actiontrail.json',
  format: 'actiontrail',
  share: 0.03,
  occasions: [
    { scene: aliyunPerson, hours: [9, 18], perDay: 14 },
    { scene: aliyunTerraform, hours: [9, 18], perDay: 10 },
    { scene: aliyunScaling, perDay: 16 },
    { scene: aliyunService, weight: 1 },
  ],
};
