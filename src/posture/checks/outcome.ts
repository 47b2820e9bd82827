/** Three-valued answer (Kleene); `why` is what fails or what is missing, made only when somebody asks. */
export type Outcome =
  | { readonly is: 'pass' }
  | { readonly is: 'fail'; readonly why: () => string }
  | { readonly is: 'unknown'; readonly why: () => string };

export const PASS: Outcome = { is: 'pass' };
export const fail = (why: () => string): Outcome => ({ is: 'fail', why });
export const unsure = (why: () => string): Outcome => ({ is: 'unknown', why });

/** The first that fails decides, then the first that is unknown. */
export function allOf<T>(things: Iterable<T>, ask: (thing: T) => Outcome): Outcome {
  let missing: Outcome | undefined;
  for (const thing of things) {
    const outcome = ask(thing);
    if (outcome.is === 'fail') return outcome;
    if (outcome.is === 'unknown') missing ??= outcome;
  }
  return missing ?? PASS;
}

/** The first that passes decides, then the first that is unknown. */
export function anyOf<T>(things: Iterable<T>, ask: (thing: T) => Outcome, none: () => string): Outcome {
  let missing: Outcome | undefined;
  let failed: (Outcome & { is: 'fail' }) | undefined;
  for (const thing of things) {
    const outcome = ask(thing);
    if (outcome.is === 'pass') return PASS;
    if (outcome.is === 'unknown') missing ??= outcome;
    else failed ??= outcome;
  }
  return missing ?? failed ?? fail(none);
}

export function opposite(outcome: Outcome, why: () => string): Outcome {
  if (outcome.is === 'unknown') return outcome;
  return outcome.is === 'fail' ? PASS : fail(why);
}
