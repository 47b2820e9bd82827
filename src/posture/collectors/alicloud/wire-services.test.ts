import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { signed } from './sls-client.ts';
import { rpcError } from './wire.fixture.ts';
import { needing, scanWire } from './wire-scan.fixture.ts';

const find = (resources: readonly Resource[], type: string) => resources.filter((one) => one.type === type);
const reason = (resource: Resource | undefined, name: string) => {
  const value = resource?.attributes[name];
  return isUnknown(value) ? value.reason : `known: ${JSON.stringify(value)}`;
};

const USERS = `{
  "RequestId": "4B450CA1-36E8-4AA2-8461-86B42BF4CC4E",
  "IsTruncated": false,
  "Users": {
    "User": [
      {"UserId": "122748924538****", "UserName": "alice", "DisplayName": "Alice", "Comments": "", "CreateDate": "2025-01-23T12:33:18Z", "UpdateDate": "2025-02-11T03:15:21Z"},
      {"UserId": "122748924539****", "UserName": "bob", "DisplayName": "Bob", "Comments": "", "CreateDate": "2026-11-23T12:33:18Z", "UpdateDate": "2026-11-23T12:33:18Z"}
    ]
  }
}`;
const REPORT = [
  'user,user_creation_time,user_last_logon,password_exist,password_active,password_last_changed,password_next_rotation,mfa_active,access_key_1_exist,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used,access_key_2_exist,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used',
  '<root>,2019-11-11T12:33:18Z,2026-11-01T08:00:00Z,TRUE,N/A,2019-11-11T12:50:18Z,N/A,TRUE,FALSE,N/A,N/A,N/A,FALSE,N/A,N/A,N/A',
  'alice@1098765432101234.onaliyun.com,2025-01-23T12:33:18Z,-,TRUE,TRUE,2025-01-23T12:50:18Z,-,FALSE,TRUE,TRUE,2025-01-23T12:40:00Z,-,FALSE,N/A,N/A,N/A',
].join('\n');

describe('identities', () => {
  const userReport = needing('alicloud_ram_user', 'ram:GetCredentialReport');

  test('are read from the report, once it is made', async () => {
    const { resources, wire } = await scanWire(
      {
        ListUsers: USERS,
        GenerateCredentialReport: (_asked, times) =>
          `{"RequestId":"1","State":"${times < 3 ? 'STARTED' : 'COMPLETE'}"}`,
        GetCredentialReport: JSON.stringify({
          GeneratedTime: '2026-11-24T15:06:52Z',
          RequestId: '7A01826E-7601-44B0-B4DF-2B0C509836DE',
          Content: Buffer.from(REPORT).toString('base64'),
          IsTruncated: 'false',
        }),
      },
      userReport,
    );
    expect(wire.count('GenerateCredentialReport')).toBe(3);
    const [alice, bob] = find(resources, 'alicloud_ram_user');
    expect(alice?.attributes).toMatchObject({ mfa_active: false, password_exist: true, access_key_1_active: true });
    expect(alice?.attributes).not.toHaveProperty('user_last_logon');
    // Bob was made after the report: of him it says nothing.
    expect(reason(bob, 'mfa_active')).toBe('ram:GetCredentialReport answered without a row for bob');
    expect(find(resources, 'alicloud_account')[0]).toMatchObject({
      id: '1098765432101234',
      attributes: { root_last_logon: '2026-11-01T08:00:00Z' },
    });
  });

  test('whose report is denied are unknown in what it says', async () => {
    const { resources } = await scanWire(
      {
        ListUsers: USERS,
        GenerateCredentialReport: rpcError(403, 'NoPermission'),
        GetCredentialReport: rpcError(403, 'NoPermission'),
      },
      userReport,
    );
    const [alice] = find(resources, 'alicloud_ram_user');
    expect(reason(alice, 'mfa_active')).toBe('needs ram:GetCredentialReport');
    expect(alice?.attributes['display_name']).toBe('Alice');
  });

  test('of a list that is cut off without saying where it goes on are not all', async () => {
    const { resources } = await scanWire(
      { ListUsers: USERS.replace('"IsTruncated": false', '"IsTruncated": true') },
      needing('alicloud_ram_user', 'ram:ListUsers'),
    );
    expect(find(resources, 'alicloud_ram_user').map(({ unread }) => unread)).toEqual([
      undefined,
      undefined,
      'ram:ListUsers answered without Marker',
    ]);
  });

  test('and their keys never show whole', async () => {
    const { resources } = await scanWire(
      {
        ListUsers: USERS,
        ListAccessKeys: `{"RequestId":"1","AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAI5tSampleOnly0123wxyz","Status":"Active","CreateDate":"2025-01-23T12:40:00Z"}]}}`,
      },
      needing('alicloud_ram_access_key', 'ram:ListAccessKeys'),
    );
    expect(find(resources, 'alicloud_ram_access_key').map(({ id }) => id)).toEqual([
      'alice:LTAI…wxyz',
      'bob:LTAI…wxyz',
    ]);
    expect(JSON.stringify(resources)).not.toContain('SampleOnly');
  });

  test('a password policy that is answered half is unknown where it is missing', async () => {
    const { resources } = await scanWire(
      { GetPasswordPolicy: `{"RequestId":"1","PasswordPolicy":{"MinimumPasswordLength":14,"RequireSymbols":true}}` },
      needing('alicloud_ram_account_password_policy', 'ram:GetPasswordPolicy'),
    );
    const [policy] = find(resources, 'alicloud_ram_account_password_policy');
    expect(policy?.attributes).toMatchObject({ minimum_password_length: 14, require_symbols: true });
    expect(reason(policy, 'require_numbers')).toContain('PasswordPolicy.RequireNumbers');
    expect(reason(policy, 'max_password_age')).toContain('PasswordPolicy.MaxPasswordAge');
  });
});

describe('databases', () => {
  const INSTANCES = `{
  "RequestId": "1AD222E9-E606-4A42-BF6D-8A4442913CEF", "PageNumber": 1, "PageRecordCount": 1, "TotalRecordCount": 1,
  "Items": {"DBInstance": [{"DBInstanceId": "rm-bp1wire", "DBInstanceDescription": "orders", "Engine": "MySQL", "EngineVersion": "8.0", "DBInstanceClass": "mysql.n2.medium.1", "DBInstanceStorageType": "cloud_essd", "PayType": "Postpaid", "RegionId": "cn-hangzhou", "ZoneId": "cn-hangzhou-h", "VpcId": "vpc-bp1wire", "VSwitchId": "vsw-bp1wire", "InstanceNetworkType": "VPC", "DBInstanceNetType": "Intranet", "DBInstanceType": "Primary", "DBInstanceStatus": "Running", "LockMode": "Unlock", "DeletionProtection": false}]}
}`;

  test('have the addresses of all their lists, but for the provider’s own, and their public connections', async () => {
    const { resources } = await scanWire(
      {
        DescribeDBInstances: INSTANCES,
        DescribeDBInstanceIPArrayList: `{"RequestId":"1","Items":{"DBInstanceIPArray":[
          {"DBInstanceIPArrayName":"default","DBInstanceIPArrayAttribute":"","SecurityIPType":"IPv4","SecurityIPList":"10.0.0.0/8,203.0.113.7"},
          {"DBInstanceIPArrayName":"office","DBInstanceIPArrayAttribute":"","SecurityIPType":"IPv4","SecurityIPList":"0.0.0.0/0"},
          {"DBInstanceIPArrayName":"ali_dms_group","DBInstanceIPArrayAttribute":"hidden","SecurityIPType":"IPv4","SecurityIPList":"100.104.0.0/16"}]}}`,
        DescribeDBInstanceNetInfo: `{"RequestId":"1","InstanceNetworkType":"VPC","SecurityIPMode":"normal","DBInstanceNetInfos":{"DBInstanceNetInfo":[
          {"ConnectionString":"rm-bp1wire.mysql.rds.aliyuncs.com","IPType":"Private","IPAddress":"10.0.0.9","Port":"3306"},
          {"ConnectionString":"rm-bp1wireo.mysql.rds.aliyuncs.com","IPType":"Public","IPAddress":"203.0.113.44","Port":"3306"}]}}`,
      },
      needing('alicloud_db_instance', 'rds:DescribeDBInstanceIPArrayList', 'rds:DescribeDBInstanceNetInfo'),
    );
    const [orders] = find(resources, 'alicloud_db_instance');
    expect(orders).toMatchObject({ id: 'rm-bp1wire', name: 'orders', region: 'cn-hangzhou' });
    expect(orders?.attributes['security_ips']).toEqual(['10.0.0.0/8', '203.0.113.7', '0.0.0.0/0']);
    expect(reason(orders, 'ssl_action')).toBe('needs rds:DescribeDBInstanceSSL');
    expect(find(resources, 'alicloud_db_connection')).toMatchObject([
      { id: 'rm-bp1wireo.mysql.rds.aliyuncs.com', attributes: { instance_id: 'rm-bp1wire', port: '3306' } },
    ]);
  });

  test('whose edition knows no such thing have it switched off', async () => {
    const { resources, problems } = await scanWire(
      { DescribeDBInstances: INSTANCES, DescribeDBInstanceTDE: rpcError(400, 'InvalidDBInstanceEngineType.Format') },
      needing('alicloud_db_instance', 'rds:DescribeDBInstanceTDE'),
    );
    expect(find(resources, 'alicloud_db_instance')[0]?.attributes['tde_status']).toBe('Disabled');
    expect(problems).toEqual([]);
  });
});

describe('logs', () => {
  test('are asked for project by project, store by store', async () => {
    const { resources, wire } = await scanWire(
      {
        'sls /': `{"count":1,"total":1,"projects":[{"projectName":"shop-logs","description":"","status":"Normal","region":"cn-hangzhou","owner":"1098765432101234","createTime":"1700000000","lastModifyTime":"1700000000","dataRedundancyType":"LRS"}]}`,
        'sls /logstores': '{"count":1,"total":1,"logstores":["nginx"]}',
        'sls /logstores/nginx': `{"logstoreName":"nginx","ttl":30,"shardCount":2,"enable_tracking":true,"autoSplit":true,"maxSplitShard":64,"appendMeta":false,"telemetryType":"","hot_ttl":-1}`,
      },
      needing('alicloud_log_store', 'log:GetLogStore'),
    );
    expect(find(resources, 'alicloud_log_store')).toMatchObject([
      {
        id: 'shop-logs:nginx',
        region: 'cn-hangzhou',
        attributes: {
          project_name: 'shop-logs',
          logstore_name: 'nginx',
          retention_period: 30,
          enable_web_tracking: true,
        },
      },
    ]);
    expect(wire.asked.find(({ call }) => call === 'sls /logstores/nginx')?.host).toBe(
      'shop-logs.cn-hangzhou.log.aliyuncs.com',
    );
  });

  test('that may not be listed are unknown', async () => {
    const { resources } = await scanWire(
      {
        'sls /': {
          status: 401,
          body: '{"errorCode":"Unauthorized","errorMessage":"denied by sts or ram, action: log:ListProject"}',
        },
      },
      needing('alicloud_log_project', 'log:ListProject'),
    );
    expect(resources).toMatchObject([{ type: 'alicloud_log_project', unread: 'needs log:ListProject' }]);
  });

  test('are asked with the signature that the provider describes', () => {
    const headers = signed(
      { accessKeyId: 'id', accessKeySecret: 'secret', stsToken: undefined },
      '/logstores',
      [
        ['offset', '0'],
        ['size', '500'],
      ],
      'Mon, 09 Nov 2026 06:11:16 GMT',
    );
    // Verb, two empty lines (digest and type of no body), date, the service’s own headers by name, the resource.
    const text =
      'GET\n\n\nMon, 09 Nov 2026 06:11:16 GMT\nx-log-apiversion:0.6.0\nx-log-bodyrawsize:0\nx-log-signaturemethod:hmac-sha1\n/logstores?offset=0&size=500';
    const signature = createHmac('sha1', 'secret').update(text).digest('base64');
    expect(headers['authorization']).toBe(`LOG id:${signature}`);
  });

  test('sign what is written too, by its digest', () => {
    const body = '{"logstoreName":"audit","ttl":180}';
    const keys = { accessKeyId: 'id', accessKeySecret: 'secret', stsToken: undefined };
    const write = { method: 'PUT', body } as const;
    const headers = signed(keys, '/logstores/audit', [], 'Mon, 09 Nov 2026 06:11:16 GMT', write);
    const digest = createHash('md5').update(body).digest('hex').toUpperCase();
    const text = `PUT\n${digest}\napplication/json\nMon, 09 Nov 2026 06:11:16 GMT\nx-log-apiversion:0.6.0\nx-log-bodyrawsize:34\nx-log-signaturemethod:hmac-sha1\n/logstores/audit`;
    const signature = createHmac('sha1', 'secret').update(text).digest('base64');
    expect(headers).toMatchObject({ authorization: `LOG id:${signature}`, 'content-md5': digest });
  });
});

describe('clusters', () => {
  test('of each kind become their own type, public where their address is', async () => {
    const { resources } = await scanWire(
      {
        DescribeClustersV1: `{"clusters":[{"cluster_id":"c1wire","name":"shop","cluster_type":"ManagedKubernetes","profile":"Default","cluster_spec":"ack.pro.small","current_version":"1.33.1-aliyun.1","region_id":"cn-hangzhou","state":"running","vpc_id":"vpc-1"}],"page_info":{"page_number":1,"page_size":100,"total_count":1}}`,
        DescribeClusterDetail: `{"cluster_id":"c1wire","name":"shop","deletion_protection":true,"vswitch_ids":["vsw-1","vsw-2"],"master_url":"{\\"intranet_api_server_endpoint\\":\\"https://10.0.0.4:6443\\",\\"api_server_endpoint\\":\\"https://203.0.113.90:6443\\"}"}`,
      },
      needing('alicloud_cs_managed_kubernetes', 'cs:DescribeClusterDetail'),
    );
    expect(find(resources, 'alicloud_cs_managed_kubernetes')[0]).toMatchObject({
      id: 'c1wire',
      attributes: {
        version: '1.33.1-aliyun.1',
        deletion_protection: true,
        slb_internet_enabled: true,
        vswitch_ids: ['vsw-1', 'vsw-2'],
      },
    });
    expect(find(resources, 'alicloud_cs_kubernetes')).toEqual([]);
  });
});

describe('networks', () => {
  test('of tunnels never bring the shared keys', async () => {
    const { resources } = await scanWire(
      {
        DescribeVpnConnections: `{"RequestId":"1","TotalCount":1,"PageNumber":1,"PageSize":50,"VpnConnections":{"VpnConnection":[{"VpnConnectionId":"vco-1","Name":"office","VpnGatewayId":"vpn-1","Status":"ipsec_sa_established","IkeConfig":{"IkeVersion":"ikev1","IkeEncAlg":"3des","IkeAuthAlg":"md5","IkePfs":"group2","Psk":"hunter2-hunter2","IkeLifetime":86400},"IpsecConfig":{"IpsecEncAlg":"aes","IpsecAuthAlg":"sha1","IpsecPfs":"group2","IpsecLifetime":86400},"VcoHealthCheck":{"Enable":"true"}}]}}`,
      },
      needing('alicloud_vpn_connection', 'vpc:DescribeVpnConnections'),
    );
    expect(find(resources, 'alicloud_vpn_connection')[0]?.attributes).toMatchObject({
      ike_config: [{ ike_enc_alg: '3des', ike_auth_alg: 'md5' }],
      health_check_config: [{ enable: true }],
    });
    expect(JSON.stringify(resources)).not.toContain('hunter2');
  });
});

describe('trails', () => {
  test('that record all regions are one, wherever they are listed', async () => {
    const trail = (home: string) =>
      `{"RequestId":"1","TrailList":[{"Name":"audit","Status":"Enable","HomeRegion":"${home}","TrailRegion":"All","EventRW":"All","OssBucketName":"shop-audit","IsOrganizationTrail":false,"CreateTime":"2025-03-01T06:27:28Z"}]}`;
    const { resources } = await scanWire(
      { DescribeTrails: trail('cn-beijing') },
      needing('alicloud_actiontrail_trail', 'actiontrail:DescribeTrails'),
      { regions: ['cn-hangzhou', 'cn-beijing'] },
    );
    expect(find(resources, 'alicloud_actiontrail_trail')).toMatchObject([
      { id: 'audit', region: 'cn-beijing', attributes: { status: 'Enable', event_rw: 'All', trail_region: 'All' } },
    ]);
  });
});

describe('firewalls', () => {
  test('are asked for their first page by its number, and only what is protected counts', async () => {
    const { resources, wire } = await scanWire(
      {
        DescribeAssetList: `{"RequestId":"1","TotalCount":2,"Assets":[
          {"BindInstanceId":"i-1","InternetAddress":"203.0.113.5","ProtectStatus":"open","RegionID":"cn-hangzhou","ResourceType":"EcsEIP"},
          {"BindInstanceId":"i-2","InternetAddress":"203.0.113.6","ProtectStatus":"closed","RegionID":"cn-hangzhou","ResourceType":"EcsEIP"}]}`,
      },
      needing('alicloud_cloud_firewall_switch', 'yundun-cloudfirewall:DescribeAssetList'),
    );
    expect(wire.asked.find(({ call }) => call === 'DescribeAssetList')?.query.get('CurrentPage')).toBe('1');
    expect(find(resources, 'alicloud_cloud_firewall_switch').map(({ id }) => id)).toEqual(['i-1']);
  });
});
