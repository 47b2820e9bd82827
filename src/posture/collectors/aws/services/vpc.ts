import type { Field, Fields, Kind, Service } from '../../collector.ts';
import { at, blocks, flag, listAt, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { nameTag, neverSet, textsOf } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const { one, list } = callsOf('ec2', 'ec2', 20, { token: 'NextToken' });
const PAGE = { params: () => ({ MaxResults: 1000 }) };

/** Networks: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/OperationList-query-vpc.html */
export const vpc: Service<AwsApi> = {
  id: 'vpc',
  where: 'regions',
  calls: {
    vpcs: list('DescribeVpcs', 'Vpcs', PAGE),
    subnets: list('DescribeSubnets', 'Subnets', PAGE),
    groups: { ...list('DescribeSecurityGroups', 'SecurityGroups', PAGE), serves: ['ec2:DescribeSecurityGroupRules'] },
    interfaces: list('DescribeNetworkInterfaces', 'NetworkInterfaces', PAGE),
    acls: list('DescribeNetworkAcls', 'NetworkAcls', PAGE),
    tables: list('DescribeRouteTables', 'RouteTables', { params: () => ({ MaxResults: 100 }) }),
    flowLogs: list('DescribeFlowLogs', 'FlowLogs', PAGE),
    addresses: one('DescribeAddresses', { items: 'Addresses' }),
    gateways: list('DescribeNatGateways', 'NatGateways', PAGE),
    transitGateways: list('DescribeTransitGateways', 'TransitGateways', PAGE),
    clientVpns: list('DescribeClientVpnEndpoints', 'ClientVpnEndpoints', PAGE),
    endpoints: list('DescribeVpcEndpoints', 'VpcEndpoints', PAGE),
    endpointServices: list('DescribeVpcEndpointServiceConfigurations', 'ServiceConfigurations', PAGE),
  },
  kinds: [
    vpcKind('aws_vpc', 'false'),
    vpcKind('aws_default_vpc', 'true'),
    subnetKind('aws_subnet', 'false'),
    subnetKind('aws_default_subnet', 'true'),
    {
      ...groupKind('aws_security_group', (item) => textAt(item, 'GroupName') !== 'default'),
      holds: [
        'aws_security_group_rule',
        'aws_vpc_security_group_ingress_rule',
        'aws_vpc_security_group_egress_rule',
        'aws_network_interface_sg_attachment',
      ],
    },
    groupKind('aws_default_security_group', (item) => textAt(item, 'GroupName') === 'default'),
    {
      type: 'aws_network_interface',
      call: 'interfaces',
      id: text('NetworkInterfaceId'),
      name: text('Description'),
      attributes: {
        description: text('Description'),
        interface_type: text('InterfaceType'),
        subnet_id: text('SubnetId'),
        private_ip: text('PrivateIpAddress'),
        public_ip: text('Association.PublicIp'),
        security_groups: (item) => textsOf(listAt(item, 'Groups'), 'GroupId'),
        instance_id: text('Attachment.InstanceId'),
        tags: tags('TagSet'),
      },
      synonyms: neverSet(['security_groups']),
    },
    { ...aclKind('aws_network_acl', 'false'), holds: ['aws_network_acl_rule', 'aws_network_acl_association'] },
    aclKind('aws_default_network_acl', 'true'),
    {
      type: 'aws_route_table',
      call: 'tables',
      id: text('RouteTableId'),
      name: nameTag(),
      attributes: {
        vpc_id: text('VpcId'),
        route: blocks('Routes', {
          cidr_block: text('DestinationCidrBlock'),
          ipv6_cidr_block: text('DestinationIpv6CidrBlock'),
          destination_prefix_list_id: text('DestinationPrefixListId'),
          gateway_id: text('GatewayId'),
          nat_gateway_id: text('NatGatewayId'),
          instance_id: text('InstanceId'),
          network_interface_id: text('NetworkInterfaceId'),
          transit_gateway_id: text('TransitGatewayId'),
          vpc_peering_connection_id: text('VpcPeeringConnectionId'),
          egress_only_gateway_id: text('EgressOnlyInternetGatewayId'),
        }),
        subnet_ids: (item) => textsOf(listAt(item, 'Associations'), 'SubnetId'),
        tags: tags('Tags'),
      },
      // Said by each route.
      synonyms: [
        'instance_id',
        'network_interface_id',
        'destination_cidr_block',
        'destination_ipv6_cidr_block',
        'vpc_peering_connection_id',
      ],
      holds: ['aws_route', 'aws_default_route_table', 'aws_route_table_association'],
    },
    {
      type: 'aws_flow_log',
      call: 'flowLogs',
      id: text('FlowLogId'),
      name: nameTag(),
      attributes: {
        vpc_id: resourceId('vpc-'),
        subnet_id: resourceId('subnet-'),
        eni_id: resourceId('eni-'),
        traffic_type: text('TrafficType'),
        log_destination: text('LogDestination'),
        log_destination_type: text('LogDestinationType'),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_eip',
      call: 'addresses',
      id: (item) => textAt(item, 'AllocationId') ?? textAt(item, 'PublicIp'),
      name: nameTag(),
      attributes: {
        allocation_id: text('AllocationId'),
        public_ip: mustText('PublicIp'),
        instance: text('InstanceId'),
        network_interface: text('NetworkInterfaceId'),
        tags: tags('Tags'),
      },
      holds: ['aws_eip_association'],
    },
    {
      type: 'aws_nat_gateway',
      call: 'gateways',
      where: (item) => !['deleted', 'deleting', 'failed'].includes(textAt(item, 'State') ?? ''),
      id: text('NatGatewayId'),
      name: nameTag(),
      attributes: {
        subnet_id: text('SubnetId'),
        allocation_id: (item) => textsOf(listAt(item, 'NatGatewayAddresses'), 'AllocationId')[0],
        secondary_allocation_ids: (item) => textsOf(listAt(item, 'NatGatewayAddresses'), 'AllocationId').slice(1),
        connectivity_type: text('ConnectivityType'),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_ec2_transit_gateway',
      call: 'transitGateways',
      where: (item) => !['deleted', 'deleting'].includes(textAt(item, 'State') ?? ''),
      id: text('TransitGatewayId'),
      name: nameTag(),
      attributes: {
        auto_accept_shared_attachments: mustText('Options.AutoAcceptSharedAttachments'),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_ec2_client_vpn_endpoint',
      call: 'clientVpns',
      id: text('ClientVpnEndpointId'),
      name: nameTag(),
      attributes: {
        connection_log_options: (item) => [
          { enabled: textAt(item, 'ConnectionLogOptions.Enabled') === 'true', ...optional(item, 'CloudwatchLogGroup') },
        ],
        security_group_ids: (item) => listAt(item, 'SecurityGroupIds').map(String),
        vpc_id: text('VpcId'),
        tags: tags('Tags'),
      },
      synonyms: neverSet(['security_group_ids']),
    },
    {
      type: 'aws_vpc_endpoint',
      call: 'endpoints',
      id: text('VpcEndpointId'),
      name: nameTag(),
      attributes: {
        service_name: text('ServiceName'),
        vpc_endpoint_type: text('VpcEndpointType'),
        vpc_id: text('VpcId'),
        policy: text('PolicyDocument'),
        private_dns_enabled: flag('PrivateDnsEnabled'),
        security_group_ids: (item) => textsOf(listAt(item, 'Groups'), 'GroupId'),
        tags: tags('Tags'),
      },
      synonyms: neverSet(['security_group_ids']),
    },
    {
      type: 'aws_vpc_endpoint_service',
      call: 'endpointServices',
      id: text('ServiceId'),
      name: text('ServiceName'),
      attributes: { acceptance_required: flag('AcceptanceRequired'), tags: tags('Tags') },
    },
  ],
};

function vpcKind(type: string, isDefault: string): Kind {
  return {
    type,
    call: 'vpcs',
    where: (item) => (textAt(item, 'IsDefault') ?? 'false') === isDefault,
    id: text('VpcId'),
    name: nameTag(),
    attributes: {
      cidr_block: mustText('CidrBlock'),
      instance_tenancy: text('InstanceTenancy'),
      tags: tags('Tags'),
    },
    synonyms: ['ipv4_ipam_pool_id'],
  };
}

function subnetKind(type: string, isDefault: string): Kind {
  return {
    type,
    call: 'subnets',
    where: (item) => (textAt(item, 'DefaultForAz') ?? 'false') === isDefault,
    id: text('SubnetId'),
    name: nameTag(),
    attributes: {
      vpc_id: text('VpcId'),
      cidr_block: text('CidrBlock'),
      availability_zone: text('AvailabilityZone'),
      map_public_ip_on_launch: flag('MapPublicIpOnLaunch'),
      tags: tags('Tags'),
    },
  };
}

function groupKind(type: string, where: (item: unknown) => boolean): Kind {
  return {
    type,
    call: 'groups',
    where,
    id: text('GroupId'),
    name: text('GroupName'),
    attributes: {
      name: text('GroupName'),
      description: text('Description'),
      vpc_id: text('VpcId'),
      ingress: rules('IpPermissions'),
      egress: rules('IpPermissionsEgress'),
      tags: tags('Tags'),
    },
  };
}

/** A permission of the API speaks of several sides; so does a rule within a group in Terraform, but for its description. */
function rules(path: string): Field {
  return (item) => {
    if (at(item, path) === undefined) return [];
    return listAt(item, path).map((one) => {
      const ranges = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'].flatMap((name) =>
        listAt(one, name),
      );
      const described = textsOf(ranges, 'Description');
      const groups = textsOf(listAt(one, 'UserIdGroupPairs'), 'GroupId');
      const own = textAt(item, 'GroupId');
      return {
        protocol: textAt(one, 'IpProtocol') ?? '-1',
        from_port: Number(textAt(one, 'FromPort') ?? 0),
        to_port: Number(textAt(one, 'ToPort') ?? 0),
        cidr_blocks: textsOf(listAt(one, 'IpRanges'), 'CidrIp'),
        ipv6_cidr_blocks: textsOf(listAt(one, 'Ipv6Ranges'), 'CidrIpv6'),
        prefix_list_ids: textsOf(listAt(one, 'PrefixListIds'), 'PrefixListId'),
        security_groups: groups.filter((group) => group !== own),
        self: own !== undefined && groups.includes(own),
        // Described is what is described on every side.
        ...(described.length === ranges.length && described[0] !== undefined
          ? { description: described.join('; ') }
          : {}),
      };
    });
  };
}

function aclKind(type: string, isDefault: string): Kind {
  const entries = (egress: string): Field => {
    const fields: Fields = {
      rule_no: number('RuleNumber'),
      protocol: text('Protocol'),
      action: text('RuleAction'),
      cidr_block: text('CidrBlock'),
      ipv6_cidr_block: text('Ipv6CidrBlock'),
      from_port: number('PortRange.From'),
      to_port: number('PortRange.To'),
    };
    return (item, subject, items) =>
      blocks('Entries', fields)(
        { Entries: listAt(item, 'Entries').filter((entry) => (textAt(entry, 'Egress') ?? 'false') === egress) },
        subject,
        items,
      );
  };
  return {
    type,
    call: 'acls',
    where: (item) => (textAt(item, 'IsDefault') ?? 'false') === isDefault,
    id: text('NetworkAclId'),
    name: nameTag(),
    attributes: {
      vpc_id: text('VpcId'),
      ingress: entries('false'),
      egress: entries('true'),
      subnet_ids: (item) => textsOf(listAt(item, 'Associations'), 'SubnetId'),
      tags: tags('Tags'),
    },
  };
}

function resourceId(prefix: string): Field {
  return (item) => {
    const id = textAt(item, 'ResourceId');
    return id?.startsWith(prefix) ? id : undefined;
  };
}

function optional(item: unknown, name: string): Readonly<Record<string, string>> {
  const group = textAt(item, `ConnectionLogOptions.${name}`);
  return group === undefined ? {} : { cloudwatch_log_group: group };
}
