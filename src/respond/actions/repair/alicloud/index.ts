import type { RepairKind } from '../kind.ts';
import { accessKey } from './access-key.ts';
import { bucketAcl } from './bucket-acl.ts';
import { bucketEncryption } from './bucket-encryption.ts';
import { databaseWhitelist } from './database-whitelist.ts';
import { logRetention } from './log-retention.ts';
import { passwordPolicy } from './password-policy.ts';
import { securityGroupRule } from './security-group-rule.ts';
import { trailLogging } from './trail-logging.ts';

export const ALICLOUD_REPAIRS: readonly RepairKind[] = [
  bucketAcl,
  bucketEncryption,
  securityGroupRule,
  trailLogging,
  logRetention,
  passwordPolicy,
  accessKey,
  databaseWhitelist,
];
