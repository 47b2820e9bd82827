import { isUnknown, type Reference, type Unknown, unknown } from '#model/resource.ts';

/** A value while it is evaluated: as in the model, with `null`, and with things that are looked into by name. */
export type Cell = string | number | boolean | null | readonly Cell[] | CellObject | Unknown | Named;
export type CellObject = { readonly [name: string]: Cell };

const NAMED = Symbol('named');
const FAILED = Symbol('failed');

/** A resource, a module, a namespace such as `var`: asked by name, evaluated when asked. */
export interface Named {
  readonly [NAMED]: true;
  readonly get: (name: string) => Cell;
  /** What it is where it stands for a value itself. */
  readonly whole: () => Cell;
  /** `a.b[*]`: one stands for an unknown number, whichever index is asked. */
  readonly isAnyIndex: boolean;
}

export function named(get: (name: string) => Cell, whole: () => Cell, isAnyIndex = false): Named {
  return { [NAMED]: true, get, whole, isAnyIndex };
}

export function isNamed(value: Cell): value is Named {
  return typeof value === 'object' && value !== null && NAMED in value;
}

/** A mistake in the code, or what it cannot do: unknown like any other, but `try` goes on to its next argument. */
export function failed(reason: string): Unknown {
  return { ...unknown(reason), [FAILED]: true } as Unknown;
}

export function isFailed(value: Cell): boolean {
  return isUnknown(value) && FAILED in value;
}

export function isObject(value: Cell | undefined): value is CellObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value) && !isNamed(value);
}

export function isList(value: Cell | undefined): value is readonly Cell[] {
  return Array.isArray(value);
}

/** Sets an own member whatever its name: `__proto__` is a name like any other. */
export function put(object: Record<string, Cell>, name: string, value: Cell): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

export function objectOf(entries: Iterable<readonly [string, Cell]>): CellObject {
  const object: Record<string, Cell> = {};
  for (const [name, value] of entries) put(object, name, value);
  return object;
}

export function member(object: CellObject, name: string): Cell | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const MAX_REFERENCES = 50;
/** Values nested deeper than this are unknown: every walk over one is a recursion. */
export const MAX_VALUE_DEPTH = 200;

/** One unknown for several: the reason of the first, the references of all. A mistake in one is a mistake in the whole. */
export function joinUnknown(parts: readonly Unknown[], partial?: string): Unknown {
  const [first] = parts;
  if (!first) return unknown('it is not known', [], partial);
  const references: Reference[] = [];
  for (const part of parts) {
    for (const reference of part.references) {
      const isKnown = references.some(
        (one) => one.resource === reference.resource && one.attribute === reference.attribute,
      );
      if (!isKnown && references.length < MAX_REFERENCES) references.push(reference);
    }
  }
  const joined = unknown(first.reason, references, partial);
  return parts.some(isFailed) ? ({ ...joined, [FAILED]: true } as Unknown) : joined;
}

/** More looks into one value are not taken for a mistake. */
const MAX_LOOKS = 1_000;

/** Whether it is a mistake, or a list or an object that was just made with one in it. */
export function hasFailed(value: Cell, budget: { left: number } = { left: MAX_LOOKS }): boolean {
  if (typeof value !== 'object' || value === null || --budget.left < 0) return false;
  if (isUnknown(value)) return isFailed(value);
  if (isNamed(value)) return false;
  return (isList(value) ? value : Object.values(value)).some((one) => hasFailed(one, budget));
}

/** The first unknown in it, at any depth; what takes more looks than the budget has, or is nested too deep, is unknown itself. */
export function findUnknown(value: Cell, budget: { left: number } = { left: 100_000 }): Unknown | undefined {
  const found: Unknown[] = [];
  const ended = walk(value, budget, found, 0);
  if (ended === 'too large') return unknown('the value is too large');
  return found.length > 0 ? joinUnknown(found) : undefined;
}

function walk(value: Cell, budget: { left: number }, found: Unknown[], depth: number): 'too large' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (--budget.left < 0 || depth > MAX_VALUE_DEPTH) return 'too large';
  if (isUnknown(value)) {
    found.push(value);
    return undefined;
  }
  if (isNamed(value)) return walk(value.whole(), budget, found, depth + 1);
  for (const item of isList(value) ? value : Object.values(value))
    if (walk(item, budget, found, depth + 1) === 'too large') return 'too large';
  return undefined;
}

/** As text in a template; undefined for lists and objects, which have none. */
export function textOf(value: Cell): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  return undefined;
}

function numberText(value: number): string {
  return Number.isSafeInteger(value) || Math.abs(value) >= 1e21 ? BigInt(Math.round(value)).toString() : String(value);
}

/** As a number, if it is one or a text that says one. */
export function numberOf(value: Cell): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}

export function booleanOf(value: Cell): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return undefined;
}

/** Equal as the language means it: of one type, and member by member. Undefined where something unknown decides. */
export function equals(a: Cell, b: Cell, budget: { left: number } = { left: 100_000 }, depth = 0): boolean | undefined {
  if (--budget.left < 0 || depth > MAX_VALUE_DEPTH) return undefined;
  if (isUnknown(a) || isUnknown(b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (isNamed(a)) return equals(a.whole(), b, budget, depth + 1);
  if (isNamed(b)) return equals(a, b.whole(), budget, depth + 1);
  if (isList(a) !== isList(b)) return false;
  const left = Object.entries(a);
  if (left.length !== Object.keys(b).length) return false;
  let result: boolean | undefined = true;
  for (const [name, value] of left) {
    const other = member(b as CellObject, name);
    if (other === undefined) return false;
    const same = equals(value, other, budget, depth + 1);
    if (same === false) return false;
    if (same === undefined) result = undefined;
  }
  return result;
}
