import type { Field, Service } from '../../collector.ts';
import {
  flag,
  itemsNaming,
  listAt,
  mustFlag,
  mustText,
  number,
  ofItemNaming,
  tags,
  text,
  textAt,
  texts,
} from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { DRY_RUN, ecsCall } from '../ecs-call.ts';
import { byNumber, byToken } from '../paging.ts';

/** Servers with their disks, interfaces and key pairs: https://help.aliyun.com/zh/ecs/developer-reference/api-ecs-2014-05-26-overview */
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

/** Reads of the disk of this kind that is in the server. */
function ofDisk(type: string, field: Field): Field {
  return (_answer, subject, disks) => {
    const own = itemsNaming(disks, 'InstanceId', textAt(subject.item, 'InstanceId'));
    const disk = own.find((one) => textAt(one, 'Type') === type);
    return disk === undefined ? undefined : field(disk, subject, disks);
  };
}

function firstText(item: unknown, path: string): string | undefined {
  const [first] = listAt(item, path);
  return textAt(first, '');
}
