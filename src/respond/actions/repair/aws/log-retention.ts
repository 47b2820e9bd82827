import { BartizanError } from '#kit/errors.ts';
import { at, listAt } from '#kit/json-path.ts';
import type { RepairKind, Weakness } from '../kind.ts';
import { callsOf } from './call.ts';

const DAYS = 365;
const logs = callsOf('cloudwatch-logs', 'logs');

/**
 * Keeps logs for a year: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 *
 * Only makes it longer. A group that keeps for ever is another finding, whose mending would delete logs.
 */
export const logRetention: RepairKind = {
  id: 'aws-log-retention',
  provider: 'aws',
  checks: ['aws-log-group-retention-year'],
  permissions: { read: ['logs:DescribeLogGroups'], write: ['logs:PutRetentionPolicy'] },

  async read(weakness, ask) {
    const { name } = weakness.resource;
    const answer = await ask(logs('DescribeLogGroups', weakness, { logGroupNamePrefix: name, limit: 50 }));
    const group = listAt(answer, 'logGroups').find((one) => at(one, 'logGroupName') === name);
    if (group === undefined) throw new BartizanError('BTZ_REPAIR_GONE', { what: `log group ${name}` });
    const days = at(group, 'retentionInDays');
    return { setting: { retention_in_days: typeof days === 'number' ? days : 0 }, facts: {} };
  },

  plan(weakness, { setting }) {
    const days = Number(setting['retention_in_days']);
    if (days === 0 || days >= DAYS) return undefined;
    const times = Math.round((DAYS / days) * 10) / 10;
    return {
      after: { retention_in_days: DAYS },
      calls: [put(weakness, DAYS)],
      effects: [
        {
          zh: `日志改为保存 ${DAYS} 天，存满后存储费用约为现在的 ${times} 倍。已经过期删除的日志找不回来。`,
          en: `Logs are kept for ${DAYS} days; once it is full, storage costs about ${times} times what it does now. What has been deleted does not come back.`,
        },
      ],
    };
  },

  // A shorter time deletes what is older than it.
  restore: (weakness, before) => [put(weakness, Number(before['retention_in_days']))],
};

function put(weakness: Weakness, days: number) {
  return logs('PutRetentionPolicy', weakness, { logGroupName: weakness.resource.name, retentionInDays: days });
}
