import { unknown } from '#model/resource.ts';
import { snakeCase } from '../canonical-shape.ts';
import type { Loader } from '../loader.ts';
import { spelt } from '../stack-functions.ts';
import { loadStacks, type StackLanguage } from '../stack-resources.ts';
import { NO_VALUE } from '../stack-template.ts';
import { CLOUDFORMATION_TYPES } from './types/index.ts';

/**
 * AWS CloudFormation templates, YAML (with `!Ref` and the like) or JSON, and the commoner types of SAM (`AWS::Serverless::*`).
 *
 * A resource’s id is `<canonical type>.<logical id>`, its lines those of the logical id. A parameter is its default; `Ref` and
 * `Fn::GetAtt` of a resource are unknown with a reference to it. `AWS::Partition` and `AWS::URLSuffix` are those of the public
 * regions, other pseudo parameters unknown. What the provider keeps apart stands beside its resource (`types/storage.ts` for buckets). Policies are
 * JSON text; in them the parts that a stack fills in with plain identifiers read `${Logs.arn}`, so that they can be judged all the same.
 */
export const cloudformationLoader: Loader = {
  id: 'cloudformation',
  claims: (path, head) =>
    /\.(?:ya?ml|json|template|cfn)$/i.test(path) &&
    !/\bROSTemplateFormatVersion\b/.test(head) &&
    (/\bAWSTemplateFormatVersion\b/.test(head) ||
      /["']?Transform["']?\s*:\s*[^\n]{0,40}AWS::Serverless-/.test(head) ||
      (/\bResources["']?\s*:/.test(head) && /\bType["']?\s*:\s*["']?AWS::\w+::/.test(head))),
  load: async (files) => loadStacks(files, CLOUDFORMATION, { oldBooleans: true }),
};

const CLOUDFORMATION: StackLanguage = {
  provider: 'aws',
  rules: CLOUDFORMATION_TYPES,
  typeOf: (type) => {
    const [vendor, service, ...rest] = type.split('::');
    if (vendor !== 'AWS' || service === undefined || rest.length === 0) return undefined;
    const prefix = SERVICES.get(service) ?? `${service.toLowerCase()}_`;
    return `aws_${prefix}${rest.map(snakeCase).join('_')}`;
  },
  pseudo: (name) => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name === 'AWS::Partition') return 'aws';
    if (name === 'AWS::URLSuffix') return 'amazonaws.com';
    if (!name.startsWith('AWS::')) return undefined;
    return spelt(unknown(`${name.slice(0, 40)} is known after apply`), `\${${name}}`);
  },
  attribute: (type, attribute) => {
    const name = snakeCase(attribute);
    return name === 'group_id' || name === `${snakeCase(type.split('::').at(-1) ?? '')}_id` ? 'id' : name;
  },
};

/** Services that the provider calls otherwise than by their name in small letters. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['EC2', ''],
  ['RDS', 'db_'],
  ['ElasticLoadBalancing', 'elb_'],
  ['ElasticLoadBalancingV2', 'lb_'],
  ['Logs', 'cloudwatch_log_'],
  ['Events', 'cloudwatch_event_'],
  ['CertificateManager', 'acm_'],
  ['StepFunctions', 'sfn_'],
  ['KinesisFirehose', 'kinesis_firehose_'],
  ['OpenSearchService', 'opensearch_'],
  ['AmazonMQ', 'mq_'],
  ['ElasticBeanstalk', 'elastic_beanstalk_'],
  ['Cassandra', 'keyspaces_'],
]);
