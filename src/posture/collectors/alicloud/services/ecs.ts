import type { Service } from '../../collector.ts';
import { flag, listAt, mustFlag, mustText, number, ofParent, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi, OpenApi } from '../api.ts';
import { byNumber, byToken } from '../paging.ts';

const VERSION = '2014-05-26';

/** Without the permission the lists are empty; asked for a dry run the API says whether that is why. */
const DRY_RUN = { params: { DryRun: true }, code: 'DryRunOperation' };

/** Servers, their groups, disks and pictures: https://help.aliyun.com/zh/ecs/developer-reference/api-ecs-2014-05-26-overview */
export const ecs: Service<AlicloudApi> = {
  id: 'ecs',
  where: 'regions',
  calls: {
    instances: {
      permission: 'ecs:DescribeInstances',
      api: ecsCall('DescribeInstances'),
      params: () => ({ MaxResults: 100 }),
      items: 'Instances.Instance',
      next: byToken(),
      whenEmpty: DRY_RUN,
    },
    disks: {
      permission: 'ecs:DescribeDisks',
      api: ecsCall('DescribeDisks'),
      params: () => ({ MaxResults: 100 }),
      items: 'Disks.Disk',
      next: byToken(),
      whenEmpty: DRY_RUN,
    },
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
    snapshotPolicies: {
      permission: 'ecs:DescribeAutoSnapshotPolicyEx',
      serves: ['ecs:DescribeAutoSnapshotPolicyEX'],
      api: ecsCall('DescribeAutoSnapshotPolicyEx'),
      params: () => ({ PageSize: 100 }),
      items: 'AutoSnapshotPolicies.AutoSnapshotPolicy',
      next: byNumber('TotalCount'),
    },
    snapshots: {
      permission: 'ecs:DescribeSnapshots',
      api: ecsCall('DescribeSnapshots'),
      params: () => ({ MaxResults: 100 }),
      items: 'Snapshots.Snapshot',
      next: byToken(),
      whenEmpty: DRY_RUN,
    },
    images: {
      permission: 'ecs:DescribeImages',
      api: ecsCall('DescribeImages'),
      params: () => ({ ImageOwnerAlias: 'self', PageSize: 100 }),
      items: 'Images.Image',
      next: byNumber('TotalCount'),
      whenEmpty: DRY_RUN,
    },
    templates: {
      permission: 'ecs:DescribeLaunchTemplates',
      api: ecsCall('DescribeLaunchTemplates'),
      params: () => ({ PageSize: 50 }),
      items: 'LaunchTemplateSets.LaunchTemplateSet',
      next: byNumber('TotalCount'),
    },
    interfaces: {
      permission: 'ecs:DescribeNetworkInterfaces',
      api: ecsCall('DescribeNetworkInterfaces'),
      params: () => ({ MaxResults: 500 }),
      items: 'NetworkInterfaceSets.NetworkInterfaceSet',
      next: byToken(),
    },
    keyPairs: {
      permission: 'ecs:DescribeKeyPairs',
      api: ecsCall('DescribeKeyPairs'),
      params: () => ({ PageSize: 50 }),
      items: 'KeyPairs.KeyPair',
      next: byNumber('TotalCount'),
    },
  },
  kinds: [
    {
      type: 'alicloud_instance',
      call: 'instances',
      id: text('InstanceId'),
      name: text('InstanceName'),
      attributes: {
        instance_name: text('InstanceName'),
        instance_type: mustText('InstanceType'),
        image_id: text('ImageId'),
        status: text('Status'),
        host_name: text('HostName'),
        availability_zone: text('ZoneId'),
        security_groups: texts('SecurityGroupIds.SecurityGroupId'),
        vswitch_id: text('VpcAttributes.VSwitchId'),
        vpc_id: text('VpcAttributes.VpcId'),
        private_ip: (instance) => firstText(instance, 'VpcAttributes.PrivateIpAddress.IpAddress'),
        public_ip: (instance) =>
          firstText(instance, 'PublicIpAddress.IpAddress') ?? textAt(instance, 'EipAddress.IpAddress'),
        internet_max_bandwidth_out: number('InternetMaxBandwidthOut'),
        internet_charge_type: text('InternetChargeType'),
        instance_charge_type: text('InstanceChargeType'),
        instance_network_type: text('InstanceNetworkType'),
        key_name: text('KeyPairName'),
        deletion_protection: mustFlag('DeletionProtection'),
        http_endpoint: text('MetadataOptions.HttpEndpoint'),
        http_tokens: text('MetadataOptions.HttpTokens'),
        http_put_response_hop_limit: number('MetadataOptions.HttpPutResponseHopLimit'),
        expired_time: text('ExpiredTime'),
        creation_time: text('CreationTime'),
        resource_group_id: text('ResourceGroupId'),
        os_type: text('OSType'),
        os_name: text('OSName'),
        tags: tags('Tags.Tag'),
      },
    },
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
    {
      type: 'alicloud_ecs_disk',
      call: 'disks',
      id: text('DiskId'),
      name: text('DiskName'),
      attributes: {
        disk_name: text('DiskName'),
        category: text('Category'),
        size: number('Size'),
        encrypted: mustFlag('Encrypted'),
        kms_key_id: text('KMSKeyId'),
        status: text('Status'),
        type: text('Type'),
        instance_id: text('InstanceId'),
        delete_auto_snapshot: flag('DeleteAutoSnapshot'),
        delete_with_instance: flag('DeleteWithInstance'),
        enable_auto_snapshot: flag('EnableAutoSnapshot'),
        auto_snapshot_policy_id: text('AutoSnapshotPolicyId'),
        availability_zone: text('ZoneId'),
        tags: tags('Tags.Tag'),
      },
      holds: ['alicloud_disk', 'alicloud_ecs_disk_attachment', 'alicloud_disk_attachment'],
    },
    {
      type: 'alicloud_ecs_auto_snapshot_policy',
      call: 'snapshotPolicies',
      id: text('AutoSnapshotPolicyId'),
      name: text('AutoSnapshotPolicyName'),
      attributes: {
        auto_snapshot_policy_name: text('AutoSnapshotPolicyName'),
        repeat_weekdays: text('RepeatWeekdays'),
        retention_days: number('RetentionDays'),
        time_points: text('TimePoints'),
        enable_cross_region_copy: flag('EnableCrossRegionCopy'),
        copied_snapshots_retention_days: number('CopiedSnapshotsRetentionDays'),
        disk_nums: number('DiskNums'),
        tags: tags('Tags.Tag'),
      },
    },
    {
      type: 'alicloud_ecs_snapshot',
      call: 'snapshots',
      id: text('SnapshotId'),
      name: text('SnapshotName'),
      attributes: {
        snapshot_name: text('SnapshotName'),
        disk_id: text('SourceDiskId'),
        encrypted: flag('Encrypted'),
        retention_days: number('RetentionDays'),
        creation_time: text('CreationTime'),
        tags: tags('Tags.Tag'),
      },
    },
    {
      type: 'alicloud_image',
      call: 'images',
      id: text('ImageId'),
      name: text('ImageName'),
      attributes: {
        image_name: text('ImageName'),
        architecture: text('Architecture'),
        is_public: flag('IsPublic'),
        creation_time: text('CreationTime'),
        tags: tags('Tags.Tag'),
      },
    },
    {
      type: 'alicloud_ecs_launch_template',
      call: 'templates',
      id: text('LaunchTemplateId'),
      name: text('LaunchTemplateName'),
      attributes: { launch_template_name: text('LaunchTemplateName'), tags: tags('Tags.Tag') },
    },
    {
      type: 'alicloud_ecs_network_interface',
      call: 'interfaces',
      id: text('NetworkInterfaceId'),
      name: text('NetworkInterfaceName'),
      attributes: {
        network_interface_name: text('NetworkInterfaceName'),
        instance_id: text('InstanceId'),
        status: text('Status'),
        vswitch_id: text('VSwitchId'),
        vpc_id: text('VpcId'),
        security_group_ids: texts('SecurityGroupIds.SecurityGroupId'),
        primary_ip_address: text('PrivateIpAddress'),
        tags: tags('Tags.Tag'),
      },
    },
    {
      type: 'alicloud_ecs_key_pair',
      call: 'keyPairs',
      id: text('KeyPairName'),
      name: text('KeyPairName'),
      attributes: {
        key_pair_name: text('KeyPairName'),
        finger_print: text('KeyPairFingerPrint'),
        tags: tags('Tags.Tag'),
      },
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

function ecsCall(action: string): OpenApi {
  return { product: 'ecs', version: VERSION, action };
}

function firstText(item: unknown, path: string): string | undefined {
  const [first] = listAt(item, path);
  return textAt(first, '');
}
