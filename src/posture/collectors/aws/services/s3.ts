import type { Call, Field, Kind, Service } from '../../collector.ts';
import { at, block, blocks, flag, listAt, MissingField, must, number, ofParent, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const BLOCK = 'PublicAccessBlockConfiguration';
const of = callsOf('s3', 's3', 50);

/** Object storage: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export const s3: Service<AwsApi> = {
  id: 's3',
  where: 'account',
  calls: {
    // Only a list in pages says where each bucket is.
    buckets: {
      ...of.one('ListBuckets'),
      permission: 's3:ListAllMyBuckets',
      params: () => ({ MaxBuckets: 1000 }),
      items: 'Buckets',
      next: (answer) => {
        const token = textAt(answer, 'ContinuationToken');
        return token === undefined ? undefined : { ContinuationToken: token };
      },
    },
    acl: ofBucket('GetBucketAcl', 's3:GetBucketAcl'),
    encryption: ofBucket('GetBucketEncryption', 's3:GetEncryptionConfiguration', [
      'ServerSideEncryptionConfigurationNotFoundError',
    ]),
    versioning: ofBucket('GetBucketVersioning', 's3:GetBucketVersioning'),
    publicAccess: ofBucket('GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock', [
      'NoSuchPublicAccessBlockConfiguration',
    ]),
    policy: ofBucket('GetBucketPolicy', 's3:GetBucketPolicy', ['NoSuchBucketPolicy']),
    logging: ofBucket('GetBucketLogging', 's3:GetBucketLogging'),
    lifecycle: ofBucket('GetBucketLifecycleConfiguration', 's3:GetLifecycleConfiguration', [
      'NoSuchLifecycleConfiguration',
    ]),
    notification: ofBucket('GetBucketNotificationConfiguration', 's3:GetBucketNotification'),
    objectLock: ofBucket('GetObjectLockConfiguration', 's3:GetBucketObjectLockConfiguration', [
      'ObjectLockConfigurationNotFoundError',
    ]),
    ownership: ofBucket('GetBucketOwnershipControls', 's3:GetBucketOwnershipControls', [
      'OwnershipControlsNotFoundError',
    ]),
    replication: ofBucket('GetBucketReplication', 's3:GetReplicationConfiguration', [
      'ReplicationConfigurationNotFoundError',
    ]),
    tagging: ofBucket('GetBucketTagging', 's3:GetBucketTagging', ['NoSuchTagSet']),
    accountBlock: {
      permission: 's3:GetAccountPublicAccessBlock',
      // The bucket is only there because the SDK wants one.
      api: { service: 's3', command: 'GetPublicAccessBlock', input: { Bucket: 'account' }, ofAccount: true },
      nothing: ['NoSuchPublicAccessBlockConfiguration'],
    },
  },
  kinds: [
    {
      type: 'aws_s3_bucket',
      call: 'buckets',
      id: text('Name'),
      name: text('Name'),
      region: text('BucketRegion'),
      attributes: { bucket: text('Name'), arn: (item) => `arn:aws:s3:::${textAt(item, 'Name') ?? ''}` },
      more: [
        {
          call: 'tagging',
          attributes: {
            tags: (answer) =>
              Object.fromEntries(
                listAt(answer, 'TagSet').map((tag) => [textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? '']),
              ),
          },
        },
      ],
      // Said by the resources below, each on its own.
      synonyms: [
        'acl',
        'grant',
        'logging',
        'versioning',
        'policy',
        'lifecycle_rule',
        'server_side_encryption_configuration',
        'object_lock_configuration',
        'object_lock_enabled',
        'replication_configuration',
      ],
    },
    {
      ...part('aws_s3_bucket_acl', 'acl', {
        access_control_policy: must(grantsOf, 'Grants'),
      }),
      synonyms: ['acl'],
    },
    part('aws_s3_bucket_server_side_encryption_configuration', 'encryption', {
      rule: blocks('ServerSideEncryptionConfiguration.Rules', {
        apply_server_side_encryption_by_default: block({
          sse_algorithm: text('ApplyServerSideEncryptionByDefault.SSEAlgorithm'),
          kms_master_key_id: text('ApplyServerSideEncryptionByDefault.KMSMasterKeyID'),
        }),
        bucket_key_enabled: flag('BucketKeyEnabled'),
      }),
    }),
    part('aws_s3_bucket_versioning', 'versioning', {
      // A bucket that never had it says nothing.
      versioning_configuration: (answer) => [
        {
          status: textAt(answer, 'Status') ?? 'Disabled',
          mfa_delete: textAt(answer, 'MFADelete') ?? 'Disabled',
        },
      ],
    }),
    { ...part('aws_s3_bucket_public_access_block', 'publicAccess', blockFields()), where: has(BLOCK) },
    { ...part('aws_s3_bucket_policy', 'policy', { policy: text('Policy') }), where: has('Policy') },
    {
      ...part('aws_s3_bucket_logging', 'logging', {
        target_bucket: text('LoggingEnabled.TargetBucket'),
        target_prefix: text('LoggingEnabled.TargetPrefix'),
      }),
      where: has('LoggingEnabled'),
    },
    {
      ...part('aws_s3_bucket_lifecycle_configuration', 'lifecycle', {
        rule: blocks('Rules', {
          id: text('ID'),
          status: text('Status'),
          expiration: block({ days: number('Expiration.Days'), date: text('Expiration.Date') }),
          noncurrent_version_expiration: block({
            noncurrent_days: number('NoncurrentVersionExpiration.NoncurrentDays'),
          }),
          abort_incomplete_multipart_upload: block({
            days_after_initiation: number('AbortIncompleteMultipartUpload.DaysAfterInitiation'),
          }),
        }),
      }),
      where: has('Rules'),
    },
    {
      ...part('aws_s3_bucket_notification', 'notification', {
        eventbridge: (answer) => at(answer, 'EventBridgeConfiguration') !== undefined,
      }),
      where: (answer) => NOTIFICATIONS.some((name) => at(answer, name) !== undefined),
    },
    {
      ...part('aws_s3_bucket_object_lock_configuration', 'objectLock', {
        object_lock_enabled: text('ObjectLockConfiguration.ObjectLockEnabled'),
        rule: block({
          default_retention: block({
            mode: text('ObjectLockConfiguration.Rule.DefaultRetention.Mode'),
            days: number('ObjectLockConfiguration.Rule.DefaultRetention.Days'),
            years: number('ObjectLockConfiguration.Rule.DefaultRetention.Years'),
          }),
        }),
      }),
      where: has('ObjectLockConfiguration'),
    },
    {
      ...part('aws_s3_bucket_ownership_controls', 'ownership', {
        rule: blocks('OwnershipControls.Rules', { object_ownership: text('ObjectOwnership') }),
      }),
      where: has('OwnershipControls'),
    },
    {
      ...part('aws_s3_bucket_replication_configuration', 'replication', {
        role: text('ReplicationConfiguration.Role'),
        rule: blocks('ReplicationConfiguration.Rules', { id: text('ID'), status: text('Status') }),
      }),
      where: has('ReplicationConfiguration'),
    },
    {
      type: 'aws_s3_account_public_access_block',
      call: 'accountBlock',
      where: has(BLOCK),
      id: (_answer, { account }) => account,
      attributes: blockFields(),
      synonyms: ['bucket'],
    },
  ],
};

const NOTIFICATIONS = [
  'TopicConfigurations',
  'QueueConfigurations',
  'LambdaFunctionConfigurations',
  'EventBridgeConfiguration',
];

function ofBucket(command: string, permission: string, nothing: readonly string[] = []): Call<AwsApi> {
  return {
    ...of.about('buckets', command, { Bucket: 'Name', region: 'BucketRegion' }),
    permission,
    nothing,
  };
}

/** What Terraform keeps apart of a bucket. */
function part(type: string, call: string, attributes: Readonly<Record<string, Field>>): Kind {
  return {
    type,
    call,
    id: ofParent(text('Name')),
    name: ofParent(text('Name')),
    region: ofParent(text('BucketRegion')),
    attributes,
    ofParent: { bucket: text('Name') },
  };
}

function has(path: string): (answer: unknown) => boolean {
  return (answer) => at(answer, path) !== undefined;
}

function blockFields(): Readonly<Record<string, Field>> {
  return {
    block_public_acls: flag(`${BLOCK}.BlockPublicAcls`),
    block_public_policy: flag(`${BLOCK}.BlockPublicPolicy`),
    ignore_public_acls: flag(`${BLOCK}.IgnorePublicAcls`),
    restrict_public_buckets: flag(`${BLOCK}.RestrictPublicBuckets`),
  };
}

function grantsOf(answer: unknown): ReturnType<Field> {
  if (at(answer, 'Grants') === undefined && at(answer, 'Owner') === undefined) throw new MissingField('Grants');
  return [
    {
      grant: listAt(answer, 'Grants').map((one) => ({
        permission: textAt(one, 'Permission') ?? '',
        grantee: [
          Object.fromEntries(
            [
              ['type', textAt(one, 'Grantee.Type')],
              ['uri', textAt(one, 'Grantee.URI')],
              ['id', textAt(one, 'Grantee.ID')],
            ].filter((pair): pair is [string, string] => pair[1] !== undefined),
          ),
        ],
      })),
    },
  ];
}
