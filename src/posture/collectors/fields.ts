import { at, listAt, textAt } from '#kit/json-path.ts';
import type { Value } from '#model/resource.ts';
import type { Field, Fields, Subject } from './collector.ts';

export { at, listAt, textAt };

/** An answer without what it always has; the message says what: `AccessControlList.Grant`. */
export class MissingField extends Error {
  override readonly name = 'MissingField';
}

/** A text; `''` counts as not set. */
export function text(path: string): Field {
  return (source) => textAt(source, path);
}

export function number(path: string): Field {
  return (source) => {
    const value = textAt(source, path);
    if (value === undefined) return undefined;
    const read = Number(value);
    if (!Number.isFinite(read)) throw new MissingField(`a number at ${path}`);
    return read;
  };
}

const YES = new Set(['true', '1', 'on', 'yes', 'enable', 'enabled', 'open', 'opened', 'active']);

/** A switch, however it is written; `yes` names words beyond the usual ones. */
export function flag(path: string, ...yes: readonly string[]): Field {
  return (source) => {
    const value = textAt(source, path);
    return value === undefined ? undefined : yes.includes(value) || YES.has(value.toLowerCase());
  };
}

/** A text said in the words of the Terraform provider; others stay as they are. */
export function word(path: string, words: Readonly<Record<string, string | number | boolean>>): Field {
  return (source) => {
    const value = textAt(source, path);
    return value !== undefined && Object.hasOwn(words, value) ? words[value] : value;
  };
}

/** A list of texts. `split`: written as one text with this between. */
export function texts(path: string, split?: string): Field {
  return (source) =>
    listAt(source, path).flatMap((one) => {
      const value = textAt(one, '');
      if (value === undefined) return [];
      return split === undefined
        ? [value]
        : value
            .split(split)
            .map((part) => part.trim())
            .filter(Boolean);
    });
}

/** A nested block: a list of objects. */
export function blocks(path: string, fields: Fields): Field {
  return (source, subject, items) => listAt(source, path).map((one) => readAll(one, fields, subject, items));
}

/** A nested block of one object, made from the answer itself; none where all its fields are absent. */
export function block(fields: Fields): Field {
  return (source, subject, items) => {
    const read = readAll(source, fields, subject, items);
    return Object.keys(read).length === 0 ? undefined : [read];
  };
}

/** What the answer always has: without it the attribute is unknown, not absent. */
export function must(field: Field, what: string): Field {
  return (source, subject, items) => {
    const value = field(source, subject, items);
    if (value === undefined) throw new MissingField(what);
    return value;
  };
}

/** A text that is always there. */
export function mustText(path: string): Field {
  return must(text(path), path);
}

/** A switch that is always said. */
export function mustFlag(path: string, ...yes: readonly string[]): Field {
  return must(flag(path, ...yes), path);
}

/** Reads of what the call or the item was about. */
export function ofParent(field: Field): Field {
  return (_source, { parent }, items) => (parent === undefined ? undefined : field(parent.item, parent, items));
}

/** Tags, `[{Key, Value}]` under any of the usual names, as a mapping. */
export function tags(path: string): Field {
  return (source) => {
    const pairs = listAt(source, path).flatMap((one): (readonly [string, string])[] => {
      const key = textAt(one, 'TagKey') ?? textAt(one, 'Key') ?? textAt(one, 'key');
      if (key === undefined || key === '__proto__') return [];
      return [[key, textAt(one, 'TagValue') ?? textAt(one, 'Value') ?? textAt(one, 'value') ?? '']];
    });
    return Object.fromEntries(pairs);
  };
}

/**
 * Those of a call’s items that belong to this one: whose `name` is the text at `own`. The index is made once for a list.
 */
export function itemsNaming(items: readonly unknown[], name: string, own: string | undefined): readonly unknown[] {
  if (own === undefined) return [];
  const indexes = INDEXES.get(items) ?? new Map<string, Map<string, unknown[]>>();
  INDEXES.set(items, indexes);
  let index = indexes.get(name);
  if (index === undefined) {
    index = new Map();
    for (const item of items) {
      const key = textAt(item, name);
      if (key !== undefined) index.set(key, [...(index.get(key) ?? []), item]);
    }
    indexes.set(name, index);
  }
  return index.get(own) ?? [];
}

const INDEXES = new WeakMap<readonly unknown[], Map<string, Map<string, unknown[]>>>();

/** Reads what another call said of this item: the first of its items whose `name` is this one’s text at `own`. */
export function ofItemNaming(name: string, own: string, field: Field): Field {
  return (_source, subject, items) => {
    const [found] = itemsNaming(items, name, textAt(subject.item, own));
    return found === undefined ? undefined : field(found, subject, items);
  };
}

function readAll(source: unknown, fields: Fields, subject: Subject, items: readonly unknown[]): Record<string, Value> {
  const read: Record<string, Value> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = field(source, subject, items);
    if (value !== undefined) read[name] = value;
  }
  return read;
}
