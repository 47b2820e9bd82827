import { isUnknown, type Unknown, unknown } from '#model/resource.ts';
import { type Cell, failed, findUnknown, isFailed, joinUnknown } from '../evaluate/value.ts';
import { COLLECTION_FUNCTIONS } from './collections.ts';
import { DATE_FUNCTIONS } from './dates.ts';
import type { FunctionContext, FunctionTable, TerraformFunction } from './define.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { FILE_FUNCTIONS } from './files.ts';
import { NETWORK_FUNCTIONS } from './network.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import { STRING_FUNCTIONS } from './strings.ts';

/** Passed through, or only known at apply. */
const OTHER_FUNCTIONS: FunctionTable = {
  bcrypt: { needs: 'nothing', call: () => unknown('bcrypt is salted anew at each apply') },
  ephemeralasnull: { needs: 'nothing', call: ([value]) => value ?? null },
  issensitive: { needs: 'nothing', call: () => unknown('whether a value is sensitive is not tracked') },
  nonsensitive: { needs: 'nothing', call: ([value]) => value ?? null },
  rsadecrypt: { needs: 'nothing', call: () => unknown('rsadecrypt needs a private key') },
  sensitive: { needs: 'nothing', call: ([value]) => value ?? null },
  uuid: { needs: 'nothing', call: () => unknown('uuid is made anew at each apply') },
};

const FUNCTIONS: ReadonlyMap<string, TerraformFunction> = new Map(
  Object.entries({
    ...COLLECTION_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...FILE_FUNCTIONS,
    ...NETWORK_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...OTHER_FUNCTIONS,
    ...STRING_FUNCTIONS,
  }),
);

/** Calls a built-in function. What it cannot work with is a failure that `try` catches; nothing is thrown. */
export function callFunction(name: string, args: readonly Cell[], context: FunctionContext): Cell {
  const definition = FUNCTIONS.get(name.replace(/^core::/, ''));
  if (!definition) return failed(`function ${name} is not known`);
  const broken = args.find(isFailed);
  if (broken !== undefined) return broken;
  if (definition.needs !== 'nothing') {
    const missing = definition.needs === 'arguments' ? args.filter(isUnknown) : unknownIn(args, context);
    if (missing.length > 0) return joinUnknown(missing);
  }
  try {
    return definition.call(args, context);
  } catch {
    // Whatever a library refuses is what the function refuses. Its words may hold the value: they are not repeated.
    return failed(`${name} cannot work with what it is given`);
  }
}

const MAX_NODES = 100_000;

/** What is looked through is paid for from the budget of the scan. */
function unknownIn(args: readonly Cell[], { budget }: FunctionContext): readonly Unknown[] {
  const looks = { left: MAX_NODES };
  const found = args.map((arg) => findUnknown(arg, looks)).filter((one) => one !== undefined);
  budget.left -= MAX_NODES - looks.left;
  return found;
}
