import { at } from '#kit/json-path.ts';
import type { RepairKind } from '../kind.ts';
import { callsOf, unreadable } from './call.ts';

const cloudtrail = callsOf('cloudtrail');

/** Starts a trail that was stopped: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html */
export const trailLogging: RepairKind = {
  id: 'aws-trail-logging',
  provider: 'aws',
  checks: ['aws-cloudtrail-logging'],
  permissions: {
    read: ['cloudtrail:GetTrailStatus'],
    write: ['cloudtrail:StartLogging', 'cloudtrail:StopLogging'],
  },

  async read(weakness, ask) {
    const status = await ask(cloudtrail('GetTrailStatus', weakness, { Name: weakness.resource.id }));
    const isLogging = at(status, 'IsLogging');
    if (typeof isLogging !== 'boolean') throw unreadable('cloudtrail:GetTrailStatus', 'whether it is on is not said');
    return { setting: { is_logging: isLogging }, facts: {} };
  },

  plan(weakness, { setting }) {
    if (setting['is_logging'] === true) return undefined;
    return {
      after: { is_logging: true },
      calls: [cloudtrail('StartLogging', weakness, { Name: weakness.resource.name })],
      effects: [
        {
          zh: '跟踪从现在起继续把操作记录写进原来的存储桶，会产生少量存储费用。停用期间的记录不会补写。',
          en: 'The trail goes on writing to its bucket, where that costs a little storage. What happened while it was off is not written later.',
        },
      ],
    };
  },

  restore: (weakness) => [cloudtrail('StopLogging', weakness, { Name: weakness.resource.name })],
};
