import type { Service } from '../../collector.ts';
import { block, flag, number, tags, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { list, about } = callsOf('secrets-manager', 'secretsmanager', 20, { token: 'NextToken' });
const RULES = block({
  automatically_after_days: number('RotationRules.AutomaticallyAfterDays'),
  schedule_expression: text('RotationRules.ScheduleExpression'),
});

/** Secrets, but never what is in them: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html */
export const secretsmanager: Service<AwsApi> = {
  id: 'secretsmanager',
  where: 'regions',
  calls: {
    secrets: {
      ...list('ListSecrets', 'SecretList', { params: () => ({ MaxResults: 100 }) }),
      serves: ['secretsmanager:DescribeSecret'],
    },
    policy: about('secrets', 'GetResourcePolicy', { SecretId: 'ARN' }),
  },
  kinds: [
    {
      type: 'aws_secretsmanager_secret',
      call: 'secrets',
      id: text('ARN'),
      name: text('Name'),
      attributes: {
        arn: text('ARN'),
        name: text('Name'),
        kms_key_id: text('KmsKeyId'),
        rotation_enabled: flag('RotationEnabled'),
        rotation_rules: (item, subject, items) =>
          textAt(item, 'RotationEnabled') === 'true' ? RULES(item, subject, items) : undefined,
        last_rotated_date: text('LastRotatedDate'),
        last_accessed_date: text('LastAccessedDate'),
        tags: tags('Tags'),
      },
    },
    {
      type: 'aws_secretsmanager_secret_rotation',
      call: 'secrets',
      where: (item) => textAt(item, 'RotationEnabled') === 'true',
      id: text('ARN'),
      name: text('Name'),
      attributes: { secret_id: text('ARN'), rotation_rules: RULES },
    },
    {
      type: 'aws_secretsmanager_secret_policy',
      call: 'policy',
      where: (answer) => textAt(answer, 'ResourcePolicy') !== undefined,
      id: text('ARN'),
      name: text('Name'),
      attributes: { policy: text('ResourcePolicy') },
      ofParent: { secret_arn: text('ARN') },
    },
  ],
};
