import { BartizanError } from '#kit/errors.ts';
import { listAt, textAt } from '#kit/json-path.ts';
import type { RepairKind, Weakness } from '../kind.ts';
import { callsOf } from './call.ts';

const iam = callsOf('iam');

/** Switches an old access key off, and deletes nothing: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html */
export const accessKey: RepairKind = {
  id: 'aws-access-key',
  provider: 'aws',
  checks: ['aws-iam-access-key-renewed'],
  permissions: { read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'], write: ['iam:UpdateAccessKey'] },

  async read(weakness, ask) {
    const { id } = weakness.resource;
    const used = await ask(iam('GetAccessKeyLastUsed', weakness, { AccessKeyId: id }));
    const user = textAt(used, 'UserName');
    const listed = await ask(iam('ListAccessKeys', weakness, user === undefined ? {} : { UserName: user }));
    const key = listAt(listed, 'AccessKeyMetadata').find((one) => textAt(one, 'AccessKeyId') === id);
    const status = textAt(key, 'Status');
    if (user === undefined || status === undefined)
      throw new BartizanError('BTZ_REPAIR_GONE', { what: `access key of a user with the id ${id}` });
    const lastUsed = textAt(used, 'AccessKeyLastUsed.LastUsedDate');
    return { setting: { status }, facts: { user, lastUsed, service: textAt(used, 'AccessKeyLastUsed.ServiceName') } };
  },

  plan(weakness, { setting, facts }) {
    if (setting['status'] !== 'Active') return undefined;
    const lastUsed = textAt(facts, 'lastUsed');
    const service = textAt(facts, 'service') ?? '?';
    return {
      after: { status: 'Inactive' },
      calls: [setStatus(weakness, textAt(facts, 'user'), 'Inactive')],
      disablesKey: weakness.resource.id,
      effects: [
        {
          zh: '用这个密钥的程序、脚本和备份会立刻停止工作，直到换上新密钥；密钥只是停用，没有删除，可以随时恢复。',
          en: 'Programs, scripts and backups that use this key stop at once, until they have a new one. The key is switched off, not deleted, and can be switched on again.',
        },
        lastUsed === undefined
          ? { zh: '云厂商没有它的使用记录。', en: 'The provider has no record of its use.' }
          : { zh: `最近一次使用：${lastUsed} (${service})。`, en: `It was last used at ${lastUsed} (${service}).` },
      ],
    };
  },

  restore: (weakness, { status }, { facts }) => [setStatus(weakness, textAt(facts, 'user'), String(status))],
};

function setStatus(weakness: Weakness, user: string | undefined, status: string) {
  return iam('UpdateAccessKey', weakness, { UserName: user, AccessKeyId: weakness.resource.id, Status: status });
}
