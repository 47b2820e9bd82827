import { ACTION_KINDS, type ActionKind } from './action-kinds.ts';
import { checkActionStep } from './check-action.ts';
import { checkExtensions } from './check-extensions.ts';
import { readCondition } from './condition.ts';
import { checkGraph } from './graph.ts';
import type { Playbook, Step, StepOf } from './model.ts';
import { invalid, notice, type PlaybookProblem, undeclared, unsupported } from './problem.ts';
import { bareName, type Scope, wholeReference, whyNotOfType } from './variables.ts';

export interface CheckContext {
  readonly actions: ReadonlyMap<string, ActionKind>;
  /** The other playbooks at hand, for playbook-action steps. */
  readonly others: ReadonlyMap<string, Playbook>;
}

/**
 * Everything that is wrong with a playbook, before any of it runs. Pure.
 *
 * @returns problems with the step they are about and what to write instead; without any that is `invalid` or
 * `unsupported` the playbook can be run here.
 */
export function checkPlaybook(
  playbook: Playbook,
  { actions, others }: CheckContext = { actions: ACTION_KINDS, others: new Map() },
): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [...checkGraph(playbook), ...checkExtensions(playbook), ...checkTimes(playbook)];
  const global = playbook.playbook_variables ?? {};
  problems.push(...checkVariables(global));
  for (const [id, step] of Object.entries(playbook.workflow)) {
    problems.push(...checkVariables(step.step_variables ?? {}, id));
    const scope: Scope = { ...global, ...step.step_variables };
    if (step.timeout !== undefined && step.type !== 'action')
      problems.push(notice('timeout has an effect on action steps only', 'Put it on the steps inside.', id));
    problems.push(...checkStep(id, step, scope, playbook, { actions, others }));
  }
  problems.push(...checkCalls(playbook, others));
  return problems;
}

/** Whether nothing stands against running it here. */
export function canRun(problems: readonly PlaybookProblem[]): boolean {
  return problems.every(({ severity }) => severity === 'notice');
}

function checkStep(
  id: string,
  step: Step,
  scope: Scope,
  playbook: Playbook,
  context: CheckContext,
): readonly PlaybookProblem[] {
  switch (step.type) {
    case 'action':
      return checkActionStep(id, step, scope, playbook, context.actions);
    case 'playbook-action':
      return checkPlaybookAction(id, step, scope, context.others);
    case 'if-condition':
    case 'while-condition':
      return checkCondition(id, step.condition, scope);
    case 'switch-condition':
      return checkSwitch(id, step, scope);
    default:
      return [];
  }
}

function checkCondition(id: string, text: string, scope: Scope): readonly PlaybookProblem[] {
  const read = readCondition(text);
  if (!read.condition)
    return [
      invalid(`the condition ${read.problem}`, "Write it as in __count__:value >= 3 AND __kind__:value = 'root'.", id),
    ];
  return read.variables.filter((name) => !Object.hasOwn(scope, name)).map((name) => undeclared(name, id));
}

function checkSwitch(id: string, step: StepOf<'switch-condition'>, scope: Scope): readonly PlaybookProblem[] {
  const name = wholeReference(step.switch);
  if (name === undefined)
    return [invalid('switch is no variable', 'Write one variable and nothing else, as in __kind__:value.', id)];
  const problems = Object.hasOwn(scope, name) ? [] : [undeclared(name, id)];
  if (Object.keys(step.cases).length === 0) problems.push(invalid('no cases', 'Add one, and one named default.', id));
  else if (!Object.hasOwn(step.cases, 'default'))
    problems.push(notice('no case named default', 'Without it other values go on behind the switch.', id));
  return problems;
}

function checkPlaybookAction(
  id: string,
  step: StepOf<'playbook-action'>,
  scope: Scope,
  others: ReadonlyMap<string, Playbook>,
): readonly PlaybookProblem[] {
  const names = [...(step.in_args ?? []), ...(step.out_args ?? [])].map(bareName);
  const problems = names.filter((name) => !Object.hasOwn(scope, name)).map((name) => undeclared(name, id));
  const called = others.get(step.playbook_id);
  if (!called)
    return [
      ...problems,
      unsupported(`playbook ${step.playbook_id} is not here`, 'Check the folder that it is in, too.', id),
    ];
  for (const name of names)
    if (!Object.hasOwn(called.playbook_variables ?? {}, name))
      problems.push(invalid(`${called.name} declares no ${name}`, 'Declare it there, or do not pass it.', id));
  return problems;
}

function checkVariables(variables: Scope, step?: string): readonly PlaybookProblem[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    const { value, constant, external } = variable;
    if (constant && external)
      return [invalid(`${name} is constant and external`, 'It comes from outside or it does not; choose one.', step)];
    if (constant && (value ?? undefined) === undefined)
      return [invalid(`${name} is constant and has no value`, 'Give it one.', step)];
    const reason = value ? whyNotOfType(value, variable) : undefined;
    return reason ? [invalid(`the value of ${name} ${reason}`, 'Correct the value or the type.', step)] : [];
  });
}

function checkTimes({ created, modified, valid_from, valid_until, revoked }: Playbook): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [];
  if (Date.parse(modified) < Date.parse(created))
    problems.push(notice('modified lies before created', 'Correct one of them.'));
  if (valid_from && valid_until && Date.parse(valid_until) <= Date.parse(valid_from))
    problems.push(invalid('valid_until is not after valid_from', 'Correct one of them.'));
  if (revoked) problems.push(unsupported('it is revoked', 'Use the version that took its place.'));
  return problems;
}

/** Playbooks that call one another in a ring would never end. */
function checkCalls(playbook: Playbook, others: ReadonlyMap<string, Playbook>): readonly PlaybookProblem[] {
  const seen = new Set<string>();
  const waiting = Object.entries(playbook.workflow).flatMap(([step, { type, playbook_id: id }]) =>
    type === 'playbook-action' ? [{ id: id as string, step }] : [],
  );
  for (let call = waiting.pop(); call; call = waiting.pop()) {
    const { id, step } = call;
    if (id === playbook.id)
      return [invalid('it calls itself, directly or through others', 'Use a while-condition step to repeat.', step)];
    if (seen.has(id)) continue;
    seen.add(id);
    for (const inner of Object.values(others.get(id)?.workflow ?? {}))
      if (inner.type === 'playbook-action') waiting.push({ id: inner.playbook_id, step });
  }
  return [];
}
