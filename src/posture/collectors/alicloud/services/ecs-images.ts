import { isJsonObject } from '#kit/json.ts';
import type { Field, Service } from '../../collector.ts';
import { at, block, blocks, flag, listAt, MissingField, number, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { DRY_RUN, ecsCall } from '../ecs-call.ts';
import { byNumber, byToken } from '../paging.ts';

/** What servers are made of, and their copies: https://help.aliyun.com/zh/ecs/developer-reference/api-ecs-2014-05-26-overview */
export const ecsImages: Service<AlicloudApi> = {
  id: 'ecs-images',
  where: 'regions',
  calls: {
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
  },
  kinds: [
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
  ],
};

/** Reads of what the default version of a template says. */
function ofTemplate(field: Field): Field {
  return (_answer, subject, versions) => {
    const data = at(versions[0], 'LaunchTemplateData');
    if (data === undefined) throw new MissingField('LaunchTemplateData');
    return field(data, subject, versions);
  };
}
