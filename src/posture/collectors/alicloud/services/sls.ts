import type { Call, Service } from '../../collector.ts';
import { at, flag, mustText, number, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byOffset } from '../paging.ts';

/** Logs: https://help.aliyun.com/zh/sls/developer-reference/api-overview */
export const sls: Service<AlicloudApi> = {
  id: 'log',
  where: 'regions',
  calls: {
    projects: {
      permission: 'log:ListProject',
      serves: ['log:GetProject'],
      api: { product: 'sls', path: '/' },
      params: () => ({ size: 500 }),
      items: 'projects',
      next: byOffset('total'),
    },
    stores: {
      permission: 'log:ListLogStores',
      api: { product: 'sls', path: '/logstores' },
      of: 'projects',
      params: ({ item }) => ({ project: textAt(item, 'projectName') ?? '', size: 500 }),
      items: 'logstores',
      next: byOffset('total'),
    },
    store: ofStore('log:GetLogStore', '/logstores/{store}'),
    index: ofStore('log:GetIndex', '/logstores/{store}/index', ['IndexConfigNotExist']),
    policy: {
      permission: 'log:GetProjectPolicy',
      api: { product: 'sls', path: '/policy' },
      of: 'projects',
      params: ({ item }) => ({ project: textAt(item, 'projectName') ?? '' }),
      nothing: ['PolicyNotExist', 'Empty'],
    },
    alerts: {
      permission: 'log:ListJobs',
      serves: ['log:ListAlerts'],
      api: { product: 'sls', path: '/jobs' },
      of: 'projects',
      params: ({ item }) => ({ project: textAt(item, 'projectName') ?? '', jobType: 'Alert', size: 200 }),
      items: 'results',
      next: byOffset('total'),
    },
  },
  kinds: [
    {
      type: 'alicloud_log_project',
      call: 'projects',
      id: text('projectName'),
      name: text('projectName'),
      attributes: {
        project_name: mustText('projectName'),
        description: text('description'),
        status: text('status'),
        data_redundancy_type: text('dataRedundancyType'),
        resource_group_id: text('resourceGroupId'),
      },
      // The answer is the policy itself.
      more: [
        {
          call: 'policy',
          attributes: {
            policy: (answer) => (at(answer, 'Statement') === undefined ? undefined : JSON.stringify(answer)),
          },
        },
      ],
      synonyms: ['name', 'redundancy_type'],
    },
    {
      type: 'alicloud_log_store',
      call: 'stores',
      id: (name, { parent }) => `${textAt(parent?.item, 'projectName') ?? ''}:${textAt(name, '') ?? ''}`,
      name: text(''),
      attributes: { logstore_name: mustText('') },
      more: [
        {
          call: 'store',
          attributes: {
            retention_period: number('ttl'),
            hot_ttl: number('hot_ttl'),
            shard_count: number('shardCount'),
            auto_split: flag('autoSplit'),
            append_meta: flag('appendMeta'),
            enable_web_tracking: flag('enable_tracking'),
            encrypt_conf: (answer) => {
              const enable = textAt(answer, 'encrypt_conf.enable');
              if (enable === undefined) return;
              const key = textAt(answer, 'encrypt_conf.user_cmk_info.cmk_key_id');
              const on = { enable: enable === 'true' };
              return [key === undefined || key === '' ? on : { ...on, user_cmk_info: [{ cmk_key_id: key }] }];
            },
          },
        },
      ],
      ofParent: { project_name: text('projectName') },
      synonyms: ['project', 'name', 'ttl', 'hot_retention_period', 'enable_tracking'],
    },
    {
      type: 'alicloud_log_store_index',
      call: 'index',
      where: (answer) => textAt(answer, 'index_mode') !== undefined || textAt(answer, 'ttl') !== undefined,
      id: (_answer, { parent }) =>
        `${textAt(parent?.parent?.item, 'projectName') ?? ''}:${textAt(parent?.item, '') ?? ''}:index`,
      attributes: { project: (_answer, { parent }) => textAt(parent?.parent?.item, 'projectName') },
      ofParent: { logstore: text('') },
    },
    {
      type: 'alicloud_log_alert',
      call: 'alerts',
      id: (alert, { parent }) => `${textAt(parent?.item, 'projectName') ?? ''}:${textAt(alert, 'name') ?? ''}`,
      name: text('displayName'),
      attributes: { alert_name: text('name'), alert_displayname: text('displayName'), status: text('status') },
      ofParent: { project_name: text('projectName') },
    },
  ],
};

function ofStore(permission: string, path: string, nothing: readonly string[] = []): Call<AlicloudApi> {
  return {
    permission,
    api: { product: 'sls', path },
    of: 'stores',
    params: ({ item, parent }) => ({
      project: textAt(parent?.item, 'projectName') ?? '',
      store: textAt(item, '') ?? '',
    }),
    nothing,
  };
}
