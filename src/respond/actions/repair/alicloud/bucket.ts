import type { CloudApi, CloudCall, Weakness } from '../kind.ts';

type OssApi = Extract<CloudApi, { product: 'oss' }>;

/** A call about one bucket, where it lives. */
export function bucketCall(
  permission: string,
  { resource: { id, region } }: Weakness,
  subresource: string,
): CloudCall & { readonly api: OssApi } {
  return {
    permission,
    api: { product: 'oss', subresource },
    params: { bucket: id, ...(region === undefined ? {} : { location: `oss-${region}` }) },
  };
}
