import { isAttributes, type Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import {
  canonicalAttributes,
  listOf,
  objectsOf,
  smallNames,
  type Properties,
  type PropertyDetail,
  type TypeRule,
} from '../../canonical-shape.ts';

const EBS: Properties = { KmsKeyId: 'kms_key_id', VolumeType: 'volume_type' };

/** One list in CloudFormation; the provider keeps the root’s disk apart. */
const DISKS: PropertyDetail = {
  make: (value) => {
    const root: Value[] = [];
    const others: Value[] = [];
    for (const mapping of objectsOf(value)) {
      const ebs = mapping.Ebs;
      if (ebs === undefined || !isAttributes(ebs)) continue;
      const device = mapping.DeviceName;
      const disk = { ...canonicalAttributes(ebs, EBS), ...(device === undefined ? {} : { device_name: device }) };
      (device === '/dev/xvda' || device === '/dev/sda1' ? root : others).push(disk);
    }
    return {
      root_block_device: root.length > 0 ? root : undefined,
      ebs_block_device: others.length > 0 ? others : undefined,
    };
  },
};

const METADATA: PropertyDetail = { to: 'metadata_options' };

/** `AssociatePublicIpAddress` of the first interface is the instance’s own in the provider. */
function interfaces(value: Value): Readonly<Record<string, Value | undefined>> {
  const [first] = objectsOf(value);
  return {
    network_interface: listOf(value).map((one) => (isAttributes(one) ? canonicalAttributes(one) : one)),
    associate_public_ip_address: first?.AssociatePublicIpAddress,
    subnet_id: first?.SubnetId,
    vpc_security_group_ids: first?.GroupSet,
  };
}

const FUNCTION: Properties = {
  Code: {
    flat: {
      S3Bucket: 's3_bucket',
      S3Key: 's3_key',
      S3ObjectVersion: 's3_object_version',
      ImageUri: 'image_uri',
      ZipFile: false,
    },
  },
  Environment: { to: 'environment', in: { Variables: { to: 'variables', as: 'map' } } },
  Tags: { to: 'tags', as: 'map' },
};

const SCHEDULED: Properties = {
  ContainerDefinitions: { make: (value) => ({ container_definitions: jsonText(smallNames(value)) }) },
  Volumes: {
    to: 'volume',
    in: {
      EFSVolumeConfiguration: { to: 'efs_volume_configuration', in: { FilesystemId: 'file_system_id' } },
      Host: { flat: { SourcePath: 'host_path' } },
    },
  },
};

export const COMPUTE_TYPES: Readonly<Record<string, TypeRule>> = {
  'AWS::EC2::Instance': {
    type: 'aws_instance',
    properties: {
      ImageId: 'ami',
      SecurityGroupIds: 'vpc_security_group_ids',
      BlockDeviceMappings: DISKS,
      NetworkInterfaces: { make: interfaces },
      MetadataOptions: METADATA,
      LaunchTemplate: { to: 'launch_template', in: { LaunchTemplateId: 'id', LaunchTemplateName: 'name' } },
    },
  },
  'AWS::EC2::LaunchTemplate': {
    type: 'aws_launch_template',
    properties: {
      LaunchTemplateName: 'name',
      LaunchTemplateData: {
        flat: {
          SecurityGroupIds: 'vpc_security_group_ids',
          SecurityGroups: 'security_group_names',
          MetadataOptions: METADATA,
          BlockDeviceMappings: { to: 'block_device_mappings', in: { Ebs: { to: 'ebs', in: EBS } } },
          NetworkInterfaces: { to: 'network_interfaces', in: { Groups: 'security_groups' } },
          TagSpecifications: { to: 'tag_specifications' },
        },
      },
    },
  },
  'AWS::EC2::Volume': { type: 'aws_ebs_volume', properties: { VolumeType: 'type' } },
  'AWS::EC2::EIP': { type: 'aws_eip', properties: { InstanceId: 'instance' } },
  'AWS::EC2::KeyPair': { type: 'aws_key_pair' },
  'AWS::AutoScaling::LaunchConfiguration': {
    type: 'aws_launch_configuration',
    properties: {
      LaunchConfigurationName: 'name',
      BlockDeviceMappings: DISKS,
      InstanceMonitoring: 'enable_monitoring',
      MetadataOptions: METADATA,
    },
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    type: 'aws_autoscaling_group',
    properties: {
      AutoScalingGroupName: 'name',
      LoadBalancerNames: 'load_balancers',
      TargetGroupARNs: 'target_group_arns',
      VPCZoneIdentifier: 'vpc_zone_identifier',
      LaunchConfigurationName: 'launch_configuration',
      LaunchTemplate: { to: 'launch_template', in: { LaunchTemplateId: 'id', LaunchTemplateName: 'name' } },
      Tags: { make: (value) => ({ tag: objectsOf(value).map((tag) => canonicalAttributes(tag)) }) },
    },
  },
  'AWS::Lambda::Function': { type: 'aws_lambda_function', properties: FUNCTION },
  'AWS::Serverless::Function': {
    type: 'aws_lambda_function',
    properties: {
      ...FUNCTION,
      CodeUri: false,
      InlineCode: false,
      Events: false,
      Policies: false,
      Tracing: { make: (value) => ({ tracing_config: [{ mode: value }] }) },
      DeadLetterQueue: { to: 'dead_letter_config', in: { TargetArn: 'target_arn', Type: false } },
    },
    also: ({ properties, own }) => {
      const url = properties.FunctionUrlConfig;
      if (url === undefined || !isAttributes(url)) return [];
      return [
        {
          type: 'aws_lambda_function_url',
          attributes: { function_name: own('arn'), authorization_type: url.AuthType },
        },
      ];
    },
  },
  'AWS::Lambda::Permission': { type: 'aws_lambda_permission' },
  'AWS::Lambda::Url': {
    type: 'aws_lambda_function_url',
    properties: { AuthType: 'authorization_type', TargetFunctionArn: 'function_name' },
  },
  'AWS::Lambda::LayerVersion': { type: 'aws_lambda_layer_version' },
  'AWS::Serverless::LayerVersion': { type: 'aws_lambda_layer_version' },
  'AWS::Lambda::EventSourceMapping': { type: 'aws_lambda_event_source_mapping' },
  'AWS::ECS::Cluster': {
    type: 'aws_ecs_cluster',
    properties: { ClusterName: 'name', ClusterSettings: 'setting', Configuration: 'configuration' },
  },
  'AWS::ECS::TaskDefinition': { type: 'aws_ecs_task_definition', properties: SCHEDULED },
  'AWS::ECS::Service': {
    type: 'aws_ecs_service',
    properties: {
      ServiceName: 'name',
      LoadBalancers: 'load_balancer',
      NetworkConfiguration: {
        make: (value) => {
          const inner = isAttributes(value) ? value.AwsvpcConfiguration : undefined;
          if (inner === undefined || !isAttributes(inner)) return {};
          return {
            network_configuration: [
              canonicalAttributes(inner, {
                AssignPublicIp: { to: 'assign_public_ip', values: { enabled: true, disabled: false } },
              }),
            ],
          };
        },
      },
    },
  },
  'AWS::ECR::Repository': {
    type: 'aws_ecr_repository',
    properties: { RepositoryName: 'name', RepositoryPolicyText: false, LifecyclePolicy: false },
    also: ({ properties, own }) => [
      ...listOf(properties.RepositoryPolicyText).map((policy) => ({
        type: 'aws_ecr_repository_policy',
        attributes: { repository: own('name'), policy: jsonText(policy) },
      })),
      ...objectsOf(properties.LifecyclePolicy).map((policy) => ({
        type: 'aws_ecr_lifecycle_policy',
        attributes: { repository: own('name'), policy: jsonText(policy.LifecyclePolicyText) },
      })),
    ],
  },
  'AWS::EKS::Cluster': {
    type: 'aws_eks_cluster',
    properties: {
      ResourcesVpcConfig: 'vpc_config',
      Logging: { make: clusterLogs },
      EncryptionConfig: { to: 'encryption_config', in: { Provider: { to: 'provider' } } },
      KubernetesNetworkConfig: 'kubernetes_network_config',
    },
  },
  'AWS::EKS::Nodegroup': {
    type: 'aws_eks_node_group',
    properties: {
      NodegroupName: 'node_group_name',
      NodeRole: 'node_role_arn',
      Subnets: 'subnet_ids',
      RemoteAccess: {
        to: 'remote_access',
        in: { Ec2SshKey: 'ec2_ssh_key', SourceSecurityGroups: 'source_security_group_ids' },
      },
    },
  },
  'AWS::Batch::JobDefinition': {
    type: 'aws_batch_job_definition',
    properties: {
      JobDefinitionName: 'name',
      ContainerProperties: { make: (value) => ({ container_properties: jsonText(smallNames(value)) }) },
    },
  },
  'AWS::ElasticBeanstalk::Environment': {
    type: 'aws_elastic_beanstalk_environment',
    properties: { OptionSettings: { to: 'setting', in: { OptionName: 'name' } } },
  },
  'AWS::SageMaker::NotebookInstance': {
    type: 'aws_sagemaker_notebook_instance',
    properties: { NotebookInstanceName: 'name', SecurityGroupIds: 'security_groups' },
  },
  'AWS::CodeBuild::Project': {
    type: 'aws_codebuild_project',
    properties: {
      Environment: { to: 'environment', in: { EnvironmentVariables: { to: 'environment_variable' } } },
      LogsConfig: { to: 'logs_config', in: { CloudWatchLogs: 'cloudwatch_logs' } },
    },
  },
};

function clusterLogs(value: Value): Readonly<Record<string, Value | undefined>> {
  const inner = isAttributes(value) ? value.ClusterLogging : undefined;
  if (inner === undefined || !isAttributes(inner)) return {};
  return { enabled_cluster_log_types: objectsOf(inner.EnabledTypes).map((one) => one.Type ?? '') };
}
