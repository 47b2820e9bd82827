import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How much of everything there is, in each region or in the account. */
export interface Size {
  readonly regions: number;
  readonly instances: number;
  readonly groups: number;
  readonly databases: number;
  readonly buckets: number;
  readonly users: number;
}

const PER_SECOND = 10;
const OSS_PER_SECOND = 50;
const LATENCY_MS = 40;

/**
 * An account of Alibaba Cloud on loopback: it answers each call after some time, by pages, and throttles whoever asks
 * the same of one region more often than allowed in any second, as the provider does.
 */
export async function simulateAlicloud(size: Size) {
  const regions = Array.from({ length: size.regions }, (_, at) => `sim-region-${at + 1}`);
  const recent = new Map<string, number[]>();
  const counts = { calls: 0, throttled: 0 };
  const isTooFast = (key: string, limit: number): boolean => {
    const now = performance.now();
    const times = (recent.get(key) ?? []).filter((one) => now - one < 1000);
    recent.set(key, times);
    if (times.length >= limit) return true;
    times.push(now);
    return false;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sim');
    const action = String(request.headers['x-acs-action'] ?? '');
    const region = url.searchParams.get('RegionId') ?? '';
    const isLog = request.headers['x-log-apiversion'] !== undefined;
    const isOss = action === '' && !isLog;
    counts.calls += 1;
    const sub = isOss ? [...url.searchParams].find(([, value]) => value === '')?.[0] : undefined;
    const tooFast = isTooFast(isOss ? `oss ${sub}` : `${action} ${region}`, isOss ? OSS_PER_SECOND : PER_SECOND);
    if (tooFast) counts.throttled += 1;
    const body = tooFast
      ? isOss
        ? '<Error><Code>QpsLimitExceeded</Code><Message>Too many.</Message></Error>'
        : '{"Code":"Throttling.User","Message":"Request was denied due to user flow control.","RequestId":"0"}'
      : isLog
        ? '{"count":0,"total":0,"projects":[]}'
        : isOss
          ? ossAnswer(sub, String(request.headers.host), size, regions)
          : rpcAnswer(action, url.searchParams, size, regions);
    request.resume().on('end', () => {
      setTimeout(() => {
        const status = tooFast ? (isOss ? 503 : 400) : body === undefined ? 404 : 200;
        response.writeHead(status, { 'content-type': isOss ? 'application/xml' : 'application/json' });
        response.end(
          body ??
            (isOss
              ? `<Error><Code>${NOTHING_SET[sub ?? ''] ?? 'NoSuchBucketPolicy'}</Code></Error>`
              : '{"Code":"ServiceNotOpen"}'),
        );
      }, LATENCY_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How OSS says that a thing is not set. */
const NOTHING_SET: Readonly<Record<string, string>> = {
  encryption: 'NoSuchServerSideEncryptionRule',
  lifecycle: 'NoSuchLifecycle',
  cors: 'NoSuchCORSConfiguration',
  worm: 'NoSuchWORMConfiguration',
  publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
  replication: 'NoSuchReplicationConfiguration',
  httpsConfig: 'NoSuchHttpsConfig',
  tagging: 'NoSuchTagSet',
  transferAcceleration: 'NoSuchTransferAccelerationConfiguration',
};

function rpcAnswer(action: string, query: URLSearchParams, size: Size, regions: readonly string[]): string | undefined {
  const region = query.get('RegionId') ?? '';
  const id = (kind: string, at: number | string): string => `${kind}-${region}-${at}`;
  const paged = (
    path: readonly [string, string],
    count: number,
    make: (at: number) => object,
    total = 'TotalCount',
  ) => {
    const pageSize = Number(query.get('MaxResults') ?? query.get('PageSize') ?? 50);
    const page = Number(query.get('NextToken') || query.get('PageNumber') || 1);
    const from = (page - 1) * pageSize;
    const items = Array.from({ length: Math.max(0, Math.min(pageSize, count - from)) }, (_, at) => make(from + at));
    const next = query.has('MaxResults') && from + pageSize < count ? String(page + 1) : '';
    return JSON.stringify({
      RequestId: 'sim',
      [total]: count,
      PageNumber: page,
      NextToken: next,
      [path[0]]: { [path[1]]: items },
    });
  };
  switch (action) {
    case 'GetCallerIdentity':
      return '{"AccountId":"1000000000000001","Arn":"acs:ram::1000000000000001:user/sim","RequestId":"sim"}';
    case 'DescribeRegions':
      return JSON.stringify({ Regions: { Region: regions.map((RegionId) => ({ RegionId })) } });
    case 'DescribeInstances':
      return query.has('PageSize')
        ? paged(['Instances', 'KVStoreInstance'], 0, () => ({}))
        : query.get('DryRun') === 'true'
          ? undefined
          : paged(['Instances', 'Instance'], size.instances, (at) => ({
              InstanceId: id('i', at),
              InstanceName: `web-${at}`,
              InstanceType: 'ecs.g7.large',
              ImageId: 'aliyun_3_x64_20G_alibase_20250117.vhd',
              Status: 'Running',
              DeletionProtection: at % 2 === 0,
              InstanceChargeType: 'PostPaid',
              InternetMaxBandwidthOut: at % 5,
              SecurityGroupIds: { SecurityGroupId: [id('sg', at % size.groups)] },
              VpcAttributes: { VpcId: id('vpc', 0), VSwitchId: id('vsw', 0) },
              MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: at % 3 === 0 ? 'required' : 'optional' },
              Tags: { Tag: [{ TagKey: 'site', TagValue: 'shop' }] },
            }));
    case 'DescribeDisks':
      return paged(['Disks', 'Disk'], size.instances, (at) => ({
        DiskId: id('d', at),
        InstanceId: id('i', at),
        Type: 'system',
        Category: 'cloud_essd',
        Size: 40,
        Encrypted: at % 2 === 0,
        Status: 'In_use',
      }));
    case 'DescribeInstanceRamRole':
      return JSON.stringify({ TotalCount: 0, InstanceRamRoleSets: { InstanceRamRoleSet: [] } });
    case 'DescribeSecurityGroups':
      return paged(['SecurityGroups', 'SecurityGroup'], size.groups, (at) => ({
        SecurityGroupId: id('sg', at),
        SecurityGroupName: `group-${at}`,
        SecurityGroupType: 'normal',
        VpcId: id('vpc', 0),
      }));
    case 'DescribeSecurityGroupAttribute': {
      const group = query.get('SecurityGroupId') ?? '';
      const rule = (at: number) => ({
        SecurityGroupRuleId: `sgr-${group}-${at}`,
        Direction: 'ingress',
        IpProtocol: 'TCP',
        PortRange: at === 0 ? '22/22' : '443/443',
        SourceCidrIp: at === 0 ? '10.0.0.0/8' : '0.0.0.0/0',
        Policy: 'Accept',
        Priority: '1',
      });
      return JSON.stringify({ InnerAccessPolicy: 'Accept', Permissions: { Permission: [0, 1, 2].map(rule) } });
    }
    case 'DescribeVpcs':
      return paged(['Vpcs', 'Vpc'], 2, (at) => ({
        VpcId: id('vpc', at),
        VpcName: `vpc-${at}`,
        CidrBlock: '10.0.0.0/8',
      }));
    case 'DescribeVSwitches':
      return paged(['VSwitches', 'VSwitch'], 8, (at) => ({
        VSwitchId: id('vsw', at),
        VpcId: id('vpc', 0),
        CidrBlock: `10.${at}.0.0/24`,
        AvailableIpAddressCount: 200,
      }));
    case 'DescribeEipAddresses':
      return paged(['EipAddresses', 'EipAddress'], 10, (at) => ({
        AllocationId: id('eip', at),
        IpAddress: `203.0.113.${at}`,
        InstanceId: id('i', at),
        Status: 'InUse',
        Bandwidth: '5',
      }));
    case 'DescribeDBInstances':
      if (query.has('DBInstanceType')) return paged(['DBInstances', 'DBInstance'], 0, () => ({}));
      return paged(
        ['Items', 'DBInstance'],
        size.databases,
        (at) => ({
          DBInstanceId: id('rm', at),
          Engine: 'MySQL',
          EngineVersion: '8.0',
          DBInstanceClass: 'mysql.n2.medium.1',
        }),
        'TotalRecordCount',
      );
    case 'DescribeDBInstanceAttribute':
      return JSON.stringify({ Items: { DBInstanceAttribute: [{ DBInstanceStorage: 100, SecurityIPMode: 'normal' }] } });
    case 'DescribeDBInstanceIPArrayList':
      return '{"Items":{"DBInstanceIPArray":[{"DBInstanceIPArrayName":"default","SecurityIPList":"127.0.0.1"}]}}';
    case 'ListUsers':
      return JSON.stringify({
        IsTruncated: false,
        Users: {
          User: Array.from({ length: size.users }, (_, at) => ({ UserName: `user-${at}`, UserId: String(at) })),
        },
      });
    case 'ListAccessKeys':
      return JSON.stringify({
        AccessKeys: {
          AccessKey: [
            {
              AccessKeyId: `LTAIsim${query.get('UserName') ?? ''}`,
              Status: 'Active',
              CreateDate: '2025-01-01T00:00:00Z',
            },
          ],
        },
      });
    case 'DescribeBackupPolicy':
      return '{"BackupRetentionPeriod":7,"PreferredBackupPeriod":"Monday,Thursday","EnableBackupLog":"1"}';
    case 'DescribeDBInstanceSSL':
      return '{"SSLEnabled":"No"}';
    case 'DescribeDBInstanceTDE':
      return '{"TDEStatus":"Disabled"}';
    case 'DescribeDBInstanceNetInfo':
      return '{"DBInstanceNetInfos":{"DBInstanceNetInfo":[{"IPType":"Private","ConnectionString":"a.mysql.rds.aliyuncs.com"}]}}';
    case 'DescribeSecurityGroupConfiguration':
      return '{"Items":{"EcsSecurityGroupRelation":[]}}';
    case 'DescribeAccounts':
      return '{"Accounts":{"DBInstanceAccount":[]}}';
    case 'DescribeParameters':
      return '{"RunningParameters":{"DBInstanceParameter":[]}}';
    case 'ListPoliciesForUser':
      return '{"Policies":{"Policy":[{"PolicyName":"ReadOnlyAccess","PolicyType":"System"}]}}';
    case 'ListGroupsForUser':
      return '{"Groups":{"Group":[]}}';
    case 'GetUserMFAInfo':
      return '{"MFADevice":{"SerialNumber":"acs:ram::1:mfa/u"}}';
    case 'GetLoginProfile':
      return `{"LoginProfile":{"UserName":"${query.get('UserName') ?? ''}","MFABindRequired":true}}`;
    case 'GetUser':
      return `{"User":{"UserName":"${query.get('UserName') ?? ''}","LastLoginDate":"2026-11-20T08:00:00Z"}}`;
    case 'GetAccessKeyLastUsed':
      return '{"AccessKeyLastUsed":{"LastUsedDate":"2026-11-20T08:00:00Z"}}';
    case 'DescribeDBInstanceMonitor':
      return '{"Period":"60"}';
    case 'DescribeDBInstanceEncryptionKey':
      return '{"EncryptionKeyStatus":""}';
    case 'DescribeSQLCollectorPolicy':
      return '{"SQLCollectorStatus":"Disabled"}';
    case 'DescribeSQLCollectorRetention':
      return '{"ConfigValue":"30"}';
    case 'DescribeInstanceAutoRenewalAttribute':
      return '{"Items":{"Item":[]}}';
    default:
      return undefined;
  }
}

function ossAnswer(sub: string | undefined, host: string, size: Size, regions: readonly string[]): string | undefined {
  if (sub === undefined) {
    const bucket = (at: number): string =>
      `<Bucket><Name>sim-bucket-${at}</Name><Location>oss-${regions[at % regions.length]}</Location><StorageClass>Standard</StorageClass></Bucket>`;
    const all = Array.from({ length: size.buckets }, (_, at) => bucket(at)).join('');
    return `<ListAllMyBucketsResult><IsTruncated>false</IsTruncated><Buckets>${all}</Buckets></ListAllMyBucketsResult>`;
  }
  if (sub === 'acl')
    return `<AccessControlPolicy><AccessControlList><Grant>${host.includes('7.') ? 'public-read' : 'private'}</Grant></AccessControlList></AccessControlPolicy>`;
  if (sub === 'bucketInfo')
    return '<BucketInfo><Bucket><DataRedundancyType>LRS</DataRedundancyType></Bucket></BucketInfo>';
  if (sub === 'versioning') return '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  if (sub === 'referer')
    return '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList/></RefererConfiguration>';
  if (sub === 'logging') return '<BucketLoggingStatus></BucketLoggingStatus>';
  return undefined;
}
