import { BartizanError } from '#kit/errors.ts';
import { isJsonObject } from '#kit/json.ts';
import { at } from '#kit/json-path.ts';
import type { CloudCall, RepairKind, Weakness } from '../kind.ts';

/** Cyber-security law of the PRC, article 21: six months. */
const DAYS = 180;

/** Keeps logs for half a year: https://help.aliyun.com/zh/sls/developer-reference/api-sls-2020-12-30-updatelogstore */
export const logRetention: RepairKind = {
  id: 'log-retention',
  provider: 'alicloud',
  checks: ['sls-logstore-kept', 'sls-logstore-retention-set'],
  permissions: { read: ['log:GetLogStore'], write: ['log:UpdateLogStore'] },

  async read(weakness, ask) {
    const store = await ask(storeCall('log:GetLogStore', weakness));
    const ttl = at(store, 'ttl');
    if (typeof ttl !== 'number' || !isJsonObject(store))
      throw new BartizanError('BTZ_REPAIR_NOT_READ', {
        permission: 'log:GetLogStore',
        problem: 'the answer does not say how long logs are kept',
      });
    return { setting: { ttl }, facts: { store } };
  },

  plan(weakness, { setting, facts }) {
    const ttl = Number(setting['ttl']);
    if (ttl >= DAYS) return undefined;
    const times = ttl > 0 ? Math.round((DAYS / ttl) * 10) / 10 : undefined;
    return {
      after: { ttl: DAYS },
      calls: [update(weakness, DAYS, facts['store'])],
      effects: [
        {
          zh: `日志改为保存 ${DAYS} 天${times === undefined ? '' : `，存满后存储费用约为现在的 ${times} 倍`}。已经过期删除的日志找不回来。`,
          en: `Logs are kept for ${DAYS} days${times === undefined ? '' : `; once it is full, storage costs about ${times} times what it does now`}. What has been deleted does not come back.`,
        },
      ],
    };
  },

  // A shorter time deletes what is older than it, at once.
  restore: (weakness, { ttl }, { facts }) => [update(weakness, Number(ttl), facts['store'])],
};

/** The call sets everything anew: all that the store says of itself goes along as it is. */
function update(weakness: Weakness, ttl: number, store: unknown): CloudCall {
  const call = storeCall('log:UpdateLogStore', weakness);
  const kept = isJsonObject(store) ? Object.entries(store).filter(([name]) => SET.has(name)) : [];
  const body = JSON.stringify({ ...Object.fromEntries(kept), ttl });
  return { ...call, api: { ...call.api, write: { method: 'PUT', body } } };
}

const SET = new Set([
  'logstoreName',
  'shardCount',
  'enable_tracking',
  'autoSplit',
  'maxSplitShard',
  'appendMeta',
  'encrypt_conf',
  'hot_ttl',
  'infrequentAccessTTL',
  'mode',
  'telemetryType',
  'processorId',
]);

function storeCall(permission: string, { resource: { id, region } }: Weakness) {
  const [project = '', store = ''] = id.split(':');
  return {
    permission,
    api: { product: 'sls', path: '/logstores/{store}' },
    params: { project, store },
    region,
  } as const;
}
