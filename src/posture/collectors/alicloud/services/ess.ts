import type { Service } from '../../collector.ts';
import { blocks, flag, listAt, mustText, number, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { numbered } = callsOf('ess', '2014-08-28');

/** Groups of servers that grow and shrink: https://help.aliyun.com/zh/auto-scaling/developer-reference/api-ess-2014-08-28-overview */
export const ess: Service<AlicloudApi> = {
  id: 'ess',
  where: 'regions',
  calls: {
    groups: numbered('DescribeScalingGroups', 'ScalingGroups.ScalingGroup'),
    configurations: numbered('DescribeScalingConfigurations', 'ScalingConfigurations.ScalingConfiguration'),
    rules: numbered('DescribeScalingRules', 'ScalingRules.ScalingRule'),
  },
  kinds: [
    {
      type: 'alicloud_ess_scaling_group',
      call: 'groups',
      id: text('ScalingGroupId'),
      name: text('ScalingGroupName'),
      attributes: {
        scaling_group_name: text('ScalingGroupName'),
        min_size: number('MinSize'),
        max_size: number('MaxSize'),
        default_cooldown: number('DefaultCooldown'),
        vswitch_ids: texts('VSwitchIds.VSwitchId'),
        loadbalancer_ids: texts('LoadBalancerIds.LoadBalancerId'),
        server_groups: blocks('ServerGroups.ServerGroup', { server_group_id: text('ServerGroupId') }),
        alb_server_group: blocks('AlbServerGroups.AlbServerGroup', { alb_server_group_id: text('AlbServerGroupId') }),
        vserver_groups: blocks('VServerGroups.VServerGroup', { loadbalancer_id: text('LoadBalancerId') }),
        group_deletion_protection: flag('GroupDeletionProtection'),
        health_check_type: text('HealthCheckType'),
        health_check_types: texts('HealthCheckTypes.HealthCheckType'),
        status: text('LifecycleState'),
      },
      synonyms: ['v_server_groups'],
      holds: [
        'alicloud_ess_alb_server_group_attachment',
        'alicloud_ess_server_group_attachment',
        'alicloud_ess_scalinggroup_vserver_groups',
        'alicloud_ess_attachment',
      ],
    },
    {
      type: 'alicloud_ess_scaling_configuration',
      call: 'configurations',
      id: text('ScalingConfigurationId'),
      name: text('ScalingConfigurationName'),
      attributes: {
        scaling_group_id: mustText('ScalingGroupId'),
        scaling_configuration_name: text('ScalingConfigurationName'),
        image_id: text('ImageId'),
        image_name: text('ImageName'),
        image_family: text('ImageFamily'),
        instance_type: text('InstanceType'),
        instance_types: texts('InstanceTypes.InstanceType'),
        internet_max_bandwidth_out: number('InternetMaxBandwidthOut'),
        security_group_id: text('SecurityGroupId'),
        security_group_ids: texts('SecurityGroupIds.SecurityGroupId'),
        system_disk_size: (configuration) => {
          const size = textAt(configuration, 'SystemDiskSize');
          return size === undefined ? undefined : Number(size);
        },
        system_disk_category: text('SystemDiskCategory'),
        system_disk_encrypted: flag('SystemDisk.Encrypted'),
        data_disk: (configuration) =>
          listAt(configuration, 'DataDisks.DataDisk').map((disk) => ({
            category: textAt(disk, 'Category') ?? '',
            encrypted: textAt(disk, 'Encrypted') === 'true',
          })),
        ram_role_name: text('RamRoleName'),
        key_name: text('KeyPairName'),
        status: text('LifecycleState'),
      },
      synonyms: [
        'image_expired',
        'data_disks',
        'launch_template_id',
        'instance_type_override',
        'instance_pattern_info',
      ],
    },
    {
      type: 'alicloud_ess_scaling_rule',
      call: 'rules',
      id: text('ScalingRuleId'),
      name: text('ScalingRuleName'),
      attributes: {
        scaling_group_id: text('ScalingGroupId'),
        scaling_rule_type: text('ScalingRuleType'),
        adjustment_type: text('AdjustmentType'),
        adjustment_value: number('AdjustmentValue'),
        target_value: number('TargetValue'),
        predictive_scaling_mode: text('PredictiveScalingMode'),
        step_adjustment: blocks('StepAdjustments.StepAdjustment', {
          scaling_adjustment: number('ScalingAdjustment'),
        }),
      },
      synonyms: ['step_adjustments'],
    },
  ],
};
