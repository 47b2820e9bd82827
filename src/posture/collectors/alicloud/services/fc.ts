import type { Call, Service } from '../../collector.ts';
import { at, block, flag, mustText, number, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byToken } from '../paging.ts';

/** Functions: https://help.aliyun.com/zh/functioncompute/fc/developer-reference/api-fc-2023-03-30-overview */
export const fc: Service<AlicloudApi> = {
  id: 'fc',
  where: 'regions',
  calls: {
    functions: listed('ListFunctions', 'functions', ['fc:GetFunction', 'fc:GetService', 'fc:ListServices']),
    domains: listed('ListCustomDomains', 'custom-domains', ['fc:GetCustomDomain'], 'customDomains'),
    triggers: {
      permission: 'fc:ListTriggers',
      serves: ['fc:GetTrigger'],
      api: {
        product: 'fc',
        version: '2023-03-30',
        action: 'ListTriggers',
        path: '/2023-03-30/functions/{functionName}/triggers',
      },
      of: 'functions',
      params: ({ item }) => ({ functionName: textAt(item, 'functionName') ?? '' }),
      items: 'triggers',
      next: byToken('nextToken'),
    },
  },
  kinds: [
    {
      type: 'alicloud_fcv3_function',
      call: 'functions',
      id: (item) => textAt(item, 'functionArn') ?? textAt(item, 'functionName'),
      name: text('functionName'),
      attributes: {
        function_name: text('functionName'),
        runtime: mustText('runtime'),
        handler: text('handler'),
        role: text('role'),
        timeout: number('timeout'),
        instance_concurrency: number('instanceConcurrency'),
        internet_access: flag('internetAccess'),
        vpc_config: (item, subject, items) =>
          textAt(item, 'vpcConfig.vpcId') === undefined
            ? undefined
            : block({
                vpc_id: text('vpcConfig.vpcId'),
                vswitch_ids: texts('vpcConfig.vSwitchIds'),
                security_group_id: text('vpcConfig.securityGroupId'),
              })(item, subject, items),
        log_config: (item, subject, items) =>
          textAt(item, 'logConfig.project') === undefined
            ? undefined
            : block({ project: text('logConfig.project'), logstore: text('logConfig.logstore') })(item, subject, items),
        tracing_config: (item) => {
          const type = textAt(item, 'tracingConfig.type');
          return type === undefined ? undefined : [{ type }];
        },
        // Values of variables are left where they are; the names tell enough.
        environment_variable_names: (item) => Object.keys(at(item, 'environmentVariables') ?? {}),
      },
      synonyms: ['trace_config'],
      holds: ['alicloud_fc_function', 'alicloud_fc_service'],
    },
    {
      type: 'alicloud_fcv3_custom_domain',
      call: 'domains',
      id: text('domainName'),
      name: text('domainName'),
      attributes: {
        custom_domain_name: text('domainName'),
        protocol: mustText('protocol'),
        cert_config: (item) => {
          const name = textAt(item, 'certConfig.certName');
          return name === undefined ? undefined : [{ cert_name: name }];
        },
        tls_config: (item) => {
          const version = textAt(item, 'tlsConfig.minVersion');
          return version === undefined ? undefined : [{ min_version: version }];
        },
      },
      holds: ['alicloud_fc_custom_domain'],
    },
    {
      type: 'alicloud_fcv3_trigger',
      call: 'triggers',
      id: (trigger, { parent }) =>
        `${textAt(parent?.item, 'functionName') ?? ''}:${textAt(trigger, 'triggerName') ?? ''}`,
      name: text('triggerName'),
      attributes: { trigger_type: mustText('triggerType'), trigger_config: text('triggerConfig') },
      ofParent: { function_name: text('functionName') },
      synonyms: ['type', 'config'],
      holds: ['alicloud_fc_trigger'],
    },
  ],
};

function listed(action: string, path: string, serves: readonly string[], items = path): Call<AlicloudApi> {
  return {
    permission: `fc:${action}`,
    serves,
    api: { product: 'fc', version: '2023-03-30', action, path: `/2023-03-30/${path}` },
    params: () => ({ limit: 100 }),
    items,
    next: byToken('nextToken'),
  };
}
