import { isAttributes, type Value } from '#model/resource.ts';
import { canonicalAttributes, type Given, objectsOf, type Properties, type TypeRule } from '../../canonical-shape.ts';

const DATABASE: Properties = {
  DBInstanceClass: 'instance_class',
  DBInstanceIdentifier: 'identifier',
  DBName: 'db_name',
  MasterUsername: 'username',
  MasterUserPassword: 'password',
  MultiAZ: 'multi_az',
  EnableIAMDatabaseAuthentication: 'iam_database_authentication_enabled',
  EnablePerformanceInsights: 'performance_insights_enabled',
  PerformanceInsightsKMSKeyId: 'performance_insights_kms_key_id',
  EnableCloudwatchLogsExports: 'enabled_cloudwatch_logs_exports',
  VPCSecurityGroups: 'vpc_security_group_ids',
  DBSecurityGroups: 'security_group_names',
  CACertificateIdentifier: 'ca_cert_identifier',
  DBParameterGroupName: 'parameter_group_name',
  PreferredBackupWindow: 'backup_window',
  PreferredMaintenanceWindow: 'maintenance_window',
  DBClusterIdentifier: 'cluster_identifier',
  ManageMasterUserPassword: 'manage_master_user_password',
  SourceDBInstanceIdentifier: 'replicate_source_db',
};

const CLUSTER: Properties = {
  ...DATABASE,
  MasterUsername: 'master_username',
  MasterUserPassword: 'master_password',
  DatabaseName: 'database_name',
  VpcSecurityGroupIds: 'vpc_security_group_ids',
  PreferredBackupWindow: 'preferred_backup_window',
  PreferredMaintenanceWindow: 'preferred_maintenance_window',
  DBClusterParameterGroupName: 'db_cluster_parameter_group_name',
  IamAuthEnabled: 'iam_database_authentication_enabled',
};

const SEARCH: Properties = {
  EncryptionAtRestOptions: 'encrypt_at_rest',
  NodeToNodeEncryptionOptions: 'node_to_node_encryption',
  DomainEndpointOptions: {
    to: 'domain_endpoint_options',
    in: { EnforceHTTPS: 'enforce_https', TLSSecurityPolicy: 'tls_security_policy' },
  },
  VPCOptions: 'vpc_options',
  EBSOptions: { to: 'ebs_options', in: { EBSEnabled: 'ebs_enabled' } },
  AccessPolicies: { to: 'access_policies', as: 'json' },
  ElasticsearchClusterConfig: 'cluster_config',
  LogPublishingOptions: { make: searchLogs },
  AdvancedOptions: { to: 'advanced_options', as: 'map' },
};

/** Where nothing is said CloudFormation keeps backups for a day; the provider of Terraform keeps none. */
function keepsOneDay(made: Record<string, Value>, { properties }: Given): void {
  if (properties.SourceDBInstanceIdentifier === undefined) made.backup_retention_period ??= 1;
}

/** By the kind of log in CloudFormation, a list in the provider. */
function searchLogs(value: Value): Readonly<Record<string, Value | undefined>> {
  if (!isAttributes(value)) return { log_publishing_options: value };
  return {
    log_publishing_options: Object.entries(value).map(([kind, option]) => ({
      log_type: kind,
      ...(isAttributes(option)
        ? canonicalAttributes(option, { CloudWatchLogsLogGroupArn: 'cloudwatch_log_group_arn' })
        : {}),
    })),
  };
}

const TABLE: Properties = {
  TableName: 'name',
  SSESpecification: { to: 'server_side_encryption', in: { SSEEnabled: 'enabled', KMSMasterKeyId: 'kms_key_arn' } },
  PointInTimeRecoverySpecification: { to: 'point_in_time_recovery', in: { PointInTimeRecoveryEnabled: 'enabled' } },
  AttributeDefinitions: { to: 'attribute', in: { AttributeName: 'name', AttributeType: 'type' } },
  KeySchema: { make: keys },
  ProvisionedThroughput: { flat: { ReadCapacityUnits: 'read_capacity', WriteCapacityUnits: 'write_capacity' } },
  StreamSpecification: {
    make: (value) => ({
      stream_enabled: true,
      stream_view_type: isAttributes(value) ? value.StreamViewType : undefined,
    }),
  },
  TimeToLiveSpecification: 'ttl',
};

function keys(value: Value): Readonly<Record<string, Value | undefined>> {
  const find = (kind: string): Value | undefined => objectsOf(value).find((key) => key.KeyType === kind)?.AttributeName;
  return { hash_key: find('HASH'), range_key: find('RANGE') };
}

const CACHE: Properties = {
  CacheNodeType: 'node_type',
  CacheSubnetGroupName: 'subnet_group_name',
  CacheParameterGroupName: 'parameter_group_name',
  ClusterName: 'cluster_id',
  MultiAZEnabled: 'multi_az_enabled',
  ReplicationGroupDescription: 'description',
  VpcSecurityGroupIds: 'security_group_ids',
};

const PARAMETERS: Properties = {
  Parameters: { make: (value) => ({ parameter: parameters(value) }) },
  ParameterGroupFamily: 'family',
};

function parameters(value: Value): Value {
  if (isAttributes(value)) return Object.entries(value).map(([name, setting]) => ({ name, value: setting }));
  return objectsOf(value).map((one) => ({ name: one.ParameterName ?? '', value: one.ParameterValue ?? '' }));
}

export const DATA_TYPES: Readonly<Record<string, TypeRule>> = {
  'AWS::RDS::DBInstance': {
    type: 'aws_db_instance',
    kind: (has) => (has('DBClusterIdentifier') ? 'aws_rds_cluster_instance' : undefined),
    properties: DATABASE,
    finish: keepsOneDay,
  },
  'AWS::RDS::DBCluster': { type: 'aws_rds_cluster', properties: CLUSTER, finish: keepsOneDay },
  'AWS::RDS::GlobalCluster': { type: 'aws_rds_global_cluster' },
  'AWS::RDS::DBSubnetGroup': {
    type: 'aws_db_subnet_group',
    properties: { DBSubnetGroupName: 'name', DBSubnetGroupDescription: 'description' },
  },
  'AWS::RDS::DBParameterGroup': { type: 'aws_db_parameter_group', properties: { ...PARAMETERS, Family: 'family' } },
  'AWS::RDS::DBClusterParameterGroup': {
    type: 'aws_rds_cluster_parameter_group',
    properties: { ...PARAMETERS, Family: 'family' },
  },
  'AWS::RDS::DBSecurityGroup': { type: 'aws_db_security_group' },
  'AWS::Neptune::DBCluster': {
    type: 'aws_neptune_cluster',
    properties: { ...CLUSTER, EnableCloudwatchLogsExports: 'enable_cloudwatch_logs_exports' },
  },
  'AWS::Neptune::DBInstance': { type: 'aws_neptune_cluster_instance', properties: DATABASE },
  'AWS::DocDB::DBCluster': { type: 'aws_docdb_cluster', properties: CLUSTER },
  'AWS::DocDB::DBInstance': { type: 'aws_docdb_cluster_instance', properties: DATABASE },
  'AWS::DocDB::DBClusterParameterGroup': {
    type: 'aws_docdb_cluster_parameter_group',
    properties: { ...PARAMETERS, Family: 'family' },
  },
  'AWS::DynamoDB::Table': { type: 'aws_dynamodb_table', properties: TABLE },
  'AWS::DynamoDB::GlobalTable': {
    type: 'aws_dynamodb_table',
    properties: {
      ...TABLE,
      Replicas: {
        to: 'replica',
        in: {
          PointInTimeRecoverySpecification: { flat: { PointInTimeRecoveryEnabled: 'point_in_time_recovery' } },
          Region: 'region_name',
        },
      },
    },
  },
  'AWS::Serverless::SimpleTable': {
    type: 'aws_dynamodb_table',
    properties: { ...TABLE, PrimaryKey: { flat: { Name: 'hash_key', Type: false } } },
  },
  'AWS::DAX::Cluster': {
    type: 'aws_dax_cluster',
    properties: {
      SSESpecification: { to: 'server_side_encryption', in: { SSEEnabled: 'enabled' } },
      IAMRoleARN: 'iam_role_arn',
    },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    type: 'aws_elasticache_replication_group',
    properties: { ...CACHE, AtRestEncryptionEnabled: 'at_rest_encryption_enabled' },
  },
  'AWS::ElastiCache::CacheCluster': { type: 'aws_elasticache_cluster', properties: CACHE },
  'AWS::ElastiCache::SubnetGroup': { type: 'aws_elasticache_subnet_group' },
  'AWS::MemoryDB::Cluster': { type: 'aws_memorydb_cluster', properties: { TLSEnabled: 'tls_enabled' } },
  'AWS::Redshift::Cluster': {
    type: 'aws_redshift_cluster',
    properties: {
      DBName: 'database_name',
      MasterUserPassword: 'master_password',
      LoggingProperties: {
        make: (value) => ({
          logging: [
            {
              enable: true,
              ...(isAttributes(value) ? canonicalAttributes(value, { S3KeyPrefix: 's3_key_prefix' }) : {}),
            },
          ],
        }),
      },
    },
  },
  'AWS::Redshift::ClusterParameterGroup': { type: 'aws_redshift_parameter_group', properties: PARAMETERS },
  'AWS::Elasticsearch::Domain': { type: 'aws_elasticsearch_domain', properties: SEARCH },
  'AWS::OpenSearchService::Domain': { type: 'aws_opensearch_domain', properties: SEARCH },
  'AWS::Athena::WorkGroup': {
    type: 'aws_athena_workgroup',
    properties: {
      WorkGroupConfiguration: {
        to: 'configuration',
        in: {
          EnforceWorkGroupConfiguration: 'enforce_workgroup_configuration',
          PublishCloudWatchMetricsEnabled: 'publish_cloudwatch_metrics_enabled',
          ResultConfiguration: {
            to: 'result_configuration',
            in: { EncryptionConfiguration: { to: 'encryption_configuration', in: { KmsKey: 'kms_key_arn' } } },
          },
        },
      },
    },
  },
  'AWS::Glue::DataCatalogEncryptionSettings': { type: 'aws_glue_data_catalog_encryption_settings' },
  'AWS::Glue::SecurityConfiguration': {
    type: 'aws_glue_security_configuration',
    properties: {
      EncryptionConfiguration: {
        to: 'encryption_configuration',
        in: {
          S3Encryptions: 's3_encryption',
          CloudWatchEncryption: {
            to: 'cloudwatch_encryption',
            in: { CloudWatchEncryptionMode: 'cloudwatch_encryption_mode' },
          },
        },
      },
    },
  },
  'AWS::DMS::ReplicationInstance': { type: 'aws_dms_replication_instance', properties: { KmsKeyId: 'kms_key_arn' } },
  'AWS::DMS::Endpoint': { type: 'aws_dms_endpoint', properties: { KmsKeyId: 'kms_key_arn' } },
  'AWS::EMR::Cluster': { type: 'aws_emr_cluster', properties: { JobFlowRole: 'job_flow_role' } },
  'AWS::EMR::SecurityConfiguration': {
    type: 'aws_emr_security_configuration',
    properties: { SecurityConfiguration: { to: 'configuration', as: 'json' } },
  },
  'AWS::QLDB::Ledger': { type: 'aws_qldb_ledger' },
  'AWS::Timestream::Database': { type: 'aws_timestreamwrite_database' },
  'AWS::WorkSpaces::Workspace': { type: 'aws_workspaces_workspace' },
};
