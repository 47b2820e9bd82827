import type { RepairKind } from '../kind.ts';
import { accessKey } from './access-key.ts';
import { bucketBlock } from './bucket-block.ts';
import { databasePublic } from './database-public.ts';
import { logRetention } from './log-retention.ts';
import { passwordPolicy } from './password-policy.ts';
import { securityGroupRule } from './security-group-rule.ts';
import { trailLogging } from './trail-logging.ts';

export const AWS_REPAIRS: readonly RepairKind[] = [
  bucketBlock,
  securityGroupRule,
  trailLogging,
  logRetention,
  passwordPolicy,
  accessKey,
  databasePublic,
];
