import { isJsonObject, parseJson } from '#kit/json.ts';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import { apiActivity } from '../cloudtrail/verb.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';
import { withNestedParameters } from './parameters.ts';

export const actiontrailReader: RecordReader = {
  format: 'actiontrail',
  description:
    'Events of Alibaba Cloud ActionTrail as delivered to OSS, Log Service or EventBridge, one object per record',
  read(record: string, context: NormaliseContext): Event {
    const parsed = parseJson(record);
    const trail = parsed.ok ? unwrap(parsed.value, 2) : undefined;
    if (trail === undefined) return baseEvent('actiontrail', record, context);
    return toEvent(trail, record, context);
  },
};

type Json = Record<string, unknown>;

/** Log Service has the event as `event`, an object or its text; EventBridge as `data`. */
function unwrap(value: unknown, levels: number): Json | undefined {
  if (typeof value === 'string' && levels > 0) {
    const inner = parseJson(value);
    return inner.ok ? unwrap(inner.value, levels - 1) : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  if (
    typeof value.eventName === 'string' &&
    (typeof value.serviceName === 'string' || typeof value.eventSource === 'string')
  ) {
    return withParsedParameters(value);
  }
  return levels > 0 ? (unwrap(value.event, levels - 1) ?? unwrap(value.data, levels - 1)) : undefined;
}

/**
 * `requestParameters` and `responseElements` come as objects or as their JSON text; `requestParameterJson` always as
 * text. Rules read them as objects, and flat request parameters also as the lists that they stand for.
 */
function withParsedParameters(trail: Json): Json {
  const opened: Json = { ...trail };
  for (const name of ['requestParameters', 'responseElements', 'additionalEventData', 'requestParameterJson']) {
    const value = trail[name];
    if (typeof value !== 'string') continue;
    const inner = parseJson(value);
    if (!inner.ok || !isJsonObject(inner.value)) continue;
    if (name !== 'requestParameterJson') opened[name] = inner.value;
    else if (!isJsonObject(opened.requestParameters)) opened.requestParameters = inner.value;
  }
  if (isJsonObject(opened.requestParameters)) {
    opened.requestParameters = withNestedParameters(opened.requestParameters);
  }
  return opened;
}

/** “Management event structure” of the ActionTrail documentation, event version 1. */
function toEvent(trail: Json, record: string, context: NormaliseContext): Event {
  const identity = isJsonObject(trail.userIdentity) ? trail.userIdentity : {};
  const extra = isJsonObject(trail.additionalEventData) ? trail.additionalEventData : {};
  const operation = text(trail.eventName) ?? '';
  const isSignOut = trail.eventType === 'ConsoleSignout' || operation === 'ConsoleSignout';
  const isSignIn = trail.eventType === 'ConsoleSignin' || operation === 'ConsoleSignin';
  const error = text(trail.errorCode);
  const errorMessage = text(trail.errorMessage);
  const failed = error !== undefined || errorMessage !== undefined;
  const user = {
    name:
      text(identity.userName) ?? text(extra.loginAccount) ?? (identity.type === 'root-account' ? 'root' : undefined),
    uid: text(identity.principalId),
    type: text(identity.type),
  };
  const isAuthentication = isSignIn || isSignOut;
  return {
    id: context.id,
    time: readAnyTime(trail.eventTime, context) ?? context.receivedMs,
    source: 'actiontrail',
    class_uid: isAuthentication ? OCSF_CLASS.authentication : OCSF_CLASS.apiActivity,
    activity_id: isSignOut ? 2 : isSignIn ? 1 : apiActivity(operation, trail.eventRW === 'Read'),
    severity_id: failed ? LOW : INFORMATIONAL,
    status_id: failed ? 2 : 1,
    status_detail: error ?? errorMessage,
    message: `${operation} ${text(trail.serviceName) ?? ''}`.trim(),
    user: isAuthentication ? user : undefined,
    actor: { user },
    src_endpoint: endpointOf(text(trail.sourceIpAddress)),
    http_request: { user_agent: text(trail.userAgent) },
    api: {
      operation,
      service: { name: text(trail.serviceName) ?? text(trail.eventSource) },
      response: { error, error_message: errorMessage },
      request: { uid: text(trail.requestId) },
    },
    cloud: {
      provider: 'Alibaba Cloud',
      region: text(trail.acsRegion),
      account: { uid: text(trail.recipientAccountId) ?? text(identity.accountId) },
    },
    unmapped: trail,
    raw: record,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
