import { describe, expect, it } from 'vitest';
import { terraformStateLoader } from './index.ts';

const STATE = {
  version: 4,
  terraform_version: '1.9.5',
  serial: 3,
  lineage: '8d1c2f0e',
  outputs: { secret: { value: 'output-secret', type: 'string', sensitive: true } },
  resources: [
    {
      mode: 'managed',
      type: 'alicloud_db_instance',
      name: 'shop',
      provider: 'provider["registry.terraform.io/aliyun/alicloud"]',
      instances: [
        {
          index_key: 'a',
          attributes: {
            id: 'rm-1',
            engine: 'MySQL',
            security_ips: ['0.0.0.0/0'],
            parameters: [],
            password: 'hunter2',
            kms_encryption_context: { token: 'inner-secret' },
            connection_string: 'rm-1.example:3306',
            note: null,
          },
          sensitive_attributes: [[{ type: 'get_attr', value: 'connection_string' }]],
        },
      ],
    },
    {
      module: 'module.net[0]',
      mode: 'managed',
      type: 'alicloud_vpc',
      name: 'main',
      instances: [{ index_key: 1, attributes: { id: 'vpc-1' } }, { attributes: { id: 'vpc-2' } }],
    },
    { mode: 'data', type: 'alicloud_zones', name: 'z', instances: [{ attributes: {} }] },
    { mode: 'managed', type: 'random_id', name: 'r', instances: [{ attributes: {} }] },
  ],
};

const load = (text: string) => terraformStateLoader.load([{ path: 'terraform.tfstate', text }]);

describe('a Terraform state', () => {
  it('has its managed resources by address', async () => {
    const { resources, problems } = await load(JSON.stringify(STATE));
    expect(problems).toEqual([]);
    expect(resources.map(({ id }) => id)).toEqual([
      'alicloud_db_instance.shop["a"]',
      'module.net[0].alicloud_vpc.main[1]',
      'module.net[0].alicloud_vpc.main',
    ]);
  });

  it('keeps what checks ask and masks what is secret', async () => {
    const { resources } = await load(JSON.stringify(STATE));
    expect(resources[0]?.attributes).toEqual({
      id: 'rm-1',
      engine: 'MySQL',
      security_ips: ['0.0.0.0/0'],
      password: '********',
      kms_encryption_context: { token: '********' },
      connection_string: '********',
    });
    expect(JSON.stringify(resources)).not.toMatch(/hunter2|inner-secret|output-secret/);
  });

  it('is claimed by what it says, not by its name alone', () => {
    expect(terraformStateLoader.claims('x.tfstate', JSON.stringify(STATE).slice(0, 200))).toBe(true);
    expect(terraformStateLoader.claims('x.json', '{"version": 4, "name": "y"}')).toBe(false);
  });

  it('that is broken or of another version is one problem', async () => {
    for (const text of ['{"version": 4, "lineage": ', '{"version": 3, "lineage": "x"}']) {
      const { resources, problems } = await load(text);
      expect(resources).toEqual([]);
      expect(problems).toHaveLength(1);
    }
  });
});
