import type { Cell } from './value.ts';

/** Where an expression stands: the names that its `for`s and blocks bind, and the module around it. */
export interface Scope {
  readonly bindings: Bindings | undefined;
  /** `var`, `local`, `data`, `module`, `path`, `terraform`, or a type of resources. */
  readonly root: (name: string) => Cell;
  readonly call: (name: string, args: readonly Cell[]) => Cell;
  /** Steps left for the whole scan: what is hostile ends, and says so. */
  readonly budget: Budget;
}

export interface Budget {
  left: number;
  /** How deep evaluation is in itself at the moment: through expressions, and from one name to the next. */
  depth: number;
}

interface Bindings {
  readonly name: string;
  readonly value: Cell;
  readonly outer: Bindings | undefined;
}

export function bind(scope: Scope, name: string, value: Cell): Scope {
  return { ...scope, bindings: { name, value, outer: scope.bindings } };
}

export function lookUp(scope: Scope, name: string): Cell {
  for (let at = scope.bindings; at; at = at.outer) if (at.name === name) return at.value;
  return scope.root(name);
}
