import type { Fields, Service } from '../../collector.ts';
import { at, block, blocks, flag, listAt, mustFlag, number, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { list, about } = callsOf('cloudfront', 'cloudfront');

const BEHAVIOUR: Fields = {
  path_pattern: text('PathPattern'),
  target_origin_id: text('TargetOriginId'),
  viewer_protocol_policy: text('ViewerProtocolPolicy'),
  response_headers_policy_id: text('ResponseHeadersPolicyId'),
  cache_policy_id: text('CachePolicyId'),
};

/** Content delivery: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations.html */
export const cloudfront: Service<AwsApi> = {
  id: 'cloudfront',
  where: 'account',
  calls: {
    distributions: paged('ListDistributions', 'DistributionList'),
    config: about('distributions', 'GetDistributionConfig', { Id: 'Id' }),
    // The newer way to keep logs; of the distributions, all are here.
    logSources: callsOf('cloudwatch-logs', 'logs', 10, { token: 'nextToken' }).list(
      'DescribeDeliverySources',
      'deliverySources',
    ),
    headerPolicies: {
      ...paged('ListResponseHeadersPolicies', 'ResponseHeadersPolicyList'),
      serves: ['cloudfront:GetResponseHeadersPolicy'],
    },
  },
  kinds: [
    {
      type: 'aws_cloudfront_distribution',
      call: 'distributions',
      id: text('Id'),
      name: text('DomainName'),
      attributes: {
        arn: text('ARN'),
        domain_name: text('DomainName'),
        status: text('Status'),
        aliases: (item) => listAt(item, 'Aliases.Items').map(String),
      },
      more: [
        {
          call: 'config',
          attributes: {
            enabled: mustFlag('DistributionConfig.Enabled'),
            default_root_object: text('DistributionConfig.DefaultRootObject'),
            web_acl_id: text('DistributionConfig.WebACLId'),
            http_version: text('DistributionConfig.HttpVersion'),
            logging_config: (answer) => {
              const bucket = textAt(answer, 'DistributionConfig.Logging.Bucket');
              return bucket === undefined || at(answer, 'DistributionConfig.Logging.Enabled') === false
                ? undefined
                : [{ bucket, prefix: textAt(answer, 'DistributionConfig.Logging.Prefix') ?? '' }];
            },
            restrictions: block({
              geo_restriction: block({
                restriction_type: text('DistributionConfig.Restrictions.GeoRestriction.RestrictionType'),
                locations: (answer) =>
                  listAt(answer, 'DistributionConfig.Restrictions.GeoRestriction.Items').map(String),
              }),
            }),
            default_cache_behavior: blocks('DistributionConfig.DefaultCacheBehavior', BEHAVIOUR),
            ordered_cache_behavior: blocks('DistributionConfig.CacheBehaviors.Items', BEHAVIOUR),
            origin: blocks('DistributionConfig.Origins.Items', {
              origin_id: text('Id'),
              domain_name: text('DomainName'),
              origin_access_control_id: text('OriginAccessControlId'),
              s3_origin_config: (one) =>
                at(one, 'S3OriginConfig') === undefined
                  ? undefined
                  : [{ origin_access_identity: textAt(one, 'S3OriginConfig.OriginAccessIdentity') ?? '' }],
              custom_origin_config: (one, subject, items) =>
                at(one, 'CustomOriginConfig') === undefined
                  ? undefined
                  : block({
                      origin_protocol_policy: text('CustomOriginConfig.OriginProtocolPolicy'),
                      origin_ssl_protocols: (origin) =>
                        listAt(origin, 'CustomOriginConfig.OriginSslProtocols.Items').map(String),
                      http_port: number('CustomOriginConfig.HTTPPort'),
                      https_port: number('CustomOriginConfig.HTTPSPort'),
                    })(one, subject, items),
            }),
            origin_group: blocks('DistributionConfig.OriginGroups.Items', {
              origin_id: text('Id'),
              failover_criteria: block({
                status_codes: (one) => listAt(one, 'FailoverCriteria.StatusCodes.Items').map(Number),
              }),
              member: blocks('Members.Items', { origin_id: text('OriginId') }),
            }),
            viewer_certificate: block({
              cloudfront_default_certificate: flag('DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate'),
              minimum_protocol_version: text('DistributionConfig.ViewerCertificate.MinimumProtocolVersion'),
              acm_certificate_arn: text('DistributionConfig.ViewerCertificate.ACMCertificateArn'),
              iam_certificate_id: text('DistributionConfig.ViewerCertificate.IAMCertificateId'),
              ssl_support_method: text('DistributionConfig.ViewerCertificate.SSLSupportMethod'),
            }),
          },
        },
      ],
    },
    {
      type: 'aws_cloudwatch_log_delivery_source',
      call: 'logSources',
      id: text('arn'),
      name: text('name'),
      attributes: {
        service: text('service'),
        log_type: text('logType'),
        resource_arn: (item) => listAt(item, 'resourceArns').map(String),
      },
    },
    {
      type: 'aws_cloudfront_response_headers_policy',
      call: 'headerPolicies',
      // Those of AWS itself are the same for everyone.
      where: (item) => textAt(item, 'Type') === 'custom',
      id: text('ResponseHeadersPolicy.Id'),
      name: text('ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Name'),
      attributes: {
        security_headers_config: (item, subject, items) =>
          block({
            strict_transport_security: block({
              access_control_max_age_sec: number('StrictTransportSecurity.AccessControlMaxAgeSec'),
              include_subdomains: flag('StrictTransportSecurity.IncludeSubdomains'),
              preload: flag('StrictTransportSecurity.Preload'),
              override: flag('StrictTransportSecurity.Override'),
            }),
          })(at(item, 'ResponseHeadersPolicy.ResponseHeadersPolicyConfig.SecurityHeadersConfig'), subject, items),
      },
    },
  ],
};

/** Its lists are one level deeper, with their paging. */
function paged(command: string, path: string) {
  return list(command, (answer) => listAt(answer, `${path}.Items`), {
    params: () => ({ MaxItems: 100 }),
    next: (answer) => {
      const marker = textAt(answer, `${path}.NextMarker`);
      return marker === undefined ? undefined : { Marker: marker };
    },
  });
}
