import type { Service } from '../../collector.ts';
import { flag, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { DRY_RUN, ecsCall } from '../ecs-call.ts';
import { byToken } from '../paging.ts';

/** Security groups and their rules: https://help.aliyun.com/zh/ecs/user-guide/security-groups */
export const securityGroups: Service<AlicloudApi> = {
  id: 'security-groups',
  where: 'regions',
  calls: {
    groups: {
      permission: 'ecs:DescribeSecurityGroups',
      api: ecsCall('DescribeSecurityGroups'),
      params: () => ({ MaxResults: 100 }),
      items: 'SecurityGroups.SecurityGroup',
      next: byToken(),
      whenEmpty: DRY_RUN,
    },
    rules: {
      permission: 'ecs:DescribeSecurityGroupAttribute',
      api: ecsCall('DescribeSecurityGroupAttribute'),
      of: 'groups',
      params: ({ item }) => ({ SecurityGroupId: textAt(item, 'SecurityGroupId') ?? '', MaxResults: 1000 }),
      items: 'Permissions.Permission',
      next: byToken(),
    },
  },
  kinds: [
    {
      type: 'alicloud_security_group',
      call: 'groups',
      id: text('SecurityGroupId'),
      name: text('SecurityGroupName'),
      attributes: {
        security_group_name: text('SecurityGroupName'),
        name: text('SecurityGroupName'),
        description: text('Description'),
        vpc_id: text('VpcId'),
        security_group_type: text('SecurityGroupType'),
        resource_group_id: text('ResourceGroupId'),
        service_managed: flag('ServiceManaged'),
        tags: tags('Tags.Tag'),
      },
      more: [{ call: 'rules', attributes: { inner_access_policy: mustText('InnerAccessPolicy') } }],
      synonyms: ['inner_access'],
    },
    {
      type: 'alicloud_security_group_rule',
      call: 'rules',
      id: (rule, subject) =>
        textAt(rule, 'SecurityGroupRuleId') ??
        [textAt(subject.parent?.item, 'SecurityGroupId'), ...RULE_PARTS.map((part) => textAt(rule, part) ?? '')].join(
          ':',
        ),
      name: text('Description'),
      attributes: {
        type: mustText('Direction'),
        ip_protocol: (rule) => textAt(rule, 'IpProtocol')?.toLowerCase(),
        port_range: mustText('PortRange'),
        policy: (rule) => textAt(rule, 'Policy')?.toLowerCase(),
        priority: number('Priority'),
        nic_type: text('NicType'),
        // Terraform says the other side in the same words for both directions.
        cidr_ip: (rule) => textAt(rule, 'SourceCidrIp') ?? textAt(rule, 'DestCidrIp'),
        ipv6_cidr_ip: (rule) => textAt(rule, 'Ipv6SourceCidrIp') ?? textAt(rule, 'Ipv6DestCidrIp'),
        source_security_group_id: (rule) => textAt(rule, 'SourceGroupId') ?? textAt(rule, 'DestGroupId'),
        prefix_list_id: (rule) => textAt(rule, 'SourcePrefixListId') ?? textAt(rule, 'DestPrefixListId'),
        description: text('Description'),
      },
      ofParent: { security_group_id: text('SecurityGroupId') },
    },
  ],
};

/** Rules of old groups have no id of their own: these together are unique. */
const RULE_PARTS = [
  'Direction',
  'IpProtocol',
  'PortRange',
  'Policy',
  'Priority',
  'SourceCidrIp',
  'DestCidrIp',
  'SourceGroupId',
];
