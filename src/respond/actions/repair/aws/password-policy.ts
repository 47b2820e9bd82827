import { at } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { RepairKind } from '../kind.ts';
import { atLeast, on, stricter, type Wanted, within } from '../strictness.ts';
import { callsOf } from './call.ts';

/** A repair changes what its finding is about, and makes nothing weaker. */
const WANTED: Readonly<Record<string, Wanted>> = {
  'aws-iam-password-length': { MinimumPasswordLength: atLeast(14) },
  'aws-iam-password-lowercase': { RequireLowercaseCharacters: on },
  'aws-iam-password-uppercase': { RequireUppercaseCharacters: on },
  'aws-iam-password-number': { RequireNumbers: on },
  'aws-iam-password-symbol': { RequireSymbols: on },
  'aws-iam-password-reuse': { PasswordReusePrevention: atLeast(24) },
  'aws-iam-password-expiry': { MaxPasswordAge: within(90) },
};

const SWITCHES = [
  'RequireSymbols',
  'RequireNumbers',
  'RequireUppercaseCharacters',
  'RequireLowercaseCharacters',
  'AllowUsersToChangePassword',
  'HardExpiry',
];
const NUMBERS = ['MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention'];
/** What holds where no policy was ever set. */
const NO_POLICY: Setting = {
  MinimumPasswordLength: 8,
  ...Object.fromEntries(SWITCHES.map((name) => [name, name === 'AllowUsersToChangePassword'])),
};
const iam = callsOf('iam');

/** Asks more of passwords: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
export const passwordPolicy: RepairKind = {
  id: 'aws-password-policy',
  provider: 'aws',
  checks: Object.keys(WANTED),
  permissions: {
    read: ['iam:GetAccountPasswordPolicy'],
    write: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
  },

  async read(weakness, ask) {
    const nothing = ['NoSuchEntity', 'NoSuchEntityException'];
    const policy = at(await ask(iam('GetAccountPasswordPolicy', weakness, {}, { nothing })), 'PasswordPolicy');
    if (policy === undefined) return { setting: {}, facts: {} };
    const numbers = NUMBERS.flatMap((name) => {
      const value = at(policy, name);
      return typeof value === 'number' && value > 0 ? [[name, value] as const] : [];
    });
    const switches = SWITCHES.map((name) => [name, at(policy, name) === true] as const);
    return { setting: Object.fromEntries([...numbers, ...switches]), facts: {} };
  },

  plan(weakness, { setting }) {
    const now = Object.keys(setting).length === 0 ? NO_POLICY : setting;
    const changed = stricter(WANTED[weakness.check] ?? {}, now);
    if (Object.keys(changed).length === 0) return undefined;
    const after = { ...now, ...changed };
    return {
      after,
      // It sets everything anew: what is not said goes back to the default.
      calls: [iam('UpdateAccountPasswordPolicy', weakness, after)],
      effects: [
        {
          zh: '对所有 IAM 用户的控制台密码生效：下次设置密码时按新规则检查，访问密钥不受影响。',
          en: 'It holds for the console passwords of all IAM users: the next password that is set must keep to it. Access keys are not affected.',
        },
        ...(changed['MaxPasswordAge'] === undefined
          ? []
          : [
              {
                zh: '密码已超过 90 天的用户下次登录时须修改密码；若开启了“过期后禁止修改”，则须由管理员重置：请先确认自己的密码够新。',
                en: 'Users whose password is older than 90 days must change it when they next sign in; where hard expiry is on, an administrator must reset it: make sure first that your own is newer.',
              },
            ]),
      ],
    };
  },

  restore: (weakness, before) =>
    Object.keys(before).length === 0
      ? [iam('DeleteAccountPasswordPolicy', weakness, {})]
      : [iam('UpdateAccountPasswordPolicy', weakness, before)],
};
