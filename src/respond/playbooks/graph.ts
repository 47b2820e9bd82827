import type { Playbook, Step } from './model.ts';
import { invalid, type PlaybookProblem } from './problem.ts';
import { PLAYBOOK_LIMITS } from './model.ts';

export interface Link {
  /** The member that names the step: `on_completion`, `cases.high` … */
  readonly by: string;
  readonly to: string;
  /** Whether a branch of its own begins there, that ends before the step goes on. */
  readonly isBranch: boolean;
}

/** Where a step leads. */
export function linksOf(step: Step): readonly Link[] {
  const next = (['on_completion', 'on_success', 'on_failure'] as const).flatMap((by) => {
    const to = step[by];
    return to === undefined ? [] : [{ by, to, isBranch: false }];
  });
  return [...next, ...branchesOf(step)];
}

function branchesOf(step: Step): readonly Link[] {
  switch (step.type) {
    case 'parallel':
      return step.next_steps.map((to, place) => ({ by: `next_steps.${place}`, to, isBranch: true }));
    case 'if-condition':
      return [
        { by: 'on_true', to: step.on_true, isBranch: true },
        ...(step.on_false === undefined ? [] : [{ by: 'on_false', to: step.on_false, isBranch: true }]),
      ];
    case 'while-condition':
      return [{ by: 'on_true', to: step.on_true, isBranch: true }];
    case 'switch-condition':
      return Object.entries(step.cases).map(([name, to]) => ({ by: `cases.${name}`, to, isBranch: true }));
    default:
      return [];
  }
}

/**
 * Whether the steps hang together: each link leads to a step, each step is reached, no way leads back to itself (only
 * while steps repeat, and they count), every branch comes to an end, and none is nested too deep.
 */
export function checkGraph({ workflow, workflow_start, workflow_exception }: Playbook): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [];
  const starts = Object.keys(workflow).filter((id) => workflow[id]?.type === 'start');
  if (workflow[workflow_start]?.type !== 'start')
    problems.push(invalid('workflow_start names no start step', `Name ${starts[0] ?? 'a start step'} there.`));
  for (const id of starts)
    if (id !== workflow_start) problems.push(invalid('a second start step', 'A playbook has one; take this out.', id));
  if (workflow_exception !== undefined && !Object.hasOwn(workflow, workflow_exception))
    problems.push(
      invalid(`workflow_exception names ${workflow_exception}, which is no step`, 'Add it, or leave it out.'),
    );
  for (const [id, step] of Object.entries(workflow)) problems.push(...checkLinks(id, step, workflow));

  const walk = createWalk(workflow);
  for (const id of [workflow_start, workflow_exception]) if (id !== undefined) walk.from(id);
  problems.push(...walk.problems);
  for (const id of Object.keys(workflow))
    if (!walk.seen.has(id))
      problems.push(
        invalid('no way leads to this step', 'Name it in an on_completion or a branch, or take it out.', id),
      );
  return problems;
}

function checkLinks(id: string, step: Step, workflow: Playbook['workflow']): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [];
  if (!id.startsWith(`${step.type}--`))
    problems.push(invalid(`it is named ${id.split('--')[0]} and is of type ${step.type}`, 'Use one type in both.', id));
  const { on_completion, on_success, on_failure } = step;
  const hasBoth = on_completion !== undefined && (on_success ?? on_failure) !== undefined;
  if (hasBoth)
    problems.push(
      invalid('on_completion beside on_success or on_failure', 'Use on_completion alone, or the other two.', id),
    );
  if (step.type === 'end') {
    if ((on_completion ?? on_success ?? on_failure) !== undefined)
      problems.push(invalid('an end step names a next step', 'Take on_completion, on_success and on_failure out.', id));
  } else if (on_completion === undefined && on_success === undefined) {
    problems.push(
      invalid('neither on_completion nor on_success', 'Name the next step; an end step if nothing is left to do.', id),
    );
  }
  if (step.type === 'start' && (on_success ?? on_failure) !== undefined)
    problems.push(invalid('a start step has on_success or on_failure', 'Use on_completion.', id));
  for (const { by, to } of linksOf(step)) {
    if (!Object.hasOwn(workflow, to))
      problems.push(invalid(`${by} names ${to}, which is no step`, 'Add that step, or name another.', id));
    else if (workflow[to]?.type === 'start')
      problems.push(invalid(`${by} leads to the start step`, 'To repeat, use a while-condition step.', id));
  }
  return problems;
}

/** Depth first, iterative: a playbook of hundreds of steps in a row must not use up the stack. */
function createWalk(workflow: Playbook['workflow']) {
  const seen = new Set<string>();
  const open = new Set<string>();
  const problems: PlaybookProblem[] = [];
  const from = (start: string): void => {
    const stack: { id: string; links: readonly Link[]; next: number; depth: number }[] = [];
    const enter = (id: string, depth: number, by: string | undefined): void => {
      const step = Object.hasOwn(workflow, id) ? workflow[id] : undefined;
      if (!step) return;
      if (open.has(id)) {
        problems.push(
          invalid(
            `${by ?? 'a link'} leads back to ${id}: a cycle`,
            'To repeat, use a while-condition step.',
            stack.at(-1)?.id,
          ),
        );
        return;
      }
      if (seen.has(id)) return;
      seen.add(id);
      if (depth > PLAYBOOK_LIMITS.depth) {
        problems.push(
          invalid(
            `branches nested deeper than ${PLAYBOOK_LIMITS.depth}`,
            'Move the inner ones to a playbook of their own.',
            id,
          ),
        );
        return;
      }
      open.add(id);
      stack.push({ id, links: linksOf(step), next: 0, depth });
    };
    enter(start, 0, undefined);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const link = top.links[top.next];
      top.next += 1;
      if (link) enter(link.to, top.depth + (link.isBranch ? 1 : 0), link.by);
      else {
        open.delete(top.id);
        stack.pop();
      }
    }
  };
  return { seen, problems, from };
}
