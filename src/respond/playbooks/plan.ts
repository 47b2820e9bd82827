import { whyNotGiven } from './action-kinds.ts';
import type { PlaybookActions, Reach } from './actions.ts';
import { type BilingualText, EXTENSIONS, stepExtensionSchema } from './extensions.ts';
import { linksOf } from './graph.ts';
import type { Playbook, Step } from './model.ts';
import { orderOf } from './order.ts';
import { referencesIn, type Values } from './variables.ts';

export interface PlannedStep {
  readonly playbook: string;
  readonly step: string;
  readonly type: Step['type'];
  readonly name: BilingualText | string;
  /** Branches that lead to it, outermost first, as conditions and cases. */
  readonly under: readonly string[];
  /** Who does it. */
  readonly by?: 'bartizan' | 'person' | 'approval';
  readonly action?: string;
  readonly given?: Readonly<Record<string, string>>;
  readonly changesTheWorld?: boolean;
  readonly reach?: Reach;
  /** Why it could not be given as it stands. */
  readonly problem?: string;
}

/**
 * What a playbook may do with these values, in the order of its steps, every branch included, each step once. Asks the
 * actions what they would reach, and does nothing.
 */
export async function planRun(
  playbook: Playbook,
  others: ReadonlyMap<string, Playbook>,
  given: Values,
  actions: PlaybookActions,
): Promise<readonly PlannedStep[]> {
  const planned: PlannedStep[] = [];
  await walk(playbook, given, []);
  return planned;

  async function walk(current: Playbook, passed: Values, under: readonly string[]): Promise<void> {
    const values = valuesOf(current, passed);
    const seen = new Set<string>();
    const waiting = [{ id: current.workflow_start, under }];
    if (current.workflow_exception) waiting.unshift({ id: current.workflow_exception, under: [...under, 'exception'] });
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const step = current.workflow[next.id];
      if (!step || seen.has(next.id)) continue;
      seen.add(next.id);
      if (step.type !== 'start' && step.type !== 'end')
        planned.push(await describe(current, next.id, step, values, next.under));
      const called = step.type === 'playbook-action' ? others.get(step.playbook_id) : undefined;
      if (called) await walk(called, values, [...next.under, called.name]);
      const links = linksOf(step).map(({ by, to, isBranch }) => ({
        id: to,
        under: isBranch ? [...(next?.under ?? []), conditionOf(step, by)] : (next?.under ?? []),
        isBranch,
      }));
      // Branches before what comes behind them.
      waiting.push(
        ...links.filter(({ isBranch }) => !isBranch).reverse(),
        ...links.filter(({ isBranch }) => isBranch).reverse(),
      );
    }
  }

  async function describe(
    current: Playbook,
    id: string,
    step: Step,
    values: Values,
    under: readonly string[],
  ): Promise<PlannedStep> {
    const extension = stepExtensionSchema.safeParse(step.step_extensions?.[EXTENSIONS.step]).data;
    const common = { playbook: current.id, step: id, type: step.type, name: extension?.name ?? step.name ?? id, under };
    if (step.type !== 'action') return common;
    const { action, given: values_, approval, automation } = orderOf(step, shownValues(values, current));
    const carrier = actions.get(action);
    const by = approval ? 'approval' : automation ? 'bartizan' : 'person';
    const isOpen = Object.values(automation?.arguments ?? {}).some((text) =>
      referencesIn(text).some((one) => !values[one]),
    );
    const misfit = carrier && !isOpen ? whyNotGiven(carrier.kind, values_) : undefined;
    const problem = carrier ? misfit : `nobody here carries out ${action}`;
    const reach = problem === undefined && !isOpen ? await carrier?.plan?.(values_) : undefined;
    const changesTheWorld = by === 'bartizan' && (carrier?.kind.isDangerous ?? true);
    return {
      ...common,
      by,
      action,
      given: values_,
      changesTheWorld,
      ...(reach && { reach }),
      ...(problem !== undefined && { problem }),
    };
  }
}

function conditionOf(step: Step, by: string): string {
  if (step.type === 'if-condition') return by === 'on_true' ? step.condition : `NOT (${step.condition})`;
  if (step.type === 'while-condition') return `while ${step.condition}`;
  if (step.type === 'switch-condition') return `${step.switch} = ${by.slice('cases.'.length)}`;
  return 'at once';
}

function valuesOf({ playbook_variables: variables = {} }: Playbook, given: Values): Values {
  const own = Object.entries(variables).flatMap(([name, { value, constant }]) => {
    const chosen = constant || !Object.hasOwn(given, name) ? value : given[name];
    return typeof chosen === 'string' ? [[name, chosen]] : [];
  });
  return Object.fromEntries(own) as Values;
}

/** What has no value yet is shown by its name: a step before will set it, or nobody. */
function shownValues(values: Values, { playbook_variables: variables = {}, workflow }: Playbook): Values {
  const names = [variables, ...Object.values(workflow).map((step) => step.step_variables ?? {})].flatMap(Object.keys);
  return Object.fromEntries(names.map((name) => [name, values[name] || `‹${name.slice(2, -2)}›`]));
}
