import type { Provider } from '#model/resource.ts';

const BY_PREFIX: ReadonlyMap<string, Provider> = new Map([
  ['alicloud', 'alicloud'],
  ['aws', 'aws'],
  ['azurerm', 'azurerm'],
  ['google', 'google'],
  ['google-beta', 'google'],
  ['tencentcloud', 'tencentcloud'],
  ['huaweicloud', 'huaweicloud'],
  ['kubernetes', 'kubernetes'],
  ['docker', 'docker'],
]);

/** The provider of a resource type (`alicloud_oss_bucket`) or of a provider block (`alicloud`), if we know it. */
export function providerOf(type: string): Provider | undefined {
  const end = type.indexOf('_');
  return BY_PREFIX.get(end === -1 ? type : type.slice(0, end));
}
