import type { Call, Service } from '../../collector.ts';
import { blocks, listAt, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byNumber, byToken } from '../paging.ts';

/** Classic load balancers: https://help.aliyun.com/zh/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-overview */
export const slb: Service<AlicloudApi> = {
  id: 'slb',
  where: 'regions',
  calls: {
    balancers: listed('DescribeLoadBalancers', 'LoadBalancers.LoadBalancer'),
    attribute: ofBalancer('DescribeLoadBalancerAttribute'),
    listeners: {
      permission: 'slb:DescribeLoadBalancerListeners',
      serves: [
        'slb:DescribeLoadBalancerHTTPListenerAttribute',
        'slb:DescribeLoadBalancerHTTPSListenerAttribute',
        'slb:DescribeLoadBalancerTCPListenerAttribute',
        'slb:DescribeLoadBalancerUDPListenerAttribute',
      ],
      api: slbCall('DescribeLoadBalancerListeners'),
      params: () => ({ MaxResults: 100 }),
      items: 'Listeners',
      next: byToken(),
    },
    serverGroups: { ...ofBalancer('DescribeVServerGroups'), items: 'VServerGroups.VServerGroup' },
    serverGroup: {
      permission: 'slb:DescribeVServerGroupAttribute',
      api: slbCall('DescribeVServerGroupAttribute'),
      of: 'serverGroups',
      params: ({ item }) => ({ VServerGroupId: textAt(item, 'VServerGroupId') ?? '' }),
    },
    masterSlaveGroups: {
      ...ofBalancer('DescribeMasterSlaveServerGroups'),
      items: 'MasterSlaveServerGroups.MasterSlaveServerGroup',
    },
    acls: listed('DescribeAccessControlLists', 'Acls.Acl', 50),
    acl: {
      permission: 'slb:DescribeAccessControlListAttribute',
      api: slbCall('DescribeAccessControlListAttribute'),
      of: 'acls',
      params: ({ item }) => ({ AclId: textAt(item, 'AclId') ?? '' }),
    },
    certificates: {
      permission: 'slb:DescribeServerCertificates',
      api: slbCall('DescribeServerCertificates'),
      items: 'ServerCertificates.ServerCertificate',
    },
    policies: {
      permission: 'slb:ListTLSCipherPolicies',
      api: slbCall('ListTLSCipherPolicies'),
      items: 'TLSCipherPolicies',
      next: byToken(),
    },
    logs: {
      permission: 'slb:DescribeAccessLogsDownloadAttribute',
      api: slbCall('DescribeAccessLogsDownloadAttribute'),
      params: () => ({ PageSize: 50 }),
      items: 'LogsDownloadAttributes.LogsDownloadAttribute',
      next: byNumber('TotalCount'),
    },
  },
  kinds: [
    {
      type: 'alicloud_slb_load_balancer',
      call: 'balancers',
      id: text('LoadBalancerId'),
      name: text('LoadBalancerName'),
      attributes: {
        load_balancer_name: text('LoadBalancerName'),
        address: text('Address'),
        address_type: mustText('AddressType'),
        address_ip_version: text('AddressIPVersion'),
        internet_charge_type: text('InternetChargeType'),
        payment_type: text('PayType'),
        load_balancer_spec: text('LoadBalancerSpec'),
        instance_charge_type: text('InstanceChargeType'),
        network_type: text('NetworkType'),
        vpc_id: text('VpcId'),
        vswitch_id: text('VSwitchId'),
        master_zone_id: text('MasterZoneId'),
        slave_zone_id: text('SlaveZoneId'),
        status: text('LoadBalancerStatus'),
        delete_protection: text('DeleteProtection'),
        modification_protection_status: text('ModificationProtectionStatus'),
        bandwidth: number('Bandwidth'),
        resource_group_id: text('ResourceGroupId'),
        tags: tags('Tags.Tag'),
      },
      more: [
        {
          call: 'attribute',
          attributes: {
            backend_servers: blocks('BackendServers.BackendServer', {
              server_id: text('ServerId'),
              weight: number('Weight'),
              type: text('Type'),
            }),
          },
        },
        {
          call: 'logs',
          attributes: {
            access_log: (_answer, { item }, logs) => {
              const own = textAt(item, 'LoadBalancerId');
              return logs
                .filter((one) => textAt(one, 'LoadBalancerId') === own)
                .map((one) => ({ project: textAt(one, 'LogProject') ?? '', store: textAt(one, 'LogStore') ?? '' }));
            },
          },
        },
      ],
      synonyms: [
        'name',
        'specification',
        'internet',
        'load_balancer_id',
        'pay_type',
        'deletion_protection',
        'access_log_config',
        'logs_download_attributes',
        'access_logs_download',
      ],
      holds: ['alicloud_slb', 'alicloud_slb_backend_server', 'alicloud_slb_attachment'],
    },
    {
      type: 'alicloud_slb_listener',
      call: 'listeners',
      id: (listener) =>
        `${textAt(listener, 'LoadBalancerId') ?? ''}:${(textAt(listener, 'ListenerProtocol') ?? '').toLowerCase()}:${textAt(listener, 'ListenerPort') ?? ''}`,
      name: text('Description'),
      attributes: {
        load_balancer_id: mustText('LoadBalancerId'),
        protocol: (listener) => textAt(listener, 'ListenerProtocol')?.toLowerCase(),
        frontend_port: number('ListenerPort'),
        backend_port: number('BackendServerPort'),
        bandwidth: number('Bandwidth'),
        status: text('Status'),
        acl_status: text('AclStatus'),
        acl_type: text('AclType'),
        acl_id: (listener) => textAt(listener, 'AclId') ?? textAt(listAt(listener, 'AclIds')[0], ''),
        server_certificate_id: text('HTTPSListenerConfig.ServerCertificateId'),
        ca_certificate_id: text('HTTPSListenerConfig.CACertificateId'),
        tls_cipher_policy: text('HTTPSListenerConfig.TLSCipherPolicy'),
        enable_http2: text('HTTPSListenerConfig.EnableHttp2'),
        listener_forward: text('HTTPListenerConfig.ListenerForward'),
        forward_port: number('HTTPListenerConfig.ForwardPort'),
        health_check: (listener) =>
          textAt(listener, 'HTTPListenerConfig.HealthCheck') ??
          textAt(listener, 'HTTPSListenerConfig.HealthCheck') ??
          textAt(listener, 'TCPListenerConfig.HealthCheck') ??
          textAt(listener, 'UDPListenerConfig.HealthCheck'),
        gzip: (listener) =>
          (textAt(listener, 'HTTPListenerConfig.Gzip') ?? textAt(listener, 'HTTPSListenerConfig.Gzip')) === 'on',
        idle_timeout: (listener) =>
          numeric(
            textAt(listener, 'HTTPListenerConfig.IdleTimeout') ?? textAt(listener, 'HTTPSListenerConfig.IdleTimeout'),
          ),
        scheduler: text('Scheduler'),
        description: text('Description'),
      },
      synonyms: ['lb_port', 'lb_protocol', 'ssl_certificate_id', 'name', 'instance_port'],
    },
    {
      type: 'alicloud_slb_server_group',
      call: 'serverGroups',
      id: text('VServerGroupId'),
      name: text('VServerGroupName'),
      attributes: { name: text('VServerGroupName') },
      more: [
        {
          call: 'serverGroup',
          attributes: {
            servers: blocks('BackendServers.BackendServer', {
              server_ids: (server) => [textAt(server, 'ServerId') ?? ''],
              port: number('Port'),
              weight: number('Weight'),
            }),
          },
        },
      ],
      ofParent: { load_balancer_id: text('LoadBalancerId') },
      synonyms: ['backend_servers', 'weight'],
      holds: ['alicloud_slb_server_group_server_attachment'],
    },
    {
      type: 'alicloud_slb_master_slave_server_group',
      call: 'masterSlaveGroups',
      id: text('MasterSlaveServerGroupId'),
      name: text('MasterSlaveServerGroupName'),
      attributes: { name: text('MasterSlaveServerGroupName') },
      ofParent: { load_balancer_id: text('LoadBalancerId') },
    },
    {
      type: 'alicloud_slb_acl',
      call: 'acls',
      id: text('AclId'),
      name: text('AclName'),
      attributes: { name: text('AclName'), ip_version: text('AddressIPVersion') },
      more: [
        {
          call: 'acl',
          attributes: {
            entry_list: blocks('AclEntrys.AclEntry', { entry: text('AclEntryIP'), comment: text('AclEntryComment') }),
          },
        },
      ],
      synonyms: ['entry', 'acl_name'],
      holds: ['alicloud_slb_acl_entry_attachment'],
    },
    {
      type: 'alicloud_slb_server_certificate',
      call: 'certificates',
      id: text('ServerCertificateId'),
      name: text('ServerCertificateName'),
      attributes: {
        name: text('ServerCertificateName'),
        expire_time: text('ExpireTime'),
        expire_time_stamp: number('ExpireTimeStamp'),
        common_name: text('CommonName'),
        alicloud_certificate_id: text('AliCloudCertificateId'),
      },
      synonyms: ['end_date', 'not_after', 'expired'],
    },
    {
      type: 'alicloud_slb_tls_cipher_policy',
      call: 'policies',
      id: text('InstanceId'),
      name: text('Name'),
      attributes: {
        tls_cipher_policy_name: text('Name'),
        tls_versions: (policy) => listAt(policy, 'TLSVersions').map(String),
        ciphers: (policy) => listAt(policy, 'Ciphers').map(String),
        status: text('Status'),
      },
    },
  ],
};

function slbCall(action: string): AlicloudApi {
  return { product: 'slb', version: '2014-05-15', action };
}

function listed(action: string, items: string, pageSize = 100): Call<AlicloudApi> {
  return {
    permission: `slb:${action}`,
    api: slbCall(action),
    params: () => ({ PageSize: pageSize }),
    items,
    next: byNumber('TotalCount'),
  };
}

function ofBalancer(action: string): Call<AlicloudApi> {
  return {
    permission: `slb:${action}`,
    api: slbCall(action),
    of: 'balancers',
    params: ({ item }) => ({ LoadBalancerId: textAt(item, 'LoadBalancerId') ?? '' }),
  };
}

function numeric(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
