import type { Service } from '../../collector.ts';
import { block, blocks, flag, listAt, mustFlag, number, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { inRegion, isWord } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const trail = callsOf('cloudtrail', 'cloudtrail', 5, { token: 'NextToken' });
const recorder = callsOf('config-service', 'config', 10, { token: 'NextToken' });
const detector = callsOf('guardduty', 'guardduty', 10, { token: 'NextToken' });
const groups = callsOf('cloudwatch-logs', 'logs', 8, { token: 'nextToken' });

/** The record of calls: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html */
export const cloudtrail: Service<AwsApi> = {
  id: 'cloudtrail',
  where: 'regions',
  calls: {
    // A trail of all regions is shown in each: it is read where it is at home.
    trails: trail.one('DescribeTrails', { input: { includeShadowTrails: false }, items: 'trailList' }),
    status: trail.about('trails', 'GetTrailStatus', { Name: 'TrailARN' }),
    selectors: trail.about('trails', 'GetEventSelectors', { TrailName: 'TrailARN' }),
    stores: trail.list('ListEventDataStores', 'EventDataStores'),
    store: trail.about('stores', 'GetEventDataStore', { EventDataStore: 'EventDataStoreArn' }),
  },
  kinds: [
    {
      type: 'aws_cloudtrail',
      call: 'trails',
      id: text('TrailARN'),
      name: text('Name'),
      attributes: {
        arn: text('TrailARN'),
        name: text('Name'),
        s3_bucket_name: text('S3BucketName'),
        is_multi_region_trail: mustFlag('IsMultiRegionTrail'),
        is_organization_trail: flag('IsOrganizationTrail'),
        include_global_service_events: flag('IncludeGlobalServiceEvents'),
        enable_log_file_validation: flag('LogFileValidationEnabled'),
        cloud_watch_logs_group_arn: text('CloudWatchLogsLogGroupArn'),
        kms_key_id: text('KmsKeyId'),
        sns_topic_name: (item) => textAt(item, 'SnsTopicName') ?? textAt(item, 'SnsTopicARN'),
      },
      more: [
        { call: 'status', attributes: { enable_logging: mustFlag('IsLogging') } },
        {
          call: 'selectors',
          attributes: {
            event_selector: blocks('EventSelectors', {
              read_write_type: text('ReadWriteType'),
              include_management_events: flag('IncludeManagementEvents'),
              data_resource: blocks('DataResources', {
                type: text('Type'),
                values: (one) => listAt(one, 'Values').map(String),
              }),
            }),
            advanced_event_selector: blocks('AdvancedEventSelectors', {
              name: text('Name'),
              field_selector: blocks('FieldSelectors', {
                field: text('Field'),
                equals: (one) => listAt(one, 'Equals').map(String),
              }),
            }),
          },
        },
      ],
    },
    {
      type: 'aws_cloudtrail_event_data_store',
      call: 'stores',
      id: text('EventDataStoreArn'),
      name: text('Name'),
      attributes: { arn: text('EventDataStoreArn'), name: text('Name') },
      more: [
        {
          call: 'store',
          attributes: { kms_key_id: text('KmsKeyId'), retention_period: number('RetentionPeriod') },
        },
      ],
    },
  ],
};

/** Recorders of configuration: https://docs.aws.amazon.com/config/latest/APIReference/API_Operations.html */
export const config: Service<AwsApi> = {
  id: 'config',
  where: 'regions',
  calls: {
    recorders: recorder.one('DescribeConfigurationRecorders', { items: 'ConfigurationRecorders' }),
    status: recorder.one('DescribeConfigurationRecorderStatus', { items: 'ConfigurationRecordersStatus' }),
    aggregators: recorder.list('DescribeConfigurationAggregators', 'ConfigurationAggregators'),
  },
  kinds: [
    {
      type: 'aws_config_configuration_recorder',
      call: 'recorders',
      // Every region calls its own `default`.
      id: inRegion('name'),
      name: text('name'),
      attributes: {
        name: inRegion('name'),
        role_arn: text('roleARN'),
        recording_group: block({
          all_supported: flag('recordingGroup.allSupported'),
          include_global_resource_types: flag('recordingGroup.includeGlobalResourceTypes'),
          resource_types: (item) => listAt(item, 'recordingGroup.resourceTypes').map(String),
        }),
      },
    },
    {
      type: 'aws_config_configuration_recorder_status',
      call: 'status',
      id: inRegion('name'),
      name: text('name'),
      attributes: { name: inRegion('name'), is_enabled: mustFlag('recording') },
    },
    {
      type: 'aws_config_configuration_aggregator',
      call: 'aggregators',
      id: text('ConfigurationAggregatorArn'),
      name: text('ConfigurationAggregatorName'),
      attributes: {
        account_aggregation_source: blocks('AccountAggregationSources', { all_regions: flag('AllAwsRegions') }),
        organization_aggregation_source: blocks('OrganizationAggregationSource', {
          all_regions: flag('AllAwsRegions'),
        }),
      },
    },
  ],
};

/** Watchers: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Operations.html */
export const guardduty: Service<AwsApi> = {
  id: 'guardduty',
  where: 'regions',
  calls: {
    detectors: detector.list('ListDetectors', 'DetectorIds'),
    detector: detector.about('detectors', 'GetDetector', { DetectorId: '' }),
    // Only the account that looks after an organisation may ask; for others there is none.
    organisation: detector.about(
      'detectors',
      'DescribeOrganizationConfiguration',
      { DetectorId: '' },
      {
        nothing: ['BadRequestException'],
      },
    ),
  },
  kinds: [
    {
      type: 'aws_guardduty_detector',
      call: 'detectors',
      id: (item) => textAt(item, ''),
      attributes: {},
      more: [
        {
          call: 'detector',
          attributes: {
            enable: isWord('Status', 'ENABLED'),
            finding_publishing_frequency: text('FindingPublishingFrequency'),
          },
        },
      ],
    },
    {
      type: 'aws_guardduty_organization_configuration',
      call: 'organisation',
      where: (answer) =>
        textAt(answer, 'AutoEnableOrganizationMembers') !== undefined || textAt(answer, 'AutoEnable') !== undefined,
      id: (_answer, { parent }) => `${textAt(parent?.item, '') ?? ''}:organisation`,
      attributes: {
        auto_enable: flag('AutoEnable'),
        auto_enable_organization_members: text('AutoEnableOrganizationMembers'),
      },
      ofParent: { detector_id: (item) => textAt(item, '') },
    },
  ],
};

/** Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html */
export const logs: Service<AwsApi> = {
  id: 'logs',
  where: 'regions',
  calls: { groups: groups.list('DescribeLogGroups', 'logGroups', { params: () => ({ limit: 50 }) }) },
  kinds: [
    {
      type: 'aws_cloudwatch_log_group',
      call: 'groups',
      id: text('arn'),
      name: text('logGroupName'),
      attributes: {
        arn: text('arn'),
        name: text('logGroupName'),
        kms_key_id: text('kmsKeyId'),
        // Kept for ever where it is not said.
        retention_in_days: number('retentionInDays'),
        log_group_class: text('logGroupClass'),
      },
    },
  ],
};
