import type { Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import { type Properties, smallNames, type TypeRule } from '../../canonical-shape.ts';
import { CHARGE, PAYMENT } from './values.ts';

const CLUSTER: Properties = {
  KubernetesVersion: 'version',
  VSwitchIds: 'worker_vswitch_ids',
  WorkerVSwitchIds: 'worker_vswitch_ids',
  MasterVSwitchIds: 'master_vswitch_ids',
  PodVswitchIds: 'pod_vswitch_ids',
  EndpointPublicAccess: { make: (value) => ({ slb_internet_enabled: value, endpoint_public_access_enabled: value }) },
  Addons: { to: 'addons', in: { Name: 'name', Config: 'config', Disabled: 'disabled', Version: 'version' } },
  EncryptionProviderKey: 'encryption_provider_key',
  ContainerCidr: 'pod_cidr',
  ServiceCidr: 'service_cidr',
  SnatEntry: 'new_nat_gateway',
  KeyPair: 'key_name',
  DeletionProtection: 'deletion_protection',
  RrsaConfig: { flat: { Enabled: 'enable_rrsa' } },
  EnableRrsa: 'enable_rrsa',
  SecurityGroupId: 'security_group_id',
  IsEnterpriseSecurityGroup: 'is_enterprise_security_group',
  Tags: { to: 'tags', as: 'map' },
};

/** A cluster without nodes of its own is open to the internet unless it says otherwise. */
function openByDefault(made: Record<string, Value>): void {
  if (made.endpoint_public_access_enabled !== undefined) return;
  made.endpoint_public_access_enabled = true;
  made.slb_internet_enabled = true;
}

/** ROS keeps the API server private where nothing is said; the provider of Terraform does not. */
function closedByDefault(made: Record<string, Value>): void {
  made.slb_internet_enabled ??= false;
}

export const PLATFORM_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::CS::ManagedKubernetesCluster': {
    type: 'alicloud_cs_managed_kubernetes',
    properties: CLUSTER,
    finish: closedByDefault,
  },
  'ALIYUN::CS::KubernetesCluster': { type: 'alicloud_cs_kubernetes', properties: CLUSTER, finish: closedByDefault },
  'ALIYUN::CS::AnyCluster': { type: 'alicloud_cs_managed_kubernetes', properties: CLUSTER },
  'ALIYUN::CS::ASKCluster': {
    type: 'alicloud_cs_serverless_kubernetes',
    properties: { ...CLUSTER, VSwitchIds: 'vswitch_ids' },
    finish: openByDefault,
  },
  'ALIYUN::CS::ServerlessKubernetesCluster': {
    type: 'alicloud_cs_serverless_kubernetes',
    properties: { ...CLUSTER, VSwitchIds: 'vswitch_ids' },
    finish: openByDefault,
  },
  'ALIYUN::CS::ManagedEdgeKubernetesCluster': { type: 'alicloud_cs_edge_kubernetes', properties: CLUSTER },
  'ALIYUN::ACS::Cluster': { type: 'alicloud_cs_managed_kubernetes', properties: CLUSTER },
  'ALIYUN::CS::ClusterNodePool': {
    type: 'alicloud_cs_kubernetes_node_pool',
    properties: {
      NodePoolInfo: { flat: { Name: 'node_pool_name', ResourceGroupId: 'resource_group_id', Type: 'type' } },
      ScalingGroup: {
        flat: {
          VSwitchIds: 'vswitch_ids',
          VswitchIds: 'vswitch_ids',
          KeyPair: 'key_name',
          DataDisks: 'data_disks',
          InstanceChargeType: { to: 'instance_charge_type', values: CHARGE },
        },
      },
      AutoScaling: {
        to: 'scaling_config',
        in: { MaxInstances: 'max_size', MinInstances: 'min_size', Enable: 'enable' },
      },
      Management: 'management',
      KubernetesConfig: {
        flat: {
          Runtime: 'runtime_name',
          RuntimeVersion: 'runtime_version',
          CpuPolicy: 'cpu_policy',
          UserData: 'user_data',
          Labels: 'labels',
          Taints: 'taints',
        },
      },
      Count: 'desired_size',
      DesiredSize: 'desired_size',
    },
  },
  'ALIYUN::CS::ClusterAddons': { type: 'alicloud_cs_kubernetes_addon' },
  'ALIYUN::CS::ClusterApplication': {
    type: 'alicloud_cs_cluster_application',
    properties: { WorkerVSwitchIds: 'worker_vswitch_ids' },
  },
  'ALIYUN::CR::Instance': {
    type: 'alicloud_cr_ee_instance',
    properties: { InstanceStorageName: 'custom_oss_bucket', PaymentType: { to: 'payment_type', values: PAYMENT } },
  },
  'ALIYUN::CR::InstanceEndpointAclPolicy': {
    type: 'alicloud_cr_endpoint_acl_policy',
    properties: { Comment: 'description' },
  },
  'ALIYUN::CR::Repository': {
    type: 'alicloud_cr_ee_repo',
    properties: {
      RepoName: 'name',
      RepoNamespace: 'namespace',
      RepoNamespaceName: 'namespace',
      TagImmutability: 'tag_immutability',
    },
  },
  'ALIYUN::CR::Namespace': { type: 'alicloud_cr_ee_namespace' },
  'ALIYUN::ECI::ContainerGroup': {
    type: 'alicloud_eci_container_group',
    properties: {
      Container: { to: 'containers', in: containers() },
      InitContainer: { to: 'init_containers', in: containers() },
      Volume: 'volumes',
      Tag: { to: 'tags', as: 'map' },
    },
  },
  'ALIYUN::FC::Service': {
    type: 'alicloud_fc_service',
    properties: {
      ServiceName: 'name',
      LogConfig: { to: 'log_config', in: { EnableRequestMetrics: 'enable_request_metrics' } },
      VpcConfig: 'vpc_config',
      TracingConfig: 'tracing_config',
    },
  },
  'ALIYUN::FC::Function': {
    type: 'alicloud_fc_function',
    properties: {
      ServiceName: 'service',
      FunctionName: 'name',
      EnvironmentVariables: { to: 'environment_variables', as: 'map' },
      CAPort: 'ca_port',
    },
  },
  'ALIYUN::FC::Trigger': {
    type: 'alicloud_fc_trigger',
    properties: {
      TriggerName: 'name',
      TriggerType: 'type',
      ServiceName: 'service',
      FunctionName: 'function',
      TriggerConfig: { make: (value) => ({ config: triggerConfig(value) }) },
      SourceArn: 'source_arn',
      InvocationRole: 'role',
    },
  },
  'ALIYUN::FC::CustomDomain': {
    type: 'alicloud_fc_custom_domain',
    properties: {
      RouteConfig: { flat: { Routes: { to: 'route_config' } } },
      CertConfig: 'cert_config',
      TLSConfig: 'tls_config',
    },
  },
  'ALIYUN::FC::Version': { type: 'alicloud_fc_version' },
  'ALIYUN::FC::Alias': { type: 'alicloud_fc_alias' },
  'ALIYUN::FC3::Function': {
    type: 'alicloud_fcv3_function',
    properties: { EnvironmentVariables: { to: 'environment_variables', as: 'map' } },
  },
  'ALIYUN::FC3::Trigger': {
    type: 'alicloud_fcv3_trigger',
    properties: { TriggerConfig: { make: (value) => ({ trigger_config: triggerConfig(value) }) } },
  },
  'ALIYUN::FC3::CustomDomain': { type: 'alicloud_fcv3_custom_domain' },
  'ALIYUN::ApiGateway::Api': {
    type: 'alicloud_api_gateway_api',
    properties: {
      ApiName: 'name',
      RequestConfig: {
        to: 'request_config',
        in: { RequestProtocol: 'protocol', RequestHttpMethod: 'method', RequestPath: 'path', RequestMode: 'mode' },
      },
      ServiceConfig: {
        to: 'http_service_config',
        in: { ServiceAddress: 'address', ServiceHttpMethod: 'method', ServicePath: 'path', ServiceTimeOut: 'timeout' },
      },
    },
  },
  'ALIYUN::ApiGateway::Group': {
    type: 'alicloud_api_gateway_group',
    properties: { GroupName: { make: (value) => ({ name: value, group_name: value }) } },
  },
  'ALIYUN::ApiGateway::Instance': {
    type: 'alicloud_api_gateway_instance',
    properties: { ChargeType: { to: 'payment_type', values: PAYMENT } },
  },
  'ALIYUN::ApiGateway::CustomDomain': { type: 'alicloud_api_gateway_domain' },
  'ALIYUN::ApiGateway::LogConfig': { type: 'alicloud_api_gateway_log_config' },
  'ALIYUN::APIG::Gateway': { type: 'alicloud_apig_gateway' },
  'ALIYUN::KAFKA::Instance': {
    type: 'alicloud_alikafka_instance',
    properties: {
      DiskSize: 'disk_size',
      InstanceName: 'name',
      KMSKeyId: 'kms_key_id',
      PayType: { to: 'paid_type', values: CHARGE },
    },
  },
  'ALIYUN::KAFKA::Topic': { type: 'alicloud_alikafka_topic' },
  'ALIYUN::ROCKETMQ::Instance': { type: 'alicloud_ons_instance' },
  'ALIYUN::ROCKETMQ5::Instance': {
    type: 'alicloud_rocketmq_instance',
    properties: { PaymentType: { to: 'payment_type', values: PAYMENT } },
  },
  'ALIYUN::AMQP::Instance': { type: 'alicloud_amqp_instance' },
  'ALIYUN::MSE::Cluster': {
    type: 'alicloud_mse_cluster',
    properties: { ChargeType: { to: 'payment_type', values: PAYMENT }, AclEntryList: 'acl_entry_list' },
  },
  'ALIYUN::MSE::Gateway': {
    type: 'alicloud_mse_gateway',
    properties: { Name: 'gateway_name', BackupVSwitchId: 'backup_vswitch_id' },
  },
  'ALIYUN::EMR::Cluster': {
    type: 'alicloud_emr_cluster',
    properties: {
      HostGroup: 'host_group',
      ChargeType: { to: 'charge_type', values: CHARGE },
      IsOpenPublicIp: 'is_open_public_ip',
      VSwitchId: 'vswitch_id',
    },
  },
  'ALIYUN::EMR::Cluster2': { type: 'alicloud_emrv2_cluster' },
  'ALIYUN::PAI::Service': { type: 'alicloud_pai_service' },
  'ALIYUN::EAS::Service': { type: 'alicloud_pai_service' },
};

function containers(): Properties {
  return {
    Arg: 'args',
    Command: 'commands',
    EnvironmentVar: { to: 'environment_vars', in: { Key: 'key', Value: 'value' } },
    VolumeMount: 'volume_mounts',
    Port: 'ports',
    SecurityContext: 'security_context',
  };
}

/** The provider takes the service’s own JSON, whose names begin small. */
function triggerConfig(value: Value): Value | undefined {
  return jsonText(smallNames(value));
}
