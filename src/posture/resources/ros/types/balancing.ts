import type { Value } from '#model/resource.ts';
import { type Given, type Made, objectsOf, type Properties, type TypeRule } from '../../canonical-shape.ts';
import { CHARGE, ON_OFF, PAYMENT, TRAFFIC } from './values.ts';

const SERVERS: Properties = { Servers: false };

export const BALANCING_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::SLB::LoadBalancer': {
    type: 'alicloud_slb_load_balancer',
    properties: {
      DeletionProtection: { to: 'delete_protection', values: ON_OFF },
      InternetChargeType: { to: 'internet_charge_type', values: TRAFFIC },
      PayType: { to: 'payment_type', values: PAYMENT },
      AutoRenew: 'auto_renew',
      AutoPay: false,
    },
  },
  'ALIYUN::SLB::LoadBalancerClone': { type: 'alicloud_slb_load_balancer' },
  'ALIYUN::SLB::Listener': {
    type: 'alicloud_slb_listener',
    properties: {
      ListenerPort: 'frontend_port',
      BackendServerPort: 'backend_port',
      VServerGroupId: 'server_group_id',
      MasterSlaveServerGroupId: 'master_slave_server_group_id',
      ServerCertificateId: 'server_certificate_id',
      CACertificateId: 'ca_certificate_id',
      TLSCipherPolicy: 'tls_cipher_policy',
      AclStatus: { to: 'acl_status', values: ON_OFF },
      EnableHttp2: { to: 'enable_http2', values: ON_OFF },
      HealthCheck: {
        flat: {
          Switch: { to: 'health_check', values: ON_OFF },
          HealthCheckType: 'health_check_type',
          URI: 'health_check_uri',
          Domain: 'health_check_domain',
          Port: 'health_check_connect_port',
          HttpCode: 'health_check_http_code',
          HealthyThreshold: 'healthy_threshold',
          UnhealthyThreshold: 'unhealthy_threshold',
          Interval: 'health_check_interval',
          Timeout: 'health_check_timeout',
          HealthCheckMethod: 'health_check_method',
        },
      },
      HttpConfig: {
        flat: {
          ListenerForward: { to: 'listener_forward', values: ON_OFF },
          ForwardPort: 'forward_port',
          ForwardCode: 'forward_code',
        },
      },
      Persistence: {
        flat: {
          StickySession: { to: 'sticky_session', values: ON_OFF },
          StickySessionType: 'sticky_session_type',
          CookieTimeout: 'cookie_timeout',
          Cookie: 'cookie',
          PersistenceTimeout: 'persistence_timeout',
          XForwardedFor: 'x_forwarded_for',
        },
      },
    },
  },
  'ALIYUN::SLB::BackendServerAttachment': {
    type: 'alicloud_slb_backend_server',
    properties: { BackendServers: 'backend_servers', BackendServerList: { make: withWeights } },
  },
  'ALIYUN::SLB::VServerGroup': {
    type: 'alicloud_slb_server_group',
    properties: { VServerGroupName: 'name', BackendServers: 'servers' },
  },
  'ALIYUN::SLB::BackendServerToVServerGroupAddition': {
    type: 'alicloud_slb_server_group_server_attachment',
    only: true,
    also: ({ properties }) =>
      objectsOf(properties.BackendServers).map((server, index) => ({
        type: 'alicloud_slb_server_group_server_attachment',
        suffix: index === 0 ? '' : `_${index}`,
        attributes: {
          server_group_id: properties.VServerGroupId,
          server_id: server.ServerId,
          port: server.Port,
          weight: server.Weight,
          type: server.Type,
        },
      })),
  },
  'ALIYUN::SLB::MasterSlaveServerGroup': {
    type: 'alicloud_slb_master_slave_server_group',
    properties: { MasterSlaveServerGroupName: 'name', MasterSlaveBackendServers: 'servers' },
  },
  'ALIYUN::SLB::AccessControl': {
    type: 'alicloud_slb_acl',
    properties: {
      AclName: 'name',
      AclEntrys: { to: 'entry_list', in: { Entry: 'entry', Comment: 'comment' } },
      AddressIPVersion: 'ip_version',
    },
    also: ({ properties, own }) =>
      objectsOf(properties.AclEntrys).map((entry, index) => ({
        type: 'alicloud_slb_acl_entry_attachment',
        suffix: `_${index}`,
        attributes: { acl_id: own('id'), entry: entry.Entry, comment: entry.Comment },
      })),
  },
  'ALIYUN::SLB::Certificate': { type: 'alicloud_slb_server_certificate' },
  'ALIYUN::SLB::Rule': { type: 'alicloud_slb_rule' },
  'ALIYUN::SLB::DomainExtension': { type: 'alicloud_slb_domain_extension' },
  'ALIYUN::ALB::LoadBalancer': {
    type: 'alicloud_alb_load_balancer',
    properties: {
      LoadBalancerBillingConfig: {
        to: 'load_balancer_billing_config',
        in: { PayType: { to: 'pay_type', values: PAYMENT } },
      },
      ModificationProtectionConfig: 'modification_protection_config',
      DeletionProtectionEnabled: 'deletion_protection_enabled',
      ZoneMappings: 'zone_mappings',
    },
    also: ({ properties, own }) =>
      (Array.isArray(properties.SecurityGroupIds) ? (properties.SecurityGroupIds as readonly Value[]) : []).map(
        (group, index) => ({
          type: 'alicloud_alb_load_balancer_security_group_attachment',
          suffix: `_${index}`,
          attributes: { load_balancer_id: own('id'), security_group_id: group },
        }),
      ),
  },
  'ALIYUN::ALB::Listener': {
    type: 'alicloud_alb_listener',
    properties: {
      Certificates: 'certificates',
      DefaultActions: {
        to: 'default_actions',
        in: { ForwardGroupConfig: { to: 'forward_group_config', in: { ServerGroupTuples: 'server_group_tuples' } } },
      },
    },
  },
  'ALIYUN::ALB::ServerGroup': {
    type: 'alicloud_alb_server_group',
    properties: { ServerGroupType: 'server_group_type' },
  },
  'ALIYUN::ALB::BackendServerAttachment': attachments('alicloud_alb_server_group_server_attachment'),
  'ALIYUN::ALB::Rule': { type: 'alicloud_alb_rule' },
  'ALIYUN::ALB::Acl': {
    type: 'alicloud_alb_acl',
    also: ({ properties, own }) =>
      objectsOf(properties.AclEntries).map((entry, index) => ({
        type: 'alicloud_alb_acl_entry_attachment',
        suffix: `_${index}`,
        attributes: { acl_id: own('id'), entry: entry.Entry, description: entry.Description },
      })),
  },
  'ALIYUN::ALB::AclAssociation': { type: 'alicloud_alb_listener_acl_attachment' },
  'ALIYUN::ALB::SecurityPolicy': { type: 'alicloud_alb_security_policy' },
  'ALIYUN::ALB::SecurityGroupAttachment': { type: 'alicloud_alb_load_balancer_security_group_attachment' },
  'ALIYUN::NLB::LoadBalancer': {
    type: 'alicloud_nlb_load_balancer',
    properties: {
      ZoneMappings: 'zone_mappings',
      LoadBalancerBillingConfig: { flat: { PayType: { to: 'payment_type', values: PAYMENT } } },
      DeletionProtectionConfig: {
        flat: { Enabled: 'deletion_protection_enabled', Reason: 'deletion_protection_reason' },
      },
      ModificationProtectionConfig: {
        flat: { Status: 'modification_protection_status', Reason: 'modification_protection_reason' },
      },
    },
  },
  'ALIYUN::NLB::Listener': { type: 'alicloud_nlb_listener' },
  'ALIYUN::NLB::ServerGroup': { type: 'alicloud_nlb_server_group', properties: { HealthCheckConfig: 'health_check' } },
  'ALIYUN::NLB::BackendServerAttachment': attachments('alicloud_nlb_server_group_server_attachment'),
  'ALIYUN::NLB::SecurityPolicy': { type: 'alicloud_nlb_security_policy' },
  'ALIYUN::GWLB::LoadBalancer': { type: 'alicloud_gwlb_load_balancer', properties: { ZoneMappings: 'zone_mappings' } },
  'ALIYUN::GWLB::Listener': { type: 'alicloud_gwlb_listener' },
  'ALIYUN::GWLB::ServerGroup': { type: 'alicloud_gwlb_server_group', properties: SERVERS },
  'ALIYUN::ESS::ScalingGroup': {
    type: 'alicloud_ess_scaling_group',
    properties: {
      LoadBalancerIds: 'loadbalancer_ids',
      DBInstanceIds: 'db_instance_ids',
      VSwitchId: { to: 'vswitch_ids', as: 'list' },
      MultiAZPolicy: 'multi_az_policy',
      DefaultCooldown: 'default_cooldown',
      ServerGroups: 'server_groups',
      GroupDeletionProtection: 'group_deletion_protection',
    },
  },
  'ALIYUN::ESS::ScalingConfiguration': {
    type: 'alicloud_ess_scaling_configuration',
    properties: {
      DiskMappings: {
        to: 'data_disk',
        in: { KMSKeyId: 'kms_key_id', SnapshotId: 'snapshot_id', DiskName: 'name', Device: 'device' },
      },
      KeyPairName: 'key_name',
      RamRoleName: 'role_name',
      SecurityGroupIds: 'security_group_ids',
      SystemDiskKMSKeyId: 'system_disk_kms_key_id',
      SystemDiskEncryptAlgorithm: {
        make: (value) => ({ system_disk_encrypt_algorithm: value, system_disk_encrypted: true }),
      },
      InstanceTypes: 'instance_types',
      InternetChargeType: { to: 'internet_charge_type', values: TRAFFIC },
      InstanceChargeType: { to: 'instance_charge_type', values: CHARGE },
    },
  },
  'ALIYUN::ESS::ScalingRule': { type: 'alicloud_ess_scaling_rule' },
  'ALIYUN::ESS::ScheduledTask': { type: 'alicloud_ess_scheduled_task' },
  'ALIYUN::ESS::AlarmTask': { type: 'alicloud_ess_alarm' },
  'ALIYUN::ESS::LifecycleHook': { type: 'alicloud_ess_lifecycle_hook' },
};

/** The older way: ids in one list, weights in another. */
function withWeights(value: Value): Readonly<Record<string, Value>> {
  return Array.isArray(value)
    ? { backend_servers: (value as readonly Value[]).map((id) => ({ server_id: id })) }
    : { backend_servers: value };
}

function attachments(type: string): TypeRule {
  return {
    type,
    only: true,
    also: ({ properties }: Given): readonly Made[] =>
      objectsOf(properties.Servers).map((server, index) => ({
        type,
        suffix: index === 0 ? '' : `_${index}`,
        attributes: {
          server_group_id: properties.ServerGroupId,
          server_id: server.ServerId,
          server_ip: server.ServerIp,
          server_type: server.ServerType,
          port: server.Port,
          weight: server.Weight,
        },
      })),
  };
}
