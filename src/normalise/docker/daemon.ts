import { isJsonObject, parseJson } from '#kit/json.ts';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import type { NormaliseContext } from '../normaliser.ts';
import { baseEvent, INFORMATIONAL } from '../reader.ts';
import type { SyslogHeader } from '../syslog/header.ts';
import { readAnyTime } from '../timestamp.ts';

/** What the way a line came in knows about it. */
interface Arrival {
  readonly timeMs?: number;
  readonly hostname?: string;
  readonly pid?: number;
}

/** A line of dockerd that came through syslog or the journal. */
export function readDockerProgram(header: SyslogHeader, record: string, context: NormaliseContext): Event {
  const { timeMs, hostname, pid, message } = header;
  return (
    readDaemonMessage(message, record, context, { timeMs, hostname, pid }) ??
    baseEvent('docker', record, context, { timeMs, hostname, message, unmapped: { action: 'other', pid } })
  );
}

/**
 * A line of dockerd’s log: `time="…" level=warning msg="…" key=value`, or the same as JSON (`log-format`). With `debug` on it
 * has the requests, and the body of those that make containers becomes `request` for rules to read (before version 28
 * in `form data: …`, since then in `form-data=`).
 */
export function readDaemonMessage(
  line: string,
  record: string,
  context: NormaliseContext,
  arrival: Arrival,
): Event | undefined {
  const fields = line.charCodeAt(0) === OPEN_BRACE ? jsonFields(line) : logfmtFields(line);
  const message = fields?.msg;
  if (fields === undefined || message === undefined) return undefined;
  const body = message.startsWith('form data: ') ? message.slice(11) : fields['form-data'];
  const request = body === undefined ? undefined : parseJson(body);
  const isRequest = request?.ok === true && isJsonObject(request.value);
  const isCreate = isRequest && isJsonObject((request.value as Record<string, unknown>).HostConfig);
  return {
    id: context.id,
    time: readAnyTime(fields.time, context) ?? arrival.timeMs ?? context.receivedMs,
    source: 'docker',
    class_uid: isRequest ? OCSF_CLASS.apiActivity : OCSF_CLASS.base,
    activity_id: isCreate ? 1 : isRequest ? 99 : 0,
    severity_id: SEVERITY.get(fields.level ?? '') ?? INFORMATIONAL,
    status_id: isRequest ? 1 : undefined,
    message,
    device: arrival.hostname === undefined ? undefined : { hostname: arrival.hostname },
    api: isRequest ? { operation: isCreate ? 'container create' : 'request', service: { name: 'docker' } } : undefined,
    unmapped: {
      action: isCreate ? 'create' : isRequest ? 'request' : 'log',
      level: fields.level,
      error: fields.error,
      url: fields['request-url'],
      pid: arrival.pid,
      request: isRequest ? request.value : undefined,
      image: isCreate ? textOf((request.value as Record<string, unknown>).Image) : undefined,
    },
    raw: record,
  };
}

const OPEN_BRACE = 0x7b;
const SEVERITY: ReadonlyMap<string, number> = new Map([
  ['debug', 1],
  ['info', 1],
  ['warning', 2],
  ['error', 3],
  ['fatal', 6],
  ['panic', 6],
]);

/** logrus’ text form: values are bare or quoted as Go quotes strings. */
function logfmtFields(line: string): Record<string, string> | undefined {
  if (!START.test(line)) return undefined;
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  PAIR.lastIndex = 0;
  for (let count = 0; count < MOST_FIELDS; count += 1) {
    const match = PAIR.exec(line);
    if (match === null) break;
    const [, name = '', quoted, bare] = match;
    fields[name] = quoted === undefined ? (bare ?? '') : unquoted(quoted);
  }
  return fields;
}

const START = /^(?:time=|level=|msg=)/;
const MOST_FIELDS = 40;
const PAIR = /\s*([\w.-]{1,64})=(?:"((?:[^"\\]|\\.)*)"?|([^\s"]*))/y;

function unquoted(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/g, (_whole, code: string) => (code === 'n' ? '\n' : code === 't' ? '\t' : code));
}

function jsonFields(line: string): Record<string, string> | undefined {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { level, msg, time } = parsed.value;
  if (typeof level !== 'string' || typeof msg !== 'string' || typeof time !== 'string') return undefined;
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(parsed.value)) {
    if (typeof value === 'string') fields[name] = value;
    else if (name === 'form-data') fields[name] = JSON.stringify(value);
  }
  return fields;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
