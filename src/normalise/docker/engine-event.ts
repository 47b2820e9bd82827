import { isJsonObject } from '#kit/json.ts';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { INFORMATIONAL } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';

type Json = Record<string, unknown>;

/**
 * An event of the engine’s API (`GET /events`): `Type`, `Action`, `Actor { ID, Attributes }`, `time`, `timeNano`; and that of
 * `docker compose events --json`, which spells them in lower case. The engine does not say who asked.
 *
 * `exec_create: /bin/sh -c id` becomes the action `exec_create` with the command beside it.
 */
export function readDockerEvent(event: Json, record: string, context: NormaliseContext): Event | undefined {
  const kind = text(event.Type) ?? text(event.type);
  const spelled = text(event.Action) ?? text(event.action);
  if (kind === undefined || spelled === undefined) return undefined;
  const actor = isJsonObject(event.Actor) ? event.Actor : event;
  const attributes = isJsonObject(actor.Attributes)
    ? actor.Attributes
    : isJsonObject(actor.attributes)
      ? actor.attributes
      : {};
  const colon = spelled.indexOf(': ');
  const action = colon === -1 ? spelled : spelled.slice(0, colon);
  const argument = colon === -1 ? undefined : spelled.slice(colon + 2).trim();
  const isExec = action.startsWith('exec_');
  const name = text(attributes.name) ?? text(event.service);
  return {
    id: context.id,
    time: readAnyTime(event.timeNano, context) ?? readAnyTime(event.time, context) ?? context.receivedMs,
    source: 'docker',
    class_uid: OCSF_CLASS.apiActivity,
    activity_id: ACTIVITY.get(action) ?? 99,
    severity_id: INFORMATIONAL,
    status_id: 1,
    message: `${kind} ${spelled}${name === undefined ? '' : ` ${name}`}`,
    process: isExec && argument !== undefined ? { cmd_line: argument } : undefined,
    api: { operation: `${kind} ${action}`, service: { name: 'docker' } },
    unmapped: {
      type: kind,
      action,
      argument,
      container: kind === 'container' ? name : undefined,
      container_id: kind === 'container' ? (text(actor.ID) ?? text(event.id)) : undefined,
      image: text(attributes.image) ?? text(event.from) ?? (kind === 'image' ? (name ?? text(actor.ID)) : undefined),
      object: text(actor.ID) ?? text(event.id),
      attributes,
    },
    raw: record,
  };
}

/** OCSF API activity: 1 create, 2 read, 3 update, 4 delete. */
const ACTIVITY: ReadonlyMap<string, number> = new Map([
  ['create', 1],
  ['pull', 1],
  ['import', 1],
  ['load', 1],
  ['commit', 1],
  ['install', 1],
  ['exec_create', 1],
  ['export', 2],
  ['save', 2],
  ['archive-path', 2],
  ['top', 2],
  ['attach', 2],
  ['update', 3],
  ['rename', 3],
  ['start', 3],
  ['stop', 3],
  ['tag', 3],
  ['connect', 3],
  ['destroy', 4],
  ['delete', 4],
  ['untag', 4],
  ['remove', 4],
  ['prune', 4],
]);

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
