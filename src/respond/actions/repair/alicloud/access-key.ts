import { BartizanError } from '#kit/errors.ts';
import { listAt, textAt } from '#kit/json-path.ts';
import type { CloudCall, RepairKind } from '../kind.ts';

/** Switches an old access key off, and deletes nothing: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-updateaccesskey */
export const accessKey: RepairKind = {
  id: 'access-key',
  provider: 'alicloud',
  checks: ['ram-key-renewed', 'ram-key-used'],
  permissions: { read: ['ram:ListAccessKeys', 'ram:GetAccessKeyLastUsed'], write: ['ram:UpdateAccessKey'] },

  async read({ resource: { id } }, ask) {
    const [user, shown] = splitId(id);
    const listed = await ask(ramCall('ListAccessKeys', { UserName: user }));
    // A finding names the key in part.
    const found = listAt(listed, 'AccessKeys.AccessKey').filter(
      (key) => shortened(textAt(key, 'AccessKeyId') ?? '') === shown,
    );
    const keyId = textAt(found[0], 'AccessKeyId');
    const status = textAt(found[0], 'Status');
    if (found.length !== 1 || keyId === undefined || status === undefined)
      throw new BartizanError('BTZ_REPAIR_GONE', { what: `access key ${id}` });
    const used = await ask(ramCall('GetAccessKeyLastUsed', { UserName: user, UserAccessKeyId: keyId }));
    const lastUsed = textAt(used, 'AccessKeyLastUsed.LastUsedDate');
    return { setting: { status }, facts: { keyId, lastUsed, service: textAt(used, 'AccessKeyLastUsed.ServiceName') } };
  },

  plan({ resource: { id } }, { setting, facts }) {
    if (setting['status'] !== 'Active') return undefined;
    const keyId = String(facts['keyId']);
    const lastUsed = textAt(facts, 'lastUsed');
    const used = textAt(facts, 'service');
    const service = used === undefined ? '' : ` (${used})`;
    return {
      after: { status: 'Inactive' },
      calls: [setStatus(id, keyId, 'Inactive')],
      disablesKey: keyId,
      effects: [
        {
          zh: '用这个密钥的程序、脚本和备份会立刻停止工作，直到换上新密钥；密钥只是停用，没有删除，可以随时恢复。',
          en: 'Programs, scripts and backups that use this key stop at once, until they have a new one. The key is switched off, not deleted, and can be switched on again.',
        },
        lastUsed === undefined
          ? { zh: '云厂商没有它的使用记录。', en: 'The provider has no record of its use.' }
          : {
              zh: `最近一次使用：${lastUsed}${service}。`,
              en: `It was last used at ${lastUsed}${service}.`,
            },
      ],
    };
  },

  restore: ({ resource: { id } }, { status }, { facts }) => [setStatus(id, String(facts['keyId']), String(status))],
};

function setStatus(id: string, keyId: string, status: string): CloudCall {
  const [user] = splitId(id);
  return {
    ...ramCall('UpdateAccessKey', { UserName: user, UserAccessKeyId: keyId, Status: status }),
    masked: ['UserAccessKeyId'],
  };
}

function ramCall(action: string, params: CloudCall['params']): CloudCall {
  return { permission: `ram:${action}`, api: { product: 'ram', version: '2015-05-01', action }, params };
}

/** `user:LTAI…wxyz`; user names have no colon. */
function splitId(id: string): readonly [string, string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

/** As findings name keys. */
export function shortened(keyId: string): string {
  return `${keyId.slice(0, 4)}…${keyId.slice(-4)}`;
}
