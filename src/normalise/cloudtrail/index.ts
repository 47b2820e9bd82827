import { isJsonObject, parseJson } from '#kit/json.ts';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import { endpointOf } from '../address-endpoint.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, INFORMATIONAL, LOW, type RecordReader } from '../reader.ts';
import { readAnyTime } from '../timestamp.ts';
import { grantsOf } from './grants.ts';
import { apiActivity } from './verb.ts';

export const cloudtrailReader: RecordReader = {
  format: 'cloudtrail',
  description: 'Events of AWS CloudTrail, one object per record, also inside the answer of its LookupEvents',
  read(record: string, context: NormaliseContext): Event {
    const parsed = parseJson(record);
    const trail = parsed.ok ? unwrap(parsed.value) : undefined;
    if (trail === undefined) return baseEvent('cloudtrail', record, context);
    return toEvent(trail, record, context);
  },
};

type Json = Record<string, unknown>;

/** LookupEvents and EventBridge wrap the event: as a string, and as `detail`. */
function unwrap(value: unknown): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  if (typeof value.eventName === 'string' && typeof value.eventSource === 'string') return value;
  if (value.eventType === 'AwsCloudTrailInsight' && isJsonObject(value.insightDetails)) return insight(value);
  if (isJsonObject(value.detail)) return unwrap(value.detail);
  if (typeof value.CloudTrailEvent !== 'string') return undefined;
  const inner = parseJson(value.CloudTrailEvent);
  return inner.ok ? unwrap(inner.value) : undefined;
}

/** An Insights event tells of calls that others made: its name must not pass for one of those. See `insightDetails`. */
function insight(value: Json): Json {
  return { ...value, eventName: 'CloudTrailInsight', eventSource: 'cloudtrail.amazonaws.com' };
}

/** CloudTrail record contents, event version 1.11. `grants` is ours: what the parameters give away. */
function toEvent(trail: Json, record: string, context: NormaliseContext): Event {
  const identity = isJsonObject(trail.userIdentity) ? trail.userIdentity : {};
  const operation = text(trail.eventName) ?? '';
  const error = text(trail.errorCode);
  const errorMessage = text(trail.errorMessage);
  const isSignIn = trail.eventType === 'AwsConsoleSignIn' || operation === 'ConsoleLogin';
  const failed = isSignIn ? signInFailed(trail) : error !== undefined || errorMessage !== undefined;
  const account = text(trail.recipientAccountId) ?? text(identity.accountId);
  const grants = trail.readOnly === true || failed ? undefined : grantsOf(trail.requestParameters, account);
  const user = {
    name: userName(identity),
    uid: text(identity.arn) ?? text(identity.principalId),
    type: text(identity.type),
  };
  return {
    id: context.id,
    time: readAnyTime(trail.eventTime, context) ?? context.receivedMs,
    source: 'cloudtrail',
    class_uid: isSignIn ? OCSF_CLASS.authentication : OCSF_CLASS.apiActivity,
    activity_id: isSignIn ? 1 : apiActivity(operation, trail.readOnly === true),
    severity_id: failed ? LOW : INFORMATIONAL,
    status_id: failed ? 2 : 1,
    status_detail: error ?? errorMessage,
    message: `${operation} ${text(trail.eventSource) ?? ''}`.trim(),
    user: isSignIn ? user : undefined,
    actor: { user, invoked_by: text(identity.invokedBy) },
    src_endpoint: endpointOf(text(trail.sourceIPAddress)),
    http_request: { user_agent: text(trail.userAgent) },
    api: {
      operation,
      service: { name: text(trail.eventSource) },
      response: { error, error_message: errorMessage },
      request: { uid: text(trail.requestID) },
    },
    cloud: {
      provider: 'AWS',
      region: text(trail.awsRegion),
      account: { uid: account },
    },
    unmapped: grants === undefined ? trail : { ...trail, grants },
    raw: record,
  };
}

/** `responseElements: { ConsoleLogin: "Failure" }`; switching roles and others report an error instead. */
function signInFailed(trail: Json): boolean {
  const response = isJsonObject(trail.responseElements) ? trail.responseElements : {};
  return Object.values(response).includes('Failure') || text(trail.errorMessage) !== undefined;
}

/** Root has no user name, an assumed role has the name of its session in its ARN, a person of Identity Center an id. */
function userName(identity: Json): string | undefined {
  if (identity.type === 'Root') return text(identity.userName) ?? 'root';
  const named = text(identity.userName);
  if (named !== undefined) return named;
  const arn = text(identity.arn);
  if (arn?.includes('/')) return arn.slice(arn.indexOf('/') + 1);
  const onBehalfOf = isJsonObject(identity.onBehalfOf) ? text(identity.onBehalfOf.userId) : undefined;
  return onBehalfOf ?? text(identity.principalId) ?? text(identity.invokedBy) ?? text(identity.accountId);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
