import type { Product } from './api.ts';

/**
 * The public host of a product in a region.
 *
 * Regions opened early share one host; later ones, and newer products, have one per region. As in the endpoint tables
 * of the provider’s own SDKs.
 */
export function hostOf(product: Product, region: string | undefined): string {
  const place = region ?? HOME;
  const rule = RULES[product] ?? `${product}.{region}.aliyuncs.com`;
  const early = EARLY[product];
  if (early?.regions.has(place)) return early.host;
  return rule.replace('{region}', place);
}

/** Where services of the account as a whole are asked. */
export const HOME = 'cn-hangzhou';

const EARLY_REGIONS = [
  'cn-hangzhou',
  'cn-beijing',
  'cn-shanghai',
  'cn-shenzhen',
  'cn-qingdao',
  'cn-hongkong',
  'ap-southeast-1',
  'us-east-1',
  'us-west-1',
];

const EARLY: Partial<Record<Product, { readonly host: string; readonly regions: ReadonlySet<string> }>> = {
  rds: { host: 'rds.aliyuncs.com', regions: new Set([...EARLY_REGIONS, 'cn-heyuan']) },
  slb: { host: 'slb.aliyuncs.com', regions: new Set(EARLY_REGIONS) },
  'r-kvstore': { host: 'r-kvstore.aliyuncs.com', regions: new Set(EARLY_REGIONS) },
  polardb: { host: 'polardb.aliyuncs.com', regions: new Set(EARLY_REGIONS) },
  dds: { host: 'mongodb.aliyuncs.com', regions: new Set(EARLY_REGIONS) },
  vpc: { host: 'vpc.aliyuncs.com', regions: new Set(EARLY_REGIONS) },
};

/** Where the host is not `<product>.<region>.aliyuncs.com`. */
const RULES: Partial<Record<Product, string>> = {
  alidns: 'alidns.aliyuncs.com',
  cas: 'cas.aliyuncs.com',
  cdn: 'cdn.aliyuncs.com',
  cloudfw: 'cloudfw.aliyuncs.com',
  cms: 'metrics.{region}.aliyuncs.com',
  config: 'config.cn-shanghai.aliyuncs.com',
  dds: 'mongodb.{region}.aliyuncs.com',
  fc: 'fcv3.{region}.aliyuncs.com',
  ims: 'ims.aliyuncs.com',
  ram: 'ram.aliyuncs.com',
  sas: 'tds.cn-shanghai.aliyuncs.com',
  sts: 'sts.aliyuncs.com',
  waf: 'wafopenapi.cn-hangzhou.aliyuncs.com',
};

/** Regions open to every account, for identities that may not list them. */
export const KNOWN_REGIONS: readonly string[] = [
  'cn-hangzhou',
  'cn-shanghai',
  'cn-beijing',
  'cn-shenzhen',
  'cn-qingdao',
  'cn-zhangjiakou',
  'cn-huhehaote',
  'cn-wulanchabu',
  'cn-heyuan',
  'cn-guangzhou',
  'cn-chengdu',
  'cn-nanjing',
  'cn-fuzhou',
  'cn-wuhan-lr',
  'cn-zhongwei',
  'cn-hongkong',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-3',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'us-east-1',
  'us-west-1',
  'na-south-1',
  'eu-west-1',
  'eu-central-1',
  'me-east-1',
  'me-central-1',
];
