import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUnknown, type Resource } from '#model/resource.ts';
import { rosLoader } from './index.ts';

const load = (text: string, path = 'stack.yml') => rosLoader.load([{ path, text }]);

const one = async (text: string, type: string): Promise<Resource> => {
  const { resources } = await load(text);
  const found = resources.find((resource) => resource.type === type);
  if (found === undefined) throw new Error(`no ${type} among ${resources.map((resource) => resource.id).join(', ')}`);
  return found;
};

describe('a ROS template', () => {
  it('becomes resources in Terraform’s words, with the lines of their logical ids', async () => {
    const bucket = await one(
      `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Logs:
    Type: ALIYUN::OSS::Bucket
    Properties:
      BucketName: shop-logs
      AccessControl: public-read
      ServerSideEncryptionConfiguration:
        SSEAlgorithm: KMS
      Tags:
        - Key: env
          Value: prod
`,
      'alicloud_oss_bucket',
    );
    expect(bucket).toEqual({
      provider: 'alicloud',
      type: 'alicloud_oss_bucket',
      id: 'alicloud_oss_bucket.Logs',
      name: 'Logs',
      file: 'stack.yml',
      line: 3,
      endLine: 12,
      attributes: {
        bucket: 'shop-logs',
        acl: 'public-read',
        server_side_encryption_rule: [{ sse_algorithm: 'KMS' }],
        tags: { env: 'prod' },
      },
    });
  });

  it('is read as JSON too', async () => {
    const text =
      '{\n\t"ROSTemplateFormatVersion": "2015-09-01",\n\t"Resources": {\n\t\t"V": {"Type": "ALIYUN::ECS::VPC", "Properties": {"CidrBlock": "10.0.0.0/8"}}\n\t}\n}\n';
    expect(rosLoader.claims('stack.json', text)).toBe(true);
    const { resources, problems } = await load(text, 'stack.json');
    expect(problems).toEqual([]);
    expect(resources).toMatchObject([
      { id: 'alicloud_vpc.V', line: 4, endLine: 4, attributes: { cidr_block: '10.0.0.0/8' } },
    ]);
  });

  it('keeps the rules inside a security group as resources that refer to it', async () => {
    const rule = await one(
      `Resources:
  Group:
    Type: ALIYUN::ECS::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - IpProtocol: TCP
          PortRange: 22/22
          SourceCidrIp: 0.0.0.0/0
`,
      'alicloud_security_group_rule',
    );
    expect(rule.attributes).toMatchObject({
      type: 'ingress',
      ip_protocol: 'tcp',
      port_range: '22/22',
      cidr_ip: '0.0.0.0/0',
    });
    expect(rule.attributes.security_group_id).toMatchObject({
      references: [{ resource: 'alicloud_security_group.Group', attribute: 'id' }],
    });
  });

  it('takes a parameter’s default, and is unknown where there is none', async () => {
    const instance = await one(
      `Parameters:
  Kind: {Type: String, Default: ecs.g6.large}
  Image: {Type: String}
Resources:
  Web:
    Type: ALIYUN::ECS::Instance
    Properties:
      InstanceType: {Ref: Kind}
      ImageId: {Ref: Image}
`,
      'alicloud_instance',
    );
    expect(instance.attributes.instance_type).toBe('ecs.g6.large');
    expect(instance.attributes.image_id).toMatchObject({ reason: 'parameter "Image" has no value', references: [] });
  });

  it('says nothing of a resource whose condition is false, nor of a data source', async () => {
    const { resources } = await load(`Parameters:
  Env: {Type: String, Default: test}
Conditions:
  IsProd: {Fn::Equals: [prod, {Ref: Env}]}
Resources:
  Only: {Type: ALIYUN::ECS::VPC, Condition: IsProd}
  Always: {Type: ALIYUN::ECS::VPC}
  Zones: {Type: DATASOURCE::ECS::Zones}
`);
    expect(resources.map((resource) => resource.id)).toEqual(['alicloud_vpc.Always']);
  });
});

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpora/infraguard-alicloud');
describe.skipIf(!existsSync(CORPUS))('real templates (skipped where ../shared/corpora is absent)', () => {
  it('all load without a problem, each resource on the line where its logical id is written', async () => {
    const files = readdirSync(CORPUS).flatMap((rule) =>
      ['compliant', 'violation']
        .map((kind) => join(CORPUS, rule, 'ros', `${kind}.yaml`))
        .filter((path) => existsSync(path))
        .map((path) => ({ path, text: readFileSync(path, 'utf8') })),
    );
    expect(files.length).toBeGreaterThan(400);
    expect(files.filter((file) => !rosLoader.claims(file.path, file.text.slice(0, 65_536)))).toEqual([]);
    const { resources, problems } = await rosLoader.load(files);
    expect(problems).toEqual([]);
    const lines = new Map(files.map((file) => [file.path, file.text.split('\n')]));
    for (const resource of resources) {
      expect(lines.get(resource.file ?? '')?.[(resource.line ?? 0) - 1]).toContain(`${resource.name}:`);
      expect(isUnknown(resource.attributes)).toBe(false);
    }
    expect(resources.length).toBeGreaterThan(428);
  });
});
