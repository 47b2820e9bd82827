import type { Value } from '#model/resource.ts';
import type { Call, Field } from '../collector.ts';
import { itemsNaming, listAt, tags, textAt } from '../fields.ts';
import type { AwsApi } from './api.ts';
import { byToken } from './calls.ts';

/** The tag that consoles show as the name. */
export function nameTag(path = 'Tags'): Field {
  const read = tags(path);
  return (source, subject, items) => {
    const all = read(source, subject, items) as Readonly<Record<string, Value>>;
    return typeof all['Name'] === 'string' && all['Name'] !== '' ? all['Name'] : undefined;
  };
}

/** What an ARN ends with, behind the last slash or colon. */
export function lastOfArn(path: string): Field {
  return (source) => textAt(source, path)?.replace(/^.*[/:]/, '');
}

/** The texts at a path of each element of a list. */
export function textsOf(list: readonly unknown[], path: string): readonly string[] {
  return list.flatMap((one) => textAt(one, path) ?? []);
}

/** True where the text at the path is this word. */
export function isWord(path: string, ...words: readonly string[]): Field {
  return (source) => words.includes(textAt(source, path) ?? '');
}

/**
 * The key that somebody chose; none where it is the one that AWS keeps for the service, which APIs name all the same.
 *
 * Goes with the aliases of the region (`managedKeys`): those of AWS’s own keys begin with `alias/aws/`.
 */
export function ownKey(path: string): Field {
  return (_answer, { item }, aliases) => {
    const key = textAt(item, path);
    if (key === undefined || key.includes('alias/aws/')) return undefined;
    const names = itemsNaming(aliases, 'TargetKeyId', key.replace(/^.*\//, '')).map((one) => textAt(one, 'AliasName'));
    return names.some((name) => name?.startsWith('alias/aws/')) ? undefined : key;
  };
}

/** The aliases of keys in a region: a call that goes into each service that has to tell whose key it is. */
export const managedKeys: Call<AwsApi> = {
  permission: 'kms:ListAliases',
  api: { service: 'kms', command: 'ListAliases', perSecond: 50 },
  items: 'Aliases',
  next: byToken('NextMarker', 'Marker'),
};

/** A name that is unique within a region only, for what is linked by it. */
export function inRegion(path: string): Field {
  return (source, { region = '' }) => {
    const name = textAt(source, path);
    return name === undefined ? undefined : `${region}/${name}`;
  };
}

/** One of a list of `{Key, Value}`, by its key. */
export function keyed(list: string, key: string, read: Field): Field {
  return (source, subject, items) => {
    const one = listAt(source, list).find((each) => textAt(each, 'Key') === key);
    return one === undefined ? undefined : read({ value: textAt(one, 'Value') }, subject, items);
  };
}

/**
 * Names under which one check or another asks which security groups something has. Types that say it otherwise, or have
 * none, never set these.
 */
const GROUP_NAMES = [
  'vpc_security_group_ids',
  'security_groups',
  'security_group_ids',
  'security_group_id',
  'network_interfaces',
  'vpc_config',
  'network_configuration',
  'vpc_options',
  'broker_node_group_info',
  'ec2_attributes',
  'compute_resources',
  'endpoint_details',
  'source_security_group_id',
  'remote_access',
  'physical_connection_requirements',
] as const;

/** Those names but the ones that the type sets itself, and others that it never sets. */
export function neverSet(own: readonly string[], ...others: readonly string[]): readonly string[] {
  return [...GROUP_NAMES.filter((name) => !own.includes(name)), ...others];
}
