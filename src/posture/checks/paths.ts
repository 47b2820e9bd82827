import { type Attributes, isAttributes, isUnknown, type Value } from '#model/resource.ts';

/** `.` is the value itself, `*` any name; other names step into mappings and through lists. */
export type Path = readonly string[];

export function parsePath(text: string): Path {
  return text === '.' ? [] : text.split('.');
}

/** Every value that a path reaches; `undefined` for an end where there is none. A list at the end stays one value. */
export function valuesAt(value: Value | undefined, path: Path, at = 0): readonly (Value | undefined)[] {
  if (at === path.length || value === undefined || isUnknown(value)) return [value];
  if (Array.isArray(value)) {
    const list = value as readonly Value[];
    return list.length === 0 ? [undefined] : list.flatMap((element) => valuesAt(element, path, at));
  }
  if (!isAttributes(value)) return [undefined];
  const name = path[at] as string;
  if (name !== '*') return valuesAt(own(value, name), path, at + 1);
  const all = Object.values(value);
  return all.length === 0 ? [undefined] : all.flatMap((element) => valuesAt(element, path, at + 1));
}

/** The elements of what a path reaches: of lists their elements, else the value. Absent and `[]` have none. */
export function elementsAt(value: Value | undefined, path: Path): readonly Value[] {
  return valuesAt(value, path).flatMap((one) =>
    one === undefined ? [] : Array.isArray(one) ? (one as readonly Value[]) : [one],
  );
}

function own(value: Attributes, name: string): Value | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
