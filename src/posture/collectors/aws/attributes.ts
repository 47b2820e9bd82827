import type { Value } from '#model/resource.ts';
import type { Field, Subject } from '../collector.ts';
import { itemsNaming, tags, textAt } from '../fields.ts';

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

/** What another call said of this item, found by the same name in both. */
export function found(items: readonly unknown[], name: string, { item }: Subject, own: string = name): unknown {
  return itemsNaming(items, name, textAt(item, own))[0];
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
