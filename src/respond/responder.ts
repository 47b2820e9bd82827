import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action, RespondMode } from '#model/action.ts';
import type { Alert } from '#model/alert.ts';
import type { StateStore } from '#store/state-store.ts';
import { createHourlyBudget, decide } from './auto-policy.ts';
import { type EvidenceRecorder, findAction, isLive, leavesOf, listAll, move, problemOf } from './decisions.ts';
import { type Execution, execute, takeBack, whyNotNow, wrongState } from './execution.ts';
import type { BlockPlan, Firewall } from './firewall.ts';
import type { LockoutGuard } from './guard.ts';
import { createQueue } from './queue.ts';
import { type IpRange, parseTarget } from './target.ts';
import { createUpkeep, type UpkeepReport } from './upkeep.ts';

export interface ResponderOptions {
  readonly state: StateStore;
  readonly evidence: EvidenceRecorder;
  readonly firewall: Firewall;
  readonly guardFacts: () => Promise<LockoutGuard>;
  /** Read at each decision, so that a changed setting counts at once. */
  readonly mode: () => RespondMode;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Milliseconds that only go forward; `performance.now`. */
  readonly monotonic?: () => number;
  readonly ids: () => string;
  /** How long a block lasts when nobody says; 1 h. */
  readonly blockDurationMs?: () => number;
  /** Blocks that alerts may make within an hour without a person; 100. */
  readonly autoBlocksPerHour?: number;
  /** Questions that alerts may put within an hour; 1,000. */
  readonly questionsPerHour?: number;
}

export interface BlockRequest {
  /** Any notation that `parseTarget` reads. */
  readonly target: string;
  readonly alertId?: string;
  readonly durationMs?: number;
  readonly dryRun?: boolean;
  /** `user:<name>`, `cli` … */
  readonly actor: string;
}

export interface ShownPlan extends BlockPlan {
  readonly target: string;
  readonly allowed: boolean;
  readonly refusal?: BartizanError;
}

export interface Responder {
  /** What a block would do, and whether the guard lets it; writes nothing. Throws BTZ_BLOCK_TARGET_INVALID. */
  plan(target: string): Promise<ShownPlan>;
  /** Asks; a person has to approve. A question that is open for the target already is answered again. */
  ask(request: BlockRequest): Promise<Action>;
  /** Asks and approves in one: a person pressed the button. A live block that lasts as long is answered as it is. */
  block(request: BlockRequest): Promise<Action>;
  approve(id: string, actor: string): Promise<Action>;
  refuse(id: string, actor: string): Promise<Action>;
  /** Ends a live block. The kernel has let go when it returns. */
  undo(id: string, actor: string): Promise<Action>;
  /** Answers an alert as the mode says; undefined when there is nothing to do. Calling it again for the same alert is safe. */
  onAlert(alert: Alert): Promise<Action | undefined>;
  /** Call it at the start and every second or two: see `createUpkeep`. */
  tick(): Promise<UpkeepReport>;
  blocked(): Promise<number>;
  firewall(): { readonly available: boolean; readonly problem?: string };
  /** Alerts of the last hour that did not block, or did not even ask, because there were too many. */
  heldBack(): number;
}

const MIN_BLOCK_MS = 1_000;
export const MAX_BLOCK_MS = 30 * 86_400_000;
const DEFAULT_BLOCK_MS = 3_600_000;
/** How long alerts only ask about a target whose block a person took back. */
const RESPECT_UNDO_MS = 24 * 3_600_000;
const RETRY_FAILED_MS = 60_000;

/**
 * The life of an action, from the wish to its end. Every change of the world is in the evidence before it happens, in
 * the same transaction as the change of state; the guard is asked at the moment of execution, whoever asks.
 *
 * One responder per state store. Guard refusals and failures of the kernel are answered as the action's state and
 * `problem`; wrong calls throw BTZ_BLOCK_TARGET_INVALID, BTZ_BLOCK_DURATION_INVALID, BTZ_RESPONSE_OFF, BTZ_NOT_FOUND,
 * BTZ_ACTION_STATE.
 */
export function createResponder(options: ResponderOptions): Responder {
  const { state, evidence, firewall, clock, ids, mode } = options;
  const {
    autoBlocksPerHour = 100,
    questionsPerHour = 1_000,
    blockDurationMs = () => DEFAULT_BLOCK_MS,
    monotonic = () => performance.now(),
  } = options;
  const inTurn = createQueue();
  const blocks = createHourlyBudget(autoBlocksPerHour);
  /** For critical alerts once the others have used theirs up: a flood of cheap ones must not shield the grave one. */
  const reserve = createHourlyBudget(autoBlocksPerHour);
  const budgetOf = ({ rule }: Alert) => (rule.level === 'critical' && !blocks.isLeft(clock()) ? reserve : blocks);
  const questions = createHourlyBudget(questionsPerHour);
  /** Of their own, so that a flood of forged lines leaves none of the others unasked. */
  const doubtfulQuestions = createHourlyBudget(Math.ceil(questionsPerHour / 10));
  const heldBack = createHourlyBudget(Number.POSITIVE_INFINITY);
  let firewallProblem: BartizanError | undefined;
  let isBudgetRead = false;
  let floodToldMs = Number.NEGATIVE_INFINITY;

  const noticing: Firewall = {
    ...firewall,
    apply: async (block) => {
      try {
        const expiresMs = await firewall.apply(block);
        firewallProblem = undefined;
        return expiresMs;
      } catch (thrown) {
        firewallProblem = toBartizanError(thrown);
        throw thrown;
      }
    },
  };
  const execution: Execution = {
    state,
    evidence,
    firewall: noticing,
    guardFacts: options.guardFacts,
    clock,
    monotonic,
  };
  const upkeep = createUpkeep(execution);

  const newAction = (request: BlockRequest, target: IpRange): Action => {
    const durationMs = request.durationMs ?? blockDurationMs();
    if (!(durationMs >= MIN_BLOCK_MS && durationMs <= MAX_BLOCK_MS)) {
      throw new BartizanError('BTZ_BLOCK_DURATION_INVALID', { durationMs });
    }
    const requestedMs = clock();
    return {
      id: ids(),
      verb: 'block',
      target: target.text,
      state: 'asked',
      alertId: request.alertId,
      requestedBy: request.actor,
      requestedMs,
      // Until it starts this only keeps the duration; it is counted anew from there.
      expiresMs: requestedMs + Math.round(durationMs),
      dryRun: request.dryRun ?? false,
    };
  };
  const asked = ({ requestedBy, alertId }: Action, details: object = {}) =>
    ({ kind: 'action.asked', actor: requestedBy, details: { ...(alertId ? { alertId } : {}), ...details } }) as const;
  /** Puts the question, unless the guard would refuse the answer. */
  const insertAsked = async (action: Action, details?: object): Promise<Action> => {
    const refusal = await whyNotNow(execution, action);
    const problem = refusal && problemOf(refusal);
    const inserted: Action = problem ? { ...action, state: 'refused', endedMs: clock(), problem } : action;
    const refused = problem ? [{ kind: 'action.refused', actor: 'system', details: problem } as const] : [];
    await state.transaction(async (queries) => {
      await queries.actions.insert(inserted);
      await evidence.record(leavesOf(inserted, [asked(inserted, details), ...refused], clock()), queries);
    });
    return inserted;
  };
  const askAndAct = (action: Action): Promise<Action> =>
    execute(execution, action, {
      actor: action.requestedBy,
      isNew: true,
      before: [asked(action), { kind: 'action.approved', actor: action.requestedBy }],
    });
  /** What is under way or in force for the target. */
  const openFor = async (target: IpRange, dryRun: boolean): Promise<Action | undefined> => {
    const open = await state.actions.list({
      states: ['asked', 'approved', 'running', 'done'],
      target: target.text,
      limit: 100,
    });
    return open.find((action) => action.dryRun === dryRun && (action.state !== 'done' || isLive(action, clock())));
  };
  const mustRespond = (dryRun: boolean): void => {
    if (mode() === 'off' && !dryRun) throw new BartizanError('BTZ_RESPONSE_OFF');
  };
  const readBudget = async (): Promise<void> => {
    if (isBudgetRead) return;
    const recent = await state.actions.list({
      verb: 'block',
      states: ['done', 'undone', 'expired'],
      limit: 1_000,
    });
    for (const { requestedBy, doneMs, dryRun } of recent.toReversed()) {
      if (requestedBy.startsWith('auto:') && doneMs !== undefined && !dryRun) blocks.spend(doneMs);
    }
    isBudgetRead = true;
  };

  return {
    async plan(text) {
      const target = parseTarget(text);
      const action = newAction({ target: text, actor: 'system', dryRun: true }, target);
      const refusal = await whyNotNow(execution, action);
      const plan = await firewall.plan({ target, remainingMs: blockDurationMs() });
      return { target: target.text, allowed: refusal === undefined, refusal, ...plan };
    },

    async ask(request) {
      const target = parseTarget(request.target);
      mustRespond(request.dryRun ?? false);
      return await inTurn(
        async () => (await openFor(target, request.dryRun ?? false)) ?? insertAsked(newAction(request, target)),
      );
    },

    async block(request) {
      const target = parseTarget(request.target);
      mustRespond(request.dryRun ?? false);
      return await inTurn(async () => {
        const action = newAction(request, target);
        const open = action.dryRun ? undefined : await openFor(target, false);
        if (open?.state === 'done' && (open.expiresMs ?? 0) >= (action.expiresMs ?? 0)) return open;
        return await askAndAct(action);
      });
    },

    approve: (id, actor) =>
      inTurn(async () => {
        const action = await findAction(state, id);
        mustRespond(action.dryRun);
        if (action.state !== 'asked') throw wrongState(action, 'approved');
        return await execute(execution, action, { actor, isNew: false, before: [{ kind: 'action.approved', actor }] });
      }),

    async refuse(id, actor) {
      const action = await findAction(state, id);
      const change = { state: 'refused', endedMs: clock() } as const;
      const refused = await move(execution, action, ['asked'], change, [{ kind: 'action.refused', actor }]);
      if (!refused) throw wrongState(await findAction(state, id), 'refused');
      return refused;
    },

    undo: (id, actor) => inTurn(() => takeBack(execution, id, actor)),

    onAlert: (alert) =>
      inTurn(async () => {
        if (!alert.proposal || mode() === 'off') return undefined;
        const nowMs = clock();
        const target = parseTarget(alert.proposal.target);
        const former = await formerAnswer(state, alert, target, nowMs);
        if (former && former.state !== 'asked') return former;
        const open = await openFor(target, alert.demo);
        if (open && open.state !== 'asked') return open;
        await readBudget();
        const decision = decide(alert, mode(), {
          isBudgetLeft: alert.demo || budgetOf(alert).isLeft(nowMs),
          wasUndoneByPerson: await wasUndoneByPerson(state, target, nowMs),
        });
        // A question that waits must not shield the target from what is certain by now.
        if (open && decision !== 'act') return open;
        if (open) {
          const actor = `auto:${alert.rule.id}`;
          const answered = await execute(execution, open, {
            actor,
            isNew: false,
            before: [{ kind: 'action.approved', actor }],
          });
          if (answered.state === 'done' && !open.dryRun) budgetOf(alert).spend(nowMs);
          return answered;
        }
        const action = newAction(
          { target: target.text, alertId: alert.id, dryRun: alert.demo, actor: `auto:${alert.rule.id}` },
          target,
        );
        if (decision === 'act') {
          const answered = await askAndAct(action);
          if (answered.state === 'done' && !action.dryRun) budgetOf(alert).spend(nowMs);
          return answered;
        }
        const budget = alert.forgeable ? doubtfulQuestions : questions;
        if (!budget.isLeft(nowMs)) {
          await tellHeldBack(alert, nowMs);
          heldBack.spend(nowMs);
          return undefined;
        }
        budget.spend(nowMs);
        if (decision === 'ask') return await insertAsked(action);
        heldBack.spend(nowMs);
        const cap = new BartizanError('BTZ_BLOCK_HOURLY_CAP', { limit: autoBlocksPerHour, target: target.text });
        return await insertAsked(action, { heldBack: problemOf(cap) });
      }),

    tick: () =>
      inTurn(async () => {
        const report = await upkeep();
        firewallProblem = report.problem;
        return report;
      }),

    async blocked() {
      const nowMs = clock();
      return (await listAll(state, ['done'])).filter((action) => isLive(action, nowMs)).length;
    },

    firewall: () => ({ available: firewallProblem === undefined, problem: firewallProblem?.message }),
    heldBack: () => heldBack.spent(clock()),
  };

  /** Once an hour: thousands of leaves would be a second flood. */
  async function tellHeldBack(alert: Alert, nowMs: number): Promise<void> {
    if (Math.abs(nowMs - floodToldMs) < 3_600_000) return;
    floodToldMs = nowMs;
    const details = { reason: 'more questions than a person can answer', questionsPerHour };
    await evidence.record([{ timeMs: nowMs, kind: 'action.refused', actor: 'system', subject: alert.id, details }]);
  }
}

/** An alert grows with each event; what was done or refused for it holds. What expired or failed may be tried again. */
async function formerAnswer(
  state: StateStore,
  alert: Alert,
  target: IpRange,
  nowMs: number,
): Promise<Action | undefined> {
  const former = await state.actions.list({ alertId: alert.id, target: target.text, limit: 100 });
  return former.find((action) => {
    if (action.state === 'expired') return false;
    if (action.state === 'done') return action.dryRun || isLive(action, nowMs);
    return action.state !== 'failed' || nowMs - (action.endedMs ?? 0) < RETRY_FAILED_MS;
  });
}

async function wasUndoneByPerson(state: StateStore, target: IpRange, nowMs: number): Promise<boolean> {
  const undone = await state.actions.list({ states: ['undone'], target: target.text, limit: 100 });
  return undone.some(({ endedMs = 0, dryRun }) => !dryRun && nowMs - endedMs < RESPECT_UNDO_MS);
}
