import { isJsonObject, parseJson } from '#kit/json.ts';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';
import { peerOf } from './peer.ts';
import { type Json, unwrapAudit } from './unwrap.ts';
import { workloadFacts } from './workload.ts';

export const kubernetesReader: RecordReader = {
  format: 'kubernetes',
  description:
    'Audit events of the Kubernetes API server (audit.k8s.io), one object per record or one of an EventList, also inside what log services put around them',
  read(record: string, context: NormaliseContext): Event {
    const parsed = parseJson(record);
    const audit = parsed.ok ? unwrapAudit(parsed.value) : undefined;
    if (audit === undefined) return baseEvent('kubernetes', record, context);
    return toEvent(audit, record, context);
  },
};

/** The audit Event of audit.k8s.io/v1; `timestamp` is v1beta1’s. */
function toEvent(audit: Json, record: string, context: NormaliseContext): Event {
  const target = objectOf(audit.objectRef);
  const annotations = objectOf(audit.annotations);
  const response = objectOf(audit.responseStatus);
  const code = numberOf(response.code);
  const decision = text(annotations['authorization.k8s.io/decision']);
  const failed = decision === 'forbid' || audit.stage === 'Panic' || (code !== undefined && code >= 400);
  const verb = text(audit.verb) ?? '';
  const resource = [text(target.resource), text(target.subresource)].filter((part) => part !== undefined).join('/');
  const uri = text(audit.requestURI);
  const question = uri?.indexOf('?') ?? -1;
  const operation =
    `${verb} ${resource === '' ? (uri?.slice(0, question === -1 ? 200 : question) ?? '') : resource}`.trim();
  const error = failed ? (text(response.reason) ?? (code === undefined ? decision : String(code))) : undefined;
  const impersonated = objectOf(audit.impersonatedUser);
  return {
    id: context.id,
    time:
      readAnyTime(audit.requestReceivedTimestamp, context) ??
      readAnyTime(audit.stageTimestamp, context) ??
      readAnyTime(audit.timestamp, context) ??
      context.receivedMs,
    source: 'kubernetes',
    class_uid: OCSF_CLASS.apiActivity,
    activity_id: ACTIVITY.get(verb) ?? 99,
    severity_id: failed ? LOW : INFORMATIONAL,
    // What was only received has no outcome yet; its other stages tell.
    status_id: failed ? 2 : audit.stage === 'RequestReceived' ? 0 : 1,
    status_detail: failed ? text(response.message) : undefined,
    message: [operation, text(target.namespace), text(target.name)].filter((part) => part !== undefined).join(' '),
    user: text(impersonated.username) === undefined ? undefined : { name: text(impersonated.username) },
    actor: { user: userOf(audit.user) },
    src_endpoint: endpointOf(peerOf(audit.sourceIPs)),
    http_request: { user_agent: text(audit.userAgent) },
    http_response: code === undefined ? undefined : { code },
    api: {
      operation,
      service: { name: 'kubernetes' },
      response: { error, error_message: failed ? text(response.message) : undefined },
      request: { uid: text(audit.auditID) },
    },
    unmapped: { ...audit, ...workloadFacts(audit, uri) },
    raw: record,
  };
}

/** OCSF API activity: 1 create, 2 read, 3 update, 4 delete. */
const ACTIVITY: ReadonlyMap<string, number> = new Map([
  ['create', 1],
  ['post', 1],
  ['get', 2],
  ['list', 2],
  ['watch', 2],
  ['head', 2],
  ['options', 2],
  ['update', 3],
  ['patch', 3],
  ['put', 3],
  ['delete', 4],
  ['deletecollection', 4],
]);

function userOf(value: unknown): { name?: string; uid?: string; type?: string } | undefined {
  const user = objectOf(value);
  const name = text(user.username);
  if (name === undefined) return undefined;
  const type = name.startsWith('system:serviceaccount:')
    ? 'ServiceAccount'
    : name.startsWith('system:')
      ? 'System'
      : 'User';
  return { name, uid: text(user.uid), type };
}

function objectOf(value: unknown): Json {
  return isJsonObject(value) ? value : NOTHING;
}
const NOTHING: Json = Object.freeze({});

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.length < 5 ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : undefined;
}
