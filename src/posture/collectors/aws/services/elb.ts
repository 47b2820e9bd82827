import { textOf } from '#model/resource.ts';
import type { Field, Service } from '../../collector.ts';
import { block, blocks, flag, listAt, number, ofParent, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { isWord, keyed, neverSet, textsOf } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const { list, listAbout, about } = callsOf('elastic-load-balancing-v2', 'elasticloadbalancing', 10, {
  token: 'NextMarker',
  as: 'Marker',
});

/** Balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html */
export const elb: Service<AwsApi> = {
  id: 'elasticloadbalancing',
  where: 'regions',
  calls: {
    balancers: list('DescribeLoadBalancers', 'LoadBalancers', { params: () => ({ PageSize: 400 }) }),
    attributes: about('balancers', 'DescribeLoadBalancerAttributes', { LoadBalancerArn: 'LoadBalancerArn' }),
    listeners: listAbout('balancers', 'DescribeListeners', { LoadBalancerArn: 'LoadBalancerArn' }, 'Listeners'),
    targets: list('DescribeTargetGroups', 'TargetGroups', { params: () => ({ PageSize: 400 }) }),
  },
  kinds: [
    {
      type: 'aws_lb',
      call: 'balancers',
      id: text('LoadBalancerArn'),
      name: text('LoadBalancerName'),
      attributes: {
        arn: text('LoadBalancerArn'),
        name: text('LoadBalancerName'),
        dns_name: text('DNSName'),
        load_balancer_type: text('Type'),
        internal: isWord('Scheme', 'internal'),
        vpc_id: text('VpcId'),
        ip_address_type: text('IpAddressType'),
        security_groups: (item) => listAt(item, 'SecurityGroups').map(String),
        subnets: (item) => textsOf(listAt(item, 'AvailabilityZones'), 'SubnetId'),
        subnet_mapping: (item) =>
          listAt(item, 'AvailabilityZones').map((zone) => {
            const [address] = textsOf(listAt(zone, 'LoadBalancerAddresses'), 'AllocationId');
            return {
              subnet_id: textAt(zone, 'SubnetId') ?? '',
              ...(address === undefined ? {} : { allocation_id: address }),
            };
          }),
      },
      more: [
        {
          call: 'attributes',
          attributes: {
            access_logs: block({
              enabled: setting('access_logs.s3.enabled', flag('value')),
              bucket: setting('access_logs.s3.bucket', text('value')),
              prefix: setting('access_logs.s3.prefix', text('value')),
            }),
            enable_deletion_protection: setting('deletion_protection.enabled', flag('value')),
            enable_cross_zone_load_balancing: setting('load_balancing.cross_zone.enabled', flag('value')),
            drop_invalid_header_fields: setting('routing.http.drop_invalid_header_fields.enabled', flag('value')),
            desync_mitigation_mode: setting('routing.http.desync_mitigation_mode', text('value')),
          },
        },
      ],
      synonyms: neverSet(['security_groups']),
      holds: ['aws_alb'],
    },
    {
      type: 'aws_lb_listener',
      call: 'listeners',
      id: text('ListenerArn'),
      name: (item, subject, items) =>
        `${textOf(ofParent(text('LoadBalancerName'))(item, subject, items))}:${textAt(item, 'Port') ?? ''}`,
      attributes: {
        arn: text('ListenerArn'),
        load_balancer_arn: text('LoadBalancerArn'),
        port: number('Port'),
        protocol: text('Protocol'),
        ssl_policy: text('SslPolicy'),
        certificate_arn: (item) => textsOf(listAt(item, 'Certificates'), 'CertificateArn')[0],
        default_action: blocks('DefaultActions', {
          type: text('Type'),
          target_group_arn: text('TargetGroupArn'),
          redirect: block({
            protocol: text('RedirectConfig.Protocol'),
            port: text('RedirectConfig.Port'),
            status_code: text('RedirectConfig.StatusCode'),
          }),
        }),
      },
      holds: ['aws_alb_listener'],
    },
    {
      type: 'aws_lb_target_group',
      call: 'targets',
      id: text('TargetGroupArn'),
      name: text('TargetGroupName'),
      attributes: {
        arn: text('TargetGroupArn'),
        port: number('Port'),
        protocol: text('Protocol'),
        target_type: text('TargetType'),
        vpc_id: text('VpcId'),
        health_check: block({
          enabled: flag('HealthCheckEnabled'),
          path: text('HealthCheckPath'),
          protocol: text('HealthCheckProtocol'),
        }),
      },
      holds: ['aws_alb_target_group'],
    },
  ],
};

function setting(key: string, read: Field): Field {
  return keyed('Attributes', key, read);
}
