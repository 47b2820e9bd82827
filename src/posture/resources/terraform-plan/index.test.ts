import { describe, expect, it } from 'vitest';
import { isUnknown } from '#model/resource.ts';
import { terraformPlanLoader } from './index.ts';

const PLAN = {
  format_version: '1.2',
  terraform_version: '1.9.5',
  planned_values: {
    root_module: {
      resources: [
        {
          address: 'aws_s3_bucket.logs',
          mode: 'managed',
          type: 'aws_s3_bucket',
          name: 'logs',
          values: { bucket: 'shop-logs', policy: null, versioning: [], tags: { owner: 'ops' } },
          sensitive_values: { tags: {} },
        },
        {
          address: 'aws_s3_bucket_acl.logs[0]',
          mode: 'managed',
          type: 'aws_s3_bucket_acl',
          name: 'logs',
          index: 0,
          values: { acl: 'public-read' },
        },
        { address: 'data.aws_ami.x', mode: 'data', type: 'aws_ami', name: 'x', values: {} },
      ],
      child_modules: [
        {
          address: 'module.db',
          resources: [
            {
              address: 'module.db.aws_db_instance.it["a"]',
              mode: 'managed',
              type: 'aws_db_instance',
              name: 'it',
              index: 'a',
              values: {
                username: 'chief-admin',
                password: 'correct-horse',
                parameter: [{ name: 'x', value: 'battery-staple' }],
                vpc_security_group_ids: [],
                port: 3306,
              },
              sensitive_values: { parameter: [{ value: true }] },
            },
          ],
        },
      ],
    },
  },
  resource_changes: [
    { address: 'aws_s3_bucket.logs', change: { actions: ['create'], after_unknown: { id: true, arn: true } } },
    { address: 'aws_s3_bucket_acl.logs[0]', change: { actions: ['create'], after_unknown: { bucket: true } } },
    {
      address: 'module.db.aws_db_instance.it["a"]',
      change: {
        after_unknown: { kms_key_id: true, vpc_security_group_ids: [true] },
        after_sensitive: { username: true },
      },
    },
  ],
  configuration: {
    provider_config: {
      aws: {
        name: 'aws',
        expressions: { access_key: { constant_value: 'AKIAEXAMPLE' }, region: { constant_value: 'eu-west-1' } },
      },
    },
    root_module: {
      resources: [
        {
          address: 'aws_s3_bucket_acl.logs',
          expressions: { bucket: { references: ['aws_s3_bucket.logs.id', 'aws_s3_bucket.logs'] } },
        },
      ],
      module_calls: {
        db: {
          expressions: { key: { references: ['module.key.arn', 'module.key'] } },
          module: {
            resources: [
              {
                address: 'aws_db_instance.it',
                expressions: {
                  kms_key_id: { references: ['var.key'] },
                  vpc_security_group_ids: { references: ['aws_security_group.db.id', 'aws_security_group.db'] },
                },
              },
            ],
          },
        },
        key: {
          module: {
            outputs: { arn: { expression: { references: ['aws_kms_key.it.arn', 'aws_kms_key.it'] } } },
            resources: [{ address: 'aws_kms_key.it' }],
          },
        },
      },
    },
  },
};

const load = (text: string) => terraformPlanLoader.load([{ path: 'plan.json', text }]);

describe('a Terraform plan', () => {
  it('is told from other JSON by its beginning', () => {
    expect(terraformPlanLoader.claims('p.json', JSON.stringify(PLAN).slice(0, 500))).toBe(true);
    expect(terraformPlanLoader.claims('package.json', '{"name": "x", "version": "1.0.0"}')).toBe(false);
  });

  it('has the managed resources of all modules, without what is null or an empty list of blocks', async () => {
    const { resources, problems } = await load(JSON.stringify(PLAN));
    expect(problems).toEqual([]);
    expect(resources.map(({ id }) => id)).toEqual([
      'provider.aws',
      'aws_s3_bucket.logs',
      'aws_s3_bucket_acl.logs[0]',
      'module.db.aws_db_instance.it["a"]',
    ]);
    expect(resources[1]).toMatchObject({ type: 'aws_s3_bucket', name: 'logs', file: 'plan.json', root: 'plan.json' });
    expect(Object.keys(resources[1]?.attributes ?? {})).toEqual(['bucket', 'tags', 'id', 'arn']);
  });

  it('links what is known after apply, through variables and outputs of modules', async () => {
    const { resources } = await load(JSON.stringify(PLAN));
    const at = (id: string, name: string) => {
      const value = resources.find((one) => one.id === id)?.attributes[name];
      const [first] = Array.isArray(value) ? value : [value];
      return isUnknown(first) ? first.references : undefined;
    };
    expect(at('aws_s3_bucket_acl.logs[0]', 'bucket')).toEqual([{ resource: 'aws_s3_bucket.logs', attribute: 'id' }]);
    expect(at('module.db.aws_db_instance.it["a"]', 'kms_key_id')).toEqual([
      { resource: 'module.key.aws_kms_key.it', attribute: 'arn' },
    ]);
    expect(at('module.db.aws_db_instance.it["a"]', 'vpc_security_group_ids')).toEqual([
      { resource: 'module.db.aws_security_group.db', attribute: 'id' },
    ]);
  });

  it('gives no secret away, neither one that is marked nor one whose name tells', async () => {
    const { resources } = await load(JSON.stringify(PLAN));
    const text = JSON.stringify(resources);
    for (const secret of ['correct-horse', 'battery-staple', 'AKIAEXAMPLE', 'chief-admin'])
      expect(text).not.toContain(secret);
    expect(resources.at(-1)?.attributes).toMatchObject({ password: '********', port: 3306 });
  });

  it.each([
    ['{"format_version": "1.2", "planned_values": ', 'no JSON'],
    [
      '{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": 7}]}}}',
      'not of the documented shape',
    ],
    [`{"format_version": "1.2", "planned_values": ${'['.repeat(5_000)}`, 'no JSON'],
  ])('that is broken is one problem and never shows what is in it', async (text, words) => {
    const { resources, problems } = await load(text);
    expect(resources).toEqual([]);
    expect(problems).toMatchObject([{ file: 'plan.json', problem: expect.stringContaining(words) }]);
  });
});
