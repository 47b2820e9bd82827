import type { AwsService } from './api.ts';

/** What is used of a client of the SDK. */
export interface AwsClient {
  readonly send: (command: unknown) => Promise<unknown>;
  readonly config: { readonly credentials: unknown; readonly region: () => Promise<string> };
  readonly middlewareStack: { readonly add: (middleware: unknown, options: Readonly<Record<string, unknown>>) => void };
  readonly destroy: () => void;
}

type Constructor<T> = new (input: Readonly<Record<string, unknown>>) => T;

/**
 * The client of a service, and how its commands are made. Packages are loaded when first asked for: all of them take
 * seconds.
 */
export async function loadService(service: AwsService): Promise<{
  readonly Client: Constructor<AwsClient>;
  readonly commandOf: (name: string) => Constructor<unknown>;
}> {
  const { load, client } = SERVICES[service];
  const loaded = (await load()) as Readonly<Record<string, unknown>>;
  return {
    Client: loaded[client] as Constructor<AwsClient>,
    commandOf: (name) => {
      const command = loaded[`${name}Command`];
      if (typeof command !== 'function') throw new TypeError(`${service} has no ${name}`);
      return command as Constructor<unknown>;
    },
  };
}

const SERVICES: Readonly<Record<AwsService, { readonly load: () => Promise<object>; readonly client: string }>> = {
  cloudfront: { load: () => import('@aws-sdk/client-cloudfront'), client: 'CloudFrontClient' },
  cloudtrail: { load: () => import('@aws-sdk/client-cloudtrail'), client: 'CloudTrailClient' },
  'cloudwatch-logs': { load: () => import('@aws-sdk/client-cloudwatch-logs'), client: 'CloudWatchLogsClient' },
  'config-service': { load: () => import('@aws-sdk/client-config-service'), client: 'ConfigServiceClient' },
  dynamodb: { load: () => import('@aws-sdk/client-dynamodb'), client: 'DynamoDBClient' },
  ec2: { load: () => import('@aws-sdk/client-ec2'), client: 'EC2Client' },
  ecr: { load: () => import('@aws-sdk/client-ecr'), client: 'ECRClient' },
  ecs: { load: () => import('@aws-sdk/client-ecs'), client: 'ECSClient' },
  efs: { load: () => import('@aws-sdk/client-efs'), client: 'EFSClient' },
  eks: { load: () => import('@aws-sdk/client-eks'), client: 'EKSClient' },
  'elastic-load-balancing-v2': {
    load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    client: 'ElasticLoadBalancingV2Client',
  },
  elasticache: { load: () => import('@aws-sdk/client-elasticache'), client: 'ElastiCacheClient' },
  guardduty: { load: () => import('@aws-sdk/client-guardduty'), client: 'GuardDutyClient' },
  iam: { load: () => import('@aws-sdk/client-iam'), client: 'IAMClient' },
  kms: { load: () => import('@aws-sdk/client-kms'), client: 'KMSClient' },
  lambda: { load: () => import('@aws-sdk/client-lambda'), client: 'LambdaClient' },
  rds: { load: () => import('@aws-sdk/client-rds'), client: 'RDSClient' },
  redshift: { load: () => import('@aws-sdk/client-redshift'), client: 'RedshiftClient' },
  s3: { load: () => import('@aws-sdk/client-s3'), client: 'S3Client' },
  'secrets-manager': { load: () => import('@aws-sdk/client-secrets-manager'), client: 'SecretsManagerClient' },
  sns: { load: () => import('@aws-sdk/client-sns'), client: 'SNSClient' },
  sqs: { load: () => import('@aws-sdk/client-sqs'), client: 'SQSClient' },
  sts: { load: () => import('@aws-sdk/client-sts'), client: 'STSClient' },
};
