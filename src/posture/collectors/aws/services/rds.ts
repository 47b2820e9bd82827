import type { Field, Fields, Kind, Service } from '../../collector.ts';
import { at, flag, listAt, mustFlag, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { inRegion, managedKeys, neverSet, ownKey, textsOf } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const { list, listAbout, about } = callsOf('rds', 'rds', 15, { token: 'Marker' });
const PAGE = { params: () => ({ MaxRecords: 100 }) };

/**
 * Databases; those of DocumentDB and Neptune answer here too: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
 */
export const rds: Service<AwsApi> = {
  id: 'rds',
  where: 'regions',
  calls: {
    managedKeys,
    instances: list('DescribeDBInstances', 'DBInstances', PAGE),
    clusters: list('DescribeDBClusters', 'DBClusters', PAGE),
    snapshots: list('DescribeDBSnapshots', 'DBSnapshots', { input: { SnapshotType: 'manual' }, ...PAGE }),
    shares: about('snapshots', 'DescribeDBSnapshotAttributes', { DBSnapshotIdentifier: 'DBSnapshotIdentifier' }),
    clusterSnapshots: list('DescribeDBClusterSnapshots', 'DBClusterSnapshots', PAGE),
    groups: list('DescribeDBParameterGroups', 'DBParameterGroups', PAGE),
    parameters: listAbout(
      'groups',
      'DescribeDBParameters',
      { DBParameterGroupName: 'DBParameterGroupName' },
      'Parameters',
    ),
    clusterGroups: list('DescribeDBClusterParameterGroups', 'DBClusterParameterGroups', PAGE),
    clusterParameters: listAbout(
      'clusterGroups',
      'DescribeDBClusterParameters',
      { DBClusterParameterGroupName: 'DBClusterParameterGroupName' },
      'Parameters',
    ),
    // Security groups of databases went with EC2-Classic.
    subnetGroups: {
      ...list('DescribeDBSubnetGroups', 'DBSubnetGroups', PAGE),
      serves: ['rds:DescribeDBSecurityGroups'],
    },
    proxies: list('DescribeDBProxies', 'DBProxies', PAGE),
    globals: list('DescribeGlobalClusters', 'GlobalClusters', PAGE),
    backups: list('DescribeDBInstanceAutomatedBackups', 'DBInstanceAutomatedBackups', PAGE),
  },
  kinds: [
    { ...instanceKind('aws_db_instance', (item) => isEngine(item, 'rds') && !isMember(item)), more: instanceKeys() },
    {
      ...instanceKind('aws_rds_cluster_instance', (item) => isEngine(item, 'rds') && isMember(item)),
      more: instanceKeys(),
    },
    instanceKind('aws_docdb_cluster_instance', (item) => isEngine(item, 'docdb')),
    instanceKind('aws_neptune_cluster_instance', (item) => isEngine(item, 'neptune')),
    clusterKind('aws_rds_cluster', 'rds', {
      enabled_cloudwatch_logs_exports: exports('EnabledCloudwatchLogsExports'),
      engine_mode: text('EngineMode'),
      backtrack_window: number('BacktrackWindow'),
      replicate_source_db: text('ReplicationSourceIdentifier'),
    }),
    clusterKind('aws_docdb_cluster', 'docdb', {
      enabled_cloudwatch_logs_exports: exports('EnabledCloudwatchLogsExports'),
    }),
    {
      ...clusterKind('aws_neptune_cluster', 'neptune', {
        enable_cloudwatch_logs_exports: exports('EnabledCloudwatchLogsExports'),
      }),
      more: [{ call: 'managedKeys', attributes: { kms_key_arn: ownKey('KmsKeyId') } }],
    },
    {
      type: 'aws_rds_cluster_activity_stream',
      call: 'clusters',
      where: (item) => textAt(item, 'ActivityStreamStatus') === 'started',
      id: (item) => `${textAt(item, 'DBClusterArn') ?? ''}:activity`,
      name: text('DBClusterIdentifier'),
      attributes: { resource_arn: text('DBClusterArn') },
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('ActivityStreamKmsKeyId') } }],
    },
    {
      type: 'aws_db_snapshot',
      call: 'snapshots',
      id: text('DBSnapshotArn'),
      name: text('DBSnapshotIdentifier'),
      attributes: { db_instance_identifier: text('DBInstanceIdentifier'), encrypted: flag('Encrypted') },
      more: [
        {
          call: 'shares',
          attributes: {
            shared_accounts: (answer) =>
              listAt(answer, 'DBSnapshotAttributesResult.DBSnapshotAttributes')
                .filter((one) => textAt(one, 'AttributeName') === 'restore')
                .flatMap((one) => listAt(one, 'AttributeValues').map(String)),
          },
        },
      ],
    },
    snapshotKind('aws_db_cluster_snapshot', (item) => !isEngine(item, 'neptune')),
    snapshotKind('aws_neptune_cluster_snapshot', (item) => isEngine(item, 'neptune')),
    groupKind('aws_db_parameter_group', 'groups', 'DBParameterGroup', () => true),
    groupKind(
      'aws_rds_cluster_parameter_group',
      'clusterGroups',
      'DBClusterParameterGroup',
      (family) => !/^(docdb|neptune)/.test(family),
    ),
    groupKind('aws_docdb_cluster_parameter_group', 'clusterGroups', 'DBClusterParameterGroup', (family) =>
      family.startsWith('docdb'),
    ),
    {
      type: 'aws_db_subnet_group',
      call: 'subnetGroups',
      id: text('DBSubnetGroupArn'),
      name: text('DBSubnetGroupName'),
      attributes: {
        subnet_ids: (item) => textsOf(listAt(item, 'Subnets'), 'SubnetIdentifier'),
        vpc_id: text('VpcId'),
      },
      holds: ['aws_db_security_group'],
    },
    {
      type: 'aws_db_proxy',
      call: 'proxies',
      id: text('DBProxyArn'),
      name: text('DBProxyName'),
      attributes: {
        require_tls: mustFlag('RequireTLS'),
        vpc_security_group_ids: (item) => listAt(item, 'VpcSecurityGroupIds').map(String),
      },
      synonyms: neverSet(['vpc_security_group_ids']),
    },
    globalKind('aws_rds_global_cluster', 'rds'),
    globalKind('aws_docdb_global_cluster', 'docdb'),
    {
      type: 'aws_db_instance_automated_backups_replication',
      call: 'backups',
      // The copy of another region’s backups.
      where: (item, region = textAt(item, 'Region')) =>
        region !== undefined && textAt(item, 'DBInstanceArn')?.split(':')[3] !== region,
      id: text('DBInstanceAutomatedBackupsArn'),
      name: text('DBInstanceIdentifier'),
      attributes: { source_db_instance_arn: text('DBInstanceArn') },
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
    },
  ],
};

function isEngine(item: unknown, engine: 'rds' | 'docdb' | 'neptune'): boolean {
  const said = textAt(item, 'Engine') ?? '';
  return engine === 'rds' ? said !== 'docdb' && said !== 'neptune' : said === engine;
}

function isMember(item: unknown): boolean {
  return textAt(item, 'DBClusterIdentifier') !== undefined;
}

function exports(path: string): Field {
  return (item) => listAt(item, path).map(String);
}

function instanceKind(type: string, where: (item: unknown) => boolean): Kind {
  return {
    type,
    call: 'instances',
    where,
    id: text('DBInstanceArn'),
    name: text('DBInstanceIdentifier'),
    attributes: {
      arn: text('DBInstanceArn'),
      identifier: text('DBInstanceIdentifier'),
      engine: mustText('Engine'),
      engine_version: text('EngineVersion'),
      instance_class: text('DBInstanceClass'),
      cluster_identifier: text('DBClusterIdentifier'),
      publicly_accessible: mustFlag('PubliclyAccessible'),
      storage_encrypted: mustFlag('StorageEncrypted'),
      multi_az: flag('MultiAZ'),
      deletion_protection: flag('DeletionProtection'),
      auto_minor_version_upgrade: flag('AutoMinorVersionUpgrade'),
      backup_retention_period: number('BackupRetentionPeriod'),
      copy_tags_to_snapshot: flag('CopyTagsToSnapshot'),
      ca_cert_identifier: text('CACertificateIdentifier'),
      monitoring_interval: number('MonitoringInterval'),
      iam_database_authentication_enabled: flag('IAMDatabaseAuthenticationEnabled'),
      performance_insights_enabled: flag('PerformanceInsightsEnabled'),
      enabled_cloudwatch_logs_exports: exports('EnabledCloudwatchLogsExports'),
      replicate_source_db: text('ReadReplicaSourceDBInstanceIdentifier'),
      parameter_group_name: (item, subject, items) => {
        const [group] = listAt(item, 'DBParameterGroups');
        return inRegion('DBParameterGroupName')(group, subject, items);
      },
      db_subnet_group_name: text('DBSubnetGroup.DBSubnetGroupName'),
      vpc_security_group_ids: (item) => textsOf(listAt(item, 'VpcSecurityGroups'), 'VpcSecurityGroupId'),
      tags: tags('TagList'),
    },
    synonyms: neverSet(['vpc_security_group_ids']),
  };
}

function instanceKeys(): NonNullable<Kind['more']> {
  return [
    {
      call: 'managedKeys',
      attributes: {
        kms_key_id: ownKey('KmsKeyId'),
        performance_insights_kms_key_id: ownKey('PerformanceInsightsKMSKeyId'),
      },
    },
  ];
}

function clusterKind(type: string, engine: 'rds' | 'docdb' | 'neptune', attributes: Fields): Kind {
  return {
    type,
    call: 'clusters',
    where: (item) => isEngine(item, engine),
    id: text('DBClusterArn'),
    name: text('DBClusterIdentifier'),
    attributes: {
      arn: text('DBClusterArn'),
      cluster_identifier: text('DBClusterIdentifier'),
      engine: mustText('Engine'),
      engine_version: text('EngineVersion'),
      storage_encrypted: mustFlag('StorageEncrypted'),
      deletion_protection: flag('DeletionProtection'),
      backup_retention_period: number('BackupRetentionPeriod'),
      copy_tags_to_snapshot: flag('CopyTagsToSnapshot'),
      iam_database_authentication_enabled: flag('IAMDatabaseAuthenticationEnabled'),
      db_cluster_parameter_group_name: inRegion('DBClusterParameterGroup'),
      db_subnet_group_name: text('DBSubnetGroup'),
      vpc_security_group_ids: (item) => textsOf(listAt(item, 'VpcSecurityGroups'), 'VpcSecurityGroupId'),
      tags: tags('TagList'),
      ...attributes,
    },
    more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
    synonyms: neverSet(['vpc_security_group_ids'], 'instance_class'),
  };
}

function snapshotKind(type: string, where: (item: unknown) => boolean): Kind {
  return {
    type,
    call: 'clusterSnapshots',
    where,
    id: text('DBClusterSnapshotArn'),
    name: text('DBClusterSnapshotIdentifier'),
    attributes: {
      db_cluster_identifier: text('DBClusterIdentifier'),
      storage_encrypted: mustFlag('StorageEncrypted'),
    },
    more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
  };
}

function groupKind(type: string, call: string, prefix: string, where: (family: string) => boolean): Kind {
  return {
    type,
    call,
    where: (item) => where(textAt(item, 'DBParameterGroupFamily') ?? ''),
    id: text(`${prefix}Arn`),
    name: text(`${prefix}Name`),
    attributes: { name: inRegion(`${prefix}Name`), family: text('DBParameterGroupFamily') },
    more: [
      {
        call: call === 'groups' ? 'parameters' : 'clusterParameters',
        attributes: {
          parameter: (_answer, _subject, all) =>
            all
              .filter((one) => at(one, 'ParameterValue') !== undefined)
              .map((one) => ({
                name: textAt(one, 'ParameterName') ?? '',
                value: textAt(one, 'ParameterValue') ?? '',
                apply_method: textAt(one, 'ApplyMethod') ?? '',
              })),
        },
      },
    ],
  };
}

function globalKind(type: string, engine: 'rds' | 'docdb'): Kind {
  return {
    type,
    call: 'globals',
    where: (item) => isEngine(item, engine),
    id: text('GlobalClusterArn'),
    name: text('GlobalClusterIdentifier'),
    attributes: { engine: text('Engine'), storage_encrypted: mustFlag('StorageEncrypted') },
    synonyms: ['source_db_cluster_identifier'],
  };
}
