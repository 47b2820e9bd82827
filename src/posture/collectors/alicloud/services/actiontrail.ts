import type { Service } from '../../collector.ts';
import { flag, mustText, text } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';

/** The record of who did what: https://help.aliyun.com/zh/actiontrail/developer-reference/api-actiontrail-2020-07-06-overview */
export const actiontrail: Service<AlicloudApi> = {
  id: 'actiontrail',
  // A trail is listed where it lives, and in other regions as a shadow if it records all of them.
  where: 'regions',
  calls: {
    trails: {
      permission: 'actiontrail:DescribeTrails',
      api: { product: 'actiontrail', version: '2020-07-06', action: 'DescribeTrails' },
      params: () => ({ IncludeShadowTrails: true }),
      items: 'TrailList',
    },
    status: {
      permission: 'actiontrail:GetTrailStatus',
      api: { product: 'actiontrail', version: '2020-07-06', action: 'GetTrailStatus' },
      of: 'trails',
      params: ({ item }) => ({ Name: (item as { readonly Name?: string }).Name ?? '' }),
    },
  },
  kinds: [
    {
      type: 'alicloud_actiontrail_trail',
      call: 'trails',
      id: text('Name'),
      name: text('Name'),
      region: text('HomeRegion'),
      attributes: {
        trail_name: text('Name'),
        status: mustText('Status'),
        event_rw: text('EventRW'),
        trail_region: text('TrailRegion'),
        oss_bucket_name: text('OssBucketName'),
        oss_key_prefix: text('OssKeyPrefix'),
        oss_write_role_arn: text('OssWriteRoleArn'),
        sls_project_arn: text('SlsProjectArn'),
        sls_write_role_arn: text('SlsWriteRoleArn'),
        is_organization_trail: flag('IsOrganizationTrail'),
        create_time: text('CreateTime'),
      },
      more: [
        {
          call: 'status',
          attributes: { is_logging: flag('IsLogging'), latest_delivery_error: text('LatestDeliveryError') },
        },
      ],
      synonyms: ['enable', 'name', 'max_compute_project_arn'],
      holds: ['alicloud_actiontrail', 'alicloud_actiontrail_trail_logging'],
    },
  ],
};
