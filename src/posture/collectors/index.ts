import { alicloudCollector } from './alicloud/index.ts';
import { awsCollector } from './aws/index.ts';
import { notYetCollected } from './not-yet.ts';

/** Collectors by provider. */
export const COLLECTORS = {
  alicloud: alicloudCollector,
  aws: awsCollector,
  azurerm: notYetCollected('azurerm', 'Azure'),
  google: notYetCollected('google', 'Google Cloud'),
  tencentcloud: notYetCollected('tencentcloud', 'Tencent Cloud'),
  huaweicloud: notYetCollected('huaweicloud', 'Huawei Cloud'),
} as const;
export type CloudProvider = keyof typeof COLLECTORS;

export type { Collector, Connection } from './collector.ts';
export { isStandIn, shortList } from './complete.ts';
export { type Plan, planOf } from './needs.ts';
export { type AccountScan, scanAccount } from './scan.ts';
