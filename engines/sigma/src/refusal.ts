/** Why a rule is not taken. Thrown inside the parser only; `parseRules` turns each into a `RuleProblem`. */
export class Refusal extends Error {
  readonly suggestion: string;
  /** Where in the document: keys from the top. */
  path: readonly (string | number)[] = [];

  constructor(problem: string, suggestion: string) {
    super(problem);
    this.suggestion = suggestion;
  }
}

/** @throws Refusal, always. */
export function refuse(problem: string, suggestion: string): never {
  throw new Refusal(problem, suggestion);
}

/** Runs `read`; a refusal that comes out of it is about the part of the document under `key`. */
export function under<R>(key: string | number, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) error.path = [key, ...error.path];
    throw error;
  }
}
