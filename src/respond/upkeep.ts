import { type BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action } from '#model/action.ts';
import { isLive, listAll, move } from './decisions.ts';
import { type Execution, execute, resume, takeBack } from './execution.ts';
import type { LiveBlock, Repair } from './firewall.ts';
import { whyNotBlock } from './guard.ts';
import { parseTarget, readTarget } from './target.ts';

export interface UpkeepReport {
  /** Actions that a former run of the program left unfinished. */
  readonly resumed: number;
  readonly expired: number;
  /** Blocks that were lifted because the guard would refuse them now. */
  readonly lifted: number;
  readonly repair: Repair | undefined;
  /** Why the kernel could not be looked at or put right. */
  readonly problem: BartizanError | undefined;
}

/** A question that nobody answered for this long is dropped: the attack that it was about is long over. */
export const ASKED_LIFETIME_MS = 24 * 3_600_000;
/** After a failure, and where nothing is blocked, the kernel is looked at only this often. */
const SELDOM_MS = 60_000;
/** Reading 10,000 blocks takes 90 ms: rest this many times as long before the next time. */
const REST = 15;
const NAMED_TARGETS = 20;

/**
 * Makes the function that keeps books and kernel the same: finishes what a crash left, ends what has expired, lifts what
 * the guard would refuse by now (a new allow list), and restores blocks that a reboot or a flush took away.
 */
export function createUpkeep(execution: Execution): () => Promise<UpkeepReport> {
  let lookAgainMs = Number.NEGATIVE_INFINITY;
  let retryMs = Number.NEGATIVE_INFINITY;
  let problem: BartizanError | undefined;
  const remainingOf = createCountdown(execution);

  return async () => {
    const open = await listAll(execution.state, ['asked', 'approved', 'running', 'done']);
    const resumed = await finishInterrupted(execution, open);
    const expired = await endExpired(execution, open, remainingOf);
    const lifted = await liftRefused(execution, open);
    const live = (await listAll(execution.state, ['done']))
      .filter(({ dryRun }) => !dryRun)
      .map((action) => ({ target: parseTarget(action.target), remainingMs: remainingOf(action) }));
    remainingOf.forgetAllBut(open);
    const startMs = execution.monotonic();
    const mayWait = resumed + expired + lifted === 0 && startMs < lookAgainMs;
    if (mayWait || startMs < retryMs) return { resumed, expired, lifted, repair: undefined, problem };
    try {
      const repair = await execution.firewall.compare(live);
      if (repair) await restore(execution, repair, live);
      problem = undefined;
      const endMs = execution.monotonic();
      lookAgainMs = endMs + (live.length === 0 ? SELDOM_MS : (endMs - startMs) * REST);
      return { resumed, expired, lifted, repair, problem };
    } catch (thrown) {
      problem = toBartizanError(thrown);
      retryMs = execution.monotonic() + SELDOM_MS;
      return { resumed, expired, lifted, repair: undefined, problem };
    }
  };
}

async function finishInterrupted(execution: Execution, open: readonly Action[]): Promise<number> {
  let count = 0;
  for (const action of open) {
    if (action.state === 'running') await resume(execution, action);
    else if (action.state === 'approved') {
      await execute(execution, action, { actor: action.approvedBy ?? 'system', isNew: false, before: [] });
    } else continue;
    count += 1;
  }
  return count;
}

async function endExpired(
  execution: Execution,
  open: readonly Action[],
  remainingOf: (action: Action) => number,
): Promise<number> {
  let count = 0;
  for (const action of open) {
    if ((action.state !== 'asked' && action.state !== 'done') || remainingOf(action) > 0) continue;
    const leaf = { kind: 'action.expired', actor: 'system', details: { was: action.state } } as const;
    const change = { state: 'expired', endedMs: execution.clock() } as const;
    if (await move(execution, action, [action.state], change, [leaf])) count += 1;
  }
  return count;
}

/** Administrator sessions are left out: there is none that could have begun from a blocked address. */
async function liftRefused(execution: Execution, open: readonly Action[]): Promise<number> {
  const nowMs = execution.clock();
  const live = open.filter((action) => isLive(action, nowMs));
  if (live.length === 0) return 0;
  const guard = { ...(await execution.guardFacts()), adminSessions: [] };
  let count = 0;
  for (const action of live) {
    const target = readTarget(action.target);
    const refusal = target && whyNotBlock(target, guard);
    if (!refusal) continue;
    const message = `The lockout guard would refuse it now (${refusal.code}).`;
    await takeBack(execution, action.id, 'system', { code: refusal.code, message }).catch(() => undefined);
    count += 1;
  }
  return count;
}

async function restore(execution: Execution, repair: Repair, live: readonly LiveBlock[]): Promise<void> {
  const { evidence, firewall, clock } = execution;
  const tell = (kind: 'action.started' | 'action.done' | 'action.failed', details: object): Promise<unknown> =>
    evidence.record([
      { timeMs: clock(), kind, actor: 'system', subject: 'firewall', details: { step: 'restore', ...details } },
    ]);
  await tell('action.started', {
    structure: repair.structure,
    missing: repair.missing.length,
    surplus: repair.surplus.length,
    retimed: repair.retimed.length,
    targets: [...repair.missing, ...repair.surplus, ...repair.retimed].slice(0, NAMED_TARGETS),
  });
  try {
    await firewall.repair(repair, live);
    await tell('action.done', { live: live.length });
  } catch (thrown) {
    const { code, message } = toBartizanError(thrown);
    await tell('action.failed', { code, message });
    throw thrown;
  }
}

/**
 * How long an action has left, in milliseconds: what the wall clock says, and never more than it had when it was first
 * seen less the time that has really passed since. A clock that jumps forward ends it early; one that jumps back does
 * not make it longer.
 */
function createCountdown({ clock, monotonic }: Execution) {
  const deadlines = new Map<string, number>();
  const remainingOf = (action: Action): number => {
    const { id, state, requestedMs, doneMs = requestedMs, expiresMs = 0 } = action;
    const [startMs, endMs] = state === 'asked' ? [requestedMs, requestedMs + ASKED_LIFETIME_MS] : [doneMs, expiresMs];
    const byWallMs = endMs - clock();
    const key = `${state} ${id}`;
    const deadlineMs = deadlines.get(key) ?? monotonic() + Math.min(byWallMs, endMs - startMs);
    deadlines.set(key, deadlineMs);
    return Math.min(byWallMs, deadlineMs - monotonic());
  };
  const forgetAllBut = (open: readonly Action[]): void => {
    const keys = new Set(open.map(({ id, state }) => `${state} ${id}`));
    for (const key of deadlines.keys()) if (!keys.has(key)) deadlines.delete(key);
  };
  return Object.assign(remainingOf, { forgetAllBut });
}
