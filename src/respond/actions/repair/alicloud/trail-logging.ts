import { BartizanError } from '#kit/errors.ts';
import { at } from '#kit/json-path.ts';
import type { CloudCall, RepairKind, Weakness } from '../kind.ts';

/** Starts a trail that was stopped: https://help.aliyun.com/zh/actiontrail/developer-reference/api-actiontrail-2020-07-06-startlogging */
export const trailLogging: RepairKind = {
  id: 'trail-logging',
  provider: 'alicloud',
  checks: ['actiontrail-on'],
  permissions: {
    read: ['actiontrail:GetTrailStatus'],
    write: ['actiontrail:StartLogging', 'actiontrail:StopLogging'],
  },

  async read(weakness, ask) {
    const isLogging = at(await ask(trailCall('GetTrailStatus', weakness)), 'IsLogging');
    if (typeof isLogging !== 'boolean')
      throw new BartizanError('BTZ_REPAIR_NOT_READ', {
        permission: 'actiontrail:GetTrailStatus',
        problem: 'the answer does not say whether it is on',
      });
    return { setting: { is_logging: isLogging }, facts: {} };
  },

  plan(weakness, { setting }) {
    if (setting['is_logging'] === true) return undefined;
    return {
      after: { is_logging: true },
      calls: [trailCall('StartLogging', weakness)],
      effects: [
        {
          zh: '跟踪从现在起继续把操作记录投递到原来的 OSS 或日志服务；那里会产生少量存储费用。停用期间的记录不会补投。',
          en: 'The trail goes on delivering to its bucket or log store, where that costs a little storage. What happened while it was off is not delivered later.',
        },
      ],
    };
  },

  restore: (weakness) => [trailCall('StopLogging', weakness)],
};

function trailCall(action: string, { resource: { id, region } }: Weakness): CloudCall {
  return {
    permission: `actiontrail:${action}`,
    api: { product: 'actiontrail', version: '2020-07-06', action },
    params: { Name: id },
    region,
  };
}
