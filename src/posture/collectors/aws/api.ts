/** A call as the AWS SDK names it. */
export interface AwsApi {
  readonly service: AwsService;
  /** `DescribeInstances` */
  readonly command: string;
  /** Parameters that are always the same. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** Names of parameters that the API wants as a list: each line of the text is an entry. */
  readonly lists?: readonly string[];
  /** The published or usual limit of the call, per region. */
  readonly perSecond?: number;
  /** Of S3: asked of the account instead of a bucket (the API “S3 Control”). */
  readonly ofAccount?: boolean;
}

/** Names of the packages: `@aws-sdk/client-<service>`. */
export type AwsService =
  | 'cloudfront'
  | 'cloudtrail'
  | 'cloudwatch-logs'
  | 'config-service'
  | 'dynamodb'
  | 'ec2'
  | 'ecr'
  | 'ecs'
  | 'efs'
  | 'eks'
  | 'elastic-load-balancing-v2'
  | 'elasticache'
  | 'guardduty'
  | 'iam'
  | 'kms'
  | 'lambda'
  | 'rds'
  | 'redshift'
  | 's3'
  | 'secrets-manager'
  | 'sns'
  | 'sqs'
  | 'sts';
