import type { Unknown } from '#model/resource.ts';

/**
 * A variable or a parameter without a default: whoever puts the code up is asked for its value, so that what it is set to
 * is there, whatever it is, and is not in the code.
 */
export function mustBeGiven({ reason }: Unknown): boolean {
  return /^(?:variable|parameter) "[^"]+" has no value$/.test(reason);
}
