import type { Service } from '../../collector.ts';
import { mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';
import { byNumber } from '../paging.ts';

const { numbered, about } = callsOf('nas', '2017-06-26');

/** Shared files: https://help.aliyun.com/zh/nas/developer-reference/api-nas-2017-06-26-overview */
export const nas: Service<AlicloudApi> = {
  id: 'nas',
  where: 'regions',
  calls: {
    systems: numbered('DescribeFileSystems', 'FileSystems.FileSystem', { size: 100 }),
    groups: numbered('DescribeAccessGroups', 'AccessGroups.AccessGroup', { size: 100 }),
    rules: about('groups', 'DescribeAccessRules', 'AccessGroupName', {
      params: ({ item }) => ({ AccessGroupName: textAt(item, 'AccessGroupName') ?? '', PageSize: 100 }),
      items: 'AccessRules.AccessRule',
      next: byNumber('TotalCount'),
    }),
    mounts: about('systems', 'DescribeMountTargets', 'FileSystemId', {
      items: 'MountTargets.MountTarget',
      next: byNumber('TotalCount'),
    }),
    recycleBin: about('systems', 'GetRecycleBinAttribute', 'FileSystemId', {
      where: (system) => textAt(system, 'FileSystemType') === 'standard',
    }),
  },
  kinds: [
    {
      type: 'alicloud_nas_file_system',
      call: 'systems',
      id: text('FileSystemId'),
      name: text('Description'),
      attributes: {
        description: text('Description'),
        protocol_type: text('ProtocolType'),
        storage_type: text('StorageType'),
        file_system_type: text('FileSystemType'),
        encrypt_type: mustText('EncryptType'),
        kms_key_id: text('KMSKeyId'),
        vpc_id: text('VpcId'),
        zone_id: text('ZoneId'),
        capacity: number('Capacity'),
        tags: tags('Tags.Tag'),
      },
      more: [
        {
          call: 'recycleBin',
          attributes: {
            recycle_bin: (answer) => {
              const status = textAt(answer, 'RecycleBinAttribute.Status');
              return status === undefined ? undefined : [{ status }];
            },
          },
        },
      ],
      holds: ['alicloud_nas_recycle_bin'],
    },
    {
      type: 'alicloud_nas_mount_target',
      call: 'mounts',
      id: text('MountTargetDomain'),
      attributes: {
        mount_target_domain: text('MountTargetDomain'),
        access_group_name: mustText('AccessGroup'),
        network_type: text('NetworkType'),
        vpc_id: text('VpcId'),
        vswitch_id: text('VswId'),
        status: text('Status'),
      },
      ofParent: { file_system_id: text('FileSystemId') },
    },
    {
      type: 'alicloud_nas_access_group',
      call: 'groups',
      id: text('AccessGroupName'),
      name: text('AccessGroupName'),
      attributes: {
        access_group_name: text('AccessGroupName'),
        access_group_type: text('AccessGroupType'),
        description: text('Description'),
      },
      synonyms: ['type'],
    },
    {
      type: 'alicloud_nas_access_rule',
      call: 'rules',
      id: (rule, { parent }) =>
        `${textAt(parent?.item, 'AccessGroupName') ?? ''}:${textAt(rule, 'AccessRuleId') ?? ''}`,
      attributes: {
        access_rule_id: text('AccessRuleId'),
        source_cidr_ip: text('SourceCidrIp'),
        ipv6_source_cidr_ip: text('Ipv6SourceCidrIp'),
        rw_access_type: text('RWAccess'),
        user_access_type: text('UserAccess'),
        priority: number('Priority'),
      },
      ofParent: { access_group_name: text('AccessGroupName') },
    },
  ],
};
