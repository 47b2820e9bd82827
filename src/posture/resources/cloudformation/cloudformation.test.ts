import { describe, expect, it } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { cloudformationLoader } from './index.ts';

const load = (text: string, path = 'stack.yml') => cloudformationLoader.load([{ path, text }]);

const all = async (text: string): Promise<ReadonlyMap<string, Resource>> => {
  const { resources, problems } = await load(text);
  expect(problems).toEqual([]);
  return new Map(resources.map((resource) => [resource.id, resource]));
};

const SHOP = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Env: {Type: String, Default: prod}
  Password: {Type: String, NoEcho: true}
  Zones: {Type: CommaDelimitedList, Default: 'a, b'}
Mappings:
  Sizes:
    prod: {db: db.m5.large}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub '\${Env} web'
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: '22', ToPort: 22, CidrIp: 0.0.0.0/0}
        - {IpProtocol: -1, SourceSecurityGroupId: !GetAtt Other.GroupId}
  Other: {Type: AWS::EC2::SecurityGroup}
  Data:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: !FindInMap [Sizes, !Ref Env, db]
      AllocatedStorage: '20'
      MultiAZ: !If [IsProd, true, false]
      StorageEncrypted: no
      MasterUserPassword: !Ref Password
      VPCSecurityGroups: [!Ref Group]
      AvailabilityZone: !Select [1, !Ref Zones]
      DBName: !If [IsTest, t, !Ref AWS::NoValue]
  OnlyTest: {Type: AWS::EC2::VPC, Condition: IsTest}
`;

describe('a CloudFormation template', () => {
  it('becomes resources in Terraform’s words, its functions evaluated', async () => {
    expect(cloudformationLoader.claims('stack.yml', SHOP)).toBe(true);
    const made = await all(SHOP);
    expect([...made.keys()]).toEqual(['aws_security_group.Group', 'aws_security_group.Other', 'aws_db_instance.Data']);
    const data = made.get('aws_db_instance.Data');
    expect(data).toMatchObject({ provider: 'aws', name: 'Data', file: 'stack.yml', line: 21, endLine: 31 });
    expect(data?.attributes).toMatchObject({
      instance_class: 'db.m5.large',
      allocated_storage: 20,
      multi_az: true,
      storage_encrypted: false,
      availability_zone: 'b',
      password: { reason: 'parameter "Password" has no value' },
      vpc_security_group_ids: [{ references: [{ resource: 'aws_security_group.Group', attribute: 'id' }] }],
    });
    expect(data?.attributes.db_name).toBeUndefined();
  });

  it('has a security group’s rules as blocks with lists of addresses and numbers as ports', async () => {
    const group = (await all(SHOP)).get('aws_security_group.Group');
    expect(group?.attributes.description).toBe('prod web');
    expect(group?.attributes.ingress).toMatchObject([
      { protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] },
      {
        protocol: '-1',
        from_port: 0,
        to_port: 0,
        security_groups: [{ references: [{ resource: 'aws_security_group.Other' }] }],
      },
    ]);
  });

  it('tells a bucket both as Terraform did before and as it does since version 4', async () => {
    const made = await all(`Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicReadWrite
      VersioningConfiguration: {Status: Enabled}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: k}
            BucketKeyEnabled: true
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: false}
      LoggingConfiguration: {DestinationBucketName: audit, LogFilePrefix: s3/}
`);
    expect(made.get('aws_s3_bucket.Logs')?.attributes).toEqual({
      acl: 'public-read-write',
      versioning: [{ enabled: true }],
      server_side_encryption_configuration: [
        {
          rule: [
            {
              apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: 'k' }],
              bucket_key_enabled: true,
            },
          ],
        },
      ],
      logging: [{ target_bucket: 'audit', target_prefix: 's3/' }],
    });
    const block = made.get('aws_s3_bucket_public_access_block.Logs');
    expect(block?.attributes).toMatchObject({
      block_public_acls: true,
      restrict_public_buckets: false,
      bucket: { references: [{ resource: 'aws_s3_bucket.Logs', attribute: 'id' }] },
    });
    expect(block?.line).toBe(2);
    expect(made.get('aws_s3_bucket_versioning.Logs')?.attributes.versioning_configuration).toEqual([
      { status: 'Enabled' },
    ]);
  });

  it('writes a policy as JSON in which a stack’s own names are spelt', async () => {
    const made = await all(`Resources:
  Logs: {Type: AWS::S3::Bucket}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root'}
            Action: s3:GetObject
            Resource: !Join ['', [!GetAtt Logs.Arn, '/*']]
`);
    const policy = made.get('aws_s3_bucket_policy.Open')?.attributes.policy;
    expect(JSON.parse(policy as string)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::${AWS::AccountId}:root' },
          Action: 's3:GetObject',
          Resource: '${Logs.arn}/*',
        },
      ],
    });
  });

  it('does not spell what a person may set: that policy is unknown', async () => {
    const made = await all(`Parameters:
  Who: {Type: String}
Resources:
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: b
      PolicyDocument: {Statement: [{Effect: Allow, Principal: !Ref Who, Action: '*', Resource: '*'}]}
`);
    const policy = made.get('aws_s3_bucket_policy.Open')?.attributes.policy;
    expect(isUnknown(policy)).toBe(true);
    expect(policy).toMatchObject({ reason: 'parameter "Who" has no value' });
  });

  it('puts policies inside a role beside it, and an inline policy on each that it names', async () => {
    const made = await all(`Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']
      Policies: [{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]
  More:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: more, PolicyDocument: {Statement: []}, Roles: [!Ref Role], Users: [bob]}
`);
    expect([...made.keys()]).toEqual([
      'aws_iam_role.Role',
      'aws_iam_role_policy.Role_0',
      'aws_iam_role_policy_attachment.Role_0',
      'aws_iam_role_policy.More',
      'aws_iam_user_policy.More',
    ]);
    expect(made.get('aws_iam_role_policy.Role_0')?.attributes.policy).toContain('"Action":"*"');
    expect(made.get('aws_iam_role.Role')?.attributes.managed_policy_arns).toBeUndefined();
    expect(made.get('aws_iam_role_policy_attachment.Role_0')?.attributes.policy_arn).toBe(
      'arn:aws:iam::aws:policy/AdministratorAccess',
    );
  });

  it('knows the commoner types of SAM', async () => {
    const text = `Transform: AWS::Serverless-2016-10-31
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs18.x
      Tracing: Active
      Environment: {Variables: {TABLE_NAME: orders}}
      FunctionUrlConfig: {AuthType: NONE}
  Orders: {Type: AWS::Serverless::SimpleTable}
`;
    expect(cloudformationLoader.claims('template.yaml', text)).toBe(true);
    const made = await all(text);
    expect(made.get('aws_lambda_function.Handler')?.attributes).toMatchObject({
      runtime: 'nodejs18.x',
      tracing_config: [{ mode: 'Active' }],
      environment: [{ variables: { TABLE_NAME: 'orders' } }],
    });
    expect(made.get('aws_lambda_function_url.Handler')?.attributes.authorization_type).toBe('NONE');
    expect(made.has('aws_dynamodb_table.Orders')).toBe(true);
  });

  it('is read as JSON, with the line of each logical id', async () => {
    const text = JSON.stringify(
      {
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: {
          K: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: 'true', KeyPolicy: { 'Fn::Sub': 'x' } } },
        },
      },
      null,
      2,
    );
    expect(cloudformationLoader.claims('stack.json', text)).toBe(true);
    const { resources, problems } = await load(text, 'stack.json');
    expect(problems).toEqual([]);
    expect(resources).toMatchObject([
      { id: 'aws_kms_key.K', line: 4, endLine: 12, attributes: { enable_key_rotation: true, policy: 'x' } },
    ]);
  });

  it('is not what another system writes', () => {
    expect(
      cloudformationLoader.claims(
        'ros.yml',
        'ROSTemplateFormatVersion: x\nResources:\n  A: {Type: ALIYUN::ECS::VPC}\n',
      ),
    ).toBe(false);
    expect(cloudformationLoader.claims('deploy.yml', 'apiVersion: v1\nkind: Pod\n')).toBe(false);
  });
});

describe('a condition', () => {
  it('that cannot be told keeps its resource, and a value that hangs on it is unknown', async () => {
    const made = await all(`Parameters:
  Env: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Volume:
    Type: AWS::EC2::Volume
    Condition: IsProd
    Properties: {Encrypted: !If [IsProd, true, false], Size: !If [IsProd, 10, 10]}
`);
    const attributes = made.get('aws_ebs_volume.Volume')?.attributes;
    expect(isUnknown(attributes?.encrypted)).toBe(true);
    expect(attributes?.size).toBe(10);
  });

  it('that refers to itself is one problem, and the rest is read', async () => {
    const { resources, problems } = await load(`Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Condition: A}
`);
    expect(resources).toHaveLength(1);
    expect(problems).toMatchObject([
      { file: 'stack.yml', line: 3, problem: expect.stringContaining('refers to itself') },
    ]);
  });
});
