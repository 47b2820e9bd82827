import { isAttributes, isUnknown, type Value } from '#model/resource.ts';
import { jsonText } from '../../stack-functions.ts';
import { type Given, listOf, type Made, objectsOf, type TypeRule } from '../../canonical-shape.ts';

type Holder = 'user' | 'role' | 'group';

/** Attached and inline policies of a user, a role or a group: attachments, and for the inline ones the policies too. */
function policies(holder: Holder) {
  return ({ properties, own }: Given): readonly Made[] => {
    const made: Made[] = [];
    const attach = (name: Value | undefined, type: string): void => {
      made.push({
        type: `alicloud_ram_${holder}_policy_attachment`,
        suffix: `_${made.length}`,
        attributes: {
          [`${holder}_name`]: nameOf(properties[NAMES[holder]], own),
          policy_name: name,
          policy_type: type,
        },
      });
    };
    const attachments = properties.PolicyAttachments;
    if (attachments !== undefined && isAttributes(attachments)) {
      for (const name of listOf(attachments.System)) attach(name, 'System');
      for (const name of listOf(attachments.Custom)) attach(name, 'Custom');
    }
    for (const policy of objectsOf(properties.Policies)) {
      made.push({
        type: 'alicloud_ram_policy',
        suffix: `_${made.length}`,
        attributes: {
          policy_name: policy.PolicyName,
          description: policy.Description,
          policy_document: jsonText(policy.PolicyDocument),
          document: jsonText(policy.PolicyDocument),
        },
      });
      attach(policy.PolicyName, 'Custom');
    }
    return made;
  };
}

/** A name that is not known yet is whatever its holder’s turns out to be. */
function nameOf(given: Value | undefined, own: Given['own']): Value {
  return given === undefined || isUnknown(given) ? own('name') : given;
}

const NAMES = { user: 'UserName', role: 'RoleName', group: 'GroupName' } as const;

function userExtras(given: Given): readonly Made[] {
  const { properties, own } = given;
  const made = [...policies('user')(given)];
  const user = nameOf(properties.UserName, own);
  for (const [index, group] of listOf(properties.Groups).entries()) {
    made.push({
      type: 'alicloud_ram_group_membership',
      suffix: `_${index}`,
      attributes: { group_name: group, user_names: [user] },
    });
  }
  const profile = properties.LoginProfile;
  if (profile !== undefined && isAttributes(profile)) {
    made.push({
      type: 'alicloud_ram_login_profile',
      attributes: {
        user_name: user,
        password: profile.Password,
        password_reset_required: profile.PasswordResetRequired,
        mfa_bind_required: profile.MFABindRequired,
      },
    });
  }
  return made;
}

export const IDENTITY_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::RAM::User': {
    type: 'alicloud_ram_user',
    properties: {
      UserName: 'name',
      MobilePhone: 'mobile',
      Groups: false,
      LoginProfile: 'login_profile',
      PolicyAttachments: 'policy_attachments',
    },
    also: userExtras,
  },
  'ALIYUN::RAM::Group': { type: 'alicloud_ram_group', properties: { GroupName: 'name' }, also: policies('group') },
  'ALIYUN::RAM::Role': {
    type: 'alicloud_ram_role',
    properties: {
      RoleName: { make: (value) => ({ name: value, role_name: value }) },
      AssumeRolePolicyDocument: {
        make: (value) => ({ document: jsonText(value), assume_role_policy_document: jsonText(value) }),
      },
    },
    also: policies('role'),
  },
  'ALIYUN::RAM::ManagedPolicy': {
    type: 'alicloud_ram_policy',
    properties: {
      PolicyDocument: { make: (value) => ({ policy_document: jsonText(value), document: jsonText(value) }) },
      PolicyDocumentUnchecked: { make: (value) => ({ policy_document: jsonText(value), document: jsonText(value) }) },
    },
    also: ({ properties }) =>
      (['user', 'role', 'group'] as const).flatMap((holder) =>
        listOf(properties[`${holder[0]?.toUpperCase()}${holder.slice(1)}s`]).map((name, index) => ({
          type: `alicloud_ram_${holder}_policy_attachment`,
          suffix: `_${index}`,
          attributes: { [`${holder}_name`]: name, policy_name: properties.PolicyName, policy_type: 'Custom' },
        })),
      ),
  },
  'ALIYUN::RAM::AccessKey': { type: 'alicloud_ram_access_key', finish: activeKey },
  'ALIYUN::RAM::UserToGroupAddition': {
    type: 'alicloud_ram_group_membership',
    properties: { Users: { to: 'user_names', as: 'list' } },
  },
  'ALIYUN::RAM::AttachPolicyToUser': { type: 'alicloud_ram_user_policy_attachment' },
  'ALIYUN::RAM::AttachPolicyToRole': { type: 'alicloud_ram_role_policy_attachment' },
  'ALIYUN::RAM::AttachPolicyToGroup': { type: 'alicloud_ram_group_policy_attachment' },
  'ALIYUN::RAM::LoginProfile': {
    type: 'alicloud_ram_login_profile',
    properties: { MFABindRequired: 'mfa_bind_required' },
  },
  'ALIYUN::RAM::PasswordPolicy': {
    type: 'alicloud_ram_account_password_policy',
    properties: { MaxLoginAttemps: 'max_login_attempts', MinimumPasswordLength: 'minimum_password_length' },
  },
  'ALIYUN::RAM::SecurityPreference': { type: 'alicloud_ram_security_preference' },
  'ALIYUN::RAM::SAMLProvider': { type: 'alicloud_ram_saml_provider' },
  'ALIYUN::IMS::OIDCProvider': { type: 'alicloud_ims_oidc_provider' },
  'ALIYUN::ResourceManager::Account': { type: 'alicloud_resource_manager_account' },
  'ALIYUN::ResourceManager::Folder': { type: 'alicloud_resource_manager_folder' },
  'ALIYUN::ResourceManager::ControlPolicy': {
    type: 'alicloud_resource_manager_control_policy',
    properties: { PolicyDocument: { to: 'policy_document', as: 'json' } },
  },
};

/** A key made by a stack works at once. */
function activeKey(made: Record<string, Value>): void {
  made.status ??= 'Active';
}
