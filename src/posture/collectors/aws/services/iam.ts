import type { Field, Fields, Kind, Service } from '../../collector.ts';
import {
  at,
  flag,
  itemsNaming,
  listAt,
  MissingField,
  must,
  number,
  ofParent,
  tags,
  text,
  textAt,
} from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { byToken, callsOf } from '../calls.ts';
import { ROOT, readCredentialReport } from '../credential-report.ts';

const { one, list, listAbout, about } = callsOf('iam', 'iam', 20, { token: 'Marker' });

/** Identities: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export const iam: Service<AwsApi> = {
  id: 'iam',
  where: 'account',
  calls: {
    // One call, in pages, for what takes several for each user, group and role otherwise.
    details: {
      ...list('GetAccountAuthorizationDetails', detailsOf, {
        input: { Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'] },
        params: () => ({ MaxItems: 1000 }),
      }),
      serves: [
        'iam:ListUsers',
        'iam:GetUser',
        'iam:ListGroupsForUser',
        'iam:ListUserPolicies',
        'iam:GetUserPolicy',
        'iam:ListAttachedUserPolicies',
        'iam:ListGroups',
        'iam:GetGroup',
        'iam:ListGroupPolicies',
        'iam:GetGroupPolicy',
        'iam:ListAttachedGroupPolicies',
        'iam:ListRoles',
        'iam:GetRole',
        'iam:ListRolePolicies',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListPolicies',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListEntitiesForPolicy',
      ],
    },
    loginProfile: about('details', 'GetLoginProfile', { UserName: 'UserName' }, { where: is('user'), nothing: NONE() }),
    keys: listAbout('details', 'ListAccessKeys', { UserName: 'UserName' }, 'AccessKeyMetadata', { where: is('user') }),
    passwordPolicy: one('GetAccountPasswordPolicy', { nothing: NONE() }),
    summary: one('GetAccountSummary'),
    generateReport: one('GenerateCredentialReport', { notYet: (answer) => textAt(answer, 'State') !== 'COMPLETE' }),
    report: one('GetCredentialReport', {
      after: 'generateReport',
      items: readCredentialReport,
      next: byToken('Marker'),
    }),
  },
  kinds: [
    {
      type: 'aws_iam_user',
      call: 'details',
      where: is('user'),
      id: text('UserName'),
      name: text('UserName'),
      attributes: {
        arn: text('Arn'),
        path: text('Path'),
        unique_id: text('UserId'),
        create_date: text('CreateDate'),
        permissions_boundary: text('PermissionsBoundary.PermissionsBoundaryArn'),
        tags: tags('Tags'),
      },
      more: [
        {
          call: 'report',
          attributes: {
            password_enabled: ofRow(flag('password_enabled')),
            mfa_active: ofRow(flag('mfa_active')),
            password_last_used: ofRow(text('password_last_used')),
            access_key_last_used: ofRow(lastOf('access_key_1_last_used_date', 'access_key_2_last_used_date')),
          },
        },
      ],
      synonyms: ['instance_arn'],
    },
    {
      type: 'aws_iam_user_login_profile',
      call: 'loginProfile',
      where: (answer) => at(answer, 'LoginProfile') !== undefined,
      id: ofParent(text('UserName')),
      attributes: {
        password_reset_required: flag('LoginProfile.PasswordResetRequired'),
        create_date: text('LoginProfile.CreateDate'),
      },
      ofParent: { user: text('UserName') },
    },
    {
      type: 'aws_iam_access_key',
      call: 'keys',
      id: text('AccessKeyId'),
      attributes: { status: text('Status'), create_date: text('CreateDate') },
      ofParent: { user: text('UserName') },
    },
    {
      // A key of the account itself; it is not among those of users.
      type: 'aws_iam_access_key',
      call: 'summary',
      where: (answer) => Number(textAt(answer, 'SummaryMap.AccountAccessKeysPresent') ?? 0) > 0,
      id: () => ROOT,
      attributes: { user: () => ROOT, status: () => 'Active' },
      more: [
        {
          call: 'report',
          attributes: { create_date: ofRoot(firstOf('access_key_1_last_rotated', 'access_key_2_last_rotated')) },
        },
      ],
    },
    {
      type: 'aws_iam_user_group_membership',
      call: 'details',
      where: (item) => is('user')(item) && listAt(item, 'GroupList').length > 0,
      id: text('UserName'),
      attributes: { user: text('UserName'), groups: (item) => listAt(item, 'GroupList').map(String) },
      holds: ['aws_iam_group_membership'],
    },
    {
      type: 'aws_iam_group',
      call: 'details',
      where: is('group'),
      id: text('GroupName'),
      name: text('GroupName'),
      attributes: { name: text('GroupName'), arn: text('Arn'), path: text('Path') },
    },
    {
      type: 'aws_iam_role',
      call: 'details',
      where: is('role'),
      id: text('RoleName'),
      name: text('RoleName'),
      attributes: {
        name: text('RoleName'),
        arn: text('Arn'),
        path: text('Path'),
        assume_role_policy: document('AssumeRolePolicyDocument'),
        permissions_boundary: text('PermissionsBoundary.PermissionsBoundaryArn'),
        max_session_duration: number('MaxSessionDuration'),
        last_used: text('RoleLastUsed.LastUsedDate'),
        tags: tags('Tags'),
      },
      // Each attachment and each policy of its own is a resource below.
      synonyms: ['managed_policy_arns', 'managed_policy_arn', 'policy_arn', 'inline_policy'],
    },
    {
      type: 'aws_iam_policy',
      call: 'details',
      where: is('policy'),
      id: text('Arn'),
      name: (item) => textAt(item, 'PolicyName') ?? textAt(item, 'Arn')?.replace(/^.*\//, ''),
      attributes: {
        name: text('PolicyName'),
        arn: text('Arn'),
        attachment_count: number('AttachmentCount'),
        policy: (item) => {
          const version = listAt(item, 'PolicyVersionList').find((each) => at(each, 'IsDefaultVersion') === true);
          if (version === undefined) throw new MissingField('PolicyVersionList');
          return textOf(textAt(version, 'Document'), 'PolicyVersionList.Document');
        },
      },
    },
    ...['user', 'group', 'role'].flatMap((who) => [inlineKind(who), attachedKind(who)]),
    {
      type: 'aws_iam_account_password_policy',
      call: 'passwordPolicy',
      // An account without one has the weakest: it is there all the same.
      id: (_answer, { account }) => account,
      attributes: {
        minimum_password_length: number('PasswordPolicy.MinimumPasswordLength'),
        require_lowercase_characters: flag('PasswordPolicy.RequireLowercaseCharacters'),
        require_uppercase_characters: flag('PasswordPolicy.RequireUppercaseCharacters'),
        require_numbers: flag('PasswordPolicy.RequireNumbers'),
        require_symbols: flag('PasswordPolicy.RequireSymbols'),
        max_password_age: number('PasswordPolicy.MaxPasswordAge'),
        password_reuse_prevention: number('PasswordPolicy.PasswordReusePrevention'),
        hard_expiry: flag('PasswordPolicy.HardExpiry'),
        allow_users_to_change_password: flag('PasswordPolicy.AllowUsersToChangePassword'),
      },
    },
    {
      type: 'aws_account',
      call: 'summary',
      id: (_answer, { account }) => account,
      attributes: {
        root_mfa_enabled: must((answer) => isOne(answer, 'AccountMFAEnabled'), 'SummaryMap.AccountMFAEnabled'),
        root_access_keys_present: must(
          (answer) => isOne(answer, 'AccountAccessKeysPresent'),
          'SummaryMap.AccountAccessKeysPresent',
        ),
      },
      more: [
        {
          call: 'report',
          attributes: {
            root_password_last_used: ofRoot(text('password_last_used')),
            root_access_key_last_used: ofRoot(lastOf('access_key_1_last_used_date', 'access_key_2_last_used_date')),
          },
        },
      ],
    },
  ],
};

function NONE(): readonly string[] {
  return ['NoSuchEntityException', 'NoSuchEntity'];
}

/** All that a page speaks of, each with what it is: users, groups, roles, policies, and what hangs on the first three. */
function detailsOf(answer: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (const [path, what, prefix] of LISTS) {
    if (at(answer, path) === undefined && at(answer, 'IsTruncated') === undefined) throw new MissingField(path);
    for (const item of listAt(answer, path)) {
      found.push({ ...(item as object), is: what });
      if (prefix === undefined) continue;
      const name = textAt(item, `${prefix}Name`);
      for (const policy of listAt(item, `${prefix}PolicyList`))
        found.push({ ...(policy as object), is: `${what}-inline`, of: name });
      for (const policy of listAt(item, 'AttachedManagedPolicies'))
        found.push({ ...(policy as object), is: `${what}-attached`, of: name });
    }
  }
  return found;
}

const LISTS = [
  ['UserDetailList', 'user', 'User'],
  ['GroupDetailList', 'group', 'Group'],
  ['RoleDetailList', 'role', 'Role'],
  ['Policies', 'policy', undefined],
] as const;

function is(what: string): (item: unknown) => boolean {
  return (item) => textAt(item, 'is') === what;
}

/** A policy written for one user, group or role alone. */
function inlineKind(who: string): Kind {
  const attributes: Fields = { [who]: text('of'), name: text('PolicyName'), policy: document('PolicyDocument') };
  return {
    type: `aws_iam_${who}_policy`,
    call: 'details',
    where: is(`${who}-inline`),
    id: (item) => `${textAt(item, 'of') ?? ''}:${textAt(item, 'PolicyName') ?? ''}`,
    name: text('PolicyName'),
    attributes,
    synonyms: ['users'],
  };
}

function attachedKind(who: string): Kind {
  const attributes: Fields = { [who]: text('of'), policy_arn: text('PolicyArn') };
  return {
    type: `aws_iam_${who}_policy_attachment`,
    call: 'details',
    where: is(`${who}-attached`),
    id: (item) => `${textAt(item, 'of') ?? ''}/${textAt(item, 'PolicyArn') ?? ''}`,
    name: text('PolicyName'),
    attributes,
    synonyms: ['users', 'managed_policy_arn', 'managed_policy_arns'],
    holds: ['aws_iam_policy_attachment'],
  };
}

/** Policies come percent-encoded (RFC 3986). */
function document(path: string): Field {
  return (item) => textOf(textAt(item, path), path);
}

function textOf(encoded: string | undefined, what: string): string {
  if (encoded === undefined) throw new MissingField(what);
  try {
    return decodeURIComponent(encoded);
  } catch {
    // One that is not encoded may hold a percent sign.
    return encoded;
  }
}

function isOne(answer: unknown, name: string): boolean | undefined {
  const value = textAt(answer, `SummaryMap.${name}`);
  return value === undefined ? undefined : Number(value) > 0;
}

/** Reads of the row of the report that is about this user. */
function ofRow(field: Field): Field {
  return (_answer, subject, rows) => {
    const [row] = itemsNaming(rows, 'user', textAt(subject.item, 'UserName'));
    // A user made after the report, which is up to four hours old, is not in it.
    if (row === undefined) throw new MissingField('a row for the user');
    return field(row, subject, rows);
  };
}

function ofRoot(field: Field): Field {
  return (_answer, subject, rows) => {
    const [row] = itemsNaming(rows, 'user', ROOT);
    return row === undefined ? undefined : field(row, subject, rows);
  };
}

function lastOf(...columns: readonly string[]): Field {
  return (row) => datesOf(row, columns).at(-1);
}

function firstOf(...columns: readonly string[]): Field {
  return (row) => datesOf(row, columns)[0];
}

/** In order: all are ISO 8601 in the same zone. */
function datesOf(row: unknown, columns: readonly string[]): readonly string[] {
  return columns.flatMap((column) => textAt(row, column) ?? []).sort();
}
