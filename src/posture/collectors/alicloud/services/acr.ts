import type { Service } from '../../collector.ts';
import { flag, listAt, MissingField, mustText, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';
import { byNumber } from '../paging.ts';

const { about, numbered } = callsOf('cr', '2018-12-01');
const PAGE = { number: 'PageNo' } as const;

/** Image registries (Enterprise Edition): https://help.aliyun.com/zh/acr/developer-reference/api-cr-2018-12-01-overview */
export const acr: Service<AlicloudApi> = {
  id: 'cr',
  where: 'regions',
  calls: {
    instances: { ...numbered('ListInstance', 'Instances', { ...PAGE, size: 30 }), serves: ['cr:GetInstance'] },
    endpoint: about('instances', 'GetInstanceEndpoint', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', EndpointType: 'internet' }),
      items: openTo,
    }),
    namespaces: about('instances', 'ListNamespace', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', PageSize: 100 }),
      items: 'Namespaces',
      next: byNumber('TotalCount', 'PageNo'),
    }),
    repositories: about('instances', 'ListRepository', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', PageSize: 100 }),
      items: 'Repositories',
      next: byNumber('TotalCount', 'PageNo'),
    }),
    scanRules: about('instances', 'ListScanRule', 'InstanceId', {
      params: ({ item }) => ({ InstanceId: textAt(item, 'InstanceId') ?? '', PageSize: 100 }),
      items: 'ScanRules',
      next: byNumber('TotalCount', 'PageNo'),
    }),
  },
  kinds: [
    {
      type: 'alicloud_cr_ee_instance',
      call: 'instances',
      id: text('InstanceId'),
      name: text('InstanceName'),
      attributes: {
        instance_name: text('InstanceName'),
        instance_type: text('InstanceSpecification'),
        status: text('InstanceStatus'),
      },
    },
    {
      type: 'alicloud_cr_endpoint_acl_policy',
      call: 'endpoint',
      id: (entry, { parent }) => `${textAt(parent?.item, 'InstanceId') ?? ''}:internet:${textAt(entry, 'Entry') ?? ''}`,
      attributes: { entry: mustText('Entry'), description: text('Comment') },
      ofParent: { instance_id: text('InstanceId') },
    },
    {
      type: 'alicloud_cr_ee_namespace',
      call: 'namespaces',
      id: (namespace, { parent }) =>
        `${textAt(parent?.item, 'InstanceId') ?? ''}:${textAt(namespace, 'NamespaceName') ?? ''}`,
      name: text('NamespaceName'),
      attributes: {
        name: text('NamespaceName'),
        auto_create: flag('AutoCreateRepo'),
        default_visibility: mustText('DefaultRepoType'),
      },
      ofParent: { instance_id: text('InstanceId') },
      holds: ['alicloud_cr_namespace'],
    },
    {
      type: 'alicloud_cr_ee_repo',
      call: 'repositories',
      id: text('RepoId'),
      name: text('RepoName'),
      attributes: {
        name: text('RepoName'),
        namespace: text('RepoNamespaceName'),
        repo_type: mustText('RepoType'),
        tag_immutability: flag('TagImmutability'),
      },
      ofParent: { instance_id: text('InstanceId') },
      holds: ['alicloud_cr_repo'],
    },
    {
      type: 'alicloud_cr_scan_rule',
      call: 'scanRules',
      id: text('ScanRuleId'),
      name: text('RuleName'),
      attributes: { rule_name: text('RuleName'), trigger_type: text('TriggerType') },
      ofParent: { instance_id: text('InstanceId') },
    },
  ],
};

/** The addresses from which the public endpoint may be reached; without a list that is all of them. */
function openTo(answer: unknown): readonly unknown[] {
  if (textAt(answer, 'Enable') === undefined) throw new MissingField('Enable');
  if (textAt(answer, 'Enable') !== 'true') return [];
  return textAt(answer, 'AclEnable') === 'true' ? listAt(answer, 'AclEntries') : [{ Entry: '0.0.0.0/0' }];
}
