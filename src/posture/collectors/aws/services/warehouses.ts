import type { Service } from '../../collector.ts';
import { at, flag, listAt, mustFlag, number, tags, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { isWord, managedKeys, neverSet, ownKey, textsOf } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const warehouse = callsOf('redshift', 'redshift', 10, { token: 'Marker' });
const cache = callsOf('elasticache', 'elasticache', 10, { token: 'Marker' });
const PAGE = { params: () => ({ MaxRecords: 100 }) };

/** Data warehouses: https://docs.aws.amazon.com/redshift/latest/APIReference/API_Operations.html */
export const redshift: Service<AwsApi> = {
  id: 'redshift',
  where: 'regions',
  calls: {
    managedKeys,
    clusters: warehouse.list('DescribeClusters', 'Clusters', PAGE),
    logging: warehouse.about('clusters', 'DescribeLoggingStatus', { ClusterIdentifier: 'ClusterIdentifier' }),
    groups: warehouse.list('DescribeClusterParameterGroups', 'ParameterGroups', PAGE),
    parameters: warehouse.listAbout(
      'groups',
      'DescribeClusterParameters',
      { ParameterGroupName: 'ParameterGroupName' },
      'Parameters',
    ),
    grants: warehouse.list('DescribeSnapshotCopyGrants', 'SnapshotCopyGrants', PAGE),
  },
  kinds: [
    {
      type: 'aws_redshift_cluster',
      call: 'clusters',
      id: (item, { region }) =>
        textAt(item, 'ClusterNamespaceArn') ?? `${region ?? ''}/${textAt(item, 'ClusterIdentifier') ?? ''}`,
      name: text('ClusterIdentifier'),
      attributes: {
        cluster_identifier: text('ClusterIdentifier'),
        publicly_accessible: mustFlag('PubliclyAccessible'),
        encrypted: mustFlag('Encrypted'),
        master_username: text('MasterUsername'),
        database_name: text('DBName'),
        cluster_subnet_group_name: text('ClusterSubnetGroupName'),
        automated_snapshot_retention_period: number('AutomatedSnapshotRetentionPeriod'),
        allow_version_upgrade: flag('AllowVersionUpgrade'),
        enhanced_vpc_routing: flag('EnhancedVpcRouting'),
        vpc_security_group_ids: (item) => textsOf(listAt(item, 'VpcSecurityGroups'), 'VpcSecurityGroupId'),
        tags: tags('Tags'),
      },
      more: [
        { call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } },
        {
          call: 'logging',
          attributes: {
            logging: (answer) => [
              { enable: textAt(answer, 'LoggingEnabled') === 'true', bucket_name: textAt(answer, 'BucketName') ?? '' },
            ],
          },
        },
      ],
      synonyms: neverSet(['vpc_security_group_ids']),
      holds: ['aws_redshift_logging', 'aws_redshift_security_group'],
    },
    {
      type: 'aws_redshift_parameter_group',
      call: 'groups',
      id: (item, { region }) => `${region ?? ''}/${textAt(item, 'ParameterGroupName') ?? ''}`,
      name: text('ParameterGroupName'),
      attributes: { name: text('ParameterGroupName'), family: text('ParameterGroupFamily') },
      more: [
        {
          call: 'parameters',
          attributes: {
            parameter: (_answer, _subject, all) =>
              all
                .filter((one) => at(one, 'ParameterValue') !== undefined)
                .map((one) => ({
                  name: textAt(one, 'ParameterName') ?? '',
                  value: textAt(one, 'ParameterValue') ?? '',
                })),
          },
        },
      ],
    },
    {
      type: 'aws_redshift_snapshot_copy_grant',
      call: 'grants',
      id: (item, { region }) => `${region ?? ''}/${textAt(item, 'SnapshotCopyGrantName') ?? ''}`,
      name: text('SnapshotCopyGrantName'),
      attributes: {},
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
    },
  ],
};

/** Caches: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_Operations.html */
export const elasticache: Service<AwsApi> = {
  id: 'elasticache',
  where: 'regions',
  calls: {
    managedKeys,
    replicated: cache.list('DescribeReplicationGroups', 'ReplicationGroups', PAGE),
    clusters: cache.list('DescribeCacheClusters', 'CacheClusters', PAGE),
    subnetGroups: cache.list('DescribeCacheSubnetGroups', 'CacheSubnetGroups', PAGE),
  },
  kinds: [
    {
      type: 'aws_elasticache_replication_group',
      call: 'replicated',
      id: text('ARN'),
      name: text('ReplicationGroupId'),
      attributes: {
        arn: text('ARN'),
        replication_group_id: text('ReplicationGroupId'),
        at_rest_encryption_enabled: flag('AtRestEncryptionEnabled'),
        transit_encryption_enabled: flag('TransitEncryptionEnabled'),
        // The token itself is never told.
        auth_token: (item) => (textAt(item, 'AuthTokenEnabled') === 'true' ? '(set)' : undefined),
        user_group_ids: (item) => listAt(item, 'UserGroupIds').map(String),
        multi_az_enabled: isWord('MultiAZ', 'enabled'),
        automatic_failover_enabled: isWord('AutomaticFailover', 'enabled', 'enabling'),
        snapshot_retention_limit: number('SnapshotRetentionLimit'),
      },
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
      synonyms: neverSet([]),
    },
    {
      type: 'aws_elasticache_cluster',
      call: 'clusters',
      id: text('ARN'),
      name: text('CacheClusterId'),
      attributes: {
        arn: text('ARN'),
        cluster_id: text('CacheClusterId'),
        engine: text('Engine'),
        engine_version: text('EngineVersion'),
        replication_group_id: text('ReplicationGroupId'),
        snapshot_retention_limit: number('SnapshotRetentionLimit'),
        auto_minor_version_upgrade: flag('AutoMinorVersionUpgrade'),
        subnet_group_name: text('CacheSubnetGroupName'),
        security_group_ids: (item) => textsOf(listAt(item, 'SecurityGroups'), 'SecurityGroupId'),
      },
      synonyms: neverSet(['security_group_ids']),
    },
    {
      type: 'aws_elasticache_subnet_group',
      call: 'subnetGroups',
      id: text('ARN'),
      name: text('CacheSubnetGroupName'),
      attributes: {
        subnet_ids: (item) => textsOf(listAt(item, 'Subnets'), 'SubnetIdentifier'),
      },
      // Went with EC2-Classic.
      holds: ['aws_elasticache_security_group'],
    },
  ],
};
