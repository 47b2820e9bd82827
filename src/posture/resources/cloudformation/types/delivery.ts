import { type Attributes, isAttributes, type Value } from '#model/resource.ts';
import {
  canonicalAttributes,
  type Given,
  type Made,
  objectsOf,
  type Properties,
  present,
  tagMap,
  type TypeRule,
} from '../../canonical-shape.ts';

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

const BEHAVIOR: Properties = {
  ViewerProtocolPolicy: 'viewer_protocol_policy',
  ForwardedValues: 'forwarded_values',
  LambdaFunctionAssociations: { to: 'lambda_function_association', in: { LambdaFunctionARN: 'lambda_arn' } },
};

export const DELIVERY_TYPES: Readonly<Record<string, TypeRule>> = {
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
          OriginGroups: { make: (value) => ({ origin_group: originGroups(value) }) },
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

/** CloudFormation wraps its lists in an object that counts them. */
function originGroups(value: Value): Value {
  return objectsOf(isAttributes(value) ? value.Items : value).map((group) =>
    canonicalAttributes(group, {
      Id: 'origin_id',
      FailoverCriteria: {
        to: 'failover_criteria',
        in: { StatusCodes: { flat: { Items: 'status_codes', Quantity: false } } },
      },
      Members: {
        make: (members) => ({
          member: objectsOf(isAttributes(members) ? members.Items : members).map((one) => canonicalAttributes(one)),
        }),
      },
    }),
  );
}

function stageExtras({ properties, own }: Given): readonly Made[] {
  return objectsOf(properties.MethodSettings).map((setting, index) => {
    const { ResourcePath: path, HttpMethod: method, ...rest } = setting;
    return {
      type: 'aws_api_gateway_method_settings',
      suffix: `_${index}`,
      attributes: {
        rest_api_id: properties.RestApiId,
        stage_name: properties.StageName ?? own('stage_name'),
        method_path: methodPath(path ?? '/*', method ?? '*'),
        settings: [canonicalAttributes(rest, { CacheTtlInSeconds: 'cache_ttl_in_seconds' })],
      },
    };
  });
}

// `/users` and `GET` are `users/GET` in the provider.
function methodPath(path: Value, method: Value): Value {
  if (typeof path !== 'string') return path;
  return typeof method === 'string' ? `${path}/${method}`.replace(/^\//, '') : method;
}

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
