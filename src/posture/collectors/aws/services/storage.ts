import type { Service } from '../../collector.ts';
import { block, flag, listAt, mustFlag, number, ofParent, tags, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { managedKeys, ownKey } from '../attributes.ts';
import { callsOf } from '../calls.ts';

const files = callsOf('efs', 'elasticfilesystem', 10, { token: 'NextMarker', as: 'Marker' });
const tables = callsOf('dynamodb', 'dynamodb', 10, {
  token: 'LastEvaluatedTableName',
  as: 'ExclusiveStartTableName',
});

/** File systems: https://docs.aws.amazon.com/efs/latest/ug/api-reference.html */
export const efs: Service<AwsApi> = {
  id: 'elasticfilesystem',
  where: 'regions',
  calls: {
    managedKeys,
    systems: files.list('DescribeFileSystems', 'FileSystems', { params: () => ({ MaxItems: 100 }) }),
    policy: files.about(
      'systems',
      'DescribeFileSystemPolicy',
      { FileSystemId: 'FileSystemId' },
      {
        nothing: ['PolicyNotFound'],
      },
    ),
    backup: files.about(
      'systems',
      'DescribeBackupPolicy',
      { FileSystemId: 'FileSystemId' },
      {
        nothing: ['PolicyNotFound'],
      },
    ),
    points: files.list('DescribeAccessPoints', 'AccessPoints', {
      params: () => ({ MaxResults: 100 }),
      next: (answer) => {
        const token = textAt(answer, 'NextToken');
        return token === undefined ? undefined : { NextToken: token };
      },
    }),
  },
  kinds: [
    {
      type: 'aws_efs_file_system',
      call: 'systems',
      id: text('FileSystemId'),
      name: (item) => textAt(item, 'Name') ?? textAt(item, 'FileSystemId'),
      attributes: { arn: text('FileSystemArn'), encrypted: mustFlag('Encrypted'), tags: tags('Tags') },
      more: [{ call: 'managedKeys', attributes: { kms_key_id: ownKey('KmsKeyId') } }],
    },
    {
      type: 'aws_efs_file_system_policy',
      call: 'policy',
      where: (answer) => textAt(answer, 'Policy') !== undefined,
      id: ofParent(text('FileSystemId')),
      attributes: { policy: text('Policy') },
      ofParent: { file_system_id: text('FileSystemId') },
    },
    {
      type: 'aws_efs_backup_policy',
      call: 'backup',
      id: ofParent(text('FileSystemId')),
      attributes: { backup_policy: block({ status: text('BackupPolicy.Status') }) },
      ofParent: { file_system_id: text('FileSystemId') },
    },
    {
      type: 'aws_efs_access_point',
      call: 'points',
      id: text('AccessPointId'),
      name: (item) => textAt(item, 'Name') ?? textAt(item, 'AccessPointId'),
      attributes: {
        file_system_id: text('FileSystemId'),
        root_directory: block({ path: text('RootDirectory.Path') }),
        posix_user: block({ uid: number('PosixUser.Uid'), gid: number('PosixUser.Gid') }),
        tags: tags('Tags'),
      },
    },
  ],
};

/** Tables: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html */
export const dynamodb: Service<AwsApi> = {
  id: 'dynamodb',
  where: 'regions',
  calls: {
    managedKeys,
    names: tables.list('ListTables', 'TableNames'),
    tables: tables.about('names', 'DescribeTable', { TableName: '' }, { items: 'Table' }),
    backups: tables.about('tables', 'DescribeContinuousBackups', { TableName: 'TableName' }),
  },
  kinds: [
    {
      type: 'aws_dynamodb_table',
      call: 'tables',
      id: text('TableArn'),
      name: text('TableName'),
      attributes: {
        arn: text('TableArn'),
        name: text('TableName'),
        billing_mode: (item) => textAt(item, 'BillingModeSummary.BillingMode') ?? 'PROVISIONED',
        deletion_protection_enabled: flag('DeletionProtectionEnabled'),
      },
      more: [
        {
          call: 'managedKeys',
          attributes: {
            server_side_encryption: (answer, subject, aliases) => {
              const status = textAt(subject.item, 'SSEDescription.Status');
              if (status !== 'ENABLED' && status !== 'UPDATING') return undefined;
              const key = ownKey('SSEDescription.KMSMasterKeyArn')(answer, subject, aliases);
              return [{ enabled: true, ...(key === undefined ? {} : { kms_key_arn: key }) }];
            },
          },
        },
        {
          call: 'backups',
          attributes: {
            point_in_time_recovery: (answer) => [
              {
                enabled:
                  textAt(
                    answer,
                    'ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus',
                  ) === 'ENABLED',
              },
            ],
          },
        },
      ],
    },
    {
      type: 'aws_dynamodb_table_replica',
      call: 'tables',
      where: (item) => listAt(item, 'Replicas').length > 0,
      id: (item) => `${textAt(item, 'TableArn') ?? ''}:replica`,
      name: text('TableName'),
      attributes: {
        kms_key_arn: (item) =>
          listAt(item, 'Replicas').every((one) => textAt(one, 'KMSMasterKeyId') !== undefined)
            ? textAt(listAt(item, 'Replicas')[0], 'KMSMasterKeyId')
            : undefined,
      },
    },
  ],
};
