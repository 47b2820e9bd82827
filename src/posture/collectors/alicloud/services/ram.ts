import type { Call, Field, Service } from '../../collector.ts';
import {
  block,
  flag,
  itemsNaming,
  MissingField,
  must,
  mustFlag,
  mustText,
  number,
  text,
  textAt,
} from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { readCredentialReport } from '../credential-report.ts';
import { byMarker } from '../paging.ts';

/** Identities: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-overview and …/api-ims-2019-08-15-overview */
export const ram: Service<AlicloudApi> = {
  id: 'ram',
  where: 'account',
  calls: {
    users: listed('ListUsers', 'Users.User'),
    loginProfile: of('users', 'GetLoginProfile', 'UserName', ['EntityNotExist.User.LoginProfile']),
    userMfa: of('users', 'GetUserMFAInfo', 'UserName', ['EntityNotExist.User.MFADevice']),
    user: of('users', 'GetUser', 'UserName'),
    keys: { ...of('users', 'ListAccessKeys', 'UserName'), items: 'AccessKeys.AccessKey' },
    keyUse: {
      permission: 'ram:GetAccessKeyLastUsed',
      api: ramCall('GetAccessKeyLastUsed'),
      of: 'keys',
      params: ({ item, parent }) => ({
        UserAccessKeyId: textAt(item, 'AccessKeyId') ?? '',
        UserName: textAt(parent?.item, 'UserName') ?? '',
      }),
    },
    userPolicies: { ...of('users', 'ListPoliciesForUser', 'UserName'), items: 'Policies.Policy' },
    userGroups: { ...of('users', 'ListGroupsForUser', 'UserName'), items: 'Groups.Group' },
    groups: listed('ListGroups', 'Groups.Group'),
    groupUsers: {
      ...of('groups', 'ListUsersForGroup', 'GroupName'),
      items: 'Users.User',
      next: byMarker('IsTruncated', 'Marker', 'Marker'),
    },
    groupPolicies: { ...of('groups', 'ListPoliciesForGroup', 'GroupName'), items: 'Policies.Policy' },
    roles: listed('ListRoles', 'Roles.Role'),
    role: of('roles', 'GetRole', 'RoleName'),
    rolePolicies: { ...of('roles', 'ListPoliciesForRole', 'RoleName'), items: 'Policies.Policy' },
    policies: {
      ...listed('ListPolicies', 'Policies.Policy'),
      params: () => ({ PolicyType: 'Custom', MaxItems: 1000 }),
    },
    policy: {
      permission: 'ram:GetPolicy',
      serves: ['ram:GetPolicyVersion'],
      api: ramCall('GetPolicy'),
      of: 'policies',
      params: ({ item }) => ({ PolicyName: textAt(item, 'PolicyName') ?? '', PolicyType: 'Custom' }),
    },
    policyUses: {
      permission: 'ram:ListEntitiesForPolicy',
      api: ramCall('ListEntitiesForPolicy'),
      of: 'policies',
      params: ({ item }) => ({ PolicyName: textAt(item, 'PolicyName') ?? '', PolicyType: 'Custom' }),
    },
    passwordPolicy: { permission: 'ram:GetPasswordPolicy', api: ramCall('GetPasswordPolicy') },
    preference: { permission: 'ram:GetSecurityPreference', api: ramCall('GetSecurityPreference') },
    practice: { permission: 'ram:GetAccountSecurityPracticeReport', api: imsCall('GetAccountSecurityPracticeReport') },
    accountMfa: { permission: 'ram:GetAccountMFAInfo', api: imsCall('GetAccountMFAInfo') },
    generateReport: {
      permission: 'ram:GenerateCredentialReport',
      api: imsCall('GenerateCredentialReport'),
      notYet: (answer) => textAt(answer, 'State') !== 'COMPLETE',
    },
    report: {
      permission: 'ram:GetCredentialReport',
      api: imsCall('GetCredentialReport'),
      after: 'generateReport',
      items: readCredentialReport,
      next: byMarker('IsTruncated', 'NextToken', 'NextToken'),
    },
  },
  kinds: [
    {
      type: 'alicloud_ram_user',
      call: 'users',
      id: text('UserName'),
      name: text('UserName'),
      attributes: {
        user_id: text('UserId'),
        display_name: text('DisplayName'),
        comments: text('Comments'),
        create_date: text('CreateDate'),
      },
      more: [
        { call: 'user', attributes: { last_login_date: text('User.LastLoginDate') } },
        {
          call: 'userMfa',
          attributes: { mfa_device: (answer) => textAt(answer, 'MFADevice.SerialNumber') !== undefined },
        },
        {
          call: 'report',
          attributes: {
            mfa_active: ofUser('mfa_active', readFlag),
            password_exist: ofUser('password_exist', readFlag),
            password_active: ofUser('password_active', readFlag),
            password_last_changed: ofUser('password_last_changed', readTime),
            user_last_logon: ofUser('user_last_logon', readTime),
            access_key_1_active: ofUser('access_key_1_active', readFlag),
            access_key_1_last_rotated: ofUser('access_key_1_last_rotated', readTime),
            access_key_1_last_used: ofUser('access_key_1_last_used', readTime),
            access_key_2_active: ofUser('access_key_2_active', readFlag),
            access_key_2_last_rotated: ofUser('access_key_2_last_rotated', readTime),
            access_key_2_last_used: ofUser('access_key_2_last_used', readTime),
          },
        },
      ],
      synonyms: ['user_name', 'mfa_bind_required'],
    },
    {
      type: 'alicloud_ram_login_profile',
      call: 'loginProfile',
      // A user without one has no password: nothing to say.
      where: (answer) => textAt(answer, 'LoginProfile.UserName') !== undefined,
      id: text('LoginProfile.UserName'),
      attributes: {
        mfa_bind_required: mustFlag('LoginProfile.MFABindRequired'),
        password_reset_required: flag('LoginProfile.PasswordResetRequired'),
        create_date: text('LoginProfile.CreateDate'),
      },
      ofParent: { user_name: text('UserName') },
    },
    {
      type: 'alicloud_ram_access_key',
      call: 'keys',
      // Enough of it to find the key.
      id: (key, { parent }) => {
        const id = textAt(key, 'AccessKeyId');
        return id && `${textAt(parent?.item, 'UserName') ?? ''}:${id.slice(0, 4)}…${id.slice(-4)}`;
      },
      attributes: { status: mustText('Status'), create_date: mustText('CreateDate') },
      more: [{ call: 'keyUse', attributes: { last_used_date: text('AccessKeyLastUsed.LastUsedDate') } }],
      ofParent: { user_name: text('UserName') },
    },
    attachment('alicloud_ram_user_policy_attachment', 'userPolicies', 'user_name', 'UserName'),
    attachment('alicloud_ram_group_policy_attachment', 'groupPolicies', 'group_name', 'GroupName'),
    attachment('alicloud_ram_role_policy_attachment', 'rolePolicies', 'role_name', 'RoleName'),
    {
      type: 'alicloud_ram_group',
      call: 'groups',
      id: text('GroupName'),
      name: text('GroupName'),
      attributes: { group_name: text('GroupName'), comments: text('Comments'), create_date: text('CreateDate') },
      more: [
        {
          call: 'groupUsers',
          attributes: {
            user_names: (_answer, _subject, users) => users.flatMap((one) => textAt(one, 'UserName') ?? []),
          },
        },
      ],
    },
    {
      type: 'alicloud_ram_group_membership',
      call: 'groupUsers',
      id: (user, { parent }) => `${textAt(parent?.item, 'GroupName') ?? ''}:${textAt(user, 'UserName') ?? ''}`,
      attributes: { user_names: (user) => [textAt(user, 'UserName') ?? ''] },
      ofParent: { group_name: text('GroupName') },
      holds: ['alicloud_ram_user_group_attachment'],
    },
    {
      type: 'alicloud_ram_role',
      call: 'roles',
      id: text('RoleName'),
      name: text('RoleName'),
      attributes: {
        role_name: text('RoleName'),
        arn: text('Arn'),
        description: text('Description'),
        max_session_duration: number('MaxSessionDuration'),
        create_date: text('CreateDate'),
      },
      more: [
        {
          call: 'role',
          attributes: {
            assume_role_policy_document: mustText('Role.AssumeRolePolicyDocument'),
            document: mustText('Role.AssumeRolePolicyDocument'),
          },
        },
      ],
      synonyms: ['ram_users', 'services', 'version'],
    },
    {
      type: 'alicloud_ram_policy',
      call: 'policies',
      id: text('PolicyName'),
      name: text('PolicyName'),
      attributes: {
        policy_name: text('PolicyName'),
        type: text('PolicyType'),
        description: text('Description'),
        attachment_count: number('AttachmentCount'),
        default_version: text('DefaultVersion'),
      },
      more: [
        {
          call: 'policy',
          attributes: {
            policy_document: mustText('DefaultPolicyVersion.PolicyDocument'),
            document: mustText('DefaultPolicyVersion.PolicyDocument'),
          },
        },
      ],
      synonyms: ['statement', 'version'],
    },
    {
      type: 'alicloud_ram_account_password_policy',
      call: 'passwordPolicy',
      id: (_answer, { account }) => `${account}:password-policy`,
      attributes: {
        minimum_password_length: must(
          number('PasswordPolicy.MinimumPasswordLength'),
          'PasswordPolicy.MinimumPasswordLength',
        ),
        require_lowercase_characters: mustFlag('PasswordPolicy.RequireLowercaseCharacters'),
        require_uppercase_characters: mustFlag('PasswordPolicy.RequireUppercaseCharacters'),
        require_numbers: mustFlag('PasswordPolicy.RequireNumbers'),
        require_symbols: mustFlag('PasswordPolicy.RequireSymbols'),
        hard_expiry: flag('PasswordPolicy.HardExpiry'),
        max_password_age: must(number('PasswordPolicy.MaxPasswordAge'), 'PasswordPolicy.MaxPasswordAge'),
        password_reuse_prevention: must(
          number('PasswordPolicy.PasswordReusePrevention'),
          'PasswordPolicy.PasswordReusePrevention',
        ),
        max_login_attempts: must(number('PasswordPolicy.MaxLoginAttemps'), 'PasswordPolicy.MaxLoginAttemps'),
      },
    },
    {
      type: 'alicloud_ram_security_preference',
      call: 'preference',
      id: (_answer, { account }) => `${account}:security-preference`,
      attributes: {
        enable_save_mfa_ticket: flag('SecurityPreference.LoginProfilePreference.EnableSaveMFATicket'),
        allow_user_to_change_password: flag('SecurityPreference.LoginProfilePreference.AllowUserToChangePassword'),
        login_session_duration: number('SecurityPreference.LoginProfilePreference.LoginSessionDuration'),
        login_network_masks: text('SecurityPreference.LoginProfilePreference.LoginNetworkMasks'),
        allow_user_to_manage_access_keys: flag('SecurityPreference.AccessKeyPreference.AllowUserToManageAccessKeys'),
        allow_user_to_manage_mfa_devices: flag('SecurityPreference.MFAPreference.AllowUserToManageMFADevices'),
        allow_user_to_manage_public_keys: flag('SecurityPreference.PublicKeyPreference.AllowUserToManagePublicKeys'),
        mfa_operation_for_login: text('SecurityPreference.LoginProfilePreference.MFAOperationForLogin'),
        enforce_mfa_for_login: flag('SecurityPreference.LoginProfilePreference.EnforceMFAForLogin'),
      },
    },
    {
      type: 'alicloud_account',
      call: 'practice',
      id: (_answer, { account }) => account,
      attributes: {
        root_access_keys: number('AccountSecurityPracticeInfo.AccountSecurityPracticeUserInfo.RootWithAccessKey'),
        root_mfa_enabled: mustFlag('AccountSecurityPracticeInfo.AccountSecurityPracticeUserInfo.BindMfa'),
      },
    },
    {
      type: 'alicloud_account',
      call: 'report',
      where: (row) => textAt(row, 'user') === '<root>',
      id: (_row, { account }) => account,
      attributes: { root_last_logon: (row) => readTime(textAt(row, 'user_last_logon')) },
    },
    {
      type: 'alicloud_account',
      call: 'passwordPolicy',
      id: (_answer, { account }) => account,
      attributes: {
        password_policy: block({
          minimum_password_length: number('PasswordPolicy.MinimumPasswordLength'),
          require_symbols: flag('PasswordPolicy.RequireSymbols'),
          require_numbers: flag('PasswordPolicy.RequireNumbers'),
          max_password_age: number('PasswordPolicy.MaxPasswordAge'),
          max_login_attempts: number('PasswordPolicy.MaxLoginAttemps'),
        }),
      },
    },
  ],
};

function ramCall(action: string): AlicloudApi {
  return { product: 'ram', version: '2015-05-01', action };
}

function imsCall(action: string): AlicloudApi {
  return { product: 'ims', version: '2019-08-15', action };
}

function listed(action: string, items: string): Call<AlicloudApi> {
  return {
    permission: `ram:${action}`,
    api: ramCall(action),
    params: () => ({ MaxItems: 1000 }),
    items,
    next: byMarker('IsTruncated', 'Marker', 'Marker'),
  };
}

function of(list: string, action: string, name: string, nothing: readonly string[] = []): Call<AlicloudApi> {
  return {
    permission: `ram:${action}`,
    api: ramCall(action),
    of: list,
    params: ({ item }) => ({ [name]: textAt(item, name) ?? '' }),
    nothing,
  };
}

function attachment(type: string, call: string, attribute: string, name: string) {
  return {
    type,
    call,
    id: (policy: unknown, { parent }: { readonly parent?: { readonly item: unknown } | undefined }) =>
      `${textAt(parent?.item, name) ?? ''}:${textAt(policy, 'PolicyType') ?? ''}:${textAt(policy, 'PolicyName') ?? ''}`,
    name: text('PolicyName'),
    attributes: { policy_name: mustText('PolicyName'), policy_type: mustText('PolicyType') },
    ofParent: { [attribute]: text(name) },
  };
}

/** Reads of the row of the credential report that is about this user. */
function ofUser(column: string, read: (value: string | undefined) => string | boolean | undefined): Field {
  return (_answer, { item }, rows) => {
    const name = textAt(item, 'UserName');
    const [row] = itemsNaming(rows, 'name', name);
    if (row === undefined) throw new MissingField(`a row for ${name}`);
    return read(textAt(row, column));
  };
}

function readFlag(value: string | undefined): boolean | undefined {
  return value === undefined || value === 'N/A' || value === '-' ? undefined : value.toLowerCase() === 'true';
}

function readTime(value: string | undefined): string | undefined {
  return value !== undefined && /^\d{4}-/.test(value) ? value : undefined;
}
