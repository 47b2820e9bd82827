import type { Kind, Service } from '../../collector.ts';
import { flag, mustText, number, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';
import { byNumber } from '../paging.ts';

const sasCalls = callsOf('sas', '2018-12-03', 'yundun-sas');
const wafCalls = callsOf('waf', '2021-10-01', 'yundun-waf');
const firewallCalls = callsOf('cloudfw', '2017-12-07', 'yundun-cloudfirewall');

/** Security Center: https://help.aliyun.com/zh/security-center/developer-reference/api-sas-2018-12-03-overview */
export const securityCenter: Service<AlicloudApi> = {
  id: 'sas',
  where: 'account',
  calls: {
    version: sasCalls.one('DescribeVersionConfig'),
    servers: sasCalls.numbered('DescribeCloudCenterInstances', 'Instances', {
      total: 'PageInfo.TotalCount',
      size: 100,
      number: 'CurrentPage',
    }),
  },
  kinds: [
    accountKind('version', {
      security_center_version: text('Version'),
      security_center_expires: number('ReleaseTime'),
    }),
    {
      type: 'alicloud_security_center_server',
      call: 'servers',
      id: text('Uuid'),
      name: text('InstanceName'),
      region: text('RegionId'),
      attributes: {
        instance_id: text('InstanceId'),
        client_status: mustText('ClientStatus'),
        vulnerability_count: number('VulCount'),
        risk_status: text('RiskStatus'),
      },
    },
  ],
};

/** Web Application Firewall 3: https://help.aliyun.com/zh/waf/web-application-firewall-3-0/developer-reference/api-waf-openapi-2021-10-01-overview */
export const waf: Service<AlicloudApi> = {
  id: 'waf',
  where: 'account',
  calls: {
    instance: wafCalls.one('DescribeInstance', {
      nothing: ['Empty'],
      serves: ['waf-openapi:DescribeInstance', 'yundun-waf:DescribeInstanceInfo'],
    }),
    resources: wafCalls.about('instance', 'DescribeDefenseResources', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', PageSize: 50 }),
      where: hasInstance,
      items: 'Resources',
      next: byNumber('TotalCount'),
    }),
    domains: wafCalls.about('instance', 'DescribeDomains', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', PageSize: 50 }),
      where: hasInstance,
      items: 'Domains',
      next: byNumber('TotalCount'),
    }),
  },
  kinds: [
    {
      type: 'alicloud_wafv3_instance',
      call: 'instance',
      where: hasInstance,
      id: text('InstanceId'),
      attributes: { status: text('Status'), edition: text('Edition') },
    },
    {
      type: 'alicloud_wafv3_defense_resource',
      call: 'resources',
      id: text('Resource'),
      name: text('Resource'),
      attributes: {
        resource: mustText('Resource'),
        resource_instance_id: text('Detail.resourceInstanceId'),
        resource_name: text('Resource'),
      },
      ofParent: { instance_id: text('InstanceId') },
      holds: ['alicloud_wafv3_cloud_resource'],
    },
    {
      type: 'alicloud_wafv3_domain',
      call: 'domains',
      id: text('Domain'),
      name: text('Domain'),
      attributes: { domain: mustText('Domain') },
      ofParent: { instance_id: text('InstanceId') },
    },
  ],
};

/** Cloud Firewall: https://help.aliyun.com/zh/cloud-firewall/cloudfirewall/developer-reference/api-cloudfw-2017-12-07-overview */
export const cloudFirewall: Service<AlicloudApi> = {
  id: 'cloudfirewall',
  where: 'account',
  calls: {
    assets: {
      ...firewallCalls.numbered('DescribeAssetList', 'Assets', { size: 50, number: 'CurrentPage' }),
    },
    policies: firewallCalls.numbered('DescribeControlPolicy', 'Policys', {
      size: 50,
      number: 'CurrentPage',
      params: { Direction: 'in' },
    }),
  },
  kinds: [
    {
      type: 'alicloud_cloud_firewall_switch',
      call: 'assets',
      where: (asset) => textAt(asset, 'ProtectStatus') === 'open',
      id: (asset) => textAt(asset, 'BindInstanceId') ?? textAt(asset, 'InternetAddress'),
      region: text('RegionID'),
      attributes: {
        protect_status: text('ProtectStatus'),
        internet_address: text('InternetAddress'),
        resource_instance_id: text('BindInstanceId'),
      },
      holds: [
        'alicloud_cloud_firewall_instance',
        'alicloud_cloud_firewall_vpc_firewall',
        'alicloud_cloud_firewall_vpc_cen_tr_firewall',
        'alicloud_cloud_firewall_nat_firewall',
        'alicloud_cloud_firewall_vpc_firewall_cen',
      ],
    },
    {
      type: 'alicloud_cloud_firewall_control_policy',
      call: 'policies',
      id: text('AclUuid'),
      name: text('Description'),
      attributes: {
        acl_action: text('AclAction'),
        source: text('Source'),
        destination: text('Destination'),
        dest_port: text('DestPort'),
        proto: text('Proto'),
        direction: text('Direction'),
        release: flag('Release'),
      },
    },
  ],
};

/** An account without one gets an answer without an instance. */
function hasInstance(answer: unknown): boolean {
  return textAt(answer, 'InstanceId') !== undefined;
}

function accountKind(call: string, attributes: Kind['attributes']): Kind {
  return { type: 'alicloud_account', call, id: (_answer, { account }) => account, attributes };
}
