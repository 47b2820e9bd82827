import type { Event } from '#model/event.ts';

/**
 * Names what an event is about: the words that rule texts, grouping, search and responses share.
 *
 * | entity | taken from |
 * | --- | --- |
 * | `src_ip` | `src_endpoint.ip`: where it came from |
 * | `user` | `user.name`, else its uid: the account concerned |
 * | `actor` | `actor.user.name`, else its uid: who did it |
 * | `host` | `device.hostname` |
 * | `process` | `process.path`, else `process.name` |
 * | `command` | `process.cmd_line`, else sudo’s `unmapped.command` |
 * | `path` | `file.path`, else `http_request.url.path` |
 * | `url` | `http_request.url.text` |
 * | `method`, `status` | `http_request.http_method`, `http_response.code` |
 * | `user_agent`, `site` | `http_request.user_agent`, `http_request.url.hostname` |
 * | `account`, `region` | `cloud.account.uid`, `cloud.region` |
 * | `service`, `operation`, `error` | `api.service.name`, `api.operation`, `api.response.error` |
 * | `database`, `statement` | `database.name`, `query_info.query_string` |
 * | `auth` | `auth_protocol` |
 *
 * Rules add their own under `bartizan: entities:`. Absent values are left out; values are cut at 256 characters.
 */
export function entitiesOf(event: Event): Record<string, string> {
  const { src_endpoint: source, user, device, actor, process, auth_protocol: auth } = event;
  // Named one by one: a loop over names would look each of them up anew, on every line of a flood.
  const entities: Record<string, string> = {};
  if (source?.ip) entities.src_ip = shortened(source.ip);
  const who = user?.name ?? user?.uid;
  if (who) entities.user = shortened(who);
  if (device?.hostname) entities.host = shortened(device.hostname);
  if (actor !== undefined) put(entities, 'actor', actor.user?.name ?? actor.user?.uid);
  if (process !== undefined) {
    const program = process.path ?? process.name;
    if (program) entities.process = shortened(program);
    put(entities, 'command', process.cmd_line ?? text(event.unmapped.command));
  }
  if (event.file !== undefined) put(entities, 'path', event.file.path);
  if (event.http_request !== undefined) putRequest(entities, event);
  if (event.api !== undefined) putCall(entities, event);
  if (event.database !== undefined) put(entities, 'database', event.database.name);
  if (event.query_info !== undefined) put(entities, 'statement', event.query_info.query_string);
  if (auth) entities.auth = shortened(auth);
  return entities;
}

/** Entities by which signals of a rule without `group_by` are told apart, as far as the event has them. */
export const DEFAULT_GROUP_BY: readonly string[] = ['src_ip', 'actor', 'user', 'host', 'account'];

const MAX_VALUE = 256;

/** A value as the text of an entity, shortened; undefined when there is nothing to show. */
export function entityValue(value: unknown): string | undefined {
  const found = text(value);
  return found === undefined || found === '' ? undefined : shortened(found);
}

function shortened(value: string): string {
  return value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;
}

function putRequest(entities: Record<string, string>, event: Event): void {
  const request = event.http_request;
  put(entities, 'method', request?.http_method);
  put(entities, 'path', request?.url?.path);
  put(entities, 'url', request?.url?.text);
  put(entities, 'site', request?.url?.hostname);
  put(entities, 'user_agent', request?.user_agent);
  put(entities, 'status', event.http_response?.code);
}

function putCall(entities: Record<string, string>, event: Event): void {
  put(entities, 'operation', event.api?.operation);
  put(entities, 'service', event.api?.service?.name);
  put(entities, 'error', event.api?.response?.error);
  put(entities, 'region', event.cloud?.region);
  put(entities, 'account', event.cloud?.account?.uid);
}

function put(entities: Record<string, string>, name: string, value: unknown): void {
  if (value === undefined) return;
  const found = entityValue(value);
  if (found !== undefined) entities[name] = found;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.filter((item) => typeof item !== 'object').join(', ');
  return undefined;
}
