import { isUnknown, type Reference, type Unknown, unknown } from '#model/resource.ts';
import { entriesOf, evaluate } from '../evaluate/expression.ts';
import { bind, type Scope } from '../evaluate/scope.ts';
import {
  type Cell,
  isNamed,
  isList,
  joinUnknown,
  type Named,
  named,
  numberOf,
  objectOf,
  textOf,
} from '../evaluate/value.ts';
import { blockTypes, blocksValue } from './block.ts';
import { type Declaration, find } from './source.ts';

/** One of what a block declares: its address, and the names that are bound inside it. */
export interface Instance {
  readonly address: string;
  readonly declaration: Declaration;
  readonly scope: Scope;
  readonly cell: Named;
}

/** What a block with `count` or `for_each` comes to. */
export interface Expansion {
  readonly instances: readonly Instance[];
  /** As it is seen by others: one, a list or an object of them. */
  readonly cell: Cell;
  readonly problem?: string | undefined;
}

/** More of one block is a mistake, or made to exhaust whoever reads it. */
export const MAX_INSTANCES = 10_000;

type MakeCell = (address: string, scope: Scope, isAnyIndex: boolean) => Named;

/** Expands `count` and `for_each`; an unknown number of instances is one, with an unknown index. */
export function expand(address: string, declaration: Declaration, scope: Scope, makeCell: MakeCell): Expansion {
  const count = find(declaration.block, 'count');
  const each = find(declaration.block, 'for_each');
  const make = (at: string, inner: Scope, isAnyIndex = false): Instance => ({
    address: at,
    declaration,
    scope: inner,
    cell: makeCell(at, inner, isAnyIndex),
  });
  if (count) return expandCount(evaluate(count.value, scope));
  if (each) return expandEach(evaluate(each.value, scope));
  return one(make(address, scope));

  function expandCount(value: Cell): Expansion {
    const number = numberOf(value);
    if (number === undefined || number < 0) return anyIndex('count', { index: unknownOf(value, 'count') });
    if (number > MAX_INSTANCES)
      return {
        ...anyIndex('count', { index: unknown('count is too large') }),
        problem: `${address} asks for ${number} instances; one is looked at.`,
      };
    const instances = Array.from({ length: number }, (_, at) =>
      make(`${address}[${at}]`, bind(scope, 'count', { index: at })),
    );
    return { instances, cell: instances.map(({ cell }) => cell) };
  }

  function expandEach(value: Cell): Expansion {
    const entries = entriesOf(value);
    if (isUnknown(entries)) return anyIndex('each', { key: entries, value: entries });
    if (entries.length > MAX_INSTANCES) {
      const missing = unknown('for_each has too many elements');
      const problem = `${address} asks for ${entries.length} instances; one is looked at.`;
      return { ...anyIndex('each', { key: missing, value: missing }), problem };
    }
    const pairs: (readonly [string, Instance])[] = [];
    for (const [at, element] of entries) {
      // A set’s keys are its values.
      const key = isList(value) ? element : at;
      const text = textOf(key);
      if (text === undefined) return anyIndex('each', { key: unknownOf(key, 'for_each'), value: element });
      pairs.push([
        text,
        make(`${address}[${JSON.stringify(text)}]`, bind(scope, 'each', { key: text, value: element })),
      ]);
    }
    return {
      instances: pairs.map(([, instance]) => instance),
      cell: objectOf(pairs.map(([key, { cell }]) => [key, cell] as const)),
    };
  }

  function anyIndex(name: string, value: Cell): Expansion {
    return one(make(`${address}[*]`, bind(scope, name, value), true));
  }
}

function one(instance: Instance): Expansion {
  return { instances: [instance], cell: instance.cell };
}

function unknownOf(value: Cell, what: string): Unknown {
  return isUnknown(value) ? value : unknown(`${what} is no number or set of texts`);
}

/**
 * A resource as others see it. An attribute that is written in the code is its value; any other is known after apply,
 * and refers to the resource, so that checks can follow it.
 */
export function resourceCell(declaration: Declaration, prefix = ''): MakeCell {
  return (address, scope, isAnyIndex) => {
    const { body } = declaration.block;
    const known = new Map<string, Cell>();
    const open = new Set<string>();
    const reference = (attribute: string): readonly Reference[] => [{ resource: `${prefix}${address}`, attribute }];
    const afterApply = (attribute: string) => unknown('known after apply', reference(attribute));
    return named(get, () => afterApply('id'), isAnyIndex);

    function get(name: string): Cell {
      const before = known.get(name);
      if (before !== undefined) return before;
      if (open.has(name)) return unknown(`${address}.${name} refers to itself`);
      open.add(name);
      const value = seen(name, evaluated(name));
      open.delete(name);
      known.set(name, value);
      return value;
    }

    function evaluated(name: string): Cell {
      const attribute = body.attributes.find((one) => one.name === name);
      if (attribute && !META.has(name)) return evaluate(attribute.value, scope);
      return blockTypes(body).has(name) ? blocksValue(body, name, scope) : null;
    }

    function seen(name: string, value: Cell): Cell {
      if (value === null) return afterApply(name);
      if (isUnknown(value)) return joinUnknown([value, afterApply(name)], value.partial);
      return isNamed(value) ? value.whole() : value;
    }
  };
}

/** What says how a block is used, and is no attribute of what it makes. */
export const META: ReadonlySet<string> = new Set(['count', 'for_each', 'depends_on', 'provider', 'providers']);
