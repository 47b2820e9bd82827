import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Service } from '../../collector.ts';
import { at, block, listAt, MissingField, number, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { neverSet } from '../attributes.ts';
import { callsOf, maybe } from '../calls.ts';

const { list, about, listAbout } = callsOf('lambda', 'lambda', 15, { token: 'NextMarker', as: 'Marker' });
const OF_FUNCTION = { FunctionName: 'FunctionName' };

/** Functions: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export const lambda: Service<AwsApi> = {
  id: 'lambda',
  where: 'regions',
  calls: {
    functions: { ...list('ListFunctions', 'Functions'), serves: ['lambda:GetFunctionConfiguration'] },
    signing: about('functions', 'GetFunctionCodeSigningConfig', OF_FUNCTION),
    concurrency: about('functions', 'GetFunctionConcurrency', OF_FUNCTION),
    policy: about('functions', 'GetPolicy', OF_FUNCTION, {
      items: statementsOf,
      nothing: ['ResourceNotFoundException'],
    }),
    urls: listAbout('functions', 'ListFunctionUrlConfigs', OF_FUNCTION, maybe('FunctionUrlConfigs')),
  },
  kinds: [
    {
      type: 'aws_lambda_function',
      call: 'functions',
      id: text('FunctionArn'),
      name: text('FunctionName'),
      attributes: {
        arn: text('FunctionArn'),
        function_name: text('FunctionName'),
        runtime: text('Runtime'),
        role: text('Role'),
        kms_key_arn: text('KMSKeyArn'),
        package_type: text('PackageType'),
        environment: (item) => {
          const variables = at(item, 'Environment.Variables');
          if (textAt(item, 'Environment.Error.ErrorCode') !== undefined)
            throw new MissingField('Environment.Variables');
          if (!isJsonObject(variables) || Object.keys(variables).length === 0) return undefined;
          return [
            { variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])) },
          ];
        },
        vpc_config: (item) =>
          listAt(item, 'VpcConfig.SubnetIds').length === 0
            ? undefined
            : [
                {
                  subnet_ids: listAt(item, 'VpcConfig.SubnetIds').map(String),
                  security_group_ids: listAt(item, 'VpcConfig.SecurityGroupIds').map(String),
                },
              ],
        dead_letter_config: block({ target_arn: text('DeadLetterConfig.TargetArn') }),
        tracing_config: block({ mode: text('TracingConfig.Mode') }),
      },
      more: [
        { call: 'signing', attributes: { code_signing_config_arn: text('CodeSigningConfigArn') } },
        {
          call: 'concurrency',
          attributes: { reserved_concurrent_executions: number('ReservedConcurrentExecutions') },
        },
      ],
      synonyms: neverSet(['vpc_config']),
    },
    {
      type: 'aws_lambda_permission',
      call: 'policy',
      id: (statement, { parent }) => `${textAt(parent?.item, 'FunctionArn') ?? ''}:${textAt(statement, 'Sid') ?? ''}`,
      name: text('Sid'),
      attributes: {
        statement_id: text('Sid'),
        action: text('Action'),
        principal: (statement) =>
          textAt(statement, 'Principal') ??
          textAt(statement, 'Principal.Service') ??
          textAt(statement, 'Principal.AWS') ??
          textAt(statement, 'Principal.Federated'),
        source_arn: (statement) => conditionOf(statement, 'aws:sourcearn'),
        source_account: (statement) => conditionOf(statement, 'aws:sourceaccount'),
        principal_org_id: (statement) => conditionOf(statement, 'aws:principalorgid'),
      },
      ofParent: { function_name: text('FunctionArn') },
    },
    {
      type: 'aws_lambda_function_url',
      call: 'urls',
      id: text('FunctionUrl'),
      name: text('FunctionUrl'),
      attributes: { authorization_type: text('AuthType'), function_url: text('FunctionUrl') },
      ofParent: { function_name: text('FunctionName') },
    },
  ],
};

/** What the policy of a function allows, statement by statement, as Terraform writes it. */
function statementsOf(answer: unknown): readonly unknown[] {
  const policy = textAt(answer, 'Policy');
  if (policy === undefined) return [];
  const read = parseJson(policy);
  if (!read.ok || !isJsonObject(read.value)) throw new MissingField('a policy that can be read');
  return listAt(read.value, 'Statement').filter((one) => textAt(one, 'Effect') === 'Allow');
}

function conditionOf(statement: unknown, key: string): string | undefined {
  const conditions = at(statement, 'Condition');
  if (!isJsonObject(conditions)) return undefined;
  for (const limits of Object.values(conditions)) {
    if (!isJsonObject(limits)) continue;
    const name = Object.keys(limits).find((one) => one.toLowerCase() === key);
    if (name !== undefined) return listAt({ values: limits[name] }, 'values').map(String)[0];
  }
  return undefined;
}
