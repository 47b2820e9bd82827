import type { Field, Service } from '../../collector.ts';
import {
  block,
  blocks,
  flag,
  itemsNaming,
  listAt,
  must,
  mustFlag,
  mustText,
  number,
  tags,
  text,
  textAt,
} from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { isWord, lastOfArn, managedKeys, nameTag, neverSet, ownKey, textsOf } from '../attributes.ts';
import { callsOf, within } from '../calls.ts';

const { one, list, about, listAbout } = callsOf('ec2', 'ec2', 20, { token: 'NextToken' });
const PAGE = { params: () => ({ MaxResults: 1000 }) };
const OWN = { input: { OwnerIds: ['self'] } };

/** Servers and their disks: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/OperationList-query.html */
export const ec2: Service<AwsApi> = {
  id: 'ec2',
  where: 'regions',
  calls: {
    instances: list('DescribeInstances', within('Reservations', 'Instances'), PAGE),
    volumes: list('DescribeVolumes', 'Volumes', PAGE),
    snapshots: list('DescribeSnapshots', 'Snapshots', { ...OWN, ...PAGE }),
    images: list('DescribeImages', 'Images', { input: { Owners: ['self'] }, ...PAGE }),
    imageShares: about(
      'images',
      'DescribeImageAttribute',
      { ImageId: 'ImageId' },
      {
        input: { Attribute: 'launchPermission' },
        items: 'LaunchPermissions',
      },
    ),
    templates: list('DescribeLaunchTemplates', 'LaunchTemplates', { params: () => ({ MaxResults: 200 }) }),
    template: listAbout(
      'templates',
      'DescribeLaunchTemplateVersions',
      { LaunchTemplateId: 'LaunchTemplateId' },
      'LaunchTemplateVersions',
      { input: { Versions: ['$Default'] } },
    ),
    managedKeys,
    encryptionByDefault: one('GetEbsEncryptionByDefault'),
  },
  kinds: [
    {
      type: 'aws_instance',
      call: 'instances',
      // Servers that are gone are still shown for an hour.
      where: (item) => !['terminated', 'shutting-down'].includes(textAt(item, 'State.Name') ?? ''),
      id: text('InstanceId'),
      name: nameTag(),
      attributes: {
        ami: text('ImageId'),
        instance_type: mustText('InstanceType'),
        instance_state: text('State.Name'),
        availability_zone: text('Placement.AvailabilityZone'),
        subnet_id: text('SubnetId'),
        vpc_id: text('VpcId'),
        private_ip: text('PrivateIpAddress'),
        public_ip: text('PublicIpAddress'),
        associate_public_ip_address: (item) => textAt(item, 'PublicIpAddress') !== undefined,
        vpc_security_group_ids: (item) => textsOf(listAt(item, 'SecurityGroups'), 'GroupId'),
        key_name: text('KeyName'),
        iam_instance_profile: lastOfArn('IamInstanceProfile.Arn'),
        monitoring: isWord('Monitoring.State', 'enabled', 'pending'),
        ebs_optimized: flag('EbsOptimized'),
        source_dest_check: flag('SourceDestCheck'),
        launch_time: text('LaunchTime'),
        metadata_options: block({
          http_endpoint: text('MetadataOptions.HttpEndpoint'),
          http_tokens: text('MetadataOptions.HttpTokens'),
          http_put_response_hop_limit: number('MetadataOptions.HttpPutResponseHopLimit'),
          instance_metadata_tags: text('MetadataOptions.InstanceMetadataTags'),
        }),
        tags: tags('Tags'),
      },
      more: [
        {
          call: 'volumes',
          attributes: {
            root_block_device: disksOf((item, device) => device === textAt(item, 'RootDeviceName')),
            ebs_block_device: disksOf((item, device) => device !== textAt(item, 'RootDeviceName')),
          },
        },
      ],
      synonyms: neverSet(['vpc_security_group_ids'], 'launch_template'),
    },
    {
      type: 'aws_ebs_volume',
      call: 'volumes',
      id: text('VolumeId'),
      name: nameTag(),
      attributes: {
        availability_zone: text('AvailabilityZone'),
        encrypted: mustFlag('Encrypted'),
        size: number('Size'),
        type: text('VolumeType'),
        snapshot_id: text('SnapshotId'),
        tags: tags('Tags'),
      },
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
    },
    {
      type: 'aws_volume_attachment',
      call: 'volumes',
      where: (item) => listAt(item, 'Attachments').length > 0,
      id: (item) => `${textAt(item, 'VolumeId') ?? ''}:attached`,
      name: text('VolumeId'),
      attributes: {
        volume_id: text('VolumeId'),
        instance_id: (item) => textsOf(listAt(item, 'Attachments'), 'InstanceId')[0],
      },
    },
    {
      type: 'aws_ebs_snapshot',
      call: 'snapshots',
      id: text('SnapshotId'),
      name: nameTag(),
      attributes: {
        volume_id: text('VolumeId'),
        encrypted: mustFlag('Encrypted'),
        kms_key_id: text('KmsKeyId'),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_ami',
      call: 'images',
      id: text('ImageId'),
      name: text('Name'),
      attributes: {
        name: text('Name'),
        public: flag('Public'),
        ebs_block_device: (item) =>
          listAt(item, 'BlockDeviceMappings')
            .filter((one) => textAt(one, 'Ebs.SnapshotId') !== undefined)
            .map((one) => ({
              device_name: textAt(one, 'DeviceName') ?? '',
              encrypted: textAt(one, 'Ebs.Encrypted') === 'true',
              snapshot_id: textAt(one, 'Ebs.SnapshotId') ?? '',
            })),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_ami_launch_permission',
      call: 'imageShares',
      id: (share, { parent }) =>
        `${textAt(parent?.item, 'ImageId') ?? ''}:${textAt(share, 'UserId') ?? textAt(share, 'Group') ?? textAt(share, 'OrganizationArn') ?? ''}`,
      attributes: {
        account_id: text('UserId'),
        group: text('Group'),
        organization_arn: text('OrganizationArn'),
      },
      ofParent: { image_id: text('ImageId') },
    },
    {
      type: 'aws_launch_template',
      call: 'templates',
      id: text('LaunchTemplateId'),
      name: text('LaunchTemplateName'),
      attributes: { name: text('LaunchTemplateName'), tags: tags('Tags') },
      more: [
        {
          call: 'template',
          attributes: {
            image_id: ofDefault(text('ImageId')),
            instance_type: ofDefault(text('InstanceType')),
            vpc_security_group_ids: ofDefault((data) => listAt(data, 'SecurityGroupIds').map(String)),
            metadata_options: ofDefault(
              block({
                http_endpoint: text('MetadataOptions.HttpEndpoint'),
                http_tokens: text('MetadataOptions.HttpTokens'),
                http_put_response_hop_limit: number('MetadataOptions.HttpPutResponseHopLimit'),
              }),
            ),
            network_interfaces: ofDefault(
              blocks('NetworkInterfaces', {
                associate_public_ip_address: flag('AssociatePublicIpAddress'),
                security_groups: (one) => listAt(one, 'Groups').map(String),
                subnet_id: text('SubnetId'),
              }),
            ),
            block_device_mappings: ofDefault(
              blocks('BlockDeviceMappings', {
                device_name: text('DeviceName'),
                ebs: block({ encrypted: flag('Ebs.Encrypted'), kms_key_id: text('Ebs.KmsKeyId') }),
              }),
            ),
          },
        },
      ],
      synonyms: neverSet(['vpc_security_group_ids', 'network_interfaces'], 'associate_public_ip_address'),
    },
    {
      type: 'aws_ebs_encryption_by_default',
      call: 'encryptionByDefault',
      id: (_answer, { account, region }) => `${account}:${region ?? ''}`,
      attributes: { enabled: mustFlag('EbsEncryptionByDefault') },
    },
  ],
};

/** The server’s disks, as the list of all disks shows them. */
function disksOf(belongs: (item: unknown, device: string | undefined) => boolean): Field {
  return (_answer, { item }, volumes) =>
    listAt(item, 'BlockDeviceMappings')
      .filter((one) => belongs(item, textAt(one, 'DeviceName')))
      .flatMap((one) => {
        const id = textAt(one, 'Ebs.VolumeId');
        const [volume] = itemsNaming(volumes, 'VolumeId', id);
        if (id === undefined || volume === undefined) return [];
        const key = textAt(volume, 'KmsKeyId');
        return [
          {
            device_name: textAt(one, 'DeviceName') ?? '',
            volume_id: id,
            encrypted: textAt(volume, 'Encrypted') === 'true',
            ...(key === undefined ? {} : { kms_key_id: key }),
          },
        ];
      });
}

/** Reads of what the default version of a template says. */
function ofDefault(field: Field): Field {
  const data: Field = (_answer, subject, versions) =>
    field(
      (versions[0] as { readonly LaunchTemplateData?: unknown } | undefined)?.LaunchTemplateData,
      subject,
      versions,
    );
  return (answer, subject, versions) =>
    versions.length === 0
      ? must(() => undefined, 'LaunchTemplateData')(answer, subject, versions)
      : data(answer, subject, versions);
}
