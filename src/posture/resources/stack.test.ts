import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudformationLoader } from './cloudformation/index.ts';
import { kubernetesLoader } from './kubernetes/index.ts';
import { rosLoader } from './ros/index.ts';
import { cycleOf } from './stack-cycles.ts';

const ros = (text: string) => rosLoader.load([{ path: 'stack.yml', text }]);

const value = async (expression: string, rest = ''): Promise<unknown> => {
  const { resources, problems } = await ros(`${rest}
Resources:
  Web: {Type: ALIYUN::ECS::VPC}
  It:
    Type: ALIYUN::ECS::VPC
    Properties:
      Description: ${expression}
`);
  expect(problems).toEqual([]);
  return resources.find(({ name }) => name === 'It')?.attributes.description;
};

describe('a function of a template', () => {
  it.each([
    [`{Fn::Join: ['-', [a, b, {Ref: P}]]}`, 'a-b-x'],
    [`{Fn::Select: [1, [a, b]]}`, 'b'],
    [`{Fn::Select: ['9', [a, b], none]}`, 'none'],
    [`{Fn::Split: [';', 'a;b']}`, ['a', 'b']],
    [`{Fn::Sub: 'is \${P} and \${!P}'}`, 'is x and ${P}'],
    [`{Fn::Sub: ['\${V}-\${P}', {V: {Ref: P}}]}`, 'x-x'],
    [`{Fn::FindInMap: [M, {Ref: P}, size]}`, 'large'],
    [`{Fn::Replace: [{a: b}, 'banana']}`, 'bbnbnb'],
    [`{Fn::Str: 5}`, '5'],
    [`{Fn::Base64Encode: plain}`, 'plain'],
    [`{Fn::If: [Big, yes, no]}`, 'yes'],
    [`{Fn::If: [{Fn::And: [Big, {Fn::Not: Big}]}, yes, no]}`, 'no'],
    [`{Fn::If: [{Fn::Or: [{Fn::Equals: [1, '1']}, Big]}, yes, no]}`, 'yes'],
    [`{Fn::Add: [1, 2]}`, 3],
    [`{Fn::Length: [a, b]}`, 2],
    [`{Ref: ALIYUN::NoValue}`, undefined],
  ])('%s', async (expression, expected) => {
    const made = await value(
      expression,
      `Parameters: {P: {Type: String, Default: x}}\nMappings: {M: {x: {size: large}}}\nConditions: {Big: {Fn::Equals: [x, {Ref: P}]}}`,
    );
    expect(made).toEqual(expected);
  });

  it.each([
    [`{Ref: Web}`, 'known after apply'],
    [`{Fn::GetAtt: [Web, VpcId]}`, 'known after apply'],
    [`{Fn::Join: [':', [acs, {Ref: Web}]]}`, 'known after apply'],
    [`{Fn::GetAZs: {Ref: ALIYUN::Region}}`, 'Fn::GetAZs is known after apply'],
    [`{Ref: ALIYUN::Region}`, 'ALIYUN::Region is known after apply'],
    [`{Fn::Sub: '\${Nobody}!'}`, '"Nobody" is not defined in the template'],
    [`{Ref: Nobody}`, '"Nobody" is not defined in the template'],
    [`{Fn::FindInMap: [M, {Ref: ALIYUN::Region}, size]}`, 'ALIYUN::Region is known after apply'],
  ])('%s is unknown, and says what is missing', async (expression, reason) => {
    expect(await value(expression)).toMatchObject({ reason });
  });

  it('keeps the resources that an unknown text is made of', async () => {
    expect(await value(`{Fn::Sub: '\${Web.VpcId}/\${Web.RouterId}'}`)).toMatchObject({
      references: [
        { resource: 'alicloud_vpc.Web', attribute: 'id' },
        { resource: 'alicloud_vpc.Web', attribute: 'router_id' },
      ],
    });
  });
});

describe('a count', () => {
  it('makes as many, each with its own index, and what refers to them refers to all', async () => {
    const { resources } = await ros(`Resources:
  Node:
    Type: ALIYUN::ECS::Instance
    Count: 2
    Properties: {InstanceName: {Fn::Sub: 'node-\${ALIYUN::Index}'}}
  Ip:
    Type: ALIYUN::VPC::EIPAssociation
    Properties: {InstanceId: {Ref: Node}}
  None: {Type: ALIYUN::ECS::VPC, Count: 0}
`);
    expect(resources.map(({ id, attributes }) => [id, attributes.instance_name])).toEqual([
      ['alicloud_instance.Node[0]', 'node-0'],
      ['alicloud_instance.Node[1]', 'node-1'],
      ['alicloud_eip_association.Ip', undefined],
    ]);
    expect(resources[2]?.attributes.instance_id).toMatchObject({
      references: [{ resource: 'alicloud_instance.Node[0]' }, { resource: 'alicloud_instance.Node[1]' }],
    });
  });

  it('without measure stays bounded', async () => {
    const { resources } = await ros('Resources:\n  V: {Type: ALIYUN::ECS::VPC, Count: 1000000000}\n');
    expect(resources).toHaveLength(100);
  });
});

describe('a bad template', () => {
  it.each([
    ['Resources that are a list', 'ROSTemplateFormatVersion: x\nResources:\n  - Type: ALIYUN::ECS::VPC\n', 3, 0],
    ['no Resources', 'ROSTemplateFormatVersion: x\n', 1, 0],
    ['a resource without a type', 'Resources:\n  A: {Properties: {}}\n  B: {Type: ALIYUN::ECS::VPC}\n', 2, 1],
    ['a resource that is a text', 'Resources:\n  A: text\n  B: {Type: ALIYUN::ECS::VPC}\n', 2, 1],
    ['a logical id twice', 'Resources:\n  A: {Type: ALIYUN::ECS::VPC}\n  A: {Type: ALIYUN::ECS::VPC}\n', 3, 1],
    [
      'resources in a circle',
      'Resources:\n  A: {Type: ALIYUN::ECS::VPC, Properties: {X: {Ref: B}}}\n  B: {Type: ALIYUN::ECS::VPC, Properties: {X: {Fn::GetAtt: [A, VpcId]}}}\n',
      2,
      2,
    ],
    [
      'a local that names itself',
      'Locals:\n  L: {Value: {Ref: L}}\nResources:\n  A:\n    Type: ALIYUN::ECS::VPC\n    Properties: {X: {Ref: L}}\n',
      2,
      1,
    ],
  ])('is one problem, and the rest is loaded (%s)', async (_name, text, line, left) => {
    const { resources, problems } = await ros(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'stack.yml', line });
    expect(resources).toHaveLength(left);
  });

  it('that doubles itself in each local ends, and soon', async () => {
    const locals = Array.from(
      { length: 60 },
      (_, n) => `  L${n + 1}: {Value: {Fn::Join: ['', [{Ref: L${n}}, {Ref: L${n}}]]}}`,
    );
    const before = performance.now();
    const { resources } = await ros(
      `Locals:\n  L0: {Value: x}\n${locals.join('\n')}\nResources:\n  A: {Type: ALIYUN::ECS::VPC, Properties: {X: {Ref: L60}}}\n`,
    );
    expect(resources).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('with a name of a megabyte is read in no more time than it is long', async () => {
    const before = performance.now();
    const name = 'A'.repeat(500_000);
    const { resources } = await ros(
      `Resources:\n  V: {Type: ALIYUN::ECS::VPC, Properties: {"${name}": 1}}\n  W: {Type: "ALIYUN::X::${name}"}\n`,
    );
    expect(resources).toHaveLength(2);
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('never throws, whatever stands where, in any language', async () => {
    const word = fc.constantFrom(
      'A',
      'B',
      'ALIYUN::ECS::Instance',
      'AWS::S3::Bucket',
      'ALIYUN::ECS::SecurityGroup',
      'x',
      '${A.b}',
      '${!x}',
      '0',
      '-1',
      'true',
      '__proto__',
      'constructor',
    );
    const key = fc.constantFrom(
      'Ref',
      'Fn::Sub',
      'Fn::Join',
      'Fn::If',
      'Fn::GetAtt',
      'Fn::Select',
      'Fn::FindInMap',
      'Fn::Equals',
      'Fn::And',
      'Condition',
      'Count',
      'Properties',
      'Type',
      'Tags',
      'Statement',
      'SecurityGroupIngress',
      'Policies',
      'A',
      'B',
      'metadata',
      'spec',
      'items',
      'containers',
      'kind',
      'selector',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        word,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const section = fc.dictionary(key, tree, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(section, section, section, tree, async (parameters, conditions, properties, root) => {
        const template = {
          Parameters: parameters,
          Conditions: conditions,
          Mappings: root,
          Locals: parameters,
          Resources: {
            A: { Type: 'ALIYUN::ECS::SecurityGroup', Condition: 'A', Properties: properties },
            B: { Type: 'AWS::S3::Bucket', Properties: properties },
            C: root,
          },
        };
        const manifest = { apiVersion: 'v1', kind: 'Deployment', metadata: root, spec: properties, items: root };
        for (const [loader, text] of [
          [rosLoader, JSON.stringify(template)],
          [cloudformationLoader, JSON.stringify(template)],
          [kubernetesLoader, JSON.stringify(manifest)],
          [kubernetesLoader, JSON.stringify(root)],
        ] as const) {
          const { resources } = await loader.load([{ path: 'a.json', text }]);
          expect(resources.every(({ id, type }) => id !== '' && type !== '')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a circle', () => {
  it('is found at the end of a long way, without deep recursion', () => {
    const chain = new Map(Array.from({ length: 50_000 }, (_, n) => [`r${n}`, new Set([`r${n + 1}`])]));
    expect(cycleOf(chain)).toBeUndefined();
    chain.set('r50000', new Set(['r49999']));
    expect(cycleOf(chain)).toEqual(['r49999', 'r50000']);
  });

  it('is not where two ways meet', () => {
    expect(
      cycleOf(
        new Map([
          ['a', new Set(['b', 'c'])],
          ['b', new Set(['d'])],
          ['c', new Set(['d'])],
        ]),
      ),
    ).toBeUndefined();
  });
});
