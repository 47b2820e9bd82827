import type { Service } from '../../collector.ts';
import { flag, mustText, number, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const configCalls = callsOf('config', '2020-09-07');
const cmsCalls = callsOf('cms', '2019-01-01');

/** Configuration history: https://help.aliyun.com/zh/cloud-config/developer-reference/api-config-2020-09-07-overview */
export const config: Service<AlicloudApi> = {
  id: 'config',
  where: 'account',
  calls: {
    recorder: configCalls.one('GetConfigurationRecorder', { serves: ['config:DescribeConfigurationRecorder'] }),
    rules: configCalls.numbered('ListConfigRules', 'ConfigRules.ConfigRuleList', {
      total: 'ConfigRules.TotalCount',
      size: 100,
    }),
    channels: configCalls.one('ListConfigDeliveryChannels', { items: 'DeliveryChannels' }),
  },
  kinds: [
    {
      type: 'alicloud_config_configuration_recorder',
      call: 'recorder',
      id: (_answer, { account }) => `${account}:configuration-recorder`,
      attributes: {
        status: mustText('ConfigurationRecorder.ConfigurationRecorderStatus'),
        resource_types: texts('ConfigurationRecorder.ResourceTypes'),
      },
    },
    {
      type: 'alicloud_config_rule',
      call: 'rules',
      id: text('ConfigRuleId'),
      name: text('ConfigRuleName'),
      attributes: {
        rule_name: text('ConfigRuleName'),
        status: text('ConfigRuleState'),
        risk_level: number('RiskLevel'),
        source_identifier: text('SourceIdentifier'),
      },
    },
    {
      type: 'alicloud_config_delivery',
      call: 'channels',
      id: text('DeliveryChannelId'),
      name: text('DeliveryChannelName'),
      attributes: {
        delivery_channel_type: text('DeliveryChannelType'),
        delivery_channel_target_arn: text('DeliveryChannelTargetArn'),
        configuration_snapshot: flag('ConfigurationSnapshot'),
        configuration_item_change_notification: flag('ConfigurationItemChangeNotification'),
        status: number('Status'),
      },
      holds: ['alicloud_config_delivery_channel'],
    },
  ],
};

/** Monitoring: https://help.aliyun.com/zh/cms/cloudmonitor-1-0/developer-reference/api-cms-2019-01-01-overview */
export const cms: Service<AlicloudApi> = {
  id: 'cms',
  where: 'account',
  calls: {
    alarms: {
      ...cmsCalls.numbered('DescribeMetricRuleList', 'Alarms.Alarm', { total: 'Total', size: 100, number: 'Page' }),
    },
    contacts: cmsCalls.numbered('DescribeContactGroupList', 'ContactGroupList.ContactGroup', {
      total: 'Total',
      size: 100,
    }),
    agents: cmsCalls.numbered('DescribeMonitoringAgentHosts', 'Hosts.Host', { total: 'Total', size: 100 }),
  },
  kinds: [
    {
      type: 'alicloud_cms_alarm',
      call: 'alarms',
      id: text('RuleId'),
      name: text('RuleName'),
      attributes: {
        name: text('RuleName'),
        project: text('Namespace'),
        metric: text('MetricName'),
        enabled: flag('EnableState'),
        contact_groups: (alarm) => (textAt(alarm, 'ContactGroups') ?? '').split(',').filter(Boolean),
        status: text('AlertState'),
      },
      synonyms: ['rule_name', 'alarm_name', 'alarm_rule_name', 'group_metric_rule_name', 'metric_rule_template_name'],
    },
    {
      type: 'alicloud_cms_alarm_contact_group',
      call: 'contacts',
      id: text('Name'),
      name: text('Name'),
      attributes: { alarm_contact_group_name: text('Name'), contacts: texts('Contacts.Contact') },
    },
    {
      type: 'alicloud_cms_monitored_host',
      call: 'agents',
      id: text('InstanceId'),
      name: text('HostName'),
      region: text('Region'),
      attributes: {
        instance_id: text('InstanceId'),
        host_name: text('HostName'),
        agent_version: text('TianjimonVersion'),
      },
    },
  ],
};
