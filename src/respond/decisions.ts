import { BartizanError } from '#kit/errors.ts';
import type { Action, ActionState, Verb } from '#model/action.ts';
import type { EvidenceKind, NewEvidence } from '#model/evidence.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';

/** Where evidence is written; with `queries` it becomes part of that transaction. */
export interface EvidenceRecorder {
  record(leaves: readonly NewEvidence[], queries?: StateQueries): Promise<unknown>;
}

export interface Ledger {
  readonly state: StateStore;
  readonly evidence: EvidenceRecorder;
  readonly clock: () => number;
}

/** A leaf about an action, without its time and subject. */
export interface ActionLeaf {
  readonly kind: EvidenceKind;
  readonly actor: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What every leaf says of its action. */
type Told = Pick<Action, 'id' | 'verb' | 'target' | 'dryRun'>;

type Change = Partial<Omit<Action, 'id' | 'verb' | 'target'>> & { readonly state: ActionState };

/** Moves an action on and writes the leaves of it, in one transaction; undefined when another was faster. */
export async function move(
  { state, evidence, clock }: Ledger,
  { id, verb, target, dryRun }: Told,
  from: readonly ActionState[],
  change: Change,
  leaves: readonly ActionLeaf[],
): Promise<Action | undefined> {
  return await state.transaction(async (queries) => {
    const moved = await queries.actions.transition(id, from, change);
    if (moved) await evidence.record(leavesOf({ id, verb, target, dryRun }, leaves, clock()), queries);
    return moved;
  });
}

export function leavesOf(
  { id, verb, target, dryRun }: Told,
  leaves: readonly ActionLeaf[],
  timeMs: number,
): NewEvidence[] {
  return leaves.map(({ kind, actor, details = {} }) => ({
    timeMs,
    kind,
    actor,
    subject: id,
    details: { verb, target, ...(dryRun ? { dryRun } : {}), ...details },
  }));
}

/** The action, or BTZ_NOT_FOUND. */
export async function findAction(state: StateQueries, id: string): Promise<Action> {
  const action = await state.actions.find(id);
  if (!action) throw new BartizanError('BTZ_NOT_FOUND', { what: `action ${id}` });
  return action;
}

/** All actions of a verb in these states, however many. */
export async function listAll(
  state: StateStore,
  states: readonly ActionState[],
  verb: Verb = 'block',
): Promise<readonly Action[]> {
  const first = await state.actions.list({ verb, states, limit: PAGE });
  if (first.length < PAGE) return first;
  return await state.transaction(async ({ actions }) => {
    const all: Action[] = [];
    for (let page = [...first]; page.length > 0; ) {
      page = [...(await actions.list({ verb, states, limit: PAGE, offset: all.length }))];
      all.push(...page);
    }
    return all;
  });
}

const PAGE = 1_000;

/** Is in the kernel, as far as the books say. */
export function isLive(action: Action, nowMs: number): boolean {
  return action.state === 'done' && !action.dryRun && (action.expiresMs ?? 0) > nowMs;
}

export function problemOf(error: BartizanError): { code: string; message: string } {
  return { code: error.code, message: error.message };
}
