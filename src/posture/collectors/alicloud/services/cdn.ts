import type { Service } from '../../collector.ts';
import { blocks, listAt, mustText, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { about, numbered } = callsOf('cdn', '2018-05-10');

/** Content delivery: https://help.aliyun.com/zh/cdn/developer-reference/api-cdn-2018-05-10-overview */
export const cdn: Service<AlicloudApi> = {
  id: 'cdn',
  where: 'account',
  calls: {
    domains: numbered('DescribeUserDomains', 'Domains.PageData', { size: 500 }),
    configs: about('domains', 'DescribeCdnDomainConfigs', 'DomainName', {
      items: 'DomainConfigs.DomainConfig',
    }),
  },
  kinds: [
    {
      type: 'alicloud_cdn_domain_new',
      call: 'domains',
      id: text('DomainName'),
      name: text('DomainName'),
      attributes: {
        domain_name: mustText('DomainName'),
        cdn_type: text('CdnType'),
        status: text('DomainStatus'),
        certificate_config: (domain) => [
          { server_certificate_status: textAt(domain, 'SslProtocol') === 'on' ? 'on' : 'off' },
        ],
        ssl_protocol: text('SslProtocol'),
        sources: blocks('Sources.Source', { type: text('Type'), content: text('Content'), port: text('Port') }),
      },
      synonyms: ['source_type'],
      holds: ['alicloud_cdn_domain'],
    },
    {
      type: 'alicloud_cdn_domain_config',
      call: 'configs',
      id: (config, { parent }) =>
        `${textAt(parent?.item, 'DomainName') ?? ''}:${textAt(config, 'FunctionName') ?? ''}:${textAt(config, 'ConfigId') ?? ''}`,
      name: text('FunctionName'),
      attributes: {
        function_name: mustText('FunctionName'),
        function_args: (config) =>
          listAt(config, 'FunctionArgs.FunctionArg').flatMap((one) => {
            const name = textAt(one, 'ArgName') ?? '';
            // Keys of signed addresses and the like stay where they are.
            const value = /key|secret|token|password/i.test(name) ? '(hidden)' : (textAt(one, 'ArgValue') ?? '');
            return [{ arg_name: name, arg_value: value }];
          }),
        status: text('Status'),
      },
      ofParent: { domain_name: text('DomainName') },
    },
  ],
};
