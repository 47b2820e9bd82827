import type { Call, Service } from '../../collector.ts';
import { at, blocks, flag, listAt, mustText, number, tags, text, textAt, word } from '../../fields.ts';
import type { AlicloudApi, OpenApi } from '../api.ts';
import { byNumber } from '../paging.ts';

/** Engines and editions that lack a thing refuse the question: it is not set there. */
const NOT_FOR_THIS = [
  'InvalidDBInstanceEngineType.Format',
  'InvalidDBInstanceEngine.NotSupport',
  'IncorrectDBInstanceType',
  'InvalidEngine.NotSupport',
  'Engine.NotSupport',
  'InvalidDBInstanceName.NotSupport',
];

/** Databases: https://help.aliyun.com/zh/rds/developer-reference/api-rds-2014-08-15-overview */
export const rds: Service<AlicloudApi> = {
  id: 'rds',
  where: 'regions',
  calls: {
    instances: {
      permission: 'rds:DescribeDBInstances',
      api: rdsCall('DescribeDBInstances'),
      params: () => ({ PageSize: 100 }),
      items: 'Items.DBInstance',
      next: byNumber('TotalRecordCount'),
    },
    attribute: ofInstance('DescribeDBInstanceAttribute'),
    whitelist: ofInstance('DescribeDBInstanceIPArrayList'),
    ssl: ofInstance('DescribeDBInstanceSSL', NOT_FOR_THIS),
    tde: ofInstance('DescribeDBInstanceTDE', NOT_FOR_THIS),
    audit: ofInstance('DescribeSQLCollectorPolicy', NOT_FOR_THIS),
    retention: ofInstance('DescribeSQLCollectorRetention', NOT_FOR_THIS),
    backup: ofInstance('DescribeBackupPolicy'),
    net: { ...ofInstance('DescribeDBInstanceNetInfo'), items: 'DBInstanceNetInfos.DBInstanceNetInfo' },
    parameters: ofInstance('DescribeParameters'),
    encryption: ofInstance('DescribeDBInstanceEncryptionKey', NOT_FOR_THIS),
    renewal: ofInstance('DescribeInstanceAutoRenewalAttribute'),
    monitor: ofInstance('DescribeDBInstanceMonitor'),
    groups: ofInstance('DescribeSecurityGroupConfiguration'),
    accounts: { ...ofInstance('DescribeAccounts'), items: 'Accounts.DBInstanceAccount' },
  },
  kinds: [
    {
      type: 'alicloud_db_instance',
      call: 'instances',
      id: text('DBInstanceId'),
      name: text('DBInstanceDescription'),
      attributes: {
        instance_name: text('DBInstanceDescription'),
        engine: mustText('Engine'),
        engine_version: text('EngineVersion'),
        instance_type: text('DBInstanceClass'),
        db_instance_storage_type: text('DBInstanceStorageType'),
        instance_charge_type: text('PayType'),
        zone_id: text('ZoneId'),
        vpc_id: text('VpcId'),
        vswitch_id: text('VSwitchId'),
        instance_network_type: text('InstanceNetworkType'),
        db_instance_type: text('DBInstanceType'),
        status: text('DBInstanceStatus'),
        deletion_protection: flag('DeletionProtection'),
        resource_group_id: text('ResourceGroupId'),
        expire_time: text('ExpireTime'),
        category: text('Category'),
        tags: tags('Tags.Tag'),
      },
      more: [
        {
          call: 'attribute',
          attributes: {
            db_instance_storage: number1('DBInstanceStorage'),
            instance_storage: number1('DBInstanceStorage'),
            security_ip_mode: attribute('SecurityIPMode'),
            auto_upgrade_minor_version: attribute('AutoUpgradeMinorVersion'),
            connection_string: attribute('ConnectionString'),
            port: attribute('Port'),
            maintain_time: attribute('MaintainTime'),
            guard_db_instance_id: attribute('GuardDBInstanceId'),
            zone_id_slave_a: (answer) => textAt(listAt(first(answer), 'SlaveZones.SlaveZone')[0], 'ZoneId'),
            zone_id_slave_b: (answer) => textAt(listAt(first(answer), 'SlaveZones.SlaveZone')[1], 'ZoneId'),
          },
        },
        {
          call: 'whitelist',
          attributes: {
            // Lists of the provider’s own services are hidden from their owner, and none of hers.
            security_ips: (answer) =>
              listAt(answer, 'Items.DBInstanceIPArray')
                .filter((one) => textAt(one, 'DBInstanceIPArrayAttribute') !== 'hidden')
                .flatMap((one) => (textAt(one, 'SecurityIPList') ?? '').split(','))
                .map((address) => address.trim())
                .filter(Boolean),
          },
        },
        {
          call: 'ssl',
          attributes: {
            ssl_action: (answer) => (isOn(textAt(answer, 'SSLEnabled')) ? 'Open' : 'Close'),
            ssl_status: text('SSLEnabled'),
          },
        },
        { call: 'tde', attributes: { tde_status: (answer) => textAt(answer, 'TDEStatus') ?? 'Disabled' } },
        {
          call: 'audit',
          attributes: {
            sql_collector_status: word('SQLCollectorStatus', {
              Enable: 'Enabled',
              Disabled: 'Disabled',
              Disable: 'Disabled',
            }),
          },
        },
        { call: 'retention', attributes: { sql_collector_config_value: number('ConfigValue') } },
        {
          call: 'parameters',
          attributes: {
            parameters: blocks('RunningParameters.DBInstanceParameter', {
              name: text('ParameterName'),
              value: text('ParameterValue'),
            }),
          },
        },
        { call: 'encryption', attributes: { encryption_key: text('EncryptionKey') } },
        {
          call: 'renewal',
          attributes: {
            auto_renew: (answer) => textAt(listAt(answer, 'Items.Item')[0], 'AutoRenew')?.toLowerCase() === 'true',
            auto_renew_period: (answer) => textAt(listAt(answer, 'Items.Item')[0], 'Duration'),
          },
        },
        { call: 'monitor', attributes: { monitoring_period: number('Period') } },
        {
          call: 'groups',
          attributes: {
            security_group_ids: (answer) =>
              listAt(answer, 'Items.EcsSecurityGroupRelation').flatMap((one) => textAt(one, 'SecurityGroupId') ?? []),
          },
        },
      ],
      synonyms: [
        'security_group_id',
        'name',
        'db_instance_description',
        'db_instance_id',
        'instance_id',
        'security_ip_array',
        'db_instance_ip_array',
        'sql_collector_policy',
        'db_instance_category',
        'slave_zones',
        'multi_az',
        'ssl_enabled',
        'ssl_connection_string',
        'tde_encryption_key',
        'backup_time',
        'preferred_backup_time',
        'backup_retention_period',
        'enable_backup_log',
        'period',
      ],
      holds: [
        'alicloud_rds_instance',
        'alicloud_db_readonly_instance',
        'alicloud_rds_clone_db_instance',
        'alicloud_rds_upgrade_db_instance',
        'alicloud_rds_db_instance_security_ips',
      ],
    },
    {
      type: 'alicloud_db_backup_policy',
      call: 'backup',
      id: (_answer, { parent }) => textAt(parent?.item, 'DBInstanceId'),
      attributes: {
        backup_retention_period: number('BackupRetentionPeriod'),
        preferred_backup_period: (answer) => (textAt(answer, 'PreferredBackupPeriod') ?? '').split(',').filter(Boolean),
        preferred_backup_time: text('PreferredBackupTime'),
        enable_backup_log: flag('EnableBackupLog'),
        log_backup: flag('BackupLog', 'Enable'),
        log_backup_retention_period: number('LogBackupRetentionPeriod'),
        local_log_retention_hours: number('LocalLogRetentionHours'),
        released_keep_policy: text('ReleasedKeepPolicy'),
      },
      ofParent: { instance_id: text('DBInstanceId') },
      synonyms: ['retention_period', 'db_instance_id', 'log_retention_period'],
      holds: ['alicloud_rds_backup'],
    },
    {
      type: 'alicloud_db_connection',
      call: 'net',
      where: (net) => textAt(net, 'IPType') === 'Public',
      id: text('ConnectionString'),
      attributes: {
        connection_string: text('ConnectionString'),
        ip_address: text('IPAddress'),
        port: text('Port'),
      },
      ofParent: { instance_id: text('DBInstanceId') },
      synonyms: ['db_instance_id'],
      holds: ['alicloud_rds_db_instance_endpoint_address'],
    },
    {
      type: 'alicloud_rds_account',
      call: 'accounts',
      id: (account, { parent }) =>
        `${textAt(parent?.item, 'DBInstanceId') ?? ''}:${textAt(account, 'AccountName') ?? ''}`,
      name: text('AccountName'),
      attributes: {
        account_name: text('AccountName'),
        account_type: text('AccountType'),
        status: text('AccountStatus'),
      },
      ofParent: { db_instance_id: text('DBInstanceId') },
      synonyms: ['type', 'instance_id', 'name'],
      holds: ['alicloud_db_account'],
    },
  ],
};

function rdsCall(action: string): OpenApi {
  return { product: 'rds', version: '2014-08-15', action };
}

function ofInstance(action: string, nothing: readonly string[] = []): Call<AlicloudApi> {
  return {
    permission: `rds:${action}`,
    api: rdsCall(action),
    of: 'instances',
    params: ({ item }) => ({ DBInstanceId: textAt(item, 'DBInstanceId') ?? '' }),
    nothing,
  };
}

/** The answer is a list even for one instance. */
function first(answer: unknown): unknown {
  return listAt(answer, 'Items.DBInstanceAttribute')[0] ?? at(answer, 'Items');
}

function attribute(path: string) {
  return (answer: unknown) => textAt(first(answer), path);
}

function number1(path: string) {
  return (answer: unknown) => {
    const value = textAt(first(answer), path);
    return value === undefined ? undefined : Number(value);
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(yes|on|1|true|enabled?)$/i.test(value);
}
