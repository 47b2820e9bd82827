import type { Attributes, Value } from '#model/resource.ts';
import {
  type Given,
  listOf,
  type Made,
  objectsOf,
  type Properties,
  type PropertyDetail,
  type TypeRule,
} from '../../canonical-shape.ts';
import { CHARGE, PAYMENT, TRAFFIC } from './values.ts';

const DISK: Properties = {
  Category: 'category',
  DiskName: 'name',
  PerformanceLevel: 'performance_level',
  KMSKeyId: 'kms_key_id',
  Encrypted: 'encrypted',
};

const DATA_DISKS: PropertyDetail = { to: 'data_disks', in: DISK };
const KEY_PAIR = 'key_name';
const TAGS: PropertyDetail = { to: 'tags', as: 'map' };

/** One group or several: the provider has a list. */
const securityGroups = (value: Value): Readonly<Record<string, Value>> => ({ security_groups: [...listOf(value)] });

const INSTANCE: Properties = {
  InstanceChargeType: { to: 'instance_charge_type', values: CHARGE },
  InternetChargeType: { to: 'internet_charge_type', values: TRAFFIC },
  DiskMappings: DATA_DISKS,
  SecurityGroupId: { make: securityGroups },
  SecurityGroupIds: { make: securityGroups },
  KeyPairName: KEY_PAIR,
  RamRoleName: { make: (value) => ({ role_name: value, ram_role_name: value }) },
  SystemDiskDiskName: 'system_disk_name',
  SystemDiskKMSKeyId: 'system_disk_kms_key_id',
  HttpEndpoint: 'http_endpoint',
  HttpTokens: 'http_tokens',
  IoOptimized: false,
  ZoneId: { make: (value) => ({ availability_zone: value, zone_id: value }) },
  Tags: TAGS,
};

const RULE: Properties = {
  SourceCidrIp: 'cidr_ip',
  DestCidrIp: 'cidr_ip',
  Ipv6SourceCidrIp: 'ipv6_cidr_ip',
  Ipv6DestCidrIp: 'ipv6_cidr_ip',
  SourceGroupId: 'source_security_group_id',
  DestGroupId: 'source_security_group_id',
  SourceGroupOwnerId: 'source_group_owner_account',
  DestGroupOwnerId: 'source_group_owner_account',
  SourcePrefixListId: 'prefix_list_id',
  DestPrefixListId: 'prefix_list_id',
  NicType: 'nic_type',
  Policy: 'policy',
  Priority: 'priority',
  IpProtocol: 'ip_protocol',
};

/** The rules that stand inside a security group are resources of their own in the provider. */
function groupRules(given: Given): readonly Made[] {
  const own = given.own('id');
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    objectsOf(given.properties[direction === 'ingress' ? 'SecurityGroupIngress' : 'SecurityGroupEgress']).map(
      (rule, index) => ({
        type: 'alicloud_security_group_rule',
        suffix: `_${direction}_${index}`,
        attributes: { type: direction, security_group_id: own, ...ruleAttributes(rule) },
      }),
    ),
  );
}

function ruleAttributes(rule: Attributes): Record<string, Value | undefined> {
  const made: Record<string, Value | undefined> = {};
  for (const [name, value] of Object.entries(rule)) {
    const to = RULE[name] ?? (name === 'PortRange' ? 'port_range' : name === 'Description' ? 'description' : undefined);
    if (typeof to === 'string')
      made[to] = typeof value === 'string' && to === 'ip_protocol' ? value.toLowerCase() : value;
  }
  return made;
}

function withMetadataOptions(made: Record<string, Value>): void {
  const { http_endpoint: endpoint, http_tokens: tokens } = made;
  if (endpoint === undefined && tokens === undefined) return;
  made.metadata_options = [
    {
      ...(endpoint === undefined ? {} : { http_endpoint: endpoint }),
      ...(tokens === undefined ? {} : { http_tokens: tokens }),
    },
  ];
}

/** An instance of the classic kind asks for its public address beside the bandwidth. */
function instance(made: Record<string, Value>, given: Given): void {
  withMetadataOptions(made);
  if (given.properties.AllocatePublicIP === false && made.internet_max_bandwidth_out === undefined)
    made.internet_max_bandwidth_out = 0;
}

/** Several machines in one: how many is asked of a group alone. */
function instanceGroup(made: Record<string, Value>, given: Given): void {
  instance(made, given);
  made.instance_group = true;
}

const TEMPLATE: Properties = {
  ...INSTANCE,
  SecurityGroupId: 'security_group_id',
  SecurityGroupIds: 'security_group_ids',
  DiskMappings: DATA_DISKS,
  TemplateTags: { to: 'template_tags', as: 'map' },
  NetworkType: 'network_type',
  RamRoleName: 'ram_role_name',
};

export const ECS_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::ECS::Instance': { type: 'alicloud_instance', properties: INSTANCE, finish: instance },
  'ALIYUN::ECS::InstanceGroup': { type: 'alicloud_instance', properties: INSTANCE, finish: instanceGroup },
  'ALIYUN::ECS::InstanceClone': { type: 'alicloud_instance', properties: INSTANCE, finish: instance },
  'ALIYUN::ECS::InstanceGroupClone': { type: 'alicloud_instance', properties: INSTANCE, finish: instanceGroup },
  'ALIYUN::ECS::PrepayInstance': {
    type: 'alicloud_instance',
    properties: INSTANCE,
    finish: (made, given) => {
      instance(made, given);
      made.instance_charge_type = 'PrePaid';
    },
  },
  'ALIYUN::ECS::LaunchTemplate': { type: 'alicloud_ecs_launch_template', properties: TEMPLATE, finish: launchTemplate },
  'ALIYUN::ECS::Disk': {
    type: 'alicloud_ecs_disk',
    properties: {
      DiskCategory: 'category',
      DiskName: 'disk_name',
      ChargeType: { to: 'payment_type', values: PAYMENT },
    },
  },
  'ALIYUN::ECS::DiskAttachment': {
    type: 'alicloud_ecs_disk_attachment',
    properties: { DeleteWithInstance: 'delete_with_instance' },
  },
  'ALIYUN::ECS::Snapshot': { type: 'alicloud_ecs_snapshot' },
  'ALIYUN::ECS::AutoSnapshotPolicy': {
    type: 'alicloud_ecs_auto_snapshot_policy',
    properties: { AutoSnapshotPolicyName: 'name', RepeatWeekdays: 'repeat_weekdays', TimePoints: 'time_points' },
    also: ({ properties, own }) =>
      listOf(properties.DiskIds).map((disk, index) => ({
        type: 'alicloud_ecs_auto_snapshot_policy_attachment',
        suffix: `_${index}`,
        attributes: { auto_snapshot_policy_id: own('id'), disk_id: disk },
      })),
  },
  'ALIYUN::ECS::SecurityGroup': {
    type: 'alicloud_security_group',
    properties: { SecurityGroupName: 'security_group_name', SecurityGroupIngress: false, SecurityGroupEgress: false },
    also: groupRules,
    finish: (made) => {
      if (made.security_group_name !== undefined) made.name = made.security_group_name;
    },
  },
  'ALIYUN::ECS::SecurityGroupIngress': singleRule('ingress'),
  'ALIYUN::ECS::SecurityGroupEgress': singleRule('egress'),
  'ALIYUN::ECS::SecurityGroupIngresses': manyRules('ingress', 'Permissions'),
  'ALIYUN::ECS::SecurityGroupEgresses': manyRules('egress', 'Permissions'),
  'ALIYUN::ECS::VPC': { type: 'alicloud_vpc' },
  'ALIYUN::ECS::VSwitch': { type: 'alicloud_vswitch' },
  'ALIYUN::ECS::SSHKeyPair': { type: 'alicloud_ecs_key_pair' },
  'ALIYUN::ECS::SSHKeyPairAttachment': {
    type: 'alicloud_ecs_key_pair_attachment',
    properties: { InstanceIds: { to: 'instance_ids', as: 'list' } },
  },
  'ALIYUN::ECS::NetworkInterface': {
    type: 'alicloud_ecs_network_interface',
    properties: { SecurityGroupId: { to: 'security_group_ids', as: 'list' } },
  },
  'ALIYUN::ECS::NetworkInterfaceAttachment': { type: 'alicloud_ecs_network_interface_attachment' },
  'ALIYUN::ECS::CustomImage': { type: 'alicloud_image' },
  'ALIYUN::ECS::CopyImage': { type: 'alicloud_image_copy' },
  'ALIYUN::ECS::DedicatedHost': { type: 'alicloud_ecs_dedicated_host' },
  'ALIYUN::ECS::DeploymentSet': { type: 'alicloud_ecs_deployment_set' },
  'ALIYUN::ECS::RamRoleAttachment': {
    type: 'alicloud_ecs_ram_role_attachment',
    properties: { InstanceIds: { to: 'instance_ids', as: 'list' } },
  },
  'ALIYUN::ECS::Command': { type: 'alicloud_ecs_command' },
  'ALIYUN::ECS::Invocation': { type: 'alicloud_ecs_invocation' },
  'ALIYUN::ECS::PrefixList': { type: 'alicloud_ecs_prefix_list' },
  'ALIYUN::ECS::ForwardEntry': { type: 'alicloud_forward_entry' },
  'ALIYUN::ECS::SNatEntry': { type: 'alicloud_snat_entry' },
  'ALIYUN::ECS::NatGateway': { type: 'alicloud_nat_gateway' },
  'ALIYUN::ECS::Route': { type: 'alicloud_route_entry' },
  'ALIYUN::ECS::EIP': { type: 'alicloud_eip_address' },
};

function launchTemplate(made: Record<string, Value>, given: Given): void {
  withMetadataOptions(made);
  const disk: Record<string, Value> = {};
  for (const [from, to] of SYSTEM_DISK) {
    const value = given.properties[from];
    if (value !== undefined) disk[to] = value;
  }
  if (Object.keys(disk).length > 0) made.system_disk = [disk];
}

const SYSTEM_DISK = [
  ['SystemDiskCategory', 'category'],
  ['SystemDiskSize', 'size'],
  ['SystemDiskDiskName', 'name'],
  ['SystemDiskEncrypted', 'encrypted'],
  ['SystemDiskKMSKeyId', 'kms_key_id'],
] as const;

function singleRule(type: 'ingress' | 'egress'): TypeRule {
  return {
    type: 'alicloud_security_group_rule',
    properties: RULE,
    finish: (made) => {
      made.type = type;
      if (typeof made.ip_protocol === 'string') made.ip_protocol = made.ip_protocol.toLowerCase();
    },
  };
}

function manyRules(type: 'ingress' | 'egress', list: string): TypeRule {
  return {
    type: 'alicloud_security_group_rule',
    only: true,
    also: ({ properties }) =>
      objectsOf(properties[list]).map((rule, index) => ({
        type: 'alicloud_security_group_rule',
        suffix: `_${index}`,
        attributes: { type, security_group_id: properties.SecurityGroupId, ...ruleAttributes(rule) },
      })),
  };
}
