import { isAttributes, isUnknown, type Value } from '#model/resource.ts';
import { csv, type Given, type Made, type Properties, type TypeRule } from '../../canonical-shape.ts';
import { CHARGE, PAYMENT } from './values.ts';

/** ROS has the addresses as one text with commas, the provider as a list. */
const addresses = (to: string) => ({ to, as: 'csv' }) as const;

const OPEN_CLOSE: Readonly<Record<string, Value>> = {
  disabled: 'Close',
  disable: 'Close',
  close: 'Close',
  open: 'Open',
  enable: 'Open',
  enabledforpublicconnection: 'Open',
  enabledforinnerconnection: 'Open',
};

const RDS: Properties = {
  DBInstanceClass: 'instance_type',
  DBInstanceStorage: 'instance_storage',
  DBInstanceStorageType: 'db_instance_storage_type',
  DBInstanceDescription: 'instance_name',
  PayType: { to: 'instance_charge_type', values: CHARGE },
  SecurityIPList: addresses('security_ips'),
  SSLSetting: { to: 'ssl_action', values: OPEN_CLOSE },
  ZoneIdSlave1: 'zone_id_slave_a',
  ZoneIdSlave2: 'zone_id_slave_b',
  SlaveZoneIds: { make: slaveZones },
  MaintainTime: 'maintain_time',
  TDEStatus: {
    to: 'tde_status',
    values: { true: 'Enabled', false: 'Disabled', enabled: 'Enabled', disabled: 'Disabled' },
  },
  SecurityGroupId: { to: 'security_group_ids', as: 'list' },
  SQLCollectorStatus: {
    to: 'sql_collector_status',
    values: { enable: 'Enabled', enabled: 'Enabled', disabled: 'Disabled', true: 'Enabled', false: 'Disabled' },
  },
  AutoRenew: 'auto_renew',
  VPCId: 'vpc_id',
};

function slaveZones(value: Value): Readonly<Record<string, Value | undefined>> {
  const zones = Array.isArray(value) ? (value as readonly Value[]) : [];
  return { zone_id_slave_a: zones[0], zone_id_slave_b: zones[1] };
}

/** A public address and the backup’s settings are resources of their own. */
function besideRds({ properties, own }: Given): readonly Made[] {
  const made: Made[] = [];
  if (properties.AllocatePublicConnection === true || properties.AllocatePublicConnection === 'true') {
    made.push({
      type: 'alicloud_db_connection',
      attributes: { instance_id: own('id'), connection_prefix: properties.ConnectionStringPrefix },
    });
  }
  const backup: Record<string, Value | undefined> = {
    preferred_backup_time: properties.PreferredBackupTime ?? properties.BackupTime,
    preferred_backup_period: properties.PreferredBackupPeriod,
    backup_retention_period: properties.BackupRetentionPeriod,
    enable_backup_log: properties.EnableBackupLog,
    log_backup_retention_period: properties.LogBackupRetentionPeriod,
  };
  if (Object.values(backup).some((value) => value !== undefined)) {
    made.push({ type: 'alicloud_db_backup_policy', attributes: { instance_id: own('id'), ...backup } });
  }
  for (const [index, account] of (Array.isArray(properties.MasterUsername)
    ? []
    : [properties.MasterUsername]
  ).entries()) {
    if (account === undefined) continue;
    made.push({
      type: 'alicloud_rds_account',
      suffix: index === 0 ? '' : `_${index}`,
      attributes: {
        db_instance_id: own('id'),
        account_name: account,
        account_type: properties.MasterUserType,
        account_password: properties.MasterUserPassword,
      },
    });
  }
  return made;
}

/** ROS finds the other zone itself when it is asked for more than one. */
function rds(made: Record<string, Value>, { properties }: Given): void {
  if (properties.MultiAZ === true && made.zone_id_slave_a === undefined) made.zone_id_slave_a = 'Auto';
}

const RDS_RULE: TypeRule = { type: 'alicloud_db_instance', properties: RDS, also: besideRds, finish: rds };

const REDIS: Properties = {
  InstanceName: 'db_instance_name',
  ChargeType: { to: 'payment_type', values: CHARGE },
  SSLEnabled: { to: 'ssl_enable', values: { true: 'Enable', false: 'Disable' } },
  AutoRenewDuration: { make: (value) => ({ auto_renew_period: value, auto_renew: true }) },
  BackupPolicy: {
    flat: {
      PreferredBackupTime: 'backup_time',
      PreferredBackupPeriod: { make: backupDays },
      EnableBackupLog: 'enable_backup_log',
    },
  },
  VpcPasswordFree: { to: 'vpc_auth_mode', values: { true: 'Close', false: 'Open' } },
  SecurityIPList: addresses('security_ips'),
  InstanceMaintainTime: {
    flat: { MaintainStartTime: 'maintain_start_time', MaintainEndTime: 'maintain_end_time' },
  },
  TDEStatus: {
    to: 'tde_status',
    values: { true: 'Enabled', false: 'Disabled', enabled: 'Enabled', disabled: 'Disabled' },
  },
  InstanceReleaseProtection: 'instance_release_protection',
  DeletionProtection: 'instance_release_protection',
  Connections: false,
  Period: { to: 'period', as: 'text' },
};

function backupDays(value: Value): Readonly<Record<string, Value>> {
  return { backup_period: typeof value === 'string' ? csv(value) : value };
}

function besideRedis({ properties, own }: Given): readonly Made[] {
  const connections = properties.Connections;
  if (connections === undefined || isUnknown(connections) || !isAttributes(connections)) return [];
  const open = connections.PublicConnection;
  if (open === undefined || !isAttributes(open)) return [];
  return [
    {
      type: 'alicloud_kvstore_connection',
      attributes: {
        instance_id: own('id'),
        connection_string_prefix: open.ConnectionString,
        port: open.ConnectionPort,
      },
    },
  ];
}

const MONGO: Properties = {
  ChargeType: { to: 'instance_charge_type', values: CHARGE },
  SSLOptions: { flat: { SSLAction: 'ssl_action' } },
  BackupPolicyOptions: {
    flat: {
      PreferredBackupTime: 'backup_time',
      PreferredBackupPeriod: { make: backupDays },
      BackupRetentionPeriod: 'backup_retention_period',
    },
  },
  VpcPasswordFree: { to: 'vpc_auth_mode', values: { true: 'Close', false: 'Open' } },
  DBInstanceReleaseProtection: 'db_instance_release_protection',
  SecurityIPArray: addresses('security_ip_list'),
  DBInstanceDescription: 'name',
  TDEStatus: { to: 'tde_status', values: { true: 'enabled', false: 'disabled' } },
  SecurityGroupId: 'security_group_id',
};

export const DATABASE_TYPES: Readonly<Record<string, TypeRule>> = {
  'ALIYUN::RDS::DBInstance': RDS_RULE,
  'ALIYUN::RDS::PrepayDBInstance': {
    ...RDS_RULE,
    finish: (made, given) => {
      rds(made, given);
      made.instance_charge_type = 'PrePaid';
    },
  },
  'ALIYUN::RDS::DBInstanceClone': { type: 'alicloud_rds_clone_db_instance', properties: RDS },
  'ALIYUN::RDS::ReadOnlyDBInstance': { type: 'alicloud_db_readonly_instance', properties: RDS },
  'ALIYUN::RDS::Account': { type: 'alicloud_rds_account' },
  'ALIYUN::RDS::AccountPrivilege': { type: 'alicloud_db_account_privilege' },
  'ALIYUN::RDS::Database': {
    type: 'alicloud_db_database',
    properties: { DBName: 'data_base_name', DBInstanceId: 'instance_id' },
  },
  'ALIYUN::RDS::Connection': {
    type: 'alicloud_db_connection',
    properties: { DBInstanceId: 'instance_id', ConnectionStringPrefix: 'connection_prefix' },
  },
  'ALIYUN::RDS::DBInstanceSecurityIps': {
    type: 'alicloud_rds_db_instance_security_ips',
    properties: { DBInstanceId: 'instance_id', DBInstanceIPArray: 'security_ip_array' },
  },
  'ALIYUN::RDS::Backup': { type: 'alicloud_rds_backup', properties: { DBInstanceId: 'db_instance_id' } },
  'ALIYUN::REDIS::Instance': { type: 'alicloud_kvstore_instance', properties: REDIS, also: besideRedis },
  'ALIYUN::REDIS::PrepayInstance': {
    type: 'alicloud_kvstore_instance',
    properties: REDIS,
    also: besideRedis,
    finish: (made) => {
      made.payment_type = 'PrePaid';
    },
  },
  'ALIYUN::REDIS::TairInstance': {
    type: 'alicloud_redis_tair_instance',
    properties: { ...REDIS, InstanceName: 'tair_instance_name' },
    also: besideRedis,
  },
  'ALIYUN::REDIS::Account': { type: 'alicloud_kvstore_account' },
  'ALIYUN::REDIS::Connection': { type: 'alicloud_kvstore_connection' },
  'ALIYUN::REDIS::Whitelist': {
    type: 'alicloud_kvstore_security_ips',
    properties: { SecurityIps: addresses('security_ips') },
  },
  'ALIYUN::MONGODB::Instance': { type: 'alicloud_mongodb_instance', properties: MONGO, finish: releaseProtection },
  'ALIYUN::MONGODB::PrepayInstance': {
    type: 'alicloud_mongodb_instance',
    properties: MONGO,
    finish: (made) => {
      made.instance_charge_type = 'PrePaid';
    },
  },
  'ALIYUN::MONGODB::ShardingInstance': {
    type: 'alicloud_mongodb_sharding_instance',
    properties: {
      ...MONGO,
      Mongos: { to: 'mongo_list', in: { Class: 'node_class' } },
      ReplicaSet: { to: 'shard_list', in: { Class: 'node_class', Storage: 'node_storage' } },
      ConfigServer: { to: 'config_server_list', in: { Class: 'node_class', Storage: 'node_storage' } },
    },
  },
  'ALIYUN::MONGODB::AuditPolicy': {
    type: 'alicloud_mongodb_audit_policy',
    properties: { DBInstanceId: 'db_instance_id' },
  },
  'ALIYUN::POLARDB::DBCluster': {
    type: 'alicloud_polardb_cluster',
    properties: {
      PayType: { to: 'pay_type', values: CHARGE },
      DeletionProtection: { to: 'deletion_lock', values: { true: 1, false: 0 } },
      DBClusterDescription: 'description',
      StandbyAZ: 'standby_az',
      TDEStatus: { to: 'tde_status', values: { true: 'Enabled', false: 'Disabled' } },
      SecurityIPList: addresses('security_ips'),
      SSLEnabled: { to: 'ssl_enabled', values: { true: 'Enable', false: 'Disable' } },
      SecurityGroupIds: 'security_group_ids',
      DBNodeNum: 'db_node_count',
      DefaultTimeZone: 'default_time_zone',
    },
  },
  'ALIYUN::POLARDB::DBClusterAccessWhiteList': {
    type: 'alicloud_polardb_cluster_access_whitelist',
    properties: { SecurityIps: addresses('security_ips') },
  },
  'ALIYUN::POLARDB::DBClusterEndpointAddress': {
    type: 'alicloud_polardb_endpoint_address',
    properties: { DBEndpointId: 'db_endpoint_id' },
  },
  'ALIYUN::POLARDB::DBClusterEndpoint': { type: 'alicloud_polardb_endpoint' },
  'ALIYUN::POLARDB::Account': { type: 'alicloud_polardb_account' },
  'ALIYUN::POLARDB::Database': { type: 'alicloud_polardb_database' },
  'ALIYUN::PolarDBX::DBInstance': {
    type: 'alicloud_drds_polardbx_instance',
    properties: {
      VPCId: 'vpc_id',
      DBNodeClass: 'cn_class',
      DBNodeCount: 'cn_node_count',
      PayType: { to: 'pay_type', values: PAYMENT },
    },
  },
  'ALIYUN::DRDS::DrdsInstance': { type: 'alicloud_drds_instance' },
  'ALIYUN::ADB::DBCluster': {
    type: 'alicloud_adb_db_cluster',
    properties: { PayType: { to: 'payment_type', values: PAYMENT }, VPCId: 'vpc_id' },
  },
  'ALIYUN::ADBLake::DBCluster': {
    type: 'alicloud_adb_db_cluster_lake_version',
    properties: { PayType: { to: 'payment_type', values: PAYMENT }, VPCId: 'vpc_id' },
  },
  'ALIYUN::GPDB::DBInstance': {
    type: 'alicloud_gpdb_instance',
    properties: {
      VPCId: 'vpc_id',
      PayType: { to: 'payment_type', values: PAYMENT },
      SecurityIPList: addresses('security_ip_list'),
      DBInstanceClass: 'db_instance_class',
    },
  },
  'ALIYUN::GPDB::ElasticDBInstance': {
    type: 'alicloud_gpdb_instance',
    properties: {
      VPCId: 'vpc_id',
      PayType: { to: 'payment_type', values: PAYMENT },
      SecurityIPList: addresses('security_ip_list'),
    },
  },
  'ALIYUN::ClickHouse::DBCluster': {
    type: 'alicloud_click_house_db_cluster',
    properties: {
      DBClusterType: 'db_cluster_class',
      DBNodeCount: 'db_node_group_count',
      DbNodeStorageType: 'storage_type',
      PaymentType: { to: 'payment_type', values: PAYMENT },
      DBClusterNetworkType: { to: 'db_cluster_network_type', values: { vpc: 'vpc' } },
    },
  },
  'ALIYUN::HBase::Cluster': {
    type: 'alicloud_hbase_instance',
    properties: {
      ClusterName: 'name',
      NodeCount: 'core_instance_quantity',
      PayType: { to: 'pay_type', values: CHARGE },
      DeletionProtection: 'deletion_protection',
      SecurityIPList: 'ip_white',
    },
  },
  'ALIYUN::Lindorm::Instance': {
    type: 'alicloud_lindorm_instance',
    properties: {
      LindormNum: 'table_engine_node_count',
      LindormSpec: 'table_engine_specification',
      PayType: { to: 'payment_type', values: PAYMENT },
      DeletionProtection: 'deletion_proection',
      SecurityIpList: addresses('ip_white_list'),
    },
  },
  'ALIYUN::TSDB::HiTSDBInstance': {
    type: 'alicloud_tsdb_instance',
    properties: {
      VPCId: 'vpc_id',
      SecurityIpList: 'security_ip_list',
      InstanceStorage: 'instance_storage',
      ChargeType: { to: 'payment_type', values: PAYMENT },
    },
  },
  'ALIYUN::ElasticSearch::Instance': {
    type: 'alicloud_elasticsearch_instance',
    properties: {
      DataNode: {
        make: (value) => elasticNode(value),
      },
      MasterNode: { to: 'master_configuration' },
      KibanaNode: { to: 'kibana_configuration' },
      ClientNode: { to: 'client_node_configuration' },
      WarmNode: { to: 'warm_node_configuration' },
      EnablePublic: 'enable_public',
      EnableKibanaPublic: 'enable_kibana_public_network',
      KibanaWhitelist: 'kibana_whitelist',
      PublicWhitelist: 'public_whitelist',
      PrivateWhitelist: 'private_whitelist',
      InstanceChargeType: { to: 'instance_charge_type', values: CHARGE },
      Description: 'description',
    },
  },
  'ALIYUN::DAS::SwitchDasPro': { type: 'alicloud_das_switch_das_pro' },
};

function releaseProtection(made: Record<string, Value>): void {
  if (made.db_instance_release_protection !== undefined) made.release_protection = made.db_instance_release_protection;
}

/** Flat in the provider’s older resource, a block in its newer: both are given. */
function elasticNode(value: Value): Readonly<Record<string, Value | undefined>> {
  if (!isAttributes(value)) return { data_node: value };
  const node: Record<string, Value> = {};
  for (const [from, to] of ELASTIC_NODE) {
    const known = value[from];
    if (known !== undefined) node[to] = known;
  }
  return {
    data_node: [node],
    data_node_amount: value.Amount,
    data_node_spec: value.Spec,
    data_node_disk_size: value.DiskSize,
    data_node_disk_type: value.DiskType,
    data_node_disk_encrypted: value.DiskEncryption,
  };
}

const ELASTIC_NODE = [
  ['Amount', 'amount'],
  ['Spec', 'spec'],
  ['DiskSize', 'disk_size'],
  ['DiskType', 'disk_type'],
  ['DiskEncryption', 'disk_encryption'],
  ['PerformanceLevel', 'performance_level'],
] as const;
