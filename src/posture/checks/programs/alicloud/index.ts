import type { Program } from '../index.ts';
import { MAIL_RECORD_PROGRAMS } from './mail-records.ts';
import { NAT_PROGRAMS } from './nat.ts';
import { NETWORK_ACL_PROGRAMS } from './network-acl.ts';
import { RAM_PROGRAMS } from './ram-takeover.ts';
import { REACH_PROGRAMS } from './reach.ts';
import { SECURITY_GROUP_PROGRAMS } from './security-group.ts';
import { SECURITY_GROUP_OVERLAP_PROGRAMS } from './security-group-overlap.ts';
import { SPREAD_PROGRAMS } from './spread.ts';
import { WORKLOAD_PROGRAMS } from './workload.ts';

/** Programs of the checks for Alibaba Cloud’s network, machines and identities. */
export const ALICLOUD_PROGRAMS: Readonly<Record<string, Program>> = {
  ...SECURITY_GROUP_PROGRAMS,
  ...SECURITY_GROUP_OVERLAP_PROGRAMS,
  ...RAM_PROGRAMS,
  ...REACH_PROGRAMS,
  ...SPREAD_PROGRAMS,
  ...NAT_PROGRAMS,
  ...NETWORK_ACL_PROGRAMS,
  ...MAIL_RECORD_PROGRAMS,
  ...WORKLOAD_PROGRAMS,
};
