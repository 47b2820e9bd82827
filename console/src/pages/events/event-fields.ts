/** Fields that most searches ask for; offered while typing. */
export const KNOWN_FIELDS = [
  'src_endpoint.ip',
  'user.name',
  'device.hostname',
  'actor.user.name',
  'status_id',
  'class_uid',
  'activity_id',
  'process.name',
  'process.cmd_line',
  'process.path',
  'file.path',
  'http_request.http_method',
  'http_request.url.path',
  'http_request.url.query_string',
  'http_request.user_agent',
  'http_response.code',
  'api.operation',
  'api.service.name',
  'api.response.error',
  'cloud.account.uid',
  'cloud.region',
] as const;

export interface FieldValue {
  readonly path: string;
  readonly value: string;
}

const MAX_FIELDS = 300;
const MAX_DEPTH = 12;

/** An event as flat paths with values; arrays as JSON. Bounded, for events are of strangers' making. */
export function flatten(event: Readonly<Record<string, unknown>>): readonly FieldValue[] {
  const fields: FieldValue[] = [];
  const visit = (value: unknown, path: string, depth: number) => {
    if (fields.length >= MAX_FIELDS || value === undefined || value === null) return;
    if (typeof value === 'object' && !Array.isArray(value) && depth < MAX_DEPTH) {
      for (const [name, inner] of Object.entries(value))
        visit(inner, path === '' ? name : `${path}.${name}`, depth + 1);
      return;
    }
    fields.push({ path, value: typeof value === 'string' ? value : JSON.stringify(value) });
  };
  visit(event, '', 0);
  return fields;
}
