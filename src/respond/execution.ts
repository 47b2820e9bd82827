import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action, ActionState } from '#model/action.ts';
import { type ActionLeaf, findAction, isLive, type Ledger, leavesOf, move, problemOf } from './decisions.ts';
import type { Firewall } from './firewall.ts';
import { type LockoutGuard, whyNotBlock } from './guard.ts';
import { parseTarget } from './target.ts';

/** What the steps of an action need. All of them run one after another: see `createQueue`. */
export interface Execution extends Ledger {
  readonly firewall: Firewall;
  readonly guardFacts: () => Promise<LockoutGuard>;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
}

/**
 * Puts an action into the world: asks the guard, writes that it starts, changes the kernel, writes what the kernel said.
 * `before` are leaves that belong to the same moment (asked, approved); a new action is inserted by it.
 *
 * @returns the action as it then is: done, refused by the guard, or failed
 * @throws BTZ_ACTION_STATE when another was faster
 */
export async function execute(
  execution: Execution,
  action: Action,
  by: { readonly actor: string; readonly isNew: boolean; readonly before: readonly ActionLeaf[] },
): Promise<Action> {
  const refusal = await whyNotNow(execution, action);
  const nowMs = execution.clock();
  const durationMs = (action.expiresMs ?? nowMs) - action.requestedMs;
  const change = refusal
    ? { state: 'refused' as const, endedMs: nowMs, problem: problemOf(refusal) }
    : { state: 'running' as const, approvedBy: by.actor, expiresMs: nowMs + durationMs };
  const last: ActionLeaf = refusal
    ? { kind: 'action.refused', actor: 'system', details: problemOf(refusal) }
    : { kind: 'action.started', actor: by.actor, details: { expiresMs: nowMs + durationMs } };
  const begun = await begin(execution, action, change, by.isNew, [...by.before, last]);
  return refusal ? begun : await carryOut(execution, begun, {});
}

/** Finds out what became of an action that was running when the program ended, and finishes it or says that it failed. */
export async function resume(execution: Execution, action: Action): Promise<Action> {
  const remainingMs = (action.expiresMs ?? 0) - execution.clock();
  if (remainingMs <= 0) {
    const problem = 'the program ended while it was being done, and its time is over';
    return await fail(execution, action, new BartizanError('BTZ_FIREWALL_NOT_APPLIED', { problem }));
  }
  const refusal = await whyNotNow(execution, action);
  if (refusal) {
    await execution.firewall.undo(parseTarget(action.target)).catch(() => false);
    return await fail(execution, action, refusal);
  }
  const isThere = action.dryRun ? false : await wasApplied(execution, action);
  return await carryOut(execution, action, { resumed: isThere ? 'it was found in the kernel' : 'it was done again' });
}

/** Why the guard refuses it at this moment. */
export async function whyNotNow({ state, guardFacts }: Execution, action: Action): Promise<BartizanError | undefined> {
  const guard = await guardFacts();
  const alert = action.alertId === undefined ? undefined : await state.alerts.find(action.alertId);
  // A session that has ended protects its address only if it is older than the attack: else whoever guesses a password
  // and leaves would be protected by it.
  const adminSessions = guard.adminSessions.filter(
    ({ live, sinceMs }) => live || alert === undefined || sinceMs < alert.firstMs,
  );
  const refusal = whyNotBlock(parseTarget(action.target), { ...guard, adminSessions });
  return refusal && new BartizanError(refusal.code, refusal.details);
}

/** Ends a live action early, in the books first and then in the kernel. */
export async function takeBack(
  execution: Execution,
  id: string,
  actor: string,
  problem?: { readonly code: string; readonly message: string },
): Promise<Action> {
  const { state, evidence, clock } = execution;
  const action = await findAction(state, id);
  const nowMs = clock();
  const undone = await move(execution, action, ['done'], { state: 'undone', endedMs: nowMs, problem }, [
    { kind: 'action.started', actor, details: { step: 'undo', ...problem } },
  ]);
  if (!undone) throw wrongState(await findAction(state, id), 'undone');
  const tell = async (leaf: ActionLeaf): Promise<unknown> => await evidence.record(leavesOf(action, [leaf], clock()));
  try {
    const said = action.dryRun ? 'nothing was in the kernel' : await release(execution, action);
    await tell({ kind: 'action.undone', actor, details: { kernel: said } });
    return undone;
  } catch (thrown) {
    // The books say undone, so the next tick takes it out of the kernel; the caller is told that it is still there.
    const error = toBartizanError(thrown);
    await tell({ kind: 'action.failed', actor, details: { step: 'undo', ...problemOf(error) } });
    throw error;
  }
}

export function wrongState(action: Action, verb: string): BartizanError {
  return new BartizanError('BTZ_ACTION_STATE', { state: action.state, verb });
}

async function begin(
  execution: Execution,
  action: Action,
  change: Partial<Action> & { state: ActionState },
  isNew: boolean,
  leaves: readonly ActionLeaf[],
): Promise<Action> {
  if (!isNew) {
    const moved = await move(execution, action, ['asked', 'approved'], change, leaves);
    if (!moved) throw wrongState(await findAction(execution.state, action.id), 'approved');
    return moved;
  }
  const begun = { ...action, ...change };
  await execution.state.transaction(async (queries) => {
    await queries.actions.insert(begun);
    await execution.evidence.record(leavesOf(begun, leaves, execution.clock()), queries);
  });
  return begun;
}

async function carryOut(execution: Execution, action: Action, details: Record<string, unknown>): Promise<Action> {
  const { firewall, clock, state } = execution;
  const target = parseTarget(action.target);
  const block = { target, remainingMs: await longestRemaining(execution, action) };
  let said: Record<string, unknown>;
  try {
    said = action.dryRun ? { plan: await firewall.plan(block) } : { kernelExpiresInMs: await firewall.apply(block) };
  } catch (thrown) {
    return await fail(execution, action, toBartizanError(thrown));
  }
  const done = await move(execution, action, ['running'], { state: 'done', doneMs: clock() }, [
    { kind: 'action.done', actor: 'system', details: { ...said, ...details } },
  ]);
  return done ?? (await findAction(state, action.id));
}

async function fail(execution: Execution, action: Action, error: BartizanError): Promise<Action> {
  const problem = problemOf(error);
  const change = { state: 'failed' as const, endedMs: execution.clock(), problem };
  const failed = await move(execution, action, ['running'], change, [
    { kind: 'action.failed', actor: 'system', details: problem },
  ]);
  return failed ?? (await findAction(execution.state, action.id));
}

async function wasApplied({ firewall }: Execution, action: Action): Promise<boolean> {
  // A firewall that does not answer is found out, and said, by what follows.
  return (await firewall.verify(parseTarget(action.target)).catch(() => undefined)) !== undefined;
}

/** Takes the target out of the kernel, unless another live action wants it there: then it gets that one's time. */
async function release(execution: Execution, action: Action): Promise<string> {
  const { firewall } = execution;
  const target = parseTarget(action.target);
  const remainingMs = await longestRemaining(execution, { ...action, expiresMs: 0 });
  if (remainingMs > 0) {
    await firewall.apply({ target, remainingMs });
    return 'kept for another action';
  }
  return (await firewall.undo(target)) ? 'removed' : 'it was gone already';
}

async function longestRemaining({ state, clock }: Execution, action: Action): Promise<number> {
  const nowMs = clock();
  const others = await state.actions.list({ states: ['done'], target: action.target, limit: 100 });
  const ends = others.filter((other) => other.id !== action.id && isLive(other, nowMs));
  return Math.max(...[action, ...ends].map(({ expiresMs = 0 }) => expiresMs)) - nowMs;
}
