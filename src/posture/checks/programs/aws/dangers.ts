import type { Statement } from './policy-document.ts';

/** Actions that are dangerous when they are allowed on every resource. */
export interface Danger {
  readonly says: string;
  /** Any one of these, … */
  readonly actions?: readonly string[];
  /** … all of one of these groups together, … */
  readonly together?: readonly (readonly string[])[];
  /** … or one whose verb begins so. */
  readonly verbs?: RegExp;
}

/** By the ways that published studies of IAM escalation describe (Rhino Security Labs; Salesforce’s cloudsplaining). */
export const DANGERS: Readonly<Record<string, Danger>> = {
  escalation: {
    says: 'whoever has this policy can give themselves further rights',
    actions: [
      'iam:AddUserToGroup',
      'iam:AttachGroupPolicy',
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:CreateAccessKey',
      'iam:CreateLoginProfile',
      'iam:UpdateLoginProfile',
      'iam:CreatePolicyVersion',
      'iam:SetDefaultPolicyVersion',
      'iam:PutGroupPolicy',
      'iam:PutRolePolicy',
      'iam:PutUserPolicy',
      'glue:UpdateDevEndpoint',
      'lambda:UpdateFunctionCode',
    ],
    together: [
      ['iam:PassRole', 'ec2:RunInstances'],
      ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'],
      ['iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'],
      ['iam:PassRole', 'lambda:CreateFunction', 'lambda:AddPermission'],
      ['iam:PassRole', 'glue:CreateDevEndpoint'],
      ['iam:PassRole', 'cloudformation:CreateStack'],
      ['iam:PassRole', 'datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
      ['iam:PassRole', 'codestar:CreateProject'],
      ['iam:PassRole', 'sagemaker:CreateNotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'],
      ['iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'],
      ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'],
    ],
  },
  credentials: {
    says: 'whoever has this policy can obtain credentials of others',
    actions: [
      'chime:CreateApiKey',
      'codepipeline:PollForJobs',
      'cognito-identity:GetOpenIdToken',
      'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
      'cognito-identity:GetCredentialsForIdentity',
      'connect:GetFederationToken',
      'connect:GetFederationTokens',
      'ec2:GetPasswordData',
      'ecr:GetAuthorizationToken',
      'gamelift:RequestUploadCredentials',
      'iam:CreateAccessKey',
      'iam:CreateLoginProfile',
      'iam:CreateServiceSpecificCredential',
      'iam:ResetServiceSpecificCredential',
      'iam:UpdateAccessKey',
      'lightsail:GetInstanceAccessDetails',
      'lightsail:GetRelationalDatabaseMasterUserPassword',
      'rds-db:connect',
      'redshift:GetClusterCredentials',
      'sso:GetRoleCredentials',
      'mediapackage:RotateChannelCredentials',
      'mediapackage:RotateIngestEndpointCredentials',
      'sts:AssumeRole',
      'sts:AssumeRoleWithSaml',
      'sts:AssumeRoleWithWebIdentity',
      'sts:GetFederationToken',
      'sts:GetSessionToken',
    ],
  },
  exfiltration: {
    says: 'whoever has this policy can read all stored data or secrets',
    actions: [
      's3:GetObject',
      'ssm:GetParameter',
      'ssm:GetParameters',
      'ssm:GetParametersByPath',
      'secretsmanager:GetSecretValue',
    ],
  },
  exposure: {
    says: 'whoever has this policy can open resources to others',
    actions: [
      'acm-pca:PutPolicy',
      'acm-pca:CreatePermission',
      'acm-pca:DeletePermission',
      'acm-pca:DeletePolicy',
      'apigateway:UpdateRestApiPolicy',
      'backup:PutBackupVaultAccessPolicy',
      'backup:DeleteBackupVaultAccessPolicy',
      'codeartifact:PutDomainPermissionsPolicy',
      'codeartifact:PutRepositoryPermissionsPolicy',
      'codebuild:PutResourcePolicy',
      'codebuild:DeleteResourcePolicy',
      'ec2:ModifySnapshotAttribute',
      'ec2:ModifyImageAttribute',
      'ec2:ModifyVpcEndpointServicePermissions',
      'ec2:CreateNetworkInterfacePermission',
      'ecr:SetRepositoryPolicy',
      'ecr:DeleteRepositoryPolicy',
      'elasticfilesystem:PutFileSystemPolicy',
      'elasticfilesystem:DeleteFileSystemPolicy',
      'es:UpdateElasticsearchDomainConfig',
      'glacier:SetVaultAccessPolicy',
      'glacier:DeleteVaultAccessPolicy',
      'glue:PutResourcePolicy',
      'glue:DeleteResourcePolicy',
      'iam:AttachGroupPolicy',
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:CreateAccessKey',
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:CreateUser',
      'iam:CreateRole',
      'iam:DeletePolicy',
      'iam:DeleteRolePolicy',
      'iam:DetachRolePolicy',
      'iam:PassRole',
      'iam:PutGroupPolicy',
      'iam:PutRolePolicy',
      'iam:PutUserPolicy',
      'iam:SetDefaultPolicyVersion',
      'iam:UpdateAssumeRolePolicy',
      'kms:CreateGrant',
      'kms:PutKeyPolicy',
      'kms:RetireGrant',
      'kms:RevokeGrant',
      'lambda:AddPermission',
      'lambda:AddLayerVersionPermission',
      'lambda:RemovePermission',
      'logs:PutResourcePolicy',
      'logs:DeleteResourcePolicy',
      'ram:CreateResourceShare',
      'ram:AssociateResourceShare',
      'rds:ModifyDBSnapshotAttribute',
      'rds:ModifyDBClusterSnapshotAttribute',
      'rds:AuthorizeDBSecurityGroupIngress',
      's3:BypassGovernanceRetention',
      's3:DeleteBucketPolicy',
      's3:DeleteAccessPointPolicy',
      's3:ObjectOwnerOverrideToBucketOwner',
      's3:PutAccessPointPolicy',
      's3:PutAccountPublicAccessBlock',
      's3:PutBucketAcl',
      's3:PutBucketPolicy',
      's3:PutBucketPublicAccessBlock',
      's3:PutObjectAcl',
      's3:PutObjectVersionAcl',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:DeleteResourcePolicy',
      'secretsmanager:ValidateResourcePolicy',
      'sns:AddPermission',
      'sns:CreateTopic',
      'sns:RemovePermission',
      'sns:SetTopicAttributes',
      'sqs:AddPermission',
      'sqs:CreateQueue',
      'sqs:RemovePermission',
      'sqs:SetQueueAttributes',
      'ssm:ModifyDocumentPermission',
    ],
  },
  'unbounded-write': {
    says: 'whoever has this policy can change or delete every resource of a service',
    verbs:
      /^(abort|accept|add|allocate|apply|associate|attach|authorize|cancel|copy|create|delete|deregister|detach|disable|disassociate|enable|grant|import|invoke|modify|move|post|publish|purge|put|reboot|register|release|remove|replace|reset|restore|revoke|rotate|run|schedule|send|set|start|stop|suspend|terminate|transfer|unassign|untag|update|upload|write)/i,
  },
};

/** Whether a statement allows a danger; patterns with `*` and `?` count, exceptions by NotAction too. */
export function grants(one: Statement, danger: Danger): boolean {
  const patterns = one.actions.map(toPattern);
  const has = (action: string): boolean =>
    one.notActions.length > 0
      ? !one.notActions.some((except) => toPattern(except).test(action))
      : patterns.some((pattern) => pattern.test(action));
  if (danger.actions?.some(has) === true) return true;
  if (danger.together?.some((group) => group.every(has)) === true) return true;
  const { verbs } = danger;
  return verbs !== undefined && one.actions.some((action) => isWrite(action, verbs));
}

function isWrite(action: string, verbs: RegExp): boolean {
  const verb = action.slice(action.indexOf(':') + 1);
  return verb.startsWith('*') || verbs.test(verb);
}

/** Of stars in a row one counts, so that a hostile pattern stays linear enough for its length (at most 256 letters). */
function toPattern(action: string): RegExp {
  const text = action.slice(0, 256).replace(/\*+/g, '*');
  // More than a few stars mean everything that begins alike.
  const stars = text.split('*');
  const kept = stars.length > 4 ? `${stars.slice(0, 4).join('*')}*` : text;
  return new RegExp(
    `^${kept
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
}
