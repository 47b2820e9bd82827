import { isUnknown } from '#model/resource.ts';
import { evaluate } from '../evaluate/expression.ts';
import type { Scope } from '../evaluate/scope.ts';
import {
  booleanOf,
  type Cell,
  isList,
  isNamed,
  isObject,
  member,
  numberOf,
  objectOf,
  put,
  textOf,
} from '../evaluate/value.ts';
import type { Expression } from '../hcl/syntax.ts';

/**
 * A value as its variable’s type wants it: texts and numbers made of one another, absent members of an object set to
 * their default. What does not fit is left as it is: it is not ours to refuse.
 */
export function convert(value: Cell, type: Expression, scope: Scope): Cell {
  if (value === null || isUnknown(value) || isNamed(value)) return value;
  if (type.kind === 'variable' || type.kind === 'literal') return primitive(value, type);
  if (type.kind !== 'call') return value;
  const [of] = type.args;
  if (!of) return value;
  switch (type.name) {
    case 'optional':
      return convert(value, of, scope);
    case 'list':
    case 'set':
      if (!isList(value)) return value;
      return unique(
        value.map((item) => convert(item, of, scope)),
        type.name === 'set',
      );
    case 'map':
      return isObject(value)
        ? objectOf(Object.entries(value).map(([name, item]) => [name, convert(item, of, scope)] as const))
        : value;
    case 'tuple':
      return isList(value) && of.kind === 'tuple'
        ? value.map((item, at) => convert(item, of.items[at] ?? ANY, scope))
        : value;
    case 'object':
      return isObject(value) && of.kind === 'object' ? convertObject(value, of.items, scope) : value;
    default:
      return value;
  }
}

const ANY: Expression = { kind: 'variable', name: 'any' };

function primitive(value: Cell, type: Expression): Cell {
  const name = type.kind === 'variable' ? type.name : type.kind === 'literal' ? type.value : undefined;
  if (name === 'string') return textOf(value) ?? value;
  if (name === 'number') return numberOf(value) ?? value;
  if (name === 'bool') return booleanOf(value) ?? value;
  return value;
}

function unique(items: readonly Cell[], isSet: boolean): Cell {
  return isSet && items.every((item) => typeof item === 'string') ? [...new Set(items)].sort() : items;
}

function convertObject(
  value: { readonly [name: string]: Cell },
  members: readonly { readonly key: Expression; readonly value: Expression }[],
  scope: Scope,
): Cell {
  const made: Record<string, Cell> = {};
  for (const { key, value: type } of members) {
    if (key.kind !== 'literal' || typeof key.value !== 'string') continue;
    const given = member(value, key.value);
    const fallback = type.kind === 'call' && type.name === 'optional' ? type.args[1] : undefined;
    if (given !== undefined && given !== null) put(made, key.value, convert(given, type, scope));
    else if (fallback) put(made, key.value, convert(evaluate(fallback, scope), type, scope));
    else put(made, key.value, null);
  }
  return made;
}
