import { isAttributes, type Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import { canonicalAttributes, listOf, type TypeRule } from '../../canonical-shape.ts';
import { PAYMENT } from './values.ts';

export const STORAGE_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::OSS::Bucket': {
    type: 'alicloud_oss_bucket',
    properties: {
      BucketName: 'bucket',
      AccessControl: 'acl',
      DataRedundancyType: 'redundancy_type',
      RedundancyType: 'redundancy_type',
      Policy: { to: 'policy', as: 'json' },
      ServerSideEncryptionConfiguration: {
        to: 'server_side_encryption_rule',
        in: {
          SSEAlgorithm: 'sse_algorithm',
          KMSMasterKeyID: 'kms_master_key_id',
          KMSDataEncryption: 'kms_data_encryption',
        },
      },
      VersioningConfiguration: { to: 'versioning', in: { Status: 'status' } },
      LoggingConfiguration: { to: 'logging', in: { TargetBucket: 'target_bucket', TargetPrefix: 'target_prefix' } },
      RefererConfiguration: {
        to: 'referer_config',
        in: {
          AllowEmptyReferer: 'allow_empty',
          RefererList: { make: (value) => ({ referers: isAttributes(value) ? (value.Referer ?? []) : value }) },
          AllowTruncateQueryString: 'allow_truncate_query_string',
          RefererBlacklist: 'referer_blacklist',
        },
      },
      LifecycleConfiguration: {
        make: (value) => ({ lifecycle_rule: withEnabled(rulesInside(value, 'Rule')) }),
      },
      CORSConfiguration: { make: (value) => ({ cors_rule: rulesInside(value, 'CORSRule') }) },
      WebsiteConfigurationV2: 'website',
      WebsiteConfiguration: 'website',
      DeletionForce: 'force_destroy',
      EnableOssHdfsService: false,
      BlockPublicAccess: 'block_public_access',
      TlsVersionConfiguration: 'tls_version_configuration',
    },
  },
  'ALIYUN::OSS::BucketPolicy': {
    type: 'alicloud_oss_bucket_policy',
    properties: { PolicyDocument: { to: 'policy', as: 'json' }, Policy: { to: 'policy', as: 'json' } },
  },
  'ALIYUN::OSS::BucketReplication': { type: 'alicloud_oss_bucket_replication' },
  'ALIYUN::OSS::Domain': { type: 'alicloud_oss_bucket_cname' },
  'ALIYUN::NAS::FileSystem': {
    type: 'alicloud_nas_file_system',
    properties: { EncryptType: 'encrypt_type', KmsKeyId: 'kms_key_id' },
  },
  'ALIYUN::NAS::MountTarget': { type: 'alicloud_nas_mount_target' },
  'ALIYUN::NAS::AccessGroup': {
    type: 'alicloud_nas_access_group',
    properties: { AccessGroupType: 'access_group_type' },
  },
  'ALIYUN::NAS::AccessRule': { type: 'alicloud_nas_access_rule', properties: { RWAccessType: 'rw_access_type' } },
  'ALIYUN::HBR::BackupPlan': { type: 'alicloud_hbr_oss_backup_plan' },
  'ALIYUN::HBR::Vault': { type: 'alicloud_hbr_vault' },
  'ALIYUN::SLS::Project': {
    type: 'alicloud_log_project',
    properties: { Name: 'project_name', ProjectName: 'project_name' },
  },
  'ALIYUN::SLS::Logstore': {
    type: 'alicloud_log_store',
    properties: {
      TTL: 'retention_period',
      HotTTL: 'hot_ttl',
      LogstoreName: 'logstore_name',
      ProjectName: 'project_name',
      ShardCount: 'shard_count',
      PreserveStorage: 'preserve_storage',
      EncryptConf: {
        to: 'encrypt_conf',
        in: { UserCmkInfo: { to: 'user_cmk_info', in: { CmkKeyId: 'cmk_key_id', Arn: 'arn', RegionId: 'region_id' } } },
      },
    },
  },
  'ALIYUN::SLS::Index': { type: 'alicloud_log_store_index' },
  'ALIYUN::SLS::Alert': { type: 'alicloud_log_alert' },
  'ALIYUN::SLS::MachineGroup': { type: 'alicloud_log_machine_group' },
  'ALIYUN::ACTIONTRAIL::Trail': {
    type: 'alicloud_actiontrail_trail',
    properties: { Name: 'trail_name', TrailRegion: 'trail_region', EventRW: 'event_rw' },
  },
  'ALIYUN::ACTIONTRAIL::TrailLogging': { type: 'alicloud_actiontrail_trail_logging', properties: { Enable: 'enable' } },
  'ALIYUN::KMS::Key': {
    type: 'alicloud_kms_key',
    properties: {
      EnableAutomaticRotation: { to: 'automatic_rotation', values: { true: 'Enabled', false: 'Disabled' } },
      Enable: { to: 'status', values: { true: 'Enabled', false: 'Disabled' } },
      DeletionProtection: { to: 'deletion_protection', values: { true: 'Enabled', false: 'Disabled' } },
      KeySpec: 'key_spec',
      Policy: { to: 'policy', as: 'json' },
    },
  },
  'ALIYUN::KMS::Instance': {
    type: 'alicloud_kms_instance',
    properties: {
      Connection: { flat: { VpcId: 'vpc_id', ZoneIds: 'zone_ids', VSwitchIds: 'vswitch_ids' } },
      PaymentType: { to: 'payment_type', values: PAYMENT },
    },
  },
  'ALIYUN::KMS::Alias': { type: 'alicloud_kms_alias' },
  'ALIYUN::KMS::Secret': {
    type: 'alicloud_kms_secret',
    properties: { EnableAutomaticRotation: 'enable_automatic_rotation' },
  },
  'ALIYUN::OTS::Instance': {
    type: 'alicloud_ots_instance',
    properties: {
      InstanceName: 'name',
      Network: { to: 'accessed_by', values: { normal: 'Any', vpc: 'Vpc', vpc_console: 'ConsoleOrVpc' } },
      ClusterType: 'instance_type',
    },
  },
  'ALIYUN::OTS::Table': { type: 'alicloud_ots_table' },
  'ALIYUN::OTS::VpcBinder': { type: 'alicloud_ots_instance_attachment' },
  'ALIYUN::CMS::MonitorGroup': { type: 'alicloud_cms_monitor_group' },
  'ALIYUN::CMS::ResourceMetricRule': {
    type: 'alicloud_cms_alarm',
    properties: {
      RuleName: 'name',
      MetricName: 'metric',
      Namespace: 'project',
      Resources: { make: (value) => ({ metric_dimensions: jsonText(value) ?? value }) },
    },
  },
  'ALIYUN::CMS::Alarm': { type: 'alicloud_cms_alarm' },
  'ALIYUN::CMS::MetricRuleTemplate': { type: 'alicloud_cms_metric_rule_template' },
  'ALIYUN::Config::Rule': { type: 'alicloud_config_rule' },
  'ALIYUN::CONFIG::Rule': { type: 'alicloud_config_rule' },
  'ALIYUN::CAS::Certificate': { type: 'alicloud_ssl_certificates_service_certificate' },
  'ALIYUN::MaxCompute::Project': {
    type: 'alicloud_maxcompute_project',
    properties: {
      Name: 'project_name',
      Properties: {
        make: (value) => ({ properties: [canonicalObject(value)] }),
      },
      IpWhiteList: 'ip_white_list',
    },
    finish: (made) => {
      const [first] = listOf(made.properties) as readonly Record<string, Value>[];
      const [encryption] = listOf(first?.encryption) as readonly Record<string, Value>[];
      if (encryption?.enable !== undefined) made.encryption_enable = encryption.enable;
    },
  },
};

/** The provider has a boolean for what the service calls a status. */
function withEnabled(rules: Value): Value {
  return listOf(rules).map((rule) =>
    isAttributes(rule) && rule.status !== undefined ? { ...rule, enabled: rule.status === 'Enabled' } : rule,
  );
}

function rulesInside(value: Value, name: string): Value {
  const inside = typeof value === 'object' && name in value ? (value as Readonly<Record<string, Value>>)[name] : value;
  return canonicalList(inside ?? value);
}

function canonicalList(value: Value): Value {
  return listOf(value).map((rule) => canonicalObject(rule));
}

function canonicalObject(value: Value): Value {
  return isAttributes(value) ? canonicalAttributes(value) : value;
}
