import { type BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action, ActionState } from '#model/action.ts';
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
/** The wall clock and the monotonic one may drift apart by so much between two ticks; more is a step. */
const CLOCK_STEP_MS = 2_000;
const OPEN: readonly ActionState[] = ['asked', 'approved', 'running', 'done'];

/**
 * Makes the function that keeps books and kernel the same: finishes what a crash left, ends what has expired, lifts what
 * the guard would refuse by now (a new allow list), and restores blocks that a reboot or a flush took away.
 */
export function createUpkeep(execution: Execution): () => Promise<UpkeepReport> {
  let lookAgainMs = Number.NEGATIVE_INFINITY;
  let retryMs = Number.NEGATIVE_INFINITY;
  let problem: BartizanError | undefined;
  const remainingOf = createCountdown(execution);
  const clockStep = createStepMeter(execution);

  return async () => {
    const open = await followClock(execution, clockStep(), await listAll(execution.state, OPEN));
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

/** By how much the wall clock was stepped since it was last asked; 0 when it was not. */
function createStepMeter({ clock, monotonic }: Execution): () => number {
  let apartMs = clock() - monotonic();
  return () => {
    const beforeMs = apartMs;
    apartMs = clock() - monotonic();
    return Math.abs(apartMs - beforeMs) > CLOCK_STEP_MS ? apartMs - beforeMs : 0;
  };
}

/** Moves the ends of what is in force with a clock that was stepped, so that books, kernel and a restart agree. */
async function followClock(execution: Execution, stepMs: number, open: readonly Action[]): Promise<readonly Action[]> {
  const { state, evidence, clock } = execution;
  if (stepMs === 0) return open;
  const inForce = open.filter((action) => action.state === 'done' || action.state === 'running');
  await state.transaction(async (queries) => {
    for (const { id, state: now, expiresMs = 0 } of inForce)
      await queries.actions.transition(id, [now], { state: now, expiresMs: expiresMs + stepMs });
    const details = { stepMs: Math.round(stepMs), moved: inForce.length };
    await evidence.record(
      [{ timeMs: clock(), kind: 'clock.stepped', actor: 'system', subject: 'clock', details }],
      queries,
    );
  });
  return await listAll(state, OPEN);
}

/**
 * How long an action has left, in milliseconds: what the wall clock said when it was first seen, less the time that has
 * really passed since. A clock that is stepped neither ends it early nor makes it longer.
 */
function createCountdown({ clock, monotonic }: Execution) {
  const deadlines = new Map<string, number>();
  const remainingOf = (action: Action): number => {
    const { id, state, requestedMs, doneMs = requestedMs, expiresMs = 0 } = action;
    const [startMs, endMs] = state === 'asked' ? [requestedMs, requestedMs + ASKED_LIFETIME_MS] : [doneMs, expiresMs];
    const key = `${state} ${id}`;
    const deadlineMs = deadlines.get(key) ?? monotonic() + Math.min(endMs - clock(), endMs - startMs);
    deadlines.set(key, deadlineMs);
    return deadlineMs - monotonic();
  };
  const forgetAllBut = (open: readonly Action[]): void => {
    const keys = new Set(open.map(({ id, state }) => `${state} ${id}`));
    for (const key of deadlines.keys()) if (!keys.has(key)) deadlines.delete(key);
  };
  return Object.assign(remainingOf, { forgetAllBut });
}
