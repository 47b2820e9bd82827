import type { Service } from '../../collector.ts';
import { block, blocks, flag, listAt, mustText, number, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';
import { byToken } from '../paging.ts';

const { about, tokened } = callsOf('nlb', '2022-04-30');

/** Network load balancers: https://help.aliyun.com/zh/slb/network-load-balancer/developer-reference/api-nlb-2022-04-30-overview */
export const nlb: Service<AlicloudApi> = {
  id: 'nlb',
  where: 'regions',
  calls: {
    balancers: tokened('ListLoadBalancers', 'LoadBalancers'),
    balancer: about('balancers', 'GetLoadBalancerAttribute', 'LoadBalancerId'),
    listeners: tokened('ListListeners', 'Listeners'),
    serverGroups: tokened('ListServerGroups', 'ServerGroups'),
    servers: about('serverGroups', 'ListServerGroupServers', 'ServerGroupId', { items: 'Servers', next: byToken() }),
    securityPolicies: tokened('ListSecurityPolicy', 'SecurityPolicies'),
  },
  kinds: [
    {
      type: 'alicloud_nlb_load_balancer',
      call: 'balancers',
      id: text('LoadBalancerId'),
      name: text('LoadBalancerName'),
      attributes: {
        load_balancer_name: text('LoadBalancerName'),
        address_type: mustText('AddressType'),
        vpc_id: text('VpcId'),
        status: text('LoadBalancerStatus'),
        security_group_ids: texts('SecurityGroupIds'),
        zone_mappings: blocks('ZoneMappings', {
          zone_id: text('ZoneId'),
          vswitch_id: text('VSwitchId'),
          allocation_id: (zone) => textAt(listAt(zone, 'LoadBalancerAddresses')[0], 'AllocationId'),
        }),
        tags: tags('Tags'),
      },
      more: [
        {
          call: 'balancer',
          attributes: {
            deletion_protection_enabled: flag('DeletionProtectionConfig.Enabled'),
            deletion_protection_config: block({ enabled: flag('DeletionProtectionConfig.Enabled') }),
          },
        },
      ],
      holds: ['alicloud_nlb_load_balancer_security_group_attachment'],
    },
    {
      type: 'alicloud_nlb_listener',
      call: 'listeners',
      id: text('ListenerId'),
      name: text('ListenerDescription'),
      attributes: {
        load_balancer_id: mustText('LoadBalancerId'),
        listener_protocol: mustText('ListenerProtocol'),
        listener_port: number('ListenerPort'),
        server_group_id: text('ServerGroupId'),
        security_policy_id: text('SecurityPolicyId'),
      },
    },
    {
      type: 'alicloud_nlb_server_group',
      call: 'serverGroups',
      id: text('ServerGroupId'),
      name: text('ServerGroupName'),
      attributes: {
        server_group_name: text('ServerGroupName'),
        protocol: text('Protocol'),
        type: text('ServerGroupType'),
        server_count: number('ServerCount'),
        health_check: block({ health_check_enabled: flag('HealthCheck.HealthCheckEnabled') }),
      },
      more: [
        {
          call: 'servers',
          attributes: {
            servers: (_answer, _subject, servers) =>
              servers.map((one) => ({
                server_id: textAt(one, 'ServerId') ?? '',
                zone_id: textAt(one, 'ZoneId') ?? '',
                weight: Number(textAt(one, 'Weight') ?? 100),
              })),
          },
        },
      ],
      synonyms: ['health_check_config', 'health_check_enabled'],
      holds: ['alicloud_nlb_server_group_server_attachment'],
    },
    {
      type: 'alicloud_nlb_security_policy',
      call: 'securityPolicies',
      id: text('SecurityPolicyId'),
      name: text('SecurityPolicyName'),
      attributes: {
        security_policy_name: text('SecurityPolicyName'),
        tls_versions: texts('TlsVersion', ','),
        ciphers: texts('Ciphers', ','),
      },
    },
  ],
};
