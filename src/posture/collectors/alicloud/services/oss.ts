import type { Call, Service } from '../../collector.ts';
import { at, block, blocks, flag, listAt, mustText, number, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byMarker } from '../paging.ts';

/** What is not set is not found, each under a name of its own; the bucket itself not found is another matter. */
const NOTHING_SET = /^NoSuch(?!Bucket$|Key$)/;

/** Object storage: https://help.aliyun.com/zh/oss/developer-reference/list-of-operations-by-function */
export const oss: Service<AlicloudApi> = {
  id: 'oss',
  where: 'account',
  calls: {
    buckets: {
      permission: 'oss:ListBuckets',
      api: { product: 'oss', subresource: 'buckets' },
      params: () => ({ 'max-keys': 1000 }),
      items: 'Buckets.Bucket',
      next: byMarker('IsTruncated', 'NextMarker', 'marker'),
    },
    acl: ofBucket('oss:GetBucketAcl', 'acl'),
    encryption: ofBucket('oss:GetBucketEncryption', 'encryption'),
    logging: ofBucket('oss:GetBucketLogging', 'logging'),
    versioning: ofBucket('oss:GetBucketVersioning', 'versioning'),
    policy: ofBucket('oss:GetBucketPolicy', 'policy'),
    lifecycle: ofBucket('oss:GetLifecycle', 'lifecycle', ['oss:GetBucketLifecycle']),
    referer: ofBucket('oss:GetBucketReferer', 'referer'),
    cors: ofBucket('oss:GetBucketCors', 'cors'),
    website: ofBucket('oss:GetBucketWebsite', 'website'),
    worm: ofBucket('oss:GetBucketWorm', 'worm'),
    publicAccess: ofBucket('oss:GetBucketPublicAccessBlock', 'publicAccessBlock'),
    info: ofBucket('oss:GetBucketInfo', 'bucketInfo'),
    replication: ofBucket('oss:GetBucketReplication', 'replication'),
    https: ofBucket('oss:GetBucketHttpsConfig', 'httpsConfig'),
    tagging: ofBucket('oss:GetBucketTagging', 'tagging', ['oss:GetBucketTags']),
    acceleration: ofBucket('oss:GetBucketTransferAcceleration', 'transferAcceleration'),
    accountBlock: {
      permission: 'oss:GetPublicAccessBlock',
      api: { product: 'oss', subresource: 'publicAccessBlock' },
      nothing: ['NoSuchPublicAccessBlockConfiguration'],
    },
  },
  kinds: [
    {
      type: 'alicloud_oss_bucket',
      call: 'buckets',
      id: text('Name'),
      name: text('Name'),
      region: (bucket) => textAt(bucket, 'Location')?.replace(/^oss-/, ''),
      attributes: {
        bucket: mustText('Name'),
        storage_class: text('StorageClass'),
        location: text('Location'),
        creation_date: text('CreationDate'),
      },
      more: [
        { call: 'acl', attributes: { acl: mustText('AccessControlList.Grant') } },
        {
          call: 'encryption',
          attributes: {
            server_side_encryption_rule: (answer) => {
              const rule = at(answer, 'ApplyServerSideEncryptionByDefault');
              const algorithm = textAt(rule, 'SSEAlgorithm');
              if (algorithm === undefined) return undefined;
              const key = textAt(rule, 'KMSMasterKeyID');
              return [{ sse_algorithm: algorithm, ...(key === undefined ? {} : { kms_master_key_id: key }) }];
            },
          },
        },
        {
          call: 'logging',
          attributes: {
            logging: (answer, subject, items) =>
              textAt(answer, 'LoggingEnabled.TargetBucket') === undefined
                ? undefined
                : block({
                    target_bucket: text('LoggingEnabled.TargetBucket'),
                    target_prefix: text('LoggingEnabled.TargetPrefix'),
                  })(answer, subject, items),
          },
        },
        { call: 'versioning', attributes: { versioning: block({ status: text('Status') }) } },
        { call: 'policy', attributes: { policy: text('Policy') } },
        {
          call: 'lifecycle',
          attributes: {
            lifecycle_rule: blocks('Rule', {
              id: text('ID'),
              prefix: text('Prefix'),
              enabled: flag('Status', 'Enabled'),
              expiration: block({ days: text('Expiration.Days') }),
            }),
          },
        },
        {
          call: 'referer',
          attributes: {
            referer_config: (answer) => {
              const referers = listAt(answer, 'RefererList.Referer').flatMap((one) => textAt(one, '') ?? []);
              const allowsEmpty = textAt(answer, 'AllowEmptyReferer') !== 'false';
              return referers.length === 0 && allowsEmpty ? undefined : [{ referers, allow_empty: allowsEmpty }];
            },
          },
        },
        {
          call: 'cors',
          attributes: {
            cors_rule: blocks('CORSRule', {
              allowed_origins: (rule) => listAt(rule, 'AllowedOrigin').map(String),
              allowed_methods: (rule) => listAt(rule, 'AllowedMethod').map(String),
              allowed_headers: (rule) => listAt(rule, 'AllowedHeader').map(String),
            }),
          },
        },
        {
          call: 'website',
          attributes: {
            website: block({ index_document: text('IndexDocument.Suffix'), error_document: text('ErrorDocument.Key') }),
          },
        },
        {
          call: 'worm',
          attributes: {
            worm: block({ state: text('State'), retention_period_in_days: number('RetentionPeriodInDays') }),
          },
        },
        { call: 'publicAccess', attributes: { block_public_access: flag('BlockPublicAccess') } },
        {
          call: 'info',
          attributes: {
            redundancy_type: mustText('Bucket.DataRedundancyType'),
            resource_group_id: text('Bucket.ResourceGroupId'),
          },
        },
        { call: 'acceleration', attributes: { transfer_acceleration: block({ enabled: flag('Enabled') }) } },
        { call: 'replication', attributes: { replication_rule: blocks('Rule', { status: text('Status') }) } },
        {
          call: 'https',
          attributes: {
            https_config: (answer) => {
              const versions = listAt(answer, 'TLS.TLSVersion').map(String);
              return [{ enable: textAt(answer, 'TLS.Enable') === 'true', tls_versions: versions }];
            },
          },
        },
        {
          call: 'tagging',
          attributes: {
            tags: (answer) =>
              Object.fromEntries(
                listAt(answer, 'TagSet.Tag').map((tag) => [textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? '']),
              ),
          },
        },
      ],
      synonyms: [
        'bucket_name',
        'replication',
        'replication_configuration',
        'tls_version_configuration',
        'worm_configuration',
        'backup_configuration',
        'https_configuration',
      ],
      holds: [
        'alicloud_oss_bucket_acl',
        'alicloud_oss_bucket_server_side_encryption',
        'alicloud_oss_bucket_logging',
        'alicloud_oss_bucket_versioning',
        'alicloud_oss_bucket_policy',
        'alicloud_oss_bucket_lifecycle',
        'alicloud_oss_bucket_referer',
        'alicloud_oss_bucket_cors',
        'alicloud_oss_bucket_website',
        'alicloud_oss_bucket_worm',
        'alicloud_oss_bucket_public_access_block',
        'alicloud_oss_bucket_replication',
        'alicloud_oss_bucket_https_config',
        'alicloud_oss_bucket_transfer_acceleration',
        'alicloud_oss_bucket_data_redundancy_transition',
      ],
    },
    {
      type: 'alicloud_oss_account_public_access_block',
      call: 'accountBlock',
      id: (_answer, { account }) => `${account}:public-access-block`,
      attributes: { block_public_access: (answer) => textAt(answer, 'BlockPublicAccess') === 'true' },
    },
  ],
};

function ofBucket(permission: string, subresource: string, serves: readonly string[] = []): Call<AlicloudApi> {
  return {
    permission,
    serves,
    api: { product: 'oss', subresource, perSecond: 50 },
    of: 'buckets',
    params: ({ item }) => ({ bucket: textAt(item, 'Name') ?? '', location: textAt(item, 'Location') ?? '' }),
    nothing: NOTHING_SET,
  };
}
