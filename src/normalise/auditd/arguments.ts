import { MASK, maskSecrets } from '../mask.ts';

/** A white space that no argument holds, so that masked arguments can be told apart again. */
const SEPARATOR = '\u{2028}';

/** Masks a command's arguments together, because `-p secret` tells only in two of them that there is one. */
export function maskArguments(args: readonly string[]): readonly string[] {
  const line = args.join(SEPARATOR);
  const masked = maskSecrets(line);
  if (masked === line) return args;
  const parts = masked.split(SEPARATOR);
  if (parts.length !== args.length) return [args[0] ?? '', MASK];
  return parts.map((part, index) => {
    const original = args[index] ?? '';
    if (part === original) return part;
    const option = OPTION.exec(original);
    // `--password=my secret`: a space inside an argument does not end the value.
    return option !== null && /\s/.test(original) ? `${option[0]}${MASK}` : part;
  });
}

const OPTION = /^--?[\w-]{1,64}=/;
