import type { Service } from '../../collector.ts';
import { mustFlag, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { list, about } = callsOf('kms', 'kms', 50, { token: 'NextMarker', as: 'Marker' });

/** Keys: https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html */
export const kms: Service<AwsApi> = {
  id: 'kms',
  where: 'regions',
  calls: {
    keys: list('ListKeys', 'Keys', { params: () => ({ Limit: 1000 }) }),
    key: about('keys', 'DescribeKey', { KeyId: 'KeyId' }, { items: 'KeyMetadata' }),
    rotation: about(
      'key',
      'GetKeyRotationStatus',
      { KeyId: 'KeyId' },
      {
        where: (key) =>
          isOurs(key) && textAt(key, 'KeySpec') === 'SYMMETRIC_DEFAULT' && textAt(key, 'Origin') === 'AWS_KMS',
      },
    ),
    policy: about('key', 'GetKeyPolicy', { KeyId: 'KeyId' }, { input: { PolicyName: 'default' }, where: isOurs }),
  },
  kinds: [
    {
      type: 'aws_kms_key',
      call: 'key',
      where: isOurs,
      id: text('Arn'),
      name: text('KeyId'),
      attributes: {
        arn: text('Arn'),
        key_id: text('KeyId'),
        description: text('Description'),
        is_enabled: mustFlag('Enabled'),
        customer_master_key_spec: (key) => textAt(key, 'KeySpec') ?? textAt(key, 'CustomerMasterKeySpec'),
        key_usage: text('KeyUsage'),
        multi_region: (key) => textAt(key, 'MultiRegion') === 'true',
      },
      more: [
        { call: 'rotation', attributes: { enable_key_rotation: mustFlag('KeyRotationEnabled') } },
        { call: 'policy', attributes: { policy: text('Policy') } },
      ],
      // Asked for when a key is deleted: a key that is there has none.
      synonyms: ['deletion_window_in_days'],
      holds: ['aws_kms_replica_key', 'aws_kms_key_policy'],
    },
  ],
};

/** AWS’s own keys are not ours to judge, and those on their way out are gone for use. */
function isOurs(key: unknown): boolean {
  return (
    textAt(key, 'KeyManager') === 'CUSTOMER' &&
    !/^PendingDeletion|^PendingReplicaDeletion/.test(textAt(key, 'KeyState') ?? '')
  );
}
