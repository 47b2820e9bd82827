import { type Attributes, isAttributes, type Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import {
  canonicalAttributes,
  type Given,
  listOf,
  type Made,
  objectsOf,
  present,
  type Properties,
  tagMap,
  type TypeRule,
} from '../../canonical-shape.ts';

/** A rule’s sources are lists in the provider; ports of “all protocols” are 0. */
function ruleOf(rule: Attributes): Record<string, Value | undefined> {
  const all = String(rule.IpProtocol) === '-1';
  return {
    protocol: rule.IpProtocol === undefined ? undefined : String(rule.IpProtocol),
    from_port: port(rule.FromPort) ?? (all ? 0 : undefined),
    to_port: port(rule.ToPort) ?? (all ? 0 : undefined),
    cidr_blocks: rule.CidrIp === undefined ? undefined : [rule.CidrIp],
    ipv6_cidr_blocks: rule.CidrIpv6 === undefined ? undefined : [rule.CidrIpv6],
    prefix_list_ids: listed(rule.SourcePrefixListId ?? rule.DestinationPrefixListId),
    description: rule.Description,
  };
}

function listed(value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : [value];
}

function port(value: Value | undefined): Value | undefined {
  return typeof value === 'string' && /^-?\d{1,5}$/.test(value) ? Number(value) : value;
}

function inlineRules(to: string) {
  return (value: Value): Readonly<Record<string, Value>> => ({
    [to]: listOf(value).map((rule) =>
      isAttributes(rule)
        ? present({
            ...ruleOf(rule),
            security_groups: listed(
              rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId ?? rule.SourceSecurityGroupName,
            ),
          })
        : rule,
    ),
  });
}

function singleRule(type: 'ingress' | 'egress'): TypeRule {
  return {
    type: 'aws_security_group_rule',
    only: true,
    also: ({ properties }) => [
      {
        type: 'aws_security_group_rule',
        attributes: {
          type,
          security_group_id: properties.GroupId ?? properties.GroupName,
          source_security_group_id: properties.SourceSecurityGroupId ?? properties.DestinationSecurityGroupId,
          ...ruleOf(properties),
        },
      },
    ],
  };
}

const HEALTH_CHECK: Readonly<Record<string, string>> = {
  HealthCheckEnabled: 'enabled',
  HealthCheckPath: 'path',
  HealthCheckPort: 'port',
  HealthCheckProtocol: 'protocol',
  HealthCheckIntervalSeconds: 'interval',
  HealthCheckTimeoutSeconds: 'timeout',
  HealthyThresholdCount: 'healthy_threshold',
  UnhealthyThresholdCount: 'unhealthy_threshold',
};

const ACTION: Properties = {
  RedirectConfig: 'redirect',
  ForwardConfig: 'forward',
  FixedResponseConfig: 'fixed_response',
};

/** `[{Key: 'access_logs.s3.enabled', Value: 'true'}]`: the provider has attributes and a block for them. */
function balancerAttributes(value: Value): Readonly<Record<string, Value | undefined>> {
  const given = tagMap(value);
  if (!isAttributes(given)) return {};
  const flag = (name: string): Value | undefined => truth(given[name]);
  const logs = present({
    enabled: flag('access_logs.s3.enabled'),
    bucket: given['access_logs.s3.bucket'],
    prefix: given['access_logs.s3.prefix'],
  });
  return {
    access_logs: Object.keys(logs).length > 0 ? [logs] : undefined,
    enable_deletion_protection: flag('deletion_protection.enabled'),
    drop_invalid_header_fields: flag('routing.http.drop_invalid_header_fields.enabled'),
    desync_mitigation_mode: given['routing.http.desync_mitigation_mode'],
    enable_cross_zone_load_balancing: flag('load_balancing.cross_zone.enabled'),
    enable_http2: flag('routing.http2.enabled'),
    enable_waf_fail_open: flag('waf.fail_open.enabled'),
    idle_timeout: given['idle_timeout.timeout_seconds'],
  };
}

function truth(value: Value | undefined): Value | undefined {
  return value === 'true' ? true : value === 'false' ? false : value;
}

const BEHAVIOR: Properties = {
  ViewerProtocolPolicy: 'viewer_protocol_policy',
  ForwardedValues: 'forwarded_values',
  LambdaFunctionAssociations: { to: 'lambda_function_association', in: { LambdaFunctionARN: 'lambda_arn' } },
};

function stageExtras({ properties, own }: Given): readonly Made[] {
  return objectsOf(properties.MethodSettings).map((setting, index) => {
    const { ResourcePath: path, HttpMethod: method, ...rest } = setting;
    return {
      type: 'aws_api_gateway_method_settings',
      suffix: `_${index}`,
      attributes: {
        rest_api_id: properties.RestApiId,
        stage_name: properties.StageName ?? own('stage_name'),
        method_path: `${String(path ?? '/*')}/${String(method ?? '*')}`.replace(/^\//, ''),
        settings: [canonicalAttributes(rest, { CacheTtlInSeconds: 'cache_ttl_in_seconds' })],
      },
    };
  });
}

export const NETWORK_TYPES: Readonly<Record<string, TypeRule>> = {
  'AWS::EC2::SecurityGroup': {
    type: 'aws_security_group',
    properties: {
      GroupName: 'name',
      GroupDescription: 'description',
      SecurityGroupIngress: { make: inlineRules('ingress') },
      SecurityGroupEgress: { make: inlineRules('egress') },
    },
  },
  'AWS::EC2::SecurityGroupIngress': singleRule('ingress'),
  'AWS::EC2::SecurityGroupEgress': singleRule('egress'),
  'AWS::EC2::VPC': { type: 'aws_vpc' },
  'AWS::EC2::Subnet': { type: 'aws_subnet' },
  'AWS::EC2::RouteTable': { type: 'aws_route_table' },
  'AWS::EC2::Route': { type: 'aws_route' },
  'AWS::EC2::SubnetRouteTableAssociation': { type: 'aws_route_table_association' },
  'AWS::EC2::InternetGateway': { type: 'aws_internet_gateway' },
  'AWS::EC2::VPCGatewayAttachment': { type: 'aws_internet_gateway_attachment' },
  'AWS::EC2::NatGateway': { type: 'aws_nat_gateway' },
  'AWS::EC2::NetworkAcl': { type: 'aws_network_acl' },
  'AWS::EC2::NetworkAclEntry': {
    type: 'aws_network_acl_rule',
    properties: {
      PortRange: {
        make: (value) => (isAttributes(value) ? { from_port: port(value.From), to_port: port(value.To) } : {}),
      },
      Protocol: { to: 'protocol', as: 'text' },
    },
  },
  'AWS::EC2::FlowLog': {
    type: 'aws_flow_log',
    properties: {
      DeliverLogsPermissionArn: 'iam_role_arn',
      LogDestination: 'log_destination',
      ResourceType: 'resource_type',
    },
    finish: (made) => {
      const target = FLOW_TARGETS[String(made.resource_type).toLowerCase()];
      if (target !== undefined && made.resource_id !== undefined) made[target] = made.resource_id;
    },
  },
  'AWS::EC2::VPCEndpoint': { type: 'aws_vpc_endpoint', properties: { PolicyDocument: { to: 'policy', as: 'json' } } },
  'AWS::EC2::VPCPeeringConnection': { type: 'aws_vpc_peering_connection' },
  'AWS::EC2::TransitGateway': { type: 'aws_ec2_transit_gateway' },
  'AWS::EC2::ClientVpnEndpoint': { type: 'aws_ec2_client_vpn_endpoint' },
  'AWS::EC2::VPNConnection': { type: 'aws_vpn_connection' },
  'AWS::EC2::NetworkInterface': { type: 'aws_network_interface', properties: { GroupSet: 'security_groups' } },
  'AWS::EC2::EIPAssociation': { type: 'aws_eip_association' },
  'AWS::ElasticLoadBalancing::LoadBalancer': {
    type: 'aws_elb',
    properties: {
      LoadBalancerName: 'name',
      Listeners: {
        to: 'listener',
        in: { LoadBalancerPort: 'lb_port', Protocol: 'lb_protocol', SSLCertificateId: 'ssl_certificate_id' },
      },
      AccessLoggingPolicy: {
        to: 'access_logs',
        in: { S3BucketName: 'bucket', S3BucketPrefix: 'bucket_prefix', EmitInterval: 'interval' },
      },
      CrossZone: 'cross_zone_load_balancing',
      ConnectionDrainingPolicy: { flat: { Enabled: 'connection_draining', Timeout: 'connection_draining_timeout' } },
      Scheme: { make: scheme },
    },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    type: 'aws_lb',
    properties: {
      Type: 'load_balancer_type',
      Scheme: { make: scheme },
      LoadBalancerAttributes: { make: balancerAttributes },
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    type: 'aws_lb_listener',
    properties: {
      Certificates: { make: (value) => ({ certificate_arn: objectsOf(value)[0]?.CertificateArn }) },
      DefaultActions: { to: 'default_action', in: ACTION },
    },
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    type: 'aws_lb_listener_rule',
    properties: { Actions: { to: 'action', in: ACTION }, Conditions: 'condition' },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    type: 'aws_lb_target_group',
    properties: Object.fromEntries([...Object.keys(HEALTH_CHECK), 'Matcher'].map((name) => [name, false])),
    finish: (made, { properties }) => {
      const check: Record<string, Value> = {};
      for (const [from, to] of Object.entries(HEALTH_CHECK)) {
        const value = properties[from];
        if (value !== undefined) check[to] = value;
      }
      if (Object.keys(check).length > 0) made.health_check = [check];
    },
  },
  'AWS::CloudFront::Distribution': {
    type: 'aws_cloudfront_distribution',
    properties: {
      DistributionConfig: {
        flat: {
          Logging: 'logging_config',
          DefaultCacheBehavior: { to: 'default_cache_behavior', in: BEHAVIOR },
          CacheBehaviors: { to: 'ordered_cache_behavior', in: BEHAVIOR },
          Origins: {
            to: 'origin',
            in: {
              Id: 'origin_id',
              CustomOriginConfig: {
                to: 'custom_origin_config',
                in: { OriginSSLProtocols: 'origin_ssl_protocols', HTTPPort: 'http_port', HTTPSPort: 'https_port' },
              },
              S3OriginConfig: 's3_origin_config',
            },
          },
          OriginGroups: { to: 'origin_group', in: { Items: 'items' } },
          WebACLId: 'web_acl_id',
          ViewerCertificate: {
            to: 'viewer_certificate',
            in: { CloudFrontDefaultCertificate: 'cloudfront_default_certificate' },
          },
          IPV6Enabled: 'is_ipv6_enabled',
        },
      },
    },
  },
  'AWS::ApiGateway::RestApi': {
    type: 'aws_api_gateway_rest_api',
    properties: { Policy: { to: 'policy', as: 'json' }, Body: false },
  },
  'AWS::Serverless::Api': {
    type: 'aws_api_gateway_rest_api',
    properties: {
      DefinitionBody: false,
      Auth: false,
      StageName: false,
      AccessLogSetting: false,
      TracingEnabled: false,
      CacheClusterEnabled: false,
      MethodSettings: false,
    },
    also: (given) => [
      {
        type: 'aws_api_gateway_stage',
        attributes: {
          rest_api_id: given.own('id'),
          ...canonicalAttributes(
            pick(given.properties, ['StageName', 'AccessLogSetting', 'TracingEnabled', 'CacheClusterEnabled']),
            STAGE,
          ),
        },
      },
      ...stageExtras({ ...given, properties: { ...given.properties, RestApiId: given.own('id') } }),
    ],
  },
  'AWS::ApiGateway::Stage': { type: 'aws_api_gateway_stage', properties: stage(), also: stageExtras },
  'AWS::ApiGateway::Method': {
    type: 'aws_api_gateway_method',
    properties: { AuthorizationType: 'authorization', Integration: false, MethodResponses: false },
  },
  'AWS::ApiGateway::Deployment': { type: 'aws_api_gateway_deployment' },
  'AWS::ApiGateway::DomainName': { type: 'aws_api_gateway_domain_name' },
  'AWS::ApiGateway::Authorizer': { type: 'aws_api_gateway_authorizer' },
  'AWS::ApiGatewayV2::Api': { type: 'aws_apigatewayv2_api' },
  'AWS::Serverless::HttpApi': { type: 'aws_apigatewayv2_api', properties: { DefinitionBody: false, Auth: false } },
  'AWS::ApiGatewayV2::Stage': { type: 'aws_apigatewayv2_stage', properties: { StageName: 'name' } },
  'AWS::ApiGatewayV2::Route': { type: 'aws_apigatewayv2_route' },
  'AWS::AppSync::GraphQLApi': {
    type: 'aws_appsync_graphql_api',
    properties: { LogConfig: { to: 'log_config', in: { CloudWatchLogsRoleArn: 'cloudwatch_logs_role_arn' } } },
  },
  'AWS::Route53::HostedZone': { type: 'aws_route53_zone' },
  'AWS::Route53::RecordSet': {
    type: 'aws_route53_record',
    properties: {
      ResourceRecords: 'records',
      HostedZoneId: 'zone_id',
      AliasTarget: { to: 'alias', in: { DNSName: 'name', HostedZoneId: 'zone_id' } },
    },
  },
  'AWS::WAFv2::WebACL': {
    type: 'aws_wafv2_web_acl',
    properties: {
      Rules: { to: 'rule', in: { VisibilityConfig: visibility() } },
      VisibilityConfig: visibility(),
    },
  },
  'AWS::WAFv2::WebACLAssociation': { type: 'aws_wafv2_web_acl_association', properties: { WebACLArn: 'web_acl_arn' } },
  'AWS::WAFv2::LoggingConfiguration': { type: 'aws_wafv2_web_acl_logging_configuration' },
  'AWS::WAFRegional::WebACL': { type: 'aws_wafregional_web_acl' },
  'AWS::NetworkFirewall::Firewall': { type: 'aws_networkfirewall_firewall' },
  'AWS::CertificateManager::Certificate': {
    type: 'aws_acm_certificate',
    properties: {
      CertificateTransparencyLoggingPreference: {
        make: (value) => ({ options: [{ certificate_transparency_logging_preference: value }] }),
      },
    },
  },
  'AWS::Transfer::Server': { type: 'aws_transfer_server' },
  'AWS::GlobalAccelerator::Accelerator': { type: 'aws_globalaccelerator_accelerator' },
};

const FLOW_TARGETS: Readonly<Record<string, string>> = {
  vpc: 'vpc_id',
  subnet: 'subnet_id',
  networkinterface: 'eni_id',
};

const STAGE: Properties = stage();

function stage(): Properties {
  return {
    AccessLogSetting: 'access_log_settings',
    TracingEnabled: 'xray_tracing_enabled',
    MethodSettings: false,
    Variables: { to: 'variables', as: 'map' },
  };
}

function visibility() {
  return { to: 'visibility_config', in: { CloudWatchMetricsEnabled: 'cloudwatch_metrics_enabled' } } as const;
}

function scheme(value: Value): Readonly<Record<string, Value>> {
  return { internal: typeof value === 'string' ? value === 'internal' : value };
}

function pick(properties: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** A policy that stands apart: one resource for each thing that it is put on. */
export function policyOn(type: string, list: string, attribute: string): TypeRule {
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
