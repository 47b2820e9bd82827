import type { Service } from '../../collector.ts';
import { blocks, flag, listAt, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { about, numbered } = callsOf('polardb', '2017-08-01');
const NOT_FOR_THIS = { nothing: ['InvalidDBType.NotSupport', 'OperationDenied.DBType', 'InvalidEngine.NotSupport'] };
const of = (action: string, more = {}) => about('clusters', action, 'DBClusterId', more);

/** PolarDB: https://help.aliyun.com/zh/polardb/polardb-for-mysql/developer-reference/api-polardb-2017-08-01-overview */
export const polardb: Service<AlicloudApi> = {
  id: 'polardb',
  where: 'regions',
  calls: {
    clusters: numbered('DescribeDBClusters', 'Items.DBCluster', { total: 'TotalRecordCount', size: 50 }),
    attribute: of('DescribeDBClusterAttribute'),
    whitelist: of('DescribeDBClusterAccessWhitelist'),
    endpoints: of('DescribeDBClusterEndpoints', { items: 'Items' }),
    ssl: of('DescribeDBClusterSSL', { ...NOT_FOR_THIS }),
    tde: of('DescribeDBClusterTDE', NOT_FOR_THIS),
    audit: of('DescribeDBClusterAuditLogCollector', NOT_FOR_THIS),
    parameters: of('DescribeDBClusterParameters'),
    version: of('DescribeDBClusterVersion'),
    backup: of('DescribeBackupPolicy'),
    renewal: about('clusters', 'DescribeAutoRenewAttribute', [], {
      params: ({ item }) => ({ DBClusterIds: textAt(item, 'DBClusterId') ?? '' }),
      where: (cluster) => textAt(cluster, 'PayType') === 'Prepaid',
    }),
  },
  kinds: [
    {
      type: 'alicloud_polardb_cluster',
      call: 'clusters',
      id: text('DBClusterId'),
      name: text('DBClusterDescription'),
      attributes: {
        description: text('DBClusterDescription'),
        db_type: mustText('DBType'),
        db_version: text('DBVersion'),
        pay_type: text('PayType'),
        vpc_id: text('VpcId'),
        vswitch_id: text('VswitchId'),
        zone_id: text('ZoneId'),
        zone_ids: text('ZoneIds'),
        db_cluster_network_type: text('DBClusterNetworkType'),
        db_node_class: text('DBNodeClass'),
        deletion_lock: number('DeletionLock'),
        status: text('DBClusterStatus'),
        tags: tags('Tags.Tag'),
      },
      more: [
        {
          call: 'attribute',
          attributes: {
            maintain_time: text('MaintainTime'),
            hot_standby_cluster: text('HotStandbyCluster'),
            storage_encryption: flag('StorageEncryption'),
            standby_az: text('StandbyHAMode'),
          },
        },
        {
          call: 'whitelist',
          attributes: {
            security_ips: (answer) =>
              listAt(answer, 'Items.DBClusterIPArray')
                .filter((one) => textAt(one, 'DBClusterIPArrayAttribute') !== 'hidden')
                .flatMap((one) => (textAt(one, 'SecurityIps') ?? '').split(','))
                .map((address) => address.trim())
                .filter(Boolean),
          },
        },
        {
          call: 'ssl',
          attributes: {
            ssl_enabled: (answer) =>
              listAt(answer, 'Items').some((one) => textAt(one, 'SSLEnabled') === 'Enabled') ? 'Enable' : 'Disable',
          },
        },
        { call: 'tde', attributes: { tde_status: (answer) => textAt(answer, 'TDEStatus') ?? 'Disabled' } },
        { call: 'audit', attributes: { collector_status: text('CollectorStatus') } },
        {
          call: 'parameters',
          attributes: {
            parameters: blocks('RunningParameters.Parameter', {
              name: text('ParameterName'),
              value: text('ParameterValue'),
            }),
            default_time_zone: (answer) => {
              const zone = listAt(answer, 'RunningParameters.Parameter').find((one) =>
                /^(default_time_zone|loose_time_zone|timezone)$/.test(textAt(one, 'ParameterName') ?? ''),
              );
              return textAt(zone, 'ParameterValue');
            },
          },
        },
        { call: 'version', attributes: { db_version_status: text('DBVersionStatus') } },
        {
          call: 'renewal',
          attributes: {
            renewal_status: (answer) => textAt(listAt(answer, 'Items.AutoRenewAttribute')[0], 'RenewalStatus'),
          },
        },
      ],
      synonyms: [
        'cluster_network_type',
        'deletion_protection',
        'ssl_action',
        'db_cluster_ip_array',
        'enable_public',
        'net_type',
        'db_endpoint_id',
      ],
      holds: ['alicloud_polardb_cluster_access_whitelist'],
    },
    {
      type: 'alicloud_polardb_endpoint',
      call: 'endpoints',
      id: text('DBEndpointId'),
      attributes: {
        db_endpoint_id: text('DBEndpointId'),
        endpoint_type: text('EndpointType'),
        net_type: (endpoint) =>
          listAt(endpoint, 'AddressItems').some((one) => textAt(one, 'NetType') === 'Public') ? 'Public' : 'Private',
      },
      more: [
        {
          call: 'ssl',
          attributes: {
            ssl_enabled: (answer, { item }) => {
              const own = ofEndpoint(answer, item);
              return own === undefined ? undefined : textAt(own, 'SSLEnabled') === 'Enabled' ? 'Enable' : 'Disable';
            },
            ssl_expire_time: (answer, { item }) => textAt(ofEndpoint(answer, item), 'SSLExpireTime'),
          },
        },
      ],
      ofParent: { db_cluster_id: text('DBClusterId') },
      synonyms: ['enable_public', 'ssl_action'],
      holds: [
        'alicloud_polardb_primary_endpoint',
        'alicloud_polardb_cluster_endpoint',
        'alicloud_polardb_cluster_endpoint_ssl',
        'alicloud_polardb_endpoint_address',
      ],
    },
    {
      type: 'alicloud_polardb_backup_policy',
      call: 'backup',
      id: (_answer, { parent }) => textAt(parent?.item, 'DBClusterId'),
      attributes: {
        preferred_backup_period: text('PreferredBackupPeriod'),
        backup_retention_period: number('DataLevel1BackupRetentionPeriod'),
        backup_retention_policy_on_cluster_deletion: text('BackupRetentionPolicyOnClusterDeletion'),
      },
      ofParent: { db_cluster_id: text('DBClusterId') },
    },
  ],
};

function ofEndpoint(answer: unknown, endpoint: unknown): unknown {
  const own = textAt(endpoint, 'DBEndpointId');
  return listAt(answer, 'Items').find((one) => textAt(one, 'DBEndpointId') === own);
}
