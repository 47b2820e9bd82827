/** Records of a file of JSON: one value, a list, `{"Records": […]}`, one per line, or one after the other. */
export function eventRecords(text: string): readonly Record<string, unknown>[] {
  return valuesOf(text).flatMap(recordsOf);
}

function valuesOf(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    // Several values: brackets outside of texts say where each ends.
    return pieces(text).map((piece) => JSON.parse(piece) as unknown);
  }
}

function pieces(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (sign === '{' || sign === '[') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) found.push(text.slice(start, index + 1));
    }
  }
  return found;
}

function recordsOf(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(recordsOf);
  if (!isObject(value)) return [];
  return Array.isArray(value.Records) ? value.Records.flatMap(recordsOf) : [value];
}

/** A Windows event by its own field names, attributes as `Element_Attribute` (Sigma, “Field Usage”); others as they are. */
export function flatEvent(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!isObject(event.Event)) return event;
  const fields: Record<string, unknown> = {};
  for (const section of ['System', 'EventData', 'UserData']) flatten(event.Event[section], fields);
  return fields;
}

function flatten(section: unknown, fields: Record<string, unknown>): void {
  if (!isObject(section)) return;
  for (const [key, value] of Object.entries(section)) {
    const name = key.replaceAll(' ', '');
    if (key === '#attributes' || key === '#text') continue;
    if (!isObject(value)) fields[name] = value;
    else {
      if (value['#text'] !== undefined) fields[name] = value['#text'];
      const attributes = isObject(value['#attributes']) ? value['#attributes'] : {};
      for (const [attribute, text] of Object.entries(attributes)) fields[`${name}_${attribute}`] = text;
      flatten(value, fields);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
