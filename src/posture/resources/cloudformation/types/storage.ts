import { type Attributes, isAttributes, type Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import {
  canonicalAttributes,
  type Given,
  listOf,
  type Made,
  objectsOf,
  type Properties,
  type TypeRule,
} from '../../canonical-shape.ts';

/**
 * A bucket is told twice. Since its version 4 the provider keeps versioning, encryption, access, logging and the like of a bucket in resources of
 * their own (`aws_s3_bucket_versioning` …), before that in the bucket; people write both in Terraform, so checks look at both. Here they
 * stand inline as in version 3, and beside it as in version 4, with `bucket` a reference to the bucket.
 */
const BUCKET: TypeRule = {
  type: 'aws_s3_bucket',
  properties: {
    BucketName: 'bucket',
    AccessControl: { make: (value) => ({ acl: aclOf(value) }) },
    VersioningConfiguration: { make: (value) => ({ versioning: [{ enabled: enabled(value) }] }) },
    BucketEncryption: {
      make: (value) => ({ server_side_encryption_configuration: [{ rule: encryptionRules(value) }] }),
    },
    LoggingConfiguration: { make: (value) => ({ logging: [logging(value)] }) },
    LifecycleConfiguration: {
      make: (value) => ({
        lifecycle_rule: lifecycleRules(value).map((rule) => ({ ...rule, enabled: rule.status === 'Enabled' })),
      }),
    },
    CorsConfiguration: { make: (value) => ({ cors_rule: blocks(value, 'CorsRules', { MaxAge: 'max_age_seconds' }) }) },
    WebsiteConfiguration: { to: 'website' },
    ReplicationConfiguration: { make: (value) => ({ replication_configuration: [replication(value)] }) },
    ObjectLockConfiguration: { to: 'object_lock_configuration', in: { Rule: 'rule' } },
    PublicAccessBlockConfiguration: false,
    OwnershipControls: false,
    NotificationConfiguration: false,
    AccelerateConfiguration: {
      make: (value) => ({ acceleration_status: isAttributes(value) ? value.AccelerationStatus : value }),
    },
    ObjectLockEnabled: 'object_lock_enabled',
  },
  also: besideBucket,
};

function besideBucket({ properties, own }: Given): readonly Made[] {
  const made: Made[] = [];
  const add = (
    name: string,
    given: Value | undefined,
    attributes: (value: Value) => Readonly<Record<string, Value | undefined>>,
  ): void => {
    if (given !== undefined)
      made.push({ type: `aws_s3_bucket_${name}`, attributes: { bucket: own('id'), ...attributes(given) } });
  };
  add('acl', properties.AccessControl, (value) => ({ acl: aclOf(value) }));
  add('versioning', properties.VersioningConfiguration, (value) => ({
    versioning_configuration: [isAttributes(value) ? canonicalAttributes(value) : { status: value }],
  }));
  add('server_side_encryption_configuration', properties.BucketEncryption, (value) => ({
    rule: encryptionRules(value),
  }));
  add('public_access_block', properties.PublicAccessBlockConfiguration, (value) =>
    isAttributes(value) ? canonicalAttributes(value) : { block_public_acls: value },
  );
  add('logging', properties.LoggingConfiguration, logging);
  add('lifecycle_configuration', properties.LifecycleConfiguration, (value) => ({ rule: lifecycleRules(value) }));
  add('cors_configuration', properties.CorsConfiguration, (value) => ({
    cors_rule: blocks(value, 'CorsRules', { MaxAge: 'max_age_seconds' }),
  }));
  add('website_configuration', properties.WebsiteConfiguration, (value) =>
    isAttributes(value) ? canonicalAttributes(value) : {},
  );
  add('replication_configuration', properties.ReplicationConfiguration, replication);
  add('ownership_controls', properties.OwnershipControls, (value) => ({ rule: blocks(value, 'Rules') }));
  add('object_lock_configuration', properties.ObjectLockConfiguration, (value) =>
    isAttributes(value) ? canonicalAttributes(value) : {},
  );
  add('notification', properties.NotificationConfiguration, (value) =>
    isAttributes(value)
      ? canonicalAttributes(value, {
          LambdaConfigurations: 'lambda_function',
          QueueConfigurations: 'queue',
          TopicConfigurations: 'topic',
          EventBridgeConfiguration: { make: () => ({ eventbridge: true }) },
        })
      : {},
  );
  return made;
}

/** `PublicReadWrite` → `public-read-write`. */
function aclOf(value: Value): Value {
  return typeof value === 'string' ? value.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase() : value;
}

function enabled(value: Value): Value {
  const status = isAttributes(value) ? value.Status : value;
  return typeof status === 'string' ? status === 'Enabled' : (status ?? false);
}

function encryptionRules(value: Value): Value {
  return blocks(value, 'ServerSideEncryptionConfiguration', {
    ServerSideEncryptionByDefault: {
      to: 'apply_server_side_encryption_by_default',
      in: { SSEAlgorithm: 'sse_algorithm', KMSMasterKeyID: 'kms_master_key_id' },
    },
  });
}

function logging(value: Value): Record<string, Value> {
  return isAttributes(value)
    ? canonicalAttributes(value, { DestinationBucketName: 'target_bucket', LogFilePrefix: 'target_prefix' })
    : { target_bucket: value };
}

function lifecycleRules(value: Value): readonly Attributes[] {
  if (!isAttributes(value)) return [];
  return objectsOf(value.Rules).map((rule) => {
    const { ExpirationInDays: days, ...rest } = rule;
    const made = canonicalAttributes(rest, {
      AbortIncompleteMultipartUpload: {
        to: 'abort_incomplete_multipart_upload',
        in: { DaysAfterInitiation: 'days_after_initiation' },
      },
      NoncurrentVersionExpiration: { to: 'noncurrent_version_expiration' },
      Transitions: { to: 'transition', in: { TransitionInDays: 'days' } },
    });
    return days === undefined ? made : { ...made, expiration: [{ days }] };
  });
}

function replication(value: Value): Record<string, Value> {
  return isAttributes(value) ? canonicalAttributes(value, { Rules: { to: 'rule' } }) : { role: value };
}

function blocks(value: Value, name: string, rules: Properties = {}): Value {
  const inner = isAttributes(value) ? value[name] : value;
  return listOf(inner).map((one) => (isAttributes(one) ? canonicalAttributes(one, rules) : one));
}

export const STORAGE_TYPES: Readonly<Record<string, TypeRule>> = {
  'AWS::S3::Bucket': BUCKET,
  'AWS::S3::BucketPolicy': {
    type: 'aws_s3_bucket_policy',
    properties: { PolicyDocument: { to: 'policy', as: 'json' } },
  },
  'AWS::S3::AccessPoint': { type: 'aws_s3_access_point', properties: { Policy: { to: 'policy', as: 'json' } } },
  'AWS::EFS::FileSystem': {
    type: 'aws_efs_file_system',
    properties: {
      FileSystemTags: { to: 'tags', as: 'map' },
      LifecyclePolicies: { to: 'lifecycle_policy', in: { TransitionToIA: 'transition_to_ia' } },
      BackupPolicy: false,
      FileSystemPolicy: false,
    },
    also: ({ properties, own }) => [
      ...objectsOf(properties.BackupPolicy).map((policy) => ({
        type: 'aws_efs_backup_policy',
        attributes: { file_system_id: own('id'), backup_policy: [canonicalAttributes(policy)] },
      })),
      ...listOf(properties.FileSystemPolicy).map((policy) => ({
        type: 'aws_efs_file_system_policy',
        attributes: { file_system_id: own('id'), policy: jsonText(policy) },
      })),
    ],
  },
  'AWS::EFS::AccessPoint': { type: 'aws_efs_access_point' },
  'AWS::EFS::MountTarget': { type: 'aws_efs_mount_target' },
  'AWS::FSx::FileSystem': { type: 'aws_fsx_windows_file_system' },
  'AWS::Backup::BackupVault': {
    type: 'aws_backup_vault',
    properties: { BackupVaultName: 'name', EncryptionKeyArn: 'kms_key_arn' },
  },
  'AWS::SNS::Topic': { type: 'aws_sns_topic', properties: { TopicName: 'name', Subscription: false } },
  'AWS::SNS::TopicPolicy': policyOn('aws_sns_topic_policy', 'Topics', 'arn'),
  'AWS::SNS::Subscription': { type: 'aws_sns_topic_subscription' },
  'AWS::SQS::Queue': {
    type: 'aws_sqs_queue',
    properties: {
      QueueName: 'name',
      RedrivePolicy: { to: 'redrive_policy', as: 'json' },
      KmsDataKeyReusePeriodSeconds: 'kms_data_key_reuse_period_seconds',
    },
  },
  'AWS::SQS::QueuePolicy': policyOn('aws_sqs_queue_policy', 'Queues', 'queue_url'),
  'AWS::Kinesis::Stream': {
    type: 'aws_kinesis_stream',
    properties: {
      StreamEncryption: { flat: { EncryptionType: 'encryption_type', KeyId: 'kms_key_id' } },
      RetentionPeriodHours: 'retention_period',
    },
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    type: 'aws_kinesis_firehose_delivery_stream',
    properties: {
      DeliveryStreamName: 'name',
      DeliveryStreamEncryptionConfigurationInput: {
        make: (value) => ({
          server_side_encryption: [
            { enabled: true, ...(isAttributes(value) ? canonicalAttributes(value, { KeyARN: 'key_arn' }) : {}) },
          ],
        }),
      },
    },
  },
  'AWS::MSK::Cluster': {
    type: 'aws_msk_cluster',
    properties: {
      EncryptionInfo: {
        to: 'encryption_info',
        in: {
          EncryptionAtRest: { flat: { DataVolumeKMSKeyId: 'encryption_at_rest_kms_key_arn' } },
          EncryptionInTransit: 'encryption_in_transit',
        },
      },
      LoggingInfo: {
        to: 'logging_info',
        in: { BrokerLogs: { to: 'broker_logs', in: { CloudWatchLogs: 'cloudwatch_logs' } } },
      },
      BrokerNodeGroupInfo: 'broker_node_group_info',
    },
  },
  'AWS::AmazonMQ::Broker': {
    type: 'aws_mq_broker',
    properties: {
      Users: 'user',
      EncryptionOptions: { to: 'encryption_options', in: { UseAwsOwnedKey: 'use_aws_owned_key' } },
    },
  },
  'AWS::Logs::LogGroup': { type: 'aws_cloudwatch_log_group', properties: { LogGroupName: 'name' } },
  'AWS::Logs::MetricFilter': {
    type: 'aws_cloudwatch_log_metric_filter',
    properties: {
      FilterPattern: 'pattern',
      MetricTransformations: {
        to: 'metric_transformation',
        in: { MetricName: 'name', MetricNamespace: 'namespace', MetricValue: 'value' },
      },
    },
  },
  'AWS::CloudWatch::Alarm': {
    type: 'aws_cloudwatch_metric_alarm',
    properties: { AlarmName: 'alarm_name', OKActions: 'ok_actions' },
  },
  'AWS::CloudTrail::Trail': {
    type: 'aws_cloudtrail',
    properties: {
      TrailName: 'name',
      IsLogging: 'enable_logging',
      CloudWatchLogsLogGroupArn: 'cloud_watch_logs_group_arn',
      EventSelectors: { to: 'event_selector', in: { DataResources: 'data_resource' } },
      AdvancedEventSelectors: { to: 'advanced_event_selector', in: { FieldSelectors: 'field_selector' } },
      InsightSelectors: 'insight_selector',
    },
  },
  'AWS::Config::ConfigurationRecorder': {
    type: 'aws_config_configuration_recorder',
    properties: { RoleARN: 'role_arn' },
    // A stack starts the recorder that it makes.
    also: ({ own }) => [
      { type: 'aws_config_configuration_recorder_status', attributes: { name: own('name'), is_enabled: true } },
    ],
  },

  'AWS::Config::DeliveryChannel': { type: 'aws_config_delivery_channel' },
  'AWS::Config::ConfigRule': { type: 'aws_config_config_rule', properties: { ConfigRuleName: 'name' } },
  'AWS::GuardDuty::Detector': { type: 'aws_guardduty_detector' },
  'AWS::SecurityHub::Hub': { type: 'aws_securityhub_account' },
  'AWS::AccessAnalyzer::Analyzer': { type: 'aws_accessanalyzer_analyzer' },
  'AWS::StepFunctions::StateMachine': {
    type: 'aws_sfn_state_machine',
    properties: {
      StateMachineName: 'name',
      LoggingConfiguration: 'logging_configuration',
      TracingConfiguration: 'tracing_configuration',
    },
  },
  'AWS::Serverless::StateMachine': {
    type: 'aws_sfn_state_machine',
    properties: { Name: 'name', Logging: 'logging_configuration', Tracing: 'tracing_configuration', Policies: false },
  },
  'AWS::CloudFormation::Stack': {
    type: 'aws_cloudformation_stack',
    properties: { Parameters: { to: 'parameters', as: 'map' } },
  },
  'AWS::Serverless::Application': {
    type: 'aws_cloudformation_stack',
    properties: { Parameters: { to: 'parameters', as: 'map' } },
  },
};

/** A policy that stands apart: one resource for each thing that it is put on. */
function policyOn(type: string, list: string, attribute: string): TypeRule {
  return {
    type,
    only: true,
    also: ({ properties }) =>
      listOf(properties[list]).map((target, index) => ({
        type,
        suffix: index === 0 ? '' : `_${index}`,
        attributes: { [attribute]: target, policy: jsonText(properties.PolicyDocument) },
      })),
  };
}
