import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Call, Service } from '../../collector.ts';
import { at, listAt, mustText, number, tags, text, textAt } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { byNumber } from '../paging.ts';

/** Redis and Tair: https://help.aliyun.com/zh/redis/developer-reference/api-r-kvstore-2015-01-01-overview */
export const kvstore: Service<AlicloudApi> = {
  id: 'kvstore',
  where: 'regions',
  calls: {
    instances: {
      permission: 'kvstore:DescribeInstances',
      api: call('DescribeInstances'),
      params: () => ({ PageSize: 50 }),
      items: 'Instances.KVStoreInstance',
      next: byNumber('TotalCount'),
    },
    attribute: ofInstance('DescribeInstanceAttribute'),
    whitelist: ofInstance('DescribeSecurityIps'),
    ssl: ofInstance('DescribeInstanceSSL', notForThis()),
    tde: ofInstance('DescribeInstanceTDEStatus', notForThis()),
    net: { ...ofInstance('DescribeDBInstanceNetInfo'), items: 'NetInfoItems.InstanceNetInfo' },
    backup: ofInstance('DescribeBackupPolicy'),
    audit: ofInstance('DescribeAuditLogConfig', notForThis()),
    config: ofInstance('DescribeInstanceConfig'),
    renewal: ofInstance('DescribeInstanceAutoRenewalAttribute'),
    groups: ofInstance('DescribeSecurityGroupConfiguration'),
    accounts: { ...ofInstance('DescribeAccounts'), items: 'Accounts.Account' },
  },
  kinds: [
    {
      type: 'alicloud_kvstore_instance',
      call: 'instances',
      id: text('InstanceId'),
      name: text('InstanceName'),
      attributes: {
        db_instance_name: text('InstanceName'),
        instance_class: text('InstanceClass'),
        instance_type: mustText('InstanceType'),
        engine_version: text('EngineVersion'),
        architecture_type: text('ArchitectureType'),
        edition_type: text('EditionType'),
        payment_type: text('ChargeType'),
        network_type: text('NetworkType'),
        vswitch_id: text('VSwitchId'),
        vpc_id: text('VpcId'),
        zone_id: text('ZoneId'),
        secondary_zone_id: text('SecondaryZoneId'),
        port: number('Port'),
        status: text('InstanceStatus'),
        capacity: number('Capacity'),
        end_time: text('EndTime'),
        resource_group_id: text('ResourceGroupId'),
        tags: tags('Tags.Tag'),
      },
      more: [
        {
          call: 'attribute',
          attributes: {
            vpc_auth_mode: ofFirst('VpcAuthMode'),
            instance_release_protection: (answer) => textAt(first(answer), 'InstanceReleaseProtection') === 'true',
            maintain_start_time: ofFirst('MaintainStartTime'),
            maintain_end_time: ofFirst('MaintainEndTime'),
            connection_domain: ofFirst('ConnectionDomain'),
            shard_count: (answer) => Number(textAt(first(answer), 'ShardCount') ?? 1),
            node_type: ofFirst('NodeType'),
            replica_count: (answer) => Number(textAt(first(answer), 'ReplicaCount') ?? 0),
          },
        },
        {
          call: 'whitelist',
          attributes: {
            security_ips: (answer) =>
              listAt(answer, 'SecurityIpGroups.SecurityIpGroup')
                .filter((one) => textAt(one, 'SecurityIpGroupAttribute') !== 'hidden')
                .flatMap((one) => (textAt(one, 'SecurityIpList') ?? '').split(','))
                .map((address) => address.trim())
                .filter(Boolean),
          },
        },
        { call: 'ssl', attributes: { ssl_enable: (answer) => textAt(answer, 'SSLEnabled') ?? 'Disable' } },
        { call: 'tde', attributes: { tde_status: (answer) => textAt(answer, 'TDEStatus') ?? 'Disabled' } },
        {
          call: 'backup',
          attributes: {
            backup_period: (answer) => (textAt(answer, 'PreferredBackupPeriod') ?? '').split(',').filter(Boolean),
            backup_time: text('PreferredBackupTime'),
            backup_retention_period: number('BackupRetentionPeriod'),
            enable_backup_log: number('EnableBackupLog'),
          },
        },
        {
          call: 'audit',
          attributes: {
            audit_log: (answer) => textAt(answer, 'DbAudit') === 'true',
            audit_log_retention: number('Retention'),
          },
        },
        {
          call: 'renewal',
          attributes: {
            auto_renew: (answer) => textAt(listAt(answer, 'Items.Item')[0], 'AutoRenew')?.toLowerCase() === 'true',
            auto_renew_period: (answer) => textAt(listAt(answer, 'Items.Item')[0], 'Duration'),
          },
        },
        { call: 'config', attributes: { config: (answer) => readConfig(textAt(answer, 'Config')) } },
        {
          call: 'groups',
          attributes: {
            security_group_id: (answer) =>
              listAt(answer, 'Items.EcsSecurityGroupRelation')
                .flatMap((one) => textAt(one, 'SecurityGroupId') ?? [])
                .join(','),
          },
        },
      ],
      synonyms: [
        'instance_name',
        'availability_zone',
        'parameters',
        'instance_charge_type',
        'instance_id',
        'backup_policy',
        'architecture',
        'enable_public',
        'min_tls_version',
        'ssl_min_version',
        'zone_type',
        'tair_instance_name',
        'ssl_enabled',
        'deletion_protection',
        'shard_number',
      ],
      holds: [
        'alicloud_kvstore_backup_policy',
        'alicloud_kvstore_audit_log_config',
        'alicloud_kvstore_security_ips',
        'alicloud_redis_tair_instance',
      ],
    },
    {
      type: 'alicloud_kvstore_connection',
      call: 'net',
      where: (net) => ['Public', '0'].includes(textAt(net, 'IPType') ?? '') && textAt(net, 'DBInstanceNetType') === '0',
      id: text('ConnectionString'),
      attributes: { connection_string: text('ConnectionString'), port: text('Port') },
      ofParent: { instance_id: text('InstanceId') },
      synonyms: ['enable_public'],
    },
    {
      type: 'alicloud_kvstore_account',
      call: 'accounts',
      id: (account, { parent }) =>
        `${textAt(parent?.item, 'InstanceId') ?? ''}:${textAt(account, 'AccountName') ?? ''}`,
      name: text('AccountName'),
      attributes: {
        account_name: text('AccountName'),
        account_type: text('AccountType'),
        account_privilege: (account) =>
          textAt(listAt(account, 'DatabasePrivileges.DatabasePrivilege')[0], 'AccountPrivilege'),
        status: text('AccountStatus'),
      },
      ofParent: { instance_id: text('InstanceId') },
    },
  ],
};

function call(action: string): AlicloudApi {
  return { product: 'r-kvstore', version: '2015-01-01', action };
}

function ofInstance(action: string, nothing: readonly string[] = []): Call<AlicloudApi> {
  return {
    permission: `kvstore:${action}`,
    serves: [`r-kvstore:${action}`],
    api: call(action),
    of: 'instances',
    params: ({ item }) => ({
      InstanceId: textAt(item, 'InstanceId') ?? '',
      DBInstanceId: textAt(item, 'InstanceId') ?? '',
    }),
    nothing,
  };
}

/** Editions that lack a thing refuse the question. */
function notForThis(): readonly string[] {
  return ['InvalidInstanceType.NotSupport', 'InstanceType.NotSupport', 'InvalidEngineVersion.NotSupport', 'NotSupport'];
}

function first(answer: unknown): unknown {
  return listAt(answer, 'Instances.DBInstanceAttribute')[0] ?? at(answer, 'Instances');
}

function ofFirst(path: string) {
  return (answer: unknown) => textAt(first(answer), path);
}

/** Settings come as JSON in a text. */
function readConfig(text: string | undefined): Readonly<Record<string, string>> | undefined {
  const read = text === undefined ? undefined : parseJson(text);
  if (!read?.ok || !isJsonObject(read.value)) return undefined;
  return Object.fromEntries(Object.entries(read.value).map(([name, value]) => [name, String(value)]));
}
