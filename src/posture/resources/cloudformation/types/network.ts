import { type Attributes, isAttributes, type Value } from '#model/resource.ts';
import { asText, listOf, present, type TypeRule } from '../../canonical-shape.ts';

/** A rule’s sources are lists in the provider; ports of “all protocols” are 0. */
function ruleOf(rule: Attributes): Record<string, Value | undefined> {
  const protocol = rule.IpProtocol === undefined ? undefined : asText(rule.IpProtocol);
  const all = protocol === '-1';
  return {
    protocol,
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
      const target = FLOW_TARGETS[typeof made.resource_type === 'string' ? made.resource_type.toLowerCase() : ''];
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
};

const FLOW_TARGETS: Readonly<Record<string, string>> = {
  vpc: 'vpc_id',
  subnet: 'subnet_id',
  networkinterface: 'eni_id',
};
