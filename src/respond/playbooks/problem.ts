/**
 * `invalid`: not a playbook that anyone should run. `unsupported`: sound, and this installation cannot run it.
 * `notice`: worth a look.
 */
export type Severity = 'invalid' | 'unsupported' | 'notice';

export interface PlaybookProblem {
  readonly severity: Severity;
  /** Identifier of the step, where it is about one. */
  readonly step?: string;
  readonly problem: string;
  /** What to write instead. */
  readonly suggestion: string;
}

export function invalid(problem: string, suggestion: string, step?: string): PlaybookProblem {
  return { severity: 'invalid', ...(step !== undefined && { step }), problem, suggestion };
}

export function unsupported(problem: string, suggestion: string, step?: string): PlaybookProblem {
  return { severity: 'unsupported', ...(step !== undefined && { step }), problem, suggestion };
}

export function notice(problem: string, suggestion: string, step?: string): PlaybookProblem {
  return { severity: 'notice', ...(step !== undefined && { step }), problem, suggestion };
}

export function undeclared(name: string, step: string): PlaybookProblem {
  return invalid(`${name} is not declared`, 'Declare it under playbook_variables or step_variables.', step);
}
