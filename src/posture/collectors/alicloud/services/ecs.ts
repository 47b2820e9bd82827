import { isJsonObject } from '#kit/json.ts';
import type { Field, Service } from '../../collector.ts';
import {
  at,
  block,
  blocks,
  flag,
  itemsNaming,
  listAt,
  MissingField,
  mustFlag,
  mustText,
  number,
  ofItemNaming,
  tags,
  text,
  textAt,
  texts,
} from '../../fields.ts';
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
    ramRoles: {
      permission: 'ecs:DescribeInstanceRamRole',
      api: ecsCall('DescribeInstanceRamRole'),
      of: 'instances',
      together: 100,
      params: ({ together = [] }) => ({
        InstanceIds: JSON.stringify(together.map((one) => textAt(one, 'InstanceId'))),
        PageSize: 50,
      }),
      items: 'InstanceRamRoleSets.InstanceRamRoleSet',
      next: byNumber('TotalCount'),
    },
    renewals: {
      permission: 'ecs:DescribeInstanceAutoRenewAttribute',
      api: ecsCall('DescribeInstanceAutoRenewAttribute'),
      of: 'instances',
      where: (instance) => textAt(instance, 'InstanceChargeType') === 'PrePaid',
      together: 100,
      params: ({ together = [] }) => ({
        InstanceId: together.map((one) => textAt(one, 'InstanceId')).join(','),
        PageSize: 100,
      }),
      items: 'InstanceRenewAttributes.InstanceRenewAttribute',
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
    template: {
      permission: 'ecs:DescribeLaunchTemplateVersions',
      api: ecsCall('DescribeLaunchTemplateVersions'),
      of: 'templates',
      params: ({ item }) => ({ LaunchTemplateId: textAt(item, 'LaunchTemplateId') ?? '', DefaultVersion: true }),
      items: 'LaunchTemplateVersionSets.LaunchTemplateVersionSet',
    },
    imageShares: {
      permission: 'ecs:DescribeImageSharePermission',
      api: ecsCall('DescribeImageSharePermission'),
      of: 'images',
      params: ({ item }) => ({ ImageId: textAt(item, 'ImageId') ?? '', PageSize: 100 }),
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
        allocate_public_ip: (instance) => firstText(instance, 'PublicIpAddress.IpAddress') !== undefined,
        eip_address: text('EipAddress.IpAddress'),
        network_interface_ids: (instance) =>
          listAt(instance, 'NetworkInterfaces.NetworkInterface').flatMap(
            (one) => textAt(one, 'NetworkInterfaceId') ?? [],
          ),
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
      more: [
        { call: 'ramRoles', attributes: { role_name: ofItemNaming('InstanceId', 'InstanceId', text('RamRoleName')) } },
        {
          call: 'renewals',
          attributes: {
            auto_renew: ofItemNaming('InstanceId', 'InstanceId', flag('AutoRenewEnabled')),
            renewal_status: ofItemNaming('InstanceId', 'InstanceId', text('RenewalStatus')),
          },
        },
        {
          call: 'disks',
          attributes: {
            system_disk_encrypted: ofDisk('system', flag('Encrypted')),
            system_disk_size: ofDisk('system', number('Size')),
            system_disk_category: ofDisk('system', text('Category')),
            data_disks: (_answer, { item }, disks) =>
              itemsNaming(disks, 'InstanceId', textAt(item, 'InstanceId'))
                .filter((disk) => textAt(disk, 'Type') === 'data')
                .map((disk) => ({ id: textAt(disk, 'DiskId') ?? '', encrypted: textAt(disk, 'Encrypted') === 'true' })),
          },
        },
      ],
      synonyms: [
        'image_name',
        'image_family',
        'image_expired',
        'launch_template_id',
        'launch_template_name',
        'network_interfaces',
        'subnet_id',
        'key_pair_name',
        'metadata_options',
        'security_options',
        'ram_role_name',
        'security_group_ids',
        'security_group_id',
      ],
      holds: [
        'alicloud_ecs_key_pair_attachment',
        'alicloud_key_pair_attachment',
        'alicloud_ecs_ram_role_attachment',
        'alicloud_ram_role_attachment',
        'alicloud_ecs_security_group_attachment',
        'alicloud_ecs_network_interface_attachment',
        'alicloud_network_interface_attachment',
      ],
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
      holds: [
        'alicloud_disk',
        'alicloud_ecs_disk_attachment',
        'alicloud_disk_attachment',
        'alicloud_ecs_auto_snapshot_policy_attachment',
        'alicloud_snapshot_policy_attachment',
      ],
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
        copy_encryption_configuration: block({ encrypted: flag('CopyEncryptionConfiguration.Encrypted') }),
        disk_nums: number('DiskNums'),
        tags: tags('Tags.Tag'),
      },
      holds: ['alicloud_snapshot_policy'],
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
      more: [
        {
          call: 'imageShares',
          attributes: {
            account_id: (answer) => listAt(answer, 'Accounts.Account').flatMap((one) => textAt(one, 'AliyunId') ?? []),
          },
        },
      ],
      synonyms: ['launch_permission'],
      holds: ['alicloud_image_share_permission'],
    },
    {
      type: 'alicloud_ecs_launch_template',
      call: 'templates',
      id: text('LaunchTemplateId'),
      name: text('LaunchTemplateName'),
      attributes: { launch_template_name: text('LaunchTemplateName'), tags: tags('Tags.Tag') },
      more: [
        {
          call: 'template',
          attributes: {
            image_id: ofTemplate(text('ImageId')),
            instance_type: ofTemplate(text('InstanceType')),
            http_endpoint: ofTemplate(text('HttpEndpoint')),
            http_tokens: ofTemplate(text('HttpTokens')),
            internet_max_bandwidth_out: ofTemplate(number('InternetMaxBandwidthOut')),
            security_group_id: ofTemplate(text('SecurityGroupId')),
            security_group_ids: ofTemplate(texts('SecurityGroupIds.SecurityGroupId')),
            network_type: ofTemplate(text('NetworkType')),
            vswitch_id: ofTemplate(text('VSwitchId')),
            key_pair_name: ofTemplate(text('KeyPairName')),
            ram_role_name: ofTemplate(text('RamRoleName')),
            // The provider writes these names with a dot in them.
            system_disk: ofTemplate((data) => {
              const said = isJsonObject(data) ? data : {};
              const encrypted = textAt({ encrypted: said['SystemDisk.Encrypted'] }, 'encrypted');
              const category = textAt({ category: said['SystemDisk.Category'] }, 'category');
              return [{ encrypted: encrypted === 'true', ...(category === undefined ? {} : { category }) }];
            }),
            data_disks: ofTemplate(
              blocks('DataDisks.DataDisk', { category: text('Category'), encrypted: flag('Encrypted') }),
            ),
            network_interfaces: ofTemplate(
              blocks('NetworkInterfaces.NetworkInterface', {
                security_group_id: text('SecurityGroupId'),
                vswitch_id: text('VSwitchId'),
              }),
            ),
          },
        },
      ],
      synonyms: ['name', 'image_name', 'image_expired', 'metadata_options', 'security_options'],
      holds: ['alicloud_launch_template'],
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

/** Reads of the disk of this kind that is in the server. */
function ofDisk(type: string, field: Field): Field {
  return (_answer, subject, disks) => {
    const own = itemsNaming(disks, 'InstanceId', textAt(subject.item, 'InstanceId'));
    const disk = own.find((one) => textAt(one, 'Type') === type);
    return disk === undefined ? undefined : field(disk, subject, disks);
  };
}

/** Reads of what the default version of a template says. */
function ofTemplate(field: Field): Field {
  return (_answer, subject, versions) => {
    const data = at(versions[0], 'LaunchTemplateData');
    if (data === undefined) throw new MissingField('LaunchTemplateData');
    return field(data, subject, versions);
  };
}

function firstText(item: unknown, path: string): string | undefined {
  const [first] = listAt(item, path);
  return textAt(first, '');
}
