import type { Service } from '../../collector.ts';
import { mustText, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byNumber } from '../paging.ts';

/** Keys and secrets (their values are never asked for): https://help.aliyun.com/zh/kms/key-management-service/developer-reference/api-kms-2016-01-20-overview */
export const kms: Service<AlicloudApi> = {
  id: 'kms',
  where: 'regions',
  calls: {
    keys: {
      permission: 'kms:ListKeys',
      api: kmsCall('ListKeys'),
      params: () => ({ PageSize: 100 }),
      items: 'Keys.Key',
      next: byNumber('TotalCount'),
    },
    key: {
      permission: 'kms:DescribeKey',
      api: kmsCall('DescribeKey'),
      of: 'keys',
      params: ({ item }) => ({ KeyId: textAt(item, 'KeyId') ?? '' }),
    },
    keyPolicy: {
      permission: 'kms:GetKeyPolicy',
      api: kmsCall('GetKeyPolicy'),
      of: 'keys',
      params: ({ item }) => ({ KeyId: textAt(item, 'KeyId') ?? '', PolicyName: 'default' }),
    },
    keyTags: {
      permission: 'kms:ListResourceTags',
      api: kmsCall('ListResourceTags'),
      of: 'keys',
      params: ({ item }) => ({ KeyId: textAt(item, 'KeyId') ?? '' }),
    },
    secrets: {
      permission: 'kms:ListSecrets',
      api: kmsCall('ListSecrets'),
      params: () => ({ PageSize: 100 }),
      items: 'SecretList.Secret',
      next: byNumber('TotalCount'),
    },
    secret: {
      permission: 'kms:DescribeSecret',
      api: kmsCall('DescribeSecret'),
      of: 'secrets',
      params: ({ item }) => ({ SecretName: textAt(item, 'SecretName') ?? '' }),
    },
    instances: {
      permission: 'kms:ListKmsInstances',
      api: kmsCall('ListKmsInstances'),
      params: () => ({ PageSize: 100 }),
      items: 'KmsInstances.KmsInstance',
      next: byNumber('TotalCount'),
    },
  },
  kinds: [
    {
      type: 'alicloud_kms_key',
      call: 'keys',
      id: text('KeyId'),
      attributes: { key_id: text('KeyId'), arn: text('KeyArn') },
      more: [
        {
          call: 'key',
          attributes: {
            status: mustText('KeyMetadata.KeyState'),
            description: text('KeyMetadata.Description'),
            key_usage: text('KeyMetadata.KeyUsage'),
            key_spec: text('KeyMetadata.KeySpec'),
            origin: text('KeyMetadata.Origin'),
            protection_level: text('KeyMetadata.ProtectionLevel'),
            automatic_rotation: text('KeyMetadata.AutomaticRotation'),
            rotation_interval: text('KeyMetadata.RotationInterval'),
            last_rotation_date: text('KeyMetadata.LastRotationDate'),
            deletion_protection: text('KeyMetadata.DeletionProtection'),
            creator: text('KeyMetadata.Creator'),
            delete_date: text('KeyMetadata.DeleteDate'),
            dkms_instance_id: text('KeyMetadata.DKMSInstanceId'),
          },
        },
        { call: 'keyPolicy', attributes: { policy: mustText('Policy') } },
        { call: 'keyTags', attributes: { tags: tags('Tags.Tag') } },
      ],
      synonyms: ['is_enabled', 'key_state', 'pending_window_in_days'],
    },
    {
      type: 'alicloud_kms_secret',
      call: 'secrets',
      id: text('SecretName'),
      name: text('SecretName'),
      attributes: { secret_name: text('SecretName'), secret_type: text('SecretType'), create_time: text('CreateTime') },
      more: [
        {
          call: 'secret',
          attributes: {
            enable_automatic_rotation: (secret) => /^enabled$/i.test(textAt(secret, 'AutomaticRotation') ?? ''),
            rotation_interval: text('RotationInterval'),
            last_rotation_date: text('LastRotationDate'),
            encryption_key_id: text('EncryptionKeyId'),
            planned_delete_time: text('PlannedDeleteTime'),
            dkms_instance_id: text('DKMSInstanceId'),
            tags: tags('Tags.Tag'),
          },
        },
      ],
      synonyms: ['automatic_rotation'],
    },
    {
      type: 'alicloud_kms_instance',
      call: 'instances',
      id: text('KmsInstanceId'),
      attributes: { kms_instance_id: text('KmsInstanceId') },
    },
  ],
};

function kmsCall(action: string): AlicloudApi {
  return { product: 'kms', version: '2016-01-20', action };
}
