import { jsonText } from '../../stack-functions.ts';
import { type Given, listOf, type Made, objectsOf, type TypeRule } from '../../canonical-shape.ts';

type Holder = 'user' | 'role' | 'group';

const HOLDERS = ['role', 'user', 'group'] as const;
const LISTS = { user: 'Users', role: 'Roles', group: 'Groups' } as const;

/** Inline policies and attached ones are resources of their own, and not told again in their holder: nobody wants a finding twice. */
function policies(holder: Holder) {
  return ({ properties, own }: Given): readonly Made[] => [
    ...objectsOf(properties.Policies).map((policy, index) => ({
      type: `aws_iam_${holder}_policy`,
      suffix: `_${index}`,
      attributes: { [holder]: own('id'), name: policy.PolicyName, policy: jsonText(policy.PolicyDocument) },
    })),
    ...listOf(properties.ManagedPolicyArns).map((arn, index) => ({
      type: `aws_iam_${holder}_policy_attachment`,
      suffix: `_${index}`,
      attributes: { [holder]: own('id'), policy_arn: arn },
    })),
  ];
}

/** `AWS::IAM::Policy` is inline in each that it names. */
function inlineIn({ properties }: Given): readonly Made[] {
  return HOLDERS.flatMap((holder) =>
    listOf(properties[LISTS[holder]]).map((target, index) => ({
      type: `aws_iam_${holder}_policy`,
      suffix: index === 0 ? '' : `_${index}`,
      attributes: { [holder]: target, name: properties.PolicyName, policy: jsonText(properties.PolicyDocument) },
    })),
  );
}

function attachedTo({ properties, own }: Given): readonly Made[] {
  return HOLDERS.flatMap((holder) =>
    listOf(properties[LISTS[holder]]).map((target, index) => ({
      type: `aws_iam_${holder}_policy_attachment`,
      suffix: `_${index}`,
      attributes: { [holder]: target, policy_arn: own('arn') },
    })),
  );
}

const POLICY = { to: 'policy', as: 'json' } as const;

export const IDENTITY_TYPES: Readonly<Record<string, TypeRule>> = {
  'AWS::IAM::Role': {
    type: 'aws_iam_role',
    properties: {
      RoleName: 'name',
      AssumeRolePolicyDocument: { to: 'assume_role_policy', as: 'json' },
      Policies: false,
      ManagedPolicyArns: false,
    },
    also: policies('role'),
  },
  'AWS::IAM::User': {
    type: 'aws_iam_user',
    properties: { UserName: 'name', LoginProfile: false, Policies: false, ManagedPolicyArns: false },
    also: (given) => [
      ...policies('user')(given),
      ...objectsOf(given.properties.LoginProfile).map((profile) => ({
        type: 'aws_iam_user_login_profile',
        attributes: { user: given.own('name'), password_reset_required: profile.PasswordResetRequired },
      })),
      ...listOf(given.properties.Groups).map((group, index) => ({
        type: 'aws_iam_user_group_membership',
        suffix: `_${index}`,
        attributes: { user: given.own('name'), groups: [group] },
      })),
    ],
  },
  'AWS::IAM::Group': {
    type: 'aws_iam_group',
    properties: { GroupName: 'name', Policies: false, ManagedPolicyArns: false },
    also: policies('group'),
  },
  'AWS::IAM::Policy': { type: 'aws_iam_policy', only: true, also: inlineIn },
  'AWS::IAM::RolePolicy': {
    type: 'aws_iam_role_policy',
    properties: { RoleName: 'role', PolicyName: 'name', PolicyDocument: POLICY },
  },
  'AWS::IAM::UserPolicy': {
    type: 'aws_iam_user_policy',
    properties: { UserName: 'user', PolicyName: 'name', PolicyDocument: POLICY },
  },
  'AWS::IAM::GroupPolicy': {
    type: 'aws_iam_group_policy',
    properties: { GroupName: 'group', PolicyName: 'name', PolicyDocument: POLICY },
  },
  'AWS::IAM::ManagedPolicy': {
    type: 'aws_iam_policy',
    properties: { ManagedPolicyName: 'name', PolicyDocument: POLICY, Roles: false, Users: false, Groups: false },
    also: attachedTo,
  },
  'AWS::IAM::InstanceProfile': {
    type: 'aws_iam_instance_profile',
    properties: { InstanceProfileName: 'name', Roles: { make: (value) => ({ role: listOf(value)[0] }) } },
  },
  'AWS::IAM::AccessKey': { type: 'aws_iam_access_key', properties: { UserName: 'user' } },
  'AWS::IAM::UserToGroupAddition': { type: 'aws_iam_group_membership', properties: { GroupName: 'group' } },
  'AWS::IAM::OIDCProvider': { type: 'aws_iam_openid_connect_provider' },
  'AWS::KMS::Key': {
    type: 'aws_kms_key',
    properties: {
      KeyPolicy: POLICY,
      PendingWindowInDays: 'deletion_window_in_days',
      KeySpec: 'customer_master_key_spec',
      Enabled: 'is_enabled',
    },
  },
  'AWS::KMS::Alias': { type: 'aws_kms_alias', properties: { AliasName: 'name' } },
  'AWS::SecretsManager::Secret': {
    type: 'aws_secretsmanager_secret',
    properties: { SecretString: false, GenerateSecretString: false, ReplicaRegions: 'replica' },
    also: ({ properties, own }) =>
      listOf(properties.SecretString).map((text) => ({
        type: 'aws_secretsmanager_secret_version',
        attributes: { secret_id: own('id'), secret_string: text },
      })),
  },
  'AWS::SecretsManager::RotationSchedule': {
    type: 'aws_secretsmanager_secret_rotation',
    properties: { RotationLambdaARN: 'rotation_lambda_arn' },
  },
  'AWS::SecretsManager::ResourcePolicy': {
    type: 'aws_secretsmanager_secret_policy',
    properties: { SecretId: 'secret_arn', ResourcePolicy: POLICY },
  },
  'AWS::SSM::Parameter': { type: 'aws_ssm_parameter' },
  'AWS::SSM::Document': { type: 'aws_ssm_document', properties: { DocumentType: 'document_type' } },
  'AWS::Cognito::UserPool': {
    type: 'aws_cognito_user_pool',
    properties: {
      UserPoolName: 'name',
      Policies: { flat: { PasswordPolicy: { to: 'password_policy' } } },
      UserPoolAddOns: 'user_pool_add_ons',
    },
  },
  'AWS::Cognito::IdentityPool': { type: 'aws_cognito_identity_pool' },
  'AWS::ACMPCA::CertificateAuthority': { type: 'aws_acmpca_certificate_authority' },
};
