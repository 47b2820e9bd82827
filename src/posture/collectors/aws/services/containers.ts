import type { Field, Service } from '../../collector.ts';
import { at, block, blocks, flag, listAt, mustText, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { isWord, lastOfArn, neverSet } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const tasks = callsOf('ecs', 'ecs', 20, { token: 'nextToken' });
const clusters = callsOf('eks', 'eks', 10, { token: 'nextToken' });
const images = callsOf('ecr', 'ecr', 10, { token: 'nextToken' });

/** Containers: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html */
export const ecs: Service<AwsApi> = {
  id: 'ecs',
  where: 'regions',
  calls: {
    clusterNames: tasks.list('ListClusters', 'clusterArns'),
    clusters: tasks.about(
      'clusterNames',
      'DescribeClusters',
      { clusters: '' },
      {
        lists: ['clusters'],
        input: { include: ['SETTINGS', 'CONFIGURATIONS'] },
        items: 'clusters',
      },
    ),
    serviceNames: tasks.listAbout('clusterNames', 'ListServices', { cluster: '' }, 'serviceArns'),
    services: {
      ...tasks.one('DescribeServices', { of: 'serviceNames', lists: ['services'], items: 'services' }),
      serves: ['ecs:DescribeTaskSets'],
      params: ({ item, parent }) => ({ cluster: textAt(parent?.item, '') ?? '', services: textAt(item, '') ?? '' }),
    },
    // Of each family the revision that is used for new tasks: there may be thousands of old ones.
    families: {
      ...tasks.list('ListTaskDefinitionFamilies', 'families', { input: { status: 'ACTIVE' } }),
      serves: ['ecs:ListTaskDefinitions'],
    },
    definition: tasks.about('families', 'DescribeTaskDefinition', { taskDefinition: '' }, { items: 'taskDefinition' }),
  },
  kinds: [
    {
      type: 'aws_ecs_cluster',
      call: 'clusters',
      id: text('clusterArn'),
      name: text('clusterName'),
      attributes: {
        arn: text('clusterArn'),
        setting: blocks('settings', { name: text('name'), value: text('value') }),
        configuration: (item, subject, items) =>
          at(item, 'configuration.executeCommandConfiguration') === undefined
            ? undefined
            : block({
                execute_command_configuration: block({
                  kms_key_id: text('configuration.executeCommandConfiguration.kmsKeyId'),
                  logging: text('configuration.executeCommandConfiguration.logging'),
                  log_configuration: block({
                    cloud_watch_encryption_enabled: flag(`${LOGS}.cloudWatchEncryptionEnabled`),
                    cloud_watch_log_group_name: text(`${LOGS}.cloudWatchLogGroupName`),
                    s3_bucket_encryption_enabled: flag(`${LOGS}.s3EncryptionEnabled`),
                    s3_bucket_name: text(`${LOGS}.s3BucketName`),
                  }),
                }),
              })(item, subject, items),
      },
    },
    {
      type: 'aws_ecs_service',
      call: 'services',
      where: (item) => textAt(item, 'status') !== 'INACTIVE',
      id: text('serviceArn'),
      name: text('serviceName'),
      attributes: {
        cluster: text('clusterArn'),
        launch_type: text('launchType'),
        platform_version: text('platformVersion'),
        task_definition: text('taskDefinition'),
        network_configuration: (item) => {
          // Of a service that others deploy, each of its sets of tasks says it.
          const said = [item, ...listAt(item, 'taskSets')]
            .map((one) => at(one, 'networkConfiguration.awsvpcConfiguration'))
            .filter((one) => one !== undefined);
          return said.map((one) => ({
            assign_public_ip: textAt(one, 'assignPublicIp') === 'ENABLED',
            security_groups: listAt(one, 'securityGroups').map(String),
            subnets: listAt(one, 'subnets').map(String),
          }));
        },
      },
      synonyms: neverSet(['network_configuration']),
      holds: ['aws_ecs_task_set'],
    },
    {
      type: 'aws_ecs_task_definition',
      call: 'definition',
      id: text('taskDefinitionArn'),
      name: text('family'),
      attributes: {
        arn: text('taskDefinitionArn'),
        family: text('family'),
        network_mode: text('networkMode'),
        pid_mode: text('pidMode'),
        ipc_mode: text('ipcMode'),
        task_role_arn: text('taskRoleArn'),
        execution_role_arn: text('executionRoleArn'),
        container_definitions: asJson('containerDefinitions'),
        volume: blocks('volumes', {
          name: text('name'),
          host_path: text('host.sourcePath'),
          efs_volume_configuration: block({
            file_system_id: text('efsVolumeConfiguration.fileSystemId'),
            transit_encryption: text('efsVolumeConfiguration.transitEncryption'),
          }),
        }),
      },
    },
  ],
};

const LOGS = 'configuration.executeCommandConfiguration.logConfiguration';

/** Kubernetes: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
export const eks: Service<AwsApi> = {
  id: 'eks',
  where: 'regions',
  calls: {
    names: clusters.list('ListClusters', 'clusters', { params: () => ({ maxResults: 100 }) }),
    cluster: clusters.about('names', 'DescribeCluster', { name: '' }, { items: 'cluster' }),
    groupNames: clusters.listAbout('names', 'ListNodegroups', { clusterName: '' }, 'nodegroups'),
    group: {
      ...clusters.one('DescribeNodegroup', { of: 'groupNames', items: 'nodegroup' }),
      params: ({ item, parent }) => ({
        clusterName: textAt(parent?.item, '') ?? '',
        nodegroupName: textAt(item, '') ?? '',
      }),
    },
  },
  kinds: [
    {
      type: 'aws_eks_cluster',
      call: 'cluster',
      id: text('arn'),
      name: text('name'),
      attributes: {
        arn: text('arn'),
        version: mustText('version'),
        role_arn: text('roleArn'),
        enabled_cluster_log_types: (item) =>
          listAt(item, 'logging.clusterLogging')
            .filter((one) => at(one, 'enabled') === true)
            .flatMap((one) => listAt(one, 'types').map(String)),
        vpc_config: block({
          endpoint_public_access: flag('resourcesVpcConfig.endpointPublicAccess'),
          endpoint_private_access: flag('resourcesVpcConfig.endpointPrivateAccess'),
          public_access_cidrs: (item) => listAt(item, 'resourcesVpcConfig.publicAccessCidrs').map(String),
          security_group_ids: (item) => listAt(item, 'resourcesVpcConfig.securityGroupIds').map(String),
          subnet_ids: (item) => listAt(item, 'resourcesVpcConfig.subnetIds').map(String),
        }),
        encryption_config: blocks('encryptionConfig', {
          resources: (one) => listAt(one, 'resources').map(String),
          provider: block({ key_arn: text('provider.keyArn') }),
        }),
      },
      synonyms: neverSet(['vpc_config']),
    },
    {
      type: 'aws_eks_node_group',
      call: 'group',
      id: text('nodegroupArn'),
      name: text('nodegroupName'),
      attributes: {
        cluster_name: text('clusterName'),
        remote_access: block({
          ec2_ssh_key: text('remoteAccess.ec2SshKey'),
          source_security_group_ids: (item) =>
            at(item, 'remoteAccess.sourceSecurityGroups') === undefined
              ? undefined
              : listAt(item, 'remoteAccess.sourceSecurityGroups').map(String),
        }),
      },
      synonyms: neverSet(['remote_access']),
    },
  ],
};

/** Images: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html */
export const ecr: Service<AwsApi> = {
  id: 'ecr',
  where: 'regions',
  calls: {
    repositories: images.list('DescribeRepositories', 'repositories', { params: () => ({ maxResults: 1000 }) }),
    policy: images.about(
      'repositories',
      'GetRepositoryPolicy',
      { repositoryName: 'repositoryName' },
      {
        nothing: ['RepositoryPolicyNotFoundException'],
      },
    ),
  },
  kinds: [
    {
      type: 'aws_ecr_repository',
      call: 'repositories',
      id: text('repositoryArn'),
      name: text('repositoryName'),
      attributes: {
        arn: text('repositoryArn'),
        name: text('repositoryName'),
        image_tag_mutability: mustText('imageTagMutability'),
        encryption_configuration: block({
          encryption_type: text('encryptionConfiguration.encryptionType'),
          kms_key: text('encryptionConfiguration.kmsKey'),
        }),
        image_scanning_configuration: block({ scan_on_push: isWord('imageScanningConfiguration.scanOnPush', 'true') }),
      },
    },
    {
      type: 'aws_ecr_repository_policy',
      call: 'policy',
      where: (answer) => textAt(answer, 'policyText') !== undefined,
      id: (answer, { parent }) => textAt(parent?.item, 'repositoryArn') ?? textAt(answer, 'repositoryName'),
      name: lastOfArn('repositoryName'),
      attributes: { policy: text('policyText') },
      ofParent: { repository: text('repositoryName') },
    },
  ],
};

/** Terraform writes them as a text of JSON, in the API’s own words. */
function asJson(path: string): Field {
  return (item) => JSON.stringify(listAt(item, path));
}
