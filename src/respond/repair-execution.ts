import { setTimeout as sleep } from 'node:timers/promises';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action, Repair, Setting } from '#model/action.ts';
import { type RepairGuard, whyNotRepair } from './actions/repair/guard.ts';
import { kindFor } from './actions/repair/index.ts';
import type { Cloud, CloudAnswer, CloudCall, RepairPlan, Seen } from './actions/repair/kind.ts';
import { changesOf, isBetween, isSame, shownCall } from './actions/repair/setting.ts';
import { findAction, type Ledger, leavesOf, move, problemOf } from './decisions.ts';
import type { LockoutGuard } from './guard.ts';

/** What the steps of a repair need. All of them run one after another. */
export interface RepairExecution extends Ledger {
  /** An account with the role that reads. Throws BTZ_CLOUD_CREDENTIALS, BTZ_CLOUD_UNREACHABLE. */
  readonly reader: (provider: string) => Promise<Cloud>;
  /** With the role that may change things, and no other. Throws BTZ_REPAIR_NO_ROLE and the above. */
  readonly writer: (provider: string) => Promise<Cloud>;
  /** Runs the check again on what it is about; `gone` where that is no more. */
  readonly recheck: (weakness: Pick<Repair, 'check' | 'resource'>) => Promise<'pass' | 'fail' | 'unknown' | 'gone'>;
  readonly guardFacts: () => Promise<Pick<LockoutGuard, 'adminSessions'>>;
  readonly consolePorts: () => readonly number[];
  /** Before the provider is asked again; what was changed shows after a moment. */
  readonly pauseMs?: number;
}

export type RepairAction = Action & { readonly repair: Repair };

/** How often a change is looked for, and a call that was throttled is made again. */
const TRIES = 4;

/** Reads the present setting with the role that reads. Throws BTZ_REPAIR_OTHER_ACCOUNT, BTZ_REPAIR_NOT_READ, BTZ_REPAIR_GONE. */
export async function look(
  execution: RepairExecution,
  weakness: Pick<Repair, 'check' | 'resource'>,
  kept?: Setting,
): Promise<Seen> {
  const cloud = await execution.reader(weakness.resource.provider);
  mustBeIts(cloud, weakness);
  return await kindFor(weakness.check).read(
    weakness,
    async (call) => {
      const answer = await patiently(execution, () => cloud.ask(call));
      if (answer.ok) return answer.value;
      const { code, message } = answer.failure;
      if (call.nothing?.includes(code)) return {};
      throw new BartizanError('BTZ_REPAIR_NOT_READ', {
        permission: call.permission,
        problem: `${code}: ${message}`,
      });
    },
    kept,
  );
}

/** The writing role, once it is sure that it is one of its own, of the right account. */
export async function writerFor(execution: RepairExecution, weakness: Pick<Repair, 'resource'>): Promise<Cloud> {
  const writer = await execution.writer(weakness.resource.provider);
  const reader = await execution.reader(weakness.resource.provider);
  if (writer.keyId === reader.keyId || writer.identity === reader.identity)
    throw new BartizanError('BTZ_REPAIR_ROLE_SHARED', { identity: writer.identity });
  mustBeIts(writer, weakness);
  return writer;
}

/** Why the guard refuses a plan at this moment. */
export async function whyNotNow(
  execution: RepairExecution,
  plan: RepairPlan,
  keys: readonly Cloud[],
): Promise<BartizanError | undefined> {
  const guard: RepairGuard = {
    lockout: await execution.guardFacts(),
    consolePorts: execution.consolePorts(),
    ownKeys: keys.map(({ keyId }) => keyId),
  };
  return whyNotRepair(plan, guard);
}

/**
 * What is still to be done of an approved repair: nothing where the setting is as it should be, else exactly the calls
 * that were approved, or the last of them where it stopped on the way.
 *
 * @throws BTZ_REPAIR_CHANGED when it is neither as it was shown to the person who approved nor on the way from there
 */
export function restOf({ repair, target }: RepairAction, seen: Seen, resumed: boolean): RepairPlan | undefined {
  const { before, after } = repair;
  if (isSame(seen.setting, after)) return undefined;
  const asShown = resumed ? isBetween(seen.setting, before, after) : isSame(seen.setting, before);
  const plan = asShown ? kindFor(repair.check).plan(repair, seen) : undefined;
  const shown = new Set(repair.calls.map((call) => JSON.stringify(call)));
  const isApproved = plan?.calls.every((call) => shown.has(JSON.stringify(shownCall(call))));
  if (plan === undefined || !isApproved || !isSame(plan.after, after))
    throw new BartizanError('BTZ_REPAIR_CHANGED', { target, what: saying(before, seen.setting) });
  return plan;
}

/** Makes the calls, reads again, runs the check again, and writes what came of it. The action is running. */
export async function carryOut(
  execution: RepairExecution,
  action: RepairAction,
  calls: readonly CloudCall[],
  details: Record<string, unknown>,
): Promise<Action> {
  const { repair, target } = action;
  try {
    if (calls.length > 0) await send(execution, await writerFor(execution, repair), calls);
    const seen = await lookUntil(execution, action, repair.after);
    if (!isSame(seen, repair.after))
      throw new BartizanError('BTZ_REPAIR_NOT_SEEN', { target, what: saying(repair.after, seen) });
  } catch (thrown) {
    return await fail(execution, action, toBartizanError(thrown));
  }
  const found = await execution.recheck(repair).catch(() => 'unknown' as const);
  const verdict = found === 'gone' ? 'pass' : found;
  const checked = { ...action, repair: { ...repair, verdict } };
  if (verdict === 'fail')
    return await fail(execution, checked, new BartizanError('BTZ_REPAIR_STILL_FAILS', { target, check: repair.check }));
  const { clock, state } = execution;
  const change = { state: 'done', doneMs: clock(), repair: checked.repair } as const;
  const leaf = { after: repair.after, verdict: found, ...details };
  const done = await move(execution, action, ['running'], change, [
    { kind: 'action.done', actor: 'system', details: leaf },
  ]);
  return done ?? (await findAction(state, action.id));
}

/**
 * Puts back what was there before: evidence first, then the calls, then the books. Called again after a crash it finds
 * what is there.
 *
 * @throws BTZ_REPAIR_CHANGED when somebody else changed the setting after the repair, unless forced
 */
export async function putBack(
  execution: RepairExecution,
  action: RepairAction,
  actor: string,
  force: boolean,
): Promise<Action> {
  const { repair, target, state: was } = action;
  const { before, after } = repair;
  const tell = async (kind: 'action.started' | 'action.failed', details: object): Promise<unknown> =>
    await execution.evidence.record(
      leavesOf(action, [{ kind, actor, details: { step: 'undo', ...details } }], execution.clock()),
    );
  const seen = await look(execution, repair, before);
  let said = 'it was as before already';
  if (!isSame(seen.setting, before)) {
    if (!force && !isSame(seen.setting, after) && !isBetween(seen.setting, before, after))
      throw new BartizanError('BTZ_REPAIR_CHANGED', { target, what: saying(after, seen.setting) });
    const writer = await writerFor(execution, repair);
    const calls = kindFor(repair.check).restore(repair, before, seen);
    await tell('action.started', { from: seen.setting, to: before, calls: calls.map(shownCall), forced: force });
    try {
      await send(execution, writer, calls);
      const now = await lookUntil(execution, action, before);
      if (!isSame(now, before)) throw new BartizanError('BTZ_REPAIR_NOT_SEEN', { target, what: saying(before, now) });
    } catch (thrown) {
      const error = toBartizanError(thrown);
      await tell('action.failed', problemOf(error));
      throw error;
    }
    said = 'put back';
  }
  const change = { state: 'undone', endedMs: execution.clock() } as const;
  const leaf = { kind: 'action.undone', actor, details: { said, setting: before } } as const;
  return (await move(execution, action, [was], change, [leaf])) ?? (await findAction(execution.state, action.id));
}

/** It was begun: what it changed can still be undone. */
export async function fail(execution: RepairExecution, action: RepairAction, error: BartizanError): Promise<Action> {
  const problem = problemOf(error);
  const change = { state: 'failed', endedMs: execution.clock(), problem, repair: action.repair } as const;
  const leaf = { kind: 'action.failed', actor: 'system', details: problem } as const;
  return (await move(execution, action, ['running'], change, [leaf])) ?? (await findAction(execution.state, action.id));
}

/** What differs, in words. */
export function saying(expected: Setting, found: Setting): string {
  const told = changesOf(expected, found).map(
    ({ attribute, before, after }) => `${attribute} is ${after ?? 'not set'} instead of ${before ?? 'not set'}`,
  );
  return told.slice(0, 5).join('; ').slice(0, 400);
}

async function send(execution: RepairExecution, writer: Cloud, calls: readonly CloudCall[]): Promise<void> {
  for (const call of calls) {
    const answer = await patiently(execution, () => writer.ask(call));
    if (answer.ok) continue;
    const { code, message } = answer.failure;
    throw new BartizanError('BTZ_REPAIR_NOT_APPLIED', {
      permission: call.permission,
      problem: `${code}: ${message}`,
    });
  }
}

/** What the provider took shows a moment later in some places. */
async function lookUntil(execution: RepairExecution, { repair }: RepairAction, wanted: Setting): Promise<Setting> {
  for (let tries = 1; ; tries += 1) {
    const { setting } = await look(execution, repair, repair.before);
    if (isSame(setting, wanted) || tries === TRIES) return setting;
    await sleep((execution.pauseMs ?? 1_000) * tries);
  }
}

/** All calls set something to a value: made twice they do no harm. */
async function patiently({ pauseMs = 1_000 }: RepairExecution, ask: () => Promise<CloudAnswer>): Promise<CloudAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    const mayHelp = !answer.ok && (answer.failure.kind === 'throttled' || answer.failure.kind === 'busy');
    if (!mayHelp || tries === TRIES) return answer;
    await sleep(pauseMs * 2 ** (tries - 1));
  }
}

function mustBeIts({ account }: Cloud, { resource }: Pick<Repair, 'resource'>): void {
  if (account !== resource.account)
    throw new BartizanError('BTZ_REPAIR_OTHER_ACCOUNT', { wanted: resource.account, account });
}
