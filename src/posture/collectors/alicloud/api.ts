/** A call as Alibaba Cloud names it. */
export type AlicloudApi = OpenApi | OssApi | SlsApi;

/** RPC style, or ROA style where a path is given. */
export interface OpenApi {
  readonly product: Product;
  readonly version: string;
  readonly action: string;
  /** `/clusters/{ClusterId}`: names in braces come from the parameters. */
  readonly path?: string;
  readonly perSecond?: number;
}

/**
 * What makes a call one that changes something. No collector has any: repairs do, with a role of their own.
 */
export interface Write {
  readonly method: 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** XML for OSS, JSON for Log Service. */
  readonly body?: string;
}

/** A sub-resource of a bucket (`acl`), or `buckets` for the list. Parameters: `bucket`, `location`. */
export interface OssApi {
  readonly product: 'oss';
  readonly subresource: string;
  readonly write?: Write;
  readonly perSecond?: number;
}

export interface SlsApi {
  readonly product: 'sls';
  readonly path: string;
  readonly write?: Write;
  readonly perSecond?: number;
}

export type Product =
  | 'actiontrail'
  | 'alb'
  | 'alidns'
  | 'cas'
  | 'cdn'
  | 'cloudfw'
  | 'cms'
  | 'config'
  | 'cr'
  | 'cs'
  | 'dds'
  | 'ecs'
  | 'ess'
  | 'fc'
  | 'ims'
  | 'kms'
  | 'nas'
  | 'nlb'
  | 'polardb'
  | 'ram'
  | 'rds'
  | 'r-kvstore'
  | 'sas'
  | 'slb'
  | 'sts'
  | 'vpc'
  | 'waf';
