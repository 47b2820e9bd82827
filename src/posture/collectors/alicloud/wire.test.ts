import { describe, expect, test } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { type Answering, ossError, rpcError } from './wire.fixture.ts';
import { needing, scanWire } from './wire-scan.fixture.ts';

const BUCKETS = `<?xml version="1.0" encoding="UTF-8"?>
<ListAllMyBucketsResult>
  <Owner>
    <ID>1098765432101234</ID>
    <DisplayName>1098765432101234</DisplayName>
  </Owner>
  <IsTruncated>false</IsTruncated>
  <Buckets>
    <Bucket>
      <CreationDate>2024-02-17T18:12:43.000Z</CreationDate>
      <ExtranetEndpoint>oss-cn-shanghai.aliyuncs.com</ExtranetEndpoint>
      <IntranetEndpoint>oss-cn-shanghai-internal.aliyuncs.com</IntranetEndpoint>
      <Location>oss-cn-shanghai</Location>
      <Name>shop-photos</Name>
      <Region>cn-shanghai</Region>
      <StorageClass>Standard</StorageClass>
    </Bucket>
  </Buckets>
</ListAllMyBucketsResult>`;

const ACL = `<?xml version="1.0" ?>
<AccessControlPolicy>
  <Owner>
    <ID>1098765432101234</ID>
    <DisplayName>1098765432101234</DisplayName>
  </Owner>
  <AccessControlList>
    <Grant>public-read</Grant>
  </AccessControlList>
</AccessControlPolicy>`;

const GROUPS = `{
  "RequestId": "3D1F0C55-0000-5A6E-9A1B-1B2C3D4E5F60",
  "RegionId": "cn-hangzhou",
  "TotalCount": 1,
  "PageNumber": 1,
  "PageSize": 10,
  "NextToken": "",
  "SecurityGroups": {
    "SecurityGroup": [
      {
        "SecurityGroupId": "sg-bp1wire0001",
        "SecurityGroupName": "web",
        "SecurityGroupType": "normal",
        "Description": "",
        "VpcId": "vpc-bp1wire0001",
        "CreationTime": "2025-05-01T02:03:04Z",
        "ResourceGroupId": "",
        "ServiceManaged": false,
        "Tags": { "Tag": [{ "TagKey": "site", "TagValue": "shop" }] }
      }
    ]
  }
}`;

/** Two pages, by token. */
const RULES: Answering = ({ query }) =>
  query.get('NextToken') === 'AAAAAdDWBF2'
    ? rules('sgr-bp1wire0002', '443/443', '')
    : rules('sgr-bp1wire0001', '22/22', 'AAAAAdDWBF2');

function rules(id: string, ports: string, next: string): string {
  return `{
  "RequestId": "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E",
  "RegionId": "cn-hangzhou",
  "VpcId": "vpc-bp1wire0001",
  "SecurityGroupId": "sg-bp1wire0001",
  "SecurityGroupName": "web",
  "Description": "",
  "InnerAccessPolicy": "Accept",
  "NextToken": "${next}",
  "Permissions": {
    "Permission": [
      {
        "SecurityGroupRuleId": "${id}",
        "Direction": "ingress",
        "IpProtocol": "TCP",
        "PortRange": "${ports}",
        "SourcePortRange": "",
        "SourceCidrIp": "0.0.0.0/0",
        "DestCidrIp": "",
        "Ipv6SourceCidrIp": "",
        "Ipv6DestCidrIp": "",
        "SourceGroupId": "",
        "SourceGroupName": "",
        "SourceGroupOwnerAccount": "",
        "SourcePrefixListId": "",
        "DestGroupId": "",
        "DestGroupName": "",
        "DestGroupOwnerAccount": "",
        "DestPrefixListId": "",
        "Policy": "Accept",
        "NicType": "intranet",
        "Priority": "1",
        "Description": "",
        "CreateTime": "2025-05-01T02:03:04Z"
      }
    ]
  }
}`;
}

const EMPTY_GROUPS = `{"RequestId":"6C1B","RegionId":"cn-hangzhou","TotalCount":0,"PageNumber":1,"PageSize":10,"NextToken":"","SecurityGroups":{"SecurityGroup":[]}}`;

const find = (resources: readonly Resource[], type: string) => resources.filter((one) => one.type === type);
const reason = (resource: Resource | undefined, name: string) => {
  const value = resource?.attributes[name];
  return isUnknown(value) ? value.reason : `known: ${JSON.stringify(value)}`;
};

const bucketAcl = needing('alicloud_oss_bucket', 'oss:GetBucketAcl');
const groupRules = needing('alicloud_security_group_rule', 'ecs:DescribeSecurityGroupAttribute');

describe('OSS over the wire', () => {
  test('a bucket and its ACL become a bucket in its own region', async () => {
    const { resources, problems, connection, wire } = await scanWire({ oss: BUCKETS, 'oss ?acl': ACL }, bucketAcl);
    expect(connection.account).toBe('1098765432101234');
    expect(resources).toHaveLength(1);
    expect(resources[0]).toMatchObject({
      provider: 'alicloud',
      type: 'alicloud_oss_bucket',
      id: 'shop-photos',
      region: 'cn-shanghai',
      account: '1098765432101234',
      attributes: { bucket: 'shop-photos', acl: 'public-read', storage_class: 'Standard' },
    });
    expect(problems).toEqual([]);
    expect(wire.asked.find(({ call }) => call === 'oss ?acl')).toMatchObject({
      bucket: 'shop-photos',
      host: 'shop-photos.oss-cn-shanghai.aliyuncs.com',
    });
    expect(wire.asked.every(({ authorization }) => !authorization.includes('wire-test-secret'))).toBe(true);
  });

  test('a denied ACL is unknown and names the permission; the rest of the bucket is known', async () => {
    const { resources, problems } = await scanWire(
      { oss: BUCKETS, 'oss ?acl': ossError(403, 'AccessDenied') },
      bucketAcl,
    );
    expect(reason(resources[0], 'acl')).toBe('needs oss:GetBucketAcl');
    expect(resources[0]?.attributes['bucket']).toBe('shop-photos');
    expect(problems).toMatchObject([{ service: 'oss', permission: 'oss:GetBucketAcl', kind: 'denied' }]);
  });

  test.each([
    [
      'an answer without a grant',
      '<AccessControlPolicy><Owner/></AccessControlPolicy>',
      'oss:GetBucketAcl answered without AccessControlList.Grant',
    ],
    ['half an answer', '<AccessControlPolicy><AccessControlList><Gra', 'the answer of oss:GetBucketAcl cannot be read'],
    ['an empty body', '', 'the answer of oss:GetBucketAcl cannot be read'],
    ['a web page of a proxy', '<html><body>Please sign in</body>', 'the answer of oss:GetBucketAcl cannot be read'],
  ])('%s is unknown, never private', async (_name, body, expected) => {
    const { resources } = await scanWire({ oss: BUCKETS, 'oss ?acl': body }, bucketAcl);
    expect(reason(resources[0], 'acl')).toBe(expected);
  });

  test('no bucket at all is no resource and no doubt', async () => {
    const none = BUCKETS.replace(/<Buckets>[^]*<\/Buckets>/, '<Buckets></Buckets>');
    const { resources, problems } = await scanWire({ oss: none }, bucketAcl);
    expect(resources).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('ECS over the wire', () => {
  test('rules come from all pages and name their group', async () => {
    const { resources, wire } = await scanWire(
      { DescribeSecurityGroups: GROUPS, DescribeSecurityGroupAttribute: RULES },
      groupRules,
    );
    expect(
      find(resources, 'alicloud_security_group_rule').map(({ id, attributes }) => [id, attributes['port_range']]),
    ).toEqual([
      ['sgr-bp1wire0001', '22/22'],
      ['sgr-bp1wire0002', '443/443'],
    ]);
    expect(find(resources, 'alicloud_security_group_rule')[0]?.attributes).toMatchObject({
      type: 'ingress',
      ip_protocol: 'tcp',
      policy: 'accept',
      cidr_ip: '0.0.0.0/0',
      security_group_id: 'sg-bp1wire0001',
      priority: 1,
    });
    expect(find(resources, 'alicloud_security_group')[0]?.attributes).toMatchObject({
      security_group_name: 'web',
      inner_access_policy: 'Accept',
      tags: { site: 'shop' },
    });
    // No check needs servers, so they are not asked for.
    expect(wire.count('DescribeInstances')).toBe(0);
  });

  test('rules that may not be read leave one of which only the group is known', async () => {
    const { resources } = await scanWire(
      { DescribeSecurityGroups: GROUPS, DescribeSecurityGroupAttribute: rpcError(403, 'Forbidden.RAM') },
      groupRules,
    );
    const [rule] = find(resources, 'alicloud_security_group_rule');
    expect(rule?.attributes['security_group_id']).toBe('sg-bp1wire0001');
    expect(reason(rule, 'cidr_ip')).toBe('needs ecs:DescribeSecurityGroupAttribute');
    expect(reason(find(resources, 'alicloud_security_group')[0], 'inner_access_policy')).toBe(
      'needs ecs:DescribeSecurityGroupAttribute',
    );
  });

  test('an empty list that only hides a missing permission is unknown', async () => {
    const { resources, problems } = await scanWire(
      {
        DescribeSecurityGroups: ({ query }) =>
          query.get('DryRun') === 'true' ? rpcError(403, 'Forbidden.RAM') : EMPTY_GROUPS,
      },
      needing('alicloud_security_group', 'ecs:DescribeSecurityGroups'),
    );
    expect(resources).toHaveLength(1);
    expect(reason(resources[0], 'security_group_name')).toBe('needs ecs:DescribeSecurityGroups');
    expect(problems).toMatchObject([{ kind: 'denied', region: 'cn-hangzhou' }]);
  });

  test('an empty list of one who may is empty', async () => {
    const { resources, problems } = await scanWire(
      {
        DescribeSecurityGroups: ({ query }) =>
          query.get('DryRun') === 'true' ? rpcError(400, 'DryRunOperation') : EMPTY_GROUPS,
      },
      groupRules,
    );
    expect(resources).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('throttling is waited for', async () => {
    const { resources, throttled } = await scanWire(
      {
        DescribeSecurityGroups: (_asked, times) => (times <= 3 ? rpcError(400, 'Throttling.User') : GROUPS),
        DescribeSecurityGroupAttribute: RULES,
      },
      groupRules,
    );
    expect(throttled).toBe(3);
    expect(find(resources, 'alicloud_security_group_rule')).toHaveLength(2);
  });
});
