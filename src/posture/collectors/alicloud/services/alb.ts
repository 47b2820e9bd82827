import type { Service } from '../../collector.ts';
import { block, blocks, flag, listAt, mustText, number, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';
import { byToken } from '../paging.ts';

const { about, tokened } = callsOf('alb', '2020-06-16');

/** Application load balancers: https://help.aliyun.com/zh/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-overview */
export const alb: Service<AlicloudApi> = {
  id: 'alb',
  where: 'regions',
  calls: {
    balancers: tokened('ListLoadBalancers', 'LoadBalancers'),
    balancer: about('balancers', 'GetLoadBalancerAttribute', 'LoadBalancerId'),
    listeners: tokened('ListListeners', 'Listeners'),
    listener: about('listeners', 'GetListenerAttribute', 'ListenerId'),
    serverGroups: tokened('ListServerGroups', 'ServerGroups'),
    servers: about('serverGroups', 'ListServerGroupServers', 'ServerGroupId', { items: 'Servers', next: byToken() }),
    acls: tokened('ListAcls', 'Acls'),
    aclEntries: about('acls', 'ListAclEntries', 'AclId', { items: 'AclEntries', next: byToken() }),
    securityPolicies: tokened('ListSecurityPolicies', 'SecurityPolicies'),
  },
  kinds: [
    {
      type: 'alicloud_alb_load_balancer',
      call: 'balancers',
      id: text('LoadBalancerId'),
      name: text('LoadBalancerName'),
      attributes: {
        load_balancer_name: text('LoadBalancerName'),
        address_type: mustText('AddressType'),
        load_balancer_edition: text('LoadBalancerEdition'),
        vpc_id: text('VpcId'),
        status: text('LoadBalancerStatus'),
        dns_name: text('DNSName'),
        tags: tags('Tags'),
      },
      more: [
        {
          call: 'balancer',
          attributes: {
            deletion_protection_enabled: flag('DeletionProtectionConfig.Enabled'),
            deletion_protection_config: block({ enabled: flag('DeletionProtectionConfig.Enabled') }),
            access_log_config: block({
              log_project: text('AccessLogConfig.LogProject'),
              log_store: text('AccessLogConfig.LogStore'),
            }),
            security_group_ids: texts('SecurityGroupIds'),
            zone_mappings: blocks('ZoneMappings', {
              zone_id: text('ZoneId'),
              vswitch_id: text('VSwitchId'),
              allocation_id: (zone) => textAt(listAt(zone, 'LoadBalancerAddresses')[0], 'AllocationId'),
            }),
          },
        },
      ],
      holds: ['alicloud_alb_load_balancer_security_group_attachment'],
    },
    {
      type: 'alicloud_alb_listener',
      call: 'listeners',
      id: text('ListenerId'),
      name: text('ListenerDescription'),
      attributes: {
        load_balancer_id: mustText('LoadBalancerId'),
        listener_protocol: mustText('ListenerProtocol'),
        listener_port: number('ListenerPort'),
        security_policy_id: text('SecurityPolicyId'),
        status: text('ListenerStatus'),
        server_group_id: (listener) =>
          textAt(
            listAt(listAt(listener, 'DefaultActions')[0], 'ForwardGroupConfig.ServerGroupTuples')[0],
            'ServerGroupId',
          ),
        default_actions: blocks('DefaultActions', {
          type: text('Type'),
          forward_group_config: block({
            server_group_tuples: blocks('ForwardGroupConfig.ServerGroupTuples', {
              server_group_id: text('ServerGroupId'),
            }),
          }),
        }),
      },
      more: [
        {
          call: 'listener',
          attributes: {
            acl_config: (answer, subject, items) =>
              textAt(answer, 'AclConfig.AclType') === undefined
                ? undefined
                : block({
                    acl_type: text('AclConfig.AclType'),
                    acl_relations: blocks('AclConfig.AclRelations', { acl_id: text('AclId') }),
                  })(answer, subject, items),
            certificates: blocks('Certificates', { certificate_id: text('CertificateId') }),
          },
        },
      ],
      holds: ['alicloud_alb_listener_acl_attachment'],
    },
    {
      type: 'alicloud_alb_server_group',
      call: 'serverGroups',
      id: text('ServerGroupId'),
      name: text('ServerGroupName'),
      attributes: {
        server_group_name: text('ServerGroupName'),
        protocol: text('Protocol'),
        type: text('ServerGroupType'),
        server_count: number('ServerCount'),
        health_check_config: block({ health_check_enabled: flag('HealthCheckConfig.HealthCheckEnabled') }),
      },
      more: [
        {
          call: 'servers',
          attributes: {
            servers: (_answer, _subject, servers) =>
              servers.map((one) => ({
                server_id: textAt(one, 'ServerId') ?? '',
                server_type: textAt(one, 'ServerType') ?? '',
                zone_id: textAt(one, 'ZoneId') ?? '',
                weight: Number(textAt(one, 'Weight') ?? 100),
              })),
          },
        },
      ],
      synonyms: ['health_check', 'health_check_enabled'],
      holds: ['alicloud_alb_server_group_server_attachment'],
    },
    {
      type: 'alicloud_alb_acl',
      call: 'acls',
      id: text('AclId'),
      name: text('AclName'),
      attributes: { acl_name: text('AclName') },
      more: [
        {
          call: 'aclEntries',
          attributes: {
            acl_entries: (_answer, _subject, entries) => entries.map((one) => ({ entry: textAt(one, 'Entry') ?? '' })),
          },
        },
      ],
      synonyms: ['entry'],
      holds: ['alicloud_alb_acl_entry_attachment'],
    },
    {
      type: 'alicloud_alb_security_policy',
      call: 'securityPolicies',
      id: text('SecurityPolicyId'),
      name: text('SecurityPolicyName'),
      attributes: {
        security_policy_name: text('SecurityPolicyName'),
        tls_versions: texts('TLSVersions'),
        ciphers: texts('Ciphers'),
      },
    },
  ],
};
