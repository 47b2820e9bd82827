import { type Cell, failed, isList, isNamed, numberOf, textOf } from '../evaluate/value.ts';

/** What functions may see of the world: the files of the scanned tree, and nothing else. */
export interface FunctionContext {
  readonly budget: { left: number };
  /** The text of a file, its path as the code gives it (from the module’s folder, or through `path.module`). */
  readonly readFile: (path: string) => string | undefined;
  /** A template’s text with these names bound. */
  readonly render: (text: string, names: Cell) => Cell;
}

export interface TerraformFunction {
  /** How much of its arguments must be known: each of them as such, or all that is in them. */
  readonly needs: 'nothing' | 'arguments' | 'everything';
  readonly call: (args: readonly Cell[], context: FunctionContext) => Cell;
}

export type FunctionTable = { readonly [name: string]: TerraformFunction };

/** Its arguments must be known, but not what is in them. */
export function shallow(call: TerraformFunction['call']): TerraformFunction {
  return { needs: 'arguments', call };
}

export function deep(call: TerraformFunction['call']): TerraformFunction {
  return { needs: 'everything', call };
}

/** On texts alone: numbers and booleans are taken as they are written. */
export function onTexts(call: (...texts: readonly string[]) => Cell): TerraformFunction {
  return deep((args) => {
    const texts = args.map(textOf);
    return texts.every((text) => text !== undefined) ? call(...texts) : failed('a text is needed');
  });
}

/** On numbers alone. */
export function onNumbers(call: (...numbers: readonly number[]) => Cell): TerraformFunction {
  return deep((args) => {
    const numbers = args.map(numberOf);
    return numbers.every((number) => number !== undefined) ? call(...numbers) : failed('a number is needed');
  });
}

export function itemsOf(value: Cell | undefined, use: (items: readonly Cell[]) => Cell): Cell {
  return isList(value) ? use(value) : failed('a list is needed');
}

export function whole(value: Cell | undefined): Cell {
  if (value === undefined) return null;
  return isNamed(value) ? value.whole() : value;
}

export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
