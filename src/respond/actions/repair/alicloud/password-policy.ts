import { BartizanError } from '#kit/errors.ts';
import { at } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { CloudCall, RepairKind, Weakness } from '../kind.ts';
import { atLeast, on, stricter, type Wanted, within } from '../strictness.ts';

/** What each check asks for. A repair changes what its finding is about, and makes nothing weaker. */
const WANTED: Readonly<Record<string, Wanted>> = {
  'ram-password-long': { MinimumPasswordLength: atLeast(14) },
  'ram-password-lowercase': { RequireLowercaseCharacters: on },
  'ram-password-uppercase': { RequireUppercaseCharacters: on },
  'ram-password-number': { RequireNumbers: on },
  'ram-password-symbol': { RequireSymbols: on },
  'ram-password-attempts': { MaxLoginAttemps: within(5) },
  'ram-password-not-reused': { PasswordReusePrevention: atLeast(24) },
  'ram-password-expires': { MaxPasswordAge: within(90) },
  'ram-password-strong': {
    MinimumPasswordLength: atLeast(8),
    RequireLowercaseCharacters: on,
    RequireUppercaseCharacters: on,
    RequireNumbers: on,
    RequireSymbols: on,
  },
};

/** As the provider spells them. */
const FIELDS = [
  'MinimumPasswordLength',
  'RequireLowercaseCharacters',
  'RequireUppercaseCharacters',
  'RequireNumbers',
  'RequireSymbols',
  'HardExpire',
  'MaxLoginAttemps',
  'PasswordReusePrevention',
  'MaxPasswordAge',
  'MinimumPasswordDifferentCharacter',
  'PasswordNotContainUserName',
  'InitialPasswordAge',
];
const ALWAYS_THERE = FIELDS.slice(0, 9);

/** Asks more of passwords: https://help.aliyun.com/zh/ram/developer-reference/api-ims-2019-08-15-setpasswordpolicy */
export const passwordPolicy: RepairKind = {
  id: 'password-policy',
  provider: 'alicloud',
  checks: Object.keys(WANTED),
  permissions: { read: ['ram:GetPasswordPolicy'], write: ['ram:SetPasswordPolicy'] },

  async read(_weakness, ask) {
    const policy = at(await ask(policyCall('GetPasswordPolicy', {})), 'PasswordPolicy');
    const found = FIELDS.flatMap((name) => {
      const value = at(policy, name);
      return typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : [];
    });
    const setting = Object.fromEntries(found);
    // The call that sets it sets what it is not given back to the default.
    const missing = ALWAYS_THERE.find((name) => setting[name] === undefined);
    if (missing !== undefined)
      throw new BartizanError('BTZ_REPAIR_NOT_READ', {
        permission: 'ram:GetPasswordPolicy',
        problem: `the answer has no ${missing}`,
      });
    return { setting, facts: {} };
  },

  plan({ check }: Weakness, { setting }) {
    const changed = stricter(WANTED[check] ?? {}, setting);
    if (Object.keys(changed).length === 0) return undefined;
    const after = { ...setting, ...changed };
    const isExpiry = changed['MaxPasswordAge'] !== undefined;
    return {
      after,
      calls: [policyCall('SetPasswordPolicy', after)],
      effects: [
        {
          zh: '对所有 RAM 用户的控制台密码生效：下次设置密码时按新规则检查，访问密钥和程序不受影响。',
          en: 'It holds for the console passwords of all RAM users: the next password that is set must keep to it. Access keys and programs are not affected.',
        },
        ...(isExpiry
          ? [
              {
                zh:
                  setting['HardExpire'] === true
                    ? '密码已超过 90 天的用户将不能登录，需要管理员重置密码：请先确认自己的密码够新。'
                    : '密码已超过 90 天的用户下次登录时须先修改密码。',
                en:
                  setting['HardExpire'] === true
                    ? 'Users whose password is older than 90 days cannot sign in until an administrator resets it: make sure first that your own is newer.'
                    : 'Users whose password is older than 90 days must change it when they next sign in.',
              },
            ]
          : []),
      ],
    };
  },

  restore: (_weakness, before) => [policyCall('SetPasswordPolicy', before)],
};

function policyCall(action: string, params: Setting): CloudCall {
  return { permission: `ram:${action}`, api: { product: 'ims', version: '2019-08-15', action }, params };
}
