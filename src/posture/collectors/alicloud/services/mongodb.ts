import type { Field, Fields, Kind, Service } from '../../collector.ts';
import { block, listAt, mustText, number, tags, text, textAt, texts } from '../../fields.ts';
import type { AlicloudApi } from '../api.ts';
import { callsOf } from '../calls.ts';

const { about, numbered } = callsOf('dds', '2015-12-01');
/** Editions that lack a thing refuse the question. */
const NOT_FOR_THIS = { nothing: ['InstanceType.NotSupport', 'InvalidInstanceType.NotSupport', 'NotSupport'] };

/** MongoDB: https://help.aliyun.com/zh/mongodb/developer-reference/api-dds-2015-12-01-overview */
export const mongodb: Service<AlicloudApi> = {
  id: 'dds',
  where: 'regions',
  calls: { ...callsFor('replicate', ''), ...callsFor('sharding', 'Sharding') },
  kinds: [
    instanceKind('alicloud_mongodb_instance', '', ['alicloud_mongodb_serverless_instance']),
    instanceKind('alicloud_mongodb_sharding_instance', 'Sharding', []),
    auditKind(''),
    auditKind('Sharding'),
    addressKind(''),
    addressKind('Sharding'),
  ],
};

function callsFor(type: string, suffix: string): Service<AlicloudApi>['calls'] {
  const list = `instances${suffix}`;
  const of = (action: string, more = {}) => about(list, action, 'DBInstanceId', more);
  return {
    [list]: numbered('DescribeDBInstances', 'DBInstances.DBInstance', { size: 100, params: { DBInstanceType: type } }),
    [`attribute${suffix}`]: of('DescribeDBInstanceAttribute'),
    [`whitelist${suffix}`]: of('DescribeSecurityIps'),
    [`ssl${suffix}`]: of('DescribeDBInstanceSSL', NOT_FOR_THIS),
    [`tde${suffix}`]: of('DescribeDBInstanceTDEInfo', NOT_FOR_THIS),
    [`key${suffix}`]: of('DescribeDBInstanceEncryptionKey', NOT_FOR_THIS),
    [`backup${suffix}`]: of('DescribeBackupPolicy'),
    [`audit${suffix}`]: of('DescribeAuditPolicy', NOT_FOR_THIS),
    [`auditLife${suffix}`]: of('DescribeMongoDBLogConfig', NOT_FOR_THIS),
    [`addresses${suffix}`]: of(suffix === '' ? 'DescribeReplicaSetRole' : 'DescribeShardingNetworkAddress', {
      items: suffix === '' ? 'ReplicaSets.ReplicaSet' : 'NetworkAddresses.NetworkAddress',
    }),
  };
}

function instanceKind(type: string, suffix: string, holds: readonly string[]): Kind {
  const of = (call: string, attributes: Fields) => ({ call: `${call}${suffix}`, attributes });
  return {
    type,
    call: `instances${suffix}`,
    id: text('DBInstanceId'),
    name: text('DBInstanceDescription'),
    attributes: {
      name: text('DBInstanceDescription'),
      db_instance_class: text('DBInstanceClass'),
      engine_version: mustText('EngineVersion'),
      db_instance_storage: number('DBInstanceStorage'),
      instance_charge_type: text('ChargeType'),
      network_type: text('NetworkType'),
      zone_id: text('ZoneId'),
      secondary_zone_id: text('SecondaryZoneId'),
      hidden_zone_id: text('HiddenZoneId'),
      replication_factor: number('ReplicationFactor'),
      status: text('DBInstanceStatus'),
      tags: tags('Tags.Tag'),
    },
    more: [
      of('attribute', {
        vpc_id: first('VPCId'),
        vswitch_id: first('VSwitchId'),
        storage_engine: first('StorageEngine'),
        maintain_start_time: first('MaintainStartTime'),
        db_instance_release_protection: (answer) =>
          textAt(listAt(answer, 'DBInstances.DBInstance')[0], 'DBInstanceReleaseProtection') === 'true',
      }),
      of('whitelist', { security_ip_list: texts('SecurityIps', ',') }),
      of('ssl', { ssl_status: text('SSLStatus'), ssl_action: text('SSLStatus') }),
      of('tde', { tde_status: (answer) => textAt(answer, 'TDEStatus') ?? 'disabled' }),
      of('key', {
        encryption_key: text('EncryptionKey'),
        encrypted: (answer) => textAt(answer, 'EncryptionKey') !== undefined,
      }),
      of('backup', {
        backup_period: texts('PreferredBackupPeriod', ','),
        backup_time: text('PreferredBackupTime'),
        backup_retention_period: number('BackupRetentionPeriod'),
      }),
      of('audit', { audit_policy_options: block({ audit_status: text('LogAuditStatus') }) }),
      of('addresses', {
        replica_sets: (_answer, _subject, members) =>
          members.map((one) => ({
            connection_domain: textAt(one, 'ConnectionDomain') ?? textAt(one, 'NetworkAddress') ?? '',
            network_type: textAt(one, 'NetworkType') ?? '',
          })),
      }),
    ],
    synonyms: [
      'backup_policy_options',
      'audit_status',
      'audit_policy',
      'enable_audit_log',
      'cloud_disk_encryption_key',
      'release_protection',
      'payment_type',
      'db_instance_id',
      'allocate_public_connection',
      'security_ip_groups',
    ],
    holds,
  };
}

function auditKind(suffix: string): Kind {
  return {
    type: 'alicloud_mongodb_audit_policy',
    call: `audit${suffix}`,
    id: (_answer, { parent }) => textAt(parent?.item, 'DBInstanceId'),
    attributes: { audit_status: text('LogAuditStatus') },
    more: [{ call: `auditLife${suffix}`, attributes: { storage_period: number('TTLForStandard') } }],
    ofParent: { db_instance_id: text('DBInstanceId') },
    synonyms: ['audit_policy_options', 'audit_policy', 'enable_audit_log'],
  };
}

function addressKind(suffix: string): Kind {
  return {
    type: 'alicloud_mongodb_public_network_address',
    call: `addresses${suffix}`,
    where: (one) => textAt(one, 'NetworkType') === 'Public',
    id: (one) => textAt(one, 'ConnectionDomain') ?? textAt(one, 'NetworkAddress'),
    attributes: { connection_domain: (one) => textAt(one, 'ConnectionDomain') ?? textAt(one, 'NetworkAddress') },
    ofParent: { db_instance_id: text('DBInstanceId') },
    synonyms: ['replica_sets', 'db_instance_class', 'allocate_public_connection', 'security_ip_list'],
  };
}

function first(path: string): Field {
  return (answer) => textAt(listAt(answer, 'DBInstances.DBInstance')[0], path);
}
