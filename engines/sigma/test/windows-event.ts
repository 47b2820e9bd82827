/** Splits a file of JSON values that follow one another, lists taken apart. */
export function jsonDocuments(text: string): Record<string, unknown>[] {
  const found: unknown[] = [];
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) found.push(JSON.parse(text.slice(start, at + 1)));
    }
  }
  return found.flat() as Record<string, unknown>[];
}

/**
 * Windows events by their own field names (specification, “Field Usage”): no spaces, attributes as `Element_Attribute`.
 * Other events as they are.
 */
export function windowsFields(event: Record<string, unknown>): Record<string, unknown> {
  if (!isObject(event.Event)) return event;
  const fields: Record<string, unknown> = {};
  const put = (section: unknown): void => {
    if (!isObject(section)) return;
    for (const [key, value] of Object.entries(section)) {
      if (key === '#attributes') continue;
      const name = key.replaceAll(' ', '');
      if (!isObject(value)) {
        fields[name] = value;
        continue;
      }
      if (value['#text'] !== undefined) fields[name] = value['#text'];
      if (isObject(value['#attributes']))
        for (const [attribute, text] of Object.entries(value['#attributes'])) fields[`${name}_${attribute}`] = text;
      put(value);
    }
  };
  for (const section of ['System', 'EventData', 'UserData']) put(event.Event[section]);
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
