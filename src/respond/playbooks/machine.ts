import { orderOf, type StepOrder } from './order.ts';
import { holds, readCondition } from './condition.ts';
import { EXTENSIONS, stepExtensionSchema } from './extensions.ts';
import type { Finished, JournalEntry, Started } from './journal.ts';
import { PLAYBOOK_LIMITS, type Playbook, type Step, type StepOf } from './model.ts';
import { bareName, type Values, valueOf, wholeReference } from './variables.ts';

/** `failing`: no new step begins, those under way are waited for. `excepted`: the way of `workflow_exception`. */
export type Phase = 'running' | 'failing' | 'undoing' | 'excepted' | 'succeeded' | 'failed';

export interface Machine {
  /** Brings it to where the entry says. Entries come in the order of the journal. */
  apply(entry: JournalEntry): void;
  /** What is decided next without doing anything, or undefined. To be applied at once. */
  decide(nowMs: number): JournalEntry | undefined;
  /** Orders that are due. To be applied as started before they are given. */
  startable(nowMs: number): readonly Started[];
  /** Orders that were given and have no answer yet. */
  running(): readonly (Started & { readonly order: StepOrder; readonly tries: number })[];
  /** The next step to take back, once nothing is running in a run that fails; `isBegun` when that was written already. */
  undo(): (Started & { readonly isBegun: boolean }) | undefined;
  /** When something is due that is not yet, or undefined. */
  wakeMs(): number | undefined;
  phase(): Phase;
  problem(): string | undefined;
  values(): Values;
}

interface Branch {
  readonly id: string;
  readonly scope: string;
  readonly parent: Branch | undefined;
  readonly depth: number;
  at: string;
  state: 'ready' | 'running' | 'branched';
  open: number;
  /** Branches that were opened from here, ever; their ids are counted. */
  opened: number;
  rounds: number;
  tries: number;
  attempt: number;
  dueMs: number;
  started: Started | undefined;
}

interface Scope {
  readonly playbook: Playbook;
  readonly values: Record<string, string>;
}

const DEFAULT_ROUNDS = 100;
const MAX_ENTRIES = 20_000;
const MAX_BRANCHES = 1_000;

/**
 * Where a run stands: the sum of its journal. Pure: no clock, no file, no chance; the same entries give the same state.
 *
 * A branch ends at an end step; the step that opened it goes on behind its last branch. A while step goes round at most
 * as often as it says (100 if it does not). When a step fails and has no `on_failure`, the run does: what is under way
 * is waited for, what asked for it is taken back in reverse order, and `workflow_exception` has the last word.
 *
 * @param playbook checked, and without anything that is invalid.
 */
export function createMachine(
  runId: string,
  playbook: Playbook,
  others: ReadonlyMap<string, Playbook>,
  given: Values,
  startMs: number,
): Machine {
  const scopes = new Map<string, Scope>([['', { playbook, values: initialValues(playbook, given) }]]);
  const branches = new Map<string, Branch>();
  const done: Started[] = [];
  const undoing = new Set<string>();
  let phase: Phase = 'running';
  let problem: string | undefined;
  let entries = 0;
  let isExcepted = false;
  openBranch(undefined, '0', '', playbook.workflow_start, startMs);

  return { apply, decide, startable, running, undo, wakeMs, phase: () => phase, problem: () => problem, values };

  function apply(entry: JournalEntry): void {
    entries += 1;
    switch (entry.kind) {
      case 'decided':
        return follow(branchOf(entry.branch), entry.choice, entry.timeMs);
      case 'started': {
        const branch = branchOf(entry.branch);
        branch.state = 'running';
        branch.started = entry;
        return;
      }
      case 'finished':
        return finish(branchOf(entry.branch), entry);
      case 'failed':
        return fail(entry.problem);
      case 'undoing':
        undoing.add(entry.key);
        return;
      case 'undone': {
        const place = done.findIndex(({ key }) => key === entry.key);
        if (place !== -1) done.splice(place, 1);
        return settle(entry.timeMs);
      }
    }
  }

  function decide(nowMs: number): JournalEntry | undefined {
    if (phase !== 'running' && phase !== 'excepted') return undefined;
    for (const branch of branches.values()) {
      if (branch.state !== 'ready' || branch.dueMs > nowMs) continue;
      const at = { branch: branch.id, step: branch.at, timeMs: nowMs } as const;
      if (entries >= MAX_ENTRIES) return { kind: 'failed', ...at, problem: `more than ${MAX_ENTRIES} entries` };
      const step = stepOf(branch);
      if (step.type === 'action') continue;
      const choice = choose(branch, step);
      return 'problem' in choice
        ? { kind: 'failed', ...at, problem: choice.problem }
        : { kind: 'decided', ...at, ...choice };
    }
    return undefined;
  }

  function startable(nowMs: number): readonly Started[] {
    if (phase !== 'running' && phase !== 'excepted') return [];
    return [...branches.values()].flatMap((branch) => {
      const step = stepOf(branch);
      if (branch.state !== 'ready' || branch.dueMs > nowMs || step.type !== 'action') return [];
      const { action, given: parameters } = orderOf(step, valuesOf(branch, step));
      const key = `${runId}/${branch.id}/${branch.at}/${branch.attempt}`;
      const { id, at } = branch;
      return [{ kind: 'started', branch: id, step: at, key, action, given: parameters, timeMs: nowMs } as const];
    });
  }

  function running() {
    return [...branches.values()].flatMap((branch) => {
      const step = stepOf(branch);
      if (branch.state !== 'running' || !branch.started || step.type !== 'action') return [];
      return [{ ...branch.started, order: orderOf(step, valuesOf(branch, step)), tries: branch.tries }];
    });
  }

  function undo() {
    const last = phase === 'undoing' ? done.at(-1) : undefined;
    return last && { ...last, isBegun: undoing.has(last.key) };
  }

  function wakeMs(): number | undefined {
    const due = [...branches.values()].filter(({ state }) => state === 'ready').map((branch) => branch.dueMs);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  function values(): Values {
    return { ...scopes.get('')?.values };
  }

  function choose(
    branch: Branch,
    step: Exclude<Step, StepOf<'action'>>,
  ): { readonly choice: string } | { readonly problem: string } {
    switch (step.type) {
      case 'start':
      case 'end':
      case 'parallel':
        return { choice: step.type };
      case 'playbook-action':
        return others.has(step.playbook_id)
          ? { choice: step.playbook_id }
          : { problem: `${step.playbook_id} is not here` };
      case 'switch-condition': {
        const value = valueOf(valuesOf(branch, step), wholeReference(step.switch) ?? '') ?? '';
        return { choice: Object.hasOwn(step.cases, value) ? value : 'default' };
      }
      case 'if-condition':
      case 'while-condition': {
        const read = readCondition(step.condition);
        if (!read.condition) return { problem: `the condition ${read.problem}` };
        if (!holds(read.condition, valuesOf(branch, step))) return { choice: 'false' };
        const rounds = roundsOf(step);
        if (step.type === 'while-condition' && branch.rounds >= rounds)
          return { problem: `still true after ${rounds} rounds` };
        return { choice: 'true' };
      }
    }
  }

  /** Carries out what was decided. */
  function follow(branch: Branch, choice: string, nowMs: number): void {
    const step = stepOf(branch);
    switch (step.type) {
      case 'start':
        return goOn(branch, nowMs);
      case 'end':
        return endBranch(branch, nowMs);
      case 'parallel':
        return branchOut(branch, step.next_steps, nowMs);
      case 'if-condition': {
        const to = choice === 'true' ? step.on_true : step.on_false;
        return to === undefined ? goOn(branch, nowMs) : branchOut(branch, [to], nowMs);
      }
      case 'while-condition':
        if (choice !== 'true') return goOn(branch, nowMs);
        branch.rounds += 1;
        return branchOut(branch, [step.on_true], nowMs);
      case 'switch-condition': {
        const to = Object.hasOwn(step.cases, choice) ? step.cases[choice] : undefined;
        return to === undefined ? goOn(branch, nowMs) : branchOut(branch, [to], nowMs);
      }
      case 'playbook-action': {
        const called = others.get(choice);
        if (!called) return fail(`${choice} is not here`);
        const passed = pick(valuesOf(branch, step), step.in_args ?? []);
        const scope = `${branch.id}.${branch.opened}`;
        scopes.set(scope, { playbook: called, values: initialValues(called, passed) });
        return branchOut(branch, [called.workflow_start], nowMs, scope);
      }
      case 'action':
        return;
    }
  }

  function branchOut(branch: Branch, to: readonly string[], nowMs: number, scope = branch.scope): void {
    branch.state = 'branched';
    branch.open = to.length;
    for (const step of to) {
      openBranch(branch, `${branch.id}.${branch.opened}`, scope, step, nowMs);
      branch.opened += 1;
    }
    if (branch.depth >= PLAYBOOK_LIMITS.depth || branches.size > MAX_BRANCHES) fail('too many branches');
  }

  function openBranch(parent: Branch | undefined, id: string, scope: string, at: string, nowMs: number): void {
    const depth = (parent?.depth ?? -1) + 1;
    const fresh = { opened: 0, open: 0, rounds: 0, tries: 0, attempt: 0, dueMs: nowMs, started: undefined };
    const branch: Branch = { id, scope, parent, depth, at, state: 'ready', ...fresh };
    branches.set(id, branch);
    enter(branch, at, nowMs);
  }

  function enter(branch: Branch, at: string, nowMs: number): void {
    Object.assign(branch, { at, state: 'ready', open: 0, rounds: 0, tries: 0, attempt: 0, started: undefined });
    branch.dueMs = nowMs + (stepOf(branch).delay ?? 0);
  }

  function goOn(branch: Branch, nowMs: number): void {
    const { on_completion: always, on_success: success } = stepOf(branch);
    const to = always ?? success;
    if (to === undefined) fail('no step to go on with');
    else enter(branch, to, nowMs);
  }

  function endBranch(branch: Branch, nowMs: number): void {
    branches.delete(branch.id);
    const { parent } = branch;
    if (!parent) {
      phase = phase === 'excepted' ? 'failed' : 'succeeded';
      return;
    }
    parent.open -= 1;
    if (parent.open > 0) return;
    const step = stepOf(parent);
    if (step.type === 'while-condition') {
      parent.state = 'ready';
      parent.dueMs = nowMs;
      return;
    }
    if (step.type === 'playbook-action')
      assign(parent, step, pick(scopes.get(branch.scope)?.values ?? {}, step.out_args ?? []));
    goOn(parent, nowMs);
  }

  function finish(branch: Branch, entry: Finished): void {
    const { started } = branch;
    branch.started = undefined;
    branch.state = 'ready';
    const step = stepOf(branch);
    if (entry.retryAtMs !== undefined) {
      branch.dueMs = entry.retryAtMs;
      branch.tries += 1;
      // Under a new key only what is known not to have been done: else the old key finds it.
      if (entry.isCertain) branch.attempt += 1;
    } else if (entry.outcome === 'success') {
      if (started && orderOf(step as StepOf<'action'>, {}).automation?.undo_on_failure) done.push(started);
      assign(branch, step, entry.values ?? {});
      goOn(branch, entry.timeMs);
    } else if (step.on_failure !== undefined) {
      enter(branch, step.on_failure, entry.timeMs);
    } else {
      branch.state = 'branched';
      fail(entry.problem ?? 'it failed');
    }
    settle(entry.timeMs);
  }

  function fail(reason: string): void {
    problem ??= reason;
    if (phase === 'running' || phase === 'excepted') phase = 'failing';
    settle(startMs);
  }

  /** Once nothing runs any more, a run that fails takes back what it should, and then goes the way of the exception. */
  function settle(nowMs: number): void {
    if (phase === 'failing' && ![...branches.values()].some(({ state }) => state === 'running')) phase = 'undoing';
    if (phase !== 'undoing' || done.length > 0) return;
    branches.clear();
    if (playbook.workflow_exception === undefined || isExcepted) {
      phase = 'failed';
      return;
    }
    phase = 'excepted';
    isExcepted = true;
    openBranch(undefined, 'x', '', playbook.workflow_exception, nowMs);
  }

  function branchOf(id: string): Branch {
    const branch = branches.get(id);
    if (!branch) throw new RangeError(`the journal names branch ${id}, which is not open`);
    return branch;
  }

  function stepOf({ scope, at }: Branch): Step {
    const step = scopes.get(scope)?.playbook.workflow[at];
    if (!step) throw new RangeError(`the journal names step ${at}, which is not there`);
    return step;
  }

  function valuesOf({ scope }: Branch, step: Step): Values {
    const own = Object.entries(step.step_variables ?? {}).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    return { ...scopes.get(scope)?.values, ...Object.fromEntries(own) };
  }

  /** Only what the step says that it sets, and never a constant. */
  function assign({ scope }: Branch, step: Step, returned: Values): void {
    const target = scopes.get(scope);
    if (!target || (step.type !== 'action' && step.type !== 'playbook-action')) return;
    for (const name of (step.out_args ?? []).map(bareName)) {
      const value = valueOf(returned, name);
      const variable = target.playbook.playbook_variables?.[name];
      if (value !== undefined && variable && !variable.constant) target.values[name] = value;
    }
  }
}

function initialValues({ playbook_variables: variables = {} }: Playbook, given: Values): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, { value, constant }] of Object.entries(variables)) {
    const own = constant ? undefined : valueOf(given, name);
    if (own !== undefined) values[name] = own;
    else if (typeof value === 'string') values[name] = value;
  }
  return values;
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    names.map(bareName).flatMap((name) => {
      const value = valueOf(values, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function roundsOf(step: Step): number {
  const extension = stepExtensionSchema.safeParse(step.step_extensions?.[EXTENSIONS.step]);
  return extension.data?.max_iterations ?? DEFAULT_ROUNDS;
}
