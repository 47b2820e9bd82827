import { isUnknown, type Unknown } from '#model/resource.ts';
import { type Cell, failed, findUnknown, isFailed, joinUnknown } from '../evaluate/value.ts';
import { COLLECTION_FUNCTIONS } from './collections.ts';

/** What functions may see of the world: the files of the scanned tree, and nothing else. */
export interface FunctionContext {
  /** The text of a file, its path relative to the module’s folder or from `path.module`. */
  readonly readFile: (path: string) => string | undefined;
}

export interface TerraformFunction {
  /** How much of its arguments must be known: each of them as such, or all that is in them. */
  readonly needs: 'nothing' | 'arguments' | 'everything';
  readonly call: (args: readonly Cell[], context: FunctionContext) => Cell;
}

export type FunctionTable = { readonly [name: string]: TerraformFunction };

const FUNCTIONS = new Map<string, TerraformFunction>(Object.entries({ ...COLLECTION_FUNCTIONS }));

/** Calls a built-in function. What it cannot work with is a failure that `try` catches; nothing is thrown. */
export function callFunction(name: string, args: readonly Cell[], context: FunctionContext): Cell {
  const definition = FUNCTIONS.get(name.replace(/^core::/, ''));
  if (!definition) return failed(`function ${name} is not known`);
  const broken = args.find(isFailed);
  if (broken !== undefined) return broken;
  if (definition.needs !== 'nothing') {
    const missing =
      definition.needs === 'arguments'
        ? args.filter((arg): arg is Unknown => isUnknown(arg))
        : args.map((arg) => findUnknown(arg)).filter((one) => one !== undefined);
    if (missing.length > 0) return joinUnknown(missing);
  }
  try {
    return definition.call(args, context);
  } catch {
    // Whatever a library refuses is what the function refuses. Its words may hold the value: they are not repeated.
    return failed(`${name} cannot work with what it is given`);
  }
}
