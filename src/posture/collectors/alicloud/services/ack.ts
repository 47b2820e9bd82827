import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Call, Kind, Service } from '../../collector.ts';
import { at, block, flag, listAt, mustText, number, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byNumber } from '../paging.ts';

/** Kubernetes: https://help.aliyun.com/zh/ack/ack-managed-and-ack-dedicated/developer-reference/api-cs-2015-12-15-overview */
export const ack: Service<AlicloudApi> = {
  id: 'cs',
  where: 'regions',
  calls: {
    clusters: {
      permission: 'cs:DescribeClustersV1',
      serves: ['cs:GetClusters', 'cs:DescribeClusters'],
      api: { product: 'cs', version: '2015-12-15', action: 'DescribeClustersV1', path: '/api/v1/clusters' },
      params: ({ region = '' }) => ({ region_id: region, page_size: 100 }),
      items: 'clusters',
      next: byNumber('page_info.total_count', 'page_number'),
    },
    detail: ofCluster('DescribeClusterDetail', '/clusters/{ClusterId}'),
    logs: ofCluster('CheckControlPlaneLogEnable', '/clusters/{ClusterId}/controlplanelog'),
    addons: ofCluster('ListClusterAddonInstances', '/clusters/{ClusterId}/addon_instances', 'addons'),
    pools: ofCluster('DescribeClusterNodePools', '/clusters/{ClusterId}/nodepools', 'nodepools'),
  },
  kinds: [
    clusterKind(
      'alicloud_cs_managed_kubernetes',
      (type, profile) => type === 'ManagedKubernetes' && profile === 'Default',
    ),
    clusterKind(
      'alicloud_cs_serverless_kubernetes',
      (type, profile) => type === 'Ask' || (type === 'ManagedKubernetes' && profile === 'Serverless'),
    ),
    clusterKind('alicloud_cs_edge_kubernetes', (type, profile) => type === 'ManagedKubernetes' && profile === 'Edge'),
    clusterKind('alicloud_cs_kubernetes', (type) => type === 'Kubernetes'),
    {
      type: 'alicloud_cs_kubernetes_node_pool',
      call: 'pools',
      id: text('nodepool_info.nodepool_id'),
      name: text('nodepool_info.name'),
      attributes: {
        node_pool_name: text('nodepool_info.name'),
        instance_types: texts('scaling_group.instance_types'),
        vswitch_ids: texts('scaling_group.vswitch_ids'),
        system_disk_encrypted: flag('scaling_group.system_disk_encrypted'),
        data_disks: (pool) =>
          listAt(pool, 'scaling_group.data_disks').map((disk) => ({
            category: textAt(disk, 'category') ?? '',
            encrypted: textAt(disk, 'encrypted') === 'true',
          })),
        image_type: text('scaling_group.image_type'),
        internet_max_bandwidth_out: number('scaling_group.internet_max_bandwidth_out'),
        security_hardening_os: flag('scaling_group.security_hardening_os'),
        soc_enabled: flag('scaling_group.soc_enabled'),
        cis_enabled: flag('scaling_group.cis_enabled'),
        security_group_ids: texts('scaling_group.security_group_ids'),
        scaling_config: (pool, subject, items) =>
          at(pool, 'auto_scaling') === undefined
            ? undefined
            : block({
                enable: flag('auto_scaling.enable'),
                min_size: number('auto_scaling.min_instances'),
                max_size: number('auto_scaling.max_instances'),
              })(pool, subject, items),
        management: block({
          enable: flag('management.enable'),
          auto_repair: flag('management.auto_repair'),
          auto_upgrade: flag('management.auto_upgrade'),
          auto_vul_fix: flag('management.auto_vul_fix'),
        }),
      },
      ofParent: { cluster_id: text('cluster_id') },
      synonyms: ['auto_scaling'],
    },
  ],
};

function ofCluster(action: string, path: string, items?: string): Call<AlicloudApi> {
  return {
    permission: `cs:${action}`,
    api: { product: 'cs', version: '2015-12-15', action, path },
    of: 'clusters',
    params: ({ item }) => ({ ClusterId: textAt(item, 'cluster_id') ?? '' }),
    ...(items === undefined ? {} : { items }),
  };
}

function clusterKind(type: string, isThis: (type: string, profile: string) => boolean): Kind {
  return {
    type,
    call: 'clusters',
    where: (cluster) => isThis(textAt(cluster, 'cluster_type') ?? '', textAt(cluster, 'profile') ?? 'Default'),
    id: text('cluster_id'),
    name: text('name'),
    attributes: {
      version: mustText('current_version'),
      cluster_spec: text('cluster_spec'),
      vpc_id: text('vpc_id'),
      security_group_id: text('security_group_id'),
      resource_group_id: text('resource_group_id'),
      state: text('state'),
      tags: tags('tags'),
    },
    more: [
      {
        call: 'detail',
        attributes: {
          deletion_protection: flag('deletion_protection'),
          slb_internet_enabled: (detail) => hasPublicEndpoint(textAt(detail, 'master_url')),
          vswitch_ids: (detail) =>
            listAt(detail, 'vswitch_ids').length > 0
              ? listAt(detail, 'vswitch_ids').map(String)
              : (textAt(detail, 'vswitch_id') ?? '').split(',').filter(Boolean),
          enable_rrsa: flag('rrsa_config.enabled'),
        },
      },
      {
        call: 'logs',
        attributes: {
          control_plane_log_components: texts('components'),
          control_plane_log_project: text('log_project'),
          control_plane_log_ttl: text('log_ttl'),
        },
      },
      {
        call: 'addons',
        attributes: {
          addons: (_answer, _subject, addons) => addons.map((one) => ({ name: textAt(one, 'name') ?? '' })),
        },
      },
    ],
    synonyms: [
      'endpoint_public_access_enabled',
      'worker_vswitch_ids',
      'audit_log_config',
      'rrsa_config',
      'rrsa_metadata',
      'name',
    ],
    holds: ['alicloud_cs_kubernetes_addon'],
  };
}

/** The addresses come as JSON in a text. */
function hasPublicEndpoint(masterUrl: string | undefined): boolean | undefined {
  const read = masterUrl === undefined ? undefined : parseJson(masterUrl);
  if (!read?.ok || !isJsonObject(read.value)) return undefined;
  return textAt(read.value, 'api_server_endpoint') !== undefined;
}
