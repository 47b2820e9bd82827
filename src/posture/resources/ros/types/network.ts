import type { Value } from '#model/resource.ts';
import { type Given, type Made, objectsOf, type TypeRule } from '../../canonical-shape.ts';
import { CHARGE, PAYMENT, TRAFFIC } from './values.ts';

const EIP: TypeRule = {
  type: 'alicloud_eip_address',
  properties: {
    Name: 'address_name',
    InstanceChargeType: { to: 'payment_type', values: PAYMENT },
    InternetChargeType: { to: 'internet_charge_type', values: TRAFFIC },
  },
};

export const NETWORK_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::VPC::EIP': EIP,
  'ALIYUN::VPC::EIPPro': EIP,
  'ALIYUN::VPC::EIPSegment': { type: 'alicloud_eip_segment_address' },
  'ALIYUN::VPC::EIPAssociation': { type: 'alicloud_eip_association' },
  'ALIYUN::VPC::AnycastEIP': { type: 'alicloud_eipanycast_anycast_eip_address' },
  'ALIYUN::VPC::NatGateway': {
    type: 'alicloud_nat_gateway',
    properties: {
      InstanceChargeType: { to: 'payment_type', values: PAYMENT },
      NatGatewayName: 'nat_gateway_name',
      Spec: 'specification',
      DeletionProtection: 'deletion_protection',
    },
  },
  'ALIYUN::NAT::NatGateway': {
    type: 'alicloud_nat_gateway',
    properties: { InstanceChargeType: { to: 'payment_type', values: PAYMENT }, Spec: 'specification' },
  },
  'ALIYUN::VPC::SnatEntry': { type: 'alicloud_snat_entry', properties: { SourceVSwitchId: 'source_vswitch_id' } },
  'ALIYUN::VPC::ForwardEntry': { type: 'alicloud_forward_entry' },
  'ALIYUN::VPC::FlowLog': {
    type: 'alicloud_vpc_flow_log',
    properties: { LogStoreName: 'log_store_name' },
  },
  'ALIYUN::VPC::NetworkAcl': { type: 'alicloud_network_acl', properties: ACL() },
  'ALIYUN::VPC::NetworkAclAssociation': { type: 'alicloud_network_acl_attachment' },
  'ALIYUN::VPC::RouteTable': { type: 'alicloud_route_table' },
  'ALIYUN::VPC::RouteTableAssociation': { type: 'alicloud_route_table_attachment' },
  'ALIYUN::VPC::CommonBandwidthPackage': { type: 'alicloud_common_bandwidth_package' },
  'ALIYUN::VPC::CommonBandwidthPackageIp': { type: 'alicloud_common_bandwidth_package_attachment' },
  'ALIYUN::VPC::HaVip': { type: 'alicloud_vpc_ha_vip' },
  'ALIYUN::VPC::HaVipAssociation': { type: 'alicloud_vpc_ha_vip_attachment' },
  'ALIYUN::VPC::Ipv6Gateway': { type: 'alicloud_vpc_ipv6_gateway' },
  'ALIYUN::VPC::Ipv6InternetBandwidth': { type: 'alicloud_vpc_ipv6_internet_bandwidth' },
  'ALIYUN::VPC::PeeringRouterInterfaceConnection': { type: 'alicloud_router_interface_connection' },
  'ALIYUN::VPC::RouterInterface': { type: 'alicloud_router_interface' },
  'ALIYUN::VPC::PrefixList': { type: 'alicloud_vpc_prefix_list' },
  'ALIYUN::VPC::GatewayEndpoint': { type: 'alicloud_vpc_gateway_endpoint' },
  'ALIYUN::VPC::Ipv4Gateway': { type: 'alicloud_vpc_ipv4_gateway' },
  'ALIYUN::VPC::TrafficMirrorFilter': { type: 'alicloud_vpc_traffic_mirror_filter' },
  'ALIYUN::VPC::VpnGateway': {
    type: 'alicloud_vpn_gateway',
    properties: {
      Name: 'vpn_gateway_name',
      VpnGatewayName: 'vpn_gateway_name',
      InstanceChargeType: { to: 'payment_type', values: PAYMENT },
      EnableIpsec: 'enable_ipsec',
      EnableSsl: 'enable_ssl',
      DisasterRecoveryVSwitchId: 'disaster_recovery_vswitch_id',
    },
  },
  'ALIYUN::VPC::CustomerGateway': { type: 'alicloud_vpn_customer_gateway' },
  'ALIYUN::VPC::VpnConnection': {
    type: 'alicloud_vpn_connection',
    properties: {
      Name: 'vpn_connection_name',
      LocalSubnet: { to: 'local_subnet', as: 'csv' },
      RemoteSubnet: { to: 'remote_subnet', as: 'csv' },
      HealthCheckConfig: {
        to: 'health_check_config',
        in: { Dip: 'dip', Sip: 'sip', Enable: 'enable', Interval: 'interval', Retry: 'retry' },
      },
      TunnelOptionsSpecification: 'tunnel_options_specification',
      BgpConfig: 'bgp_config',
    },
  },
  'ALIYUN::VPC::VpnAttachment': { type: 'alicloud_vpn_gateway_vpn_attachment' },
  'ALIYUN::VPC::SslVpnServer': { type: 'alicloud_ssl_vpn_server' },
  'ALIYUN::VPC::SslVpnClientCert': { type: 'alicloud_ssl_vpn_client_cert' },
  'ALIYUN::CEN::CenInstance': { type: 'alicloud_cen_instance', properties: { Name: 'cen_instance_name' } },
  'ALIYUN::CEN::CenInstanceAttachment': { type: 'alicloud_cen_instance_attachment' },
  'ALIYUN::CEN::CenBandwidthPackage': { type: 'alicloud_cen_bandwidth_package' },
  'ALIYUN::CEN::CenBandwidthLimit': { type: 'alicloud_cen_bandwidth_limit' },
  'ALIYUN::CEN::TransitRouter': { type: 'alicloud_cen_transit_router' },
  'ALIYUN::CEN::TransitRouterVpcAttachment': {
    type: 'alicloud_cen_transit_router_vpc_attachment',
    properties: { ZoneMappings: { to: 'zone_mappings' } },
  },
  'ALIYUN::CEN::TransitRouterPeerAttachment': { type: 'alicloud_cen_transit_router_peer_attachment' },
  'ALIYUN::CEN::TransitRouterVbrAttachment': { type: 'alicloud_cen_transit_router_vbr_attachment' },
  'ALIYUN::PrivateLink::VpcEndpoint': {
    type: 'alicloud_privatelink_vpc_endpoint',
    also: endpointZones,
    properties: { Zone: 'zones' },
  },
  'ALIYUN::PrivateLink::VpcEndpointService': {
    type: 'alicloud_privatelink_vpc_endpoint_service',
    properties: { Resource: 'resources' },
  },
  'ALIYUN::GA::Accelerator': { type: 'alicloud_ga_accelerator' },
  'ALIYUN::EIPANYCAST::AnycastEipAddress': { type: 'alicloud_eipanycast_anycast_eip_address' },
  'ALIYUN::CLOUDFW::ControlPolicy': { type: 'alicloud_cloud_firewall_control_policy' },
  'ALIYUN::CLOUDFW::AddressBook': { type: 'alicloud_cloud_firewall_address_book' },
  'ALIYUN::CLOUDFW::AllFwSwitch': { type: 'alicloud_cloud_firewall_switch' },
  'ALIYUN::CLOUDFW::FwSwitch': {
    type: 'alicloud_cloud_firewall_switch',
    properties: { ResourceTypeList: 'resource_type_list' },
  },
  'ALIYUN::CLOUDFW::Instance': {
    type: 'alicloud_cloud_firewall_instance',
    properties: { PayType: { to: 'payment_type', values: PAYMENT } },
  },
  'ALIYUN::WAF::Instance': { type: 'alicloud_waf_instance' },
  'ALIYUN::WAF::Domain': { type: 'alicloud_waf_domain' },
  'ALIYUN::WAF3::Instance': {
    type: 'alicloud_wafv3_instance',
    properties: { PayType: { to: 'payment_type', values: PAYMENT } },
  },
  'ALIYUN::WAF3::Domain': { type: 'alicloud_wafv3_domain' },
  'ALIYUN::WAF3::DefenseResource': { type: 'alicloud_wafv3_defense_resource' },
  'ALIYUN::WAF3::DefenseRule': { type: 'alicloud_wafv3_defense_rule' },
  'ALIYUN::CDN::Domain': {
    type: 'alicloud_cdn_domain_new',
    properties: { Sources: { make: (value) => ({ sources: sourcesOf(value) }) }, CdnType: 'cdn_type' },
  },
  'ALIYUN::CDN::DomainConfig': { type: 'alicloud_cdn_domain_config' },
  'ALIYUN::DCDN::Domain': {
    type: 'alicloud_dcdn_domain',
    properties: { Sources: { make: (value) => ({ sources: sourcesOf(value) }) } },
  },
  'ALIYUN::DCDN::DomainConfig': { type: 'alicloud_dcdn_domain_config' },
  'ALIYUN::DNS::Domain': { type: 'alicloud_alidns_domain' },
  'ALIYUN::DNS::DomainRecord': { type: 'alicloud_alidns_record', properties: { RR: 'rr', TTL: 'ttl' } },
  'ALIYUN::DNS::DomainGroup': { type: 'alicloud_alidns_domain_group' },
  'ALIYUN::PVTZ::Zone': { type: 'alicloud_pvtz_zone' },
  'ALIYUN::PVTZ::ZoneRecord': { type: 'alicloud_pvtz_zone_record' },
  'ALIYUN::BastionHost::Instance': {
    type: 'alicloud_bastionhost_instance',
    properties: {
      Version: { make: (value) => ({ version: value, plan_code: planOf(value) }) },
      Plan: 'plan',
      ExtraBandwidth: 'bandwidth',
      ExtendedStoragePlans: 'storage',
      StartInstanceParam: {
        flat: { VswitchId: 'vswitch_id', VSwitchId: 'vswitch_id', SecurityGroupIds: 'security_group_ids' },
      },
      InstanceChargeType: { to: 'instance_charge_type', values: CHARGE },
    },
  },
  'ALIYUN::ThreatDetection::Instance': {
    type: 'alicloud_threat_detection_instance',
    properties: { PaymentType: { to: 'payment_type', values: PAYMENT }, VersionCode: 'version_code' },
  },
};

function ACL() {
  return {
    IngressAclEntries: 'ingress_acl_entries',
    EgressAclEntries: 'egress_acl_entries',
    NetworkAclName: 'network_acl_name',
  } as const;
}

/** ROS knows the editions by name, the provider by the plan that is bought. */
function planOf(version: Value): Value | undefined {
  if (typeof version !== 'string') return undefined;
  return /^(?:enterprise|ha)/i.test(version) ? 'cloudbastion_ha' : 'cloudbastion';
}

/** The list may be given as JSON text. */
function sourcesOf(value: Value): Value {
  if (typeof value !== 'string') return objectsOf(value).map((source) => lower(source));
  try {
    const parsed = JSON.parse(value) as unknown;
    return Array.isArray(parsed)
      ? parsed
          .filter((item) => typeof item === 'object' && item !== null)
          .map((item) => lower(item as Record<string, Value>))
      : value;
  } catch {
    return value;
  }
}

function lower(source: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name.toLowerCase(), value]));
}

function endpointZones({ properties, own }: Given): readonly Made[] {
  return objectsOf(properties.Zone).map((zone, index) => ({
    type: 'alicloud_privatelink_vpc_endpoint_zone',
    suffix: `_${index}`,
    attributes: { endpoint_id: own('id'), zone_id: zone.ZoneId, vswitch_id: zone.VSwitchId },
  }));
}
