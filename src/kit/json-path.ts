import { isJsonObject } from './json.ts';

/** What a path (`A.B`) reaches in a value from outside; `undefined` where it ends early. Lists are not stepped through. */
export function at(source: unknown, path: string): unknown {
  let value = source;
  for (const name of path.split('.')) {
    if (name === '') continue;
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value ?? undefined;
}

/** Elements of what a path reaches: a single value is a list of one (XML has no lists), an empty text none. */
export function listAt(source: unknown, path: string): readonly unknown[] {
  const value = at(source, path);
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

/** A text, or a number or switch as a text; `''` counts as not set. */
export function textAt(source: unknown, path: string): string | undefined {
  const value = at(source, path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
