import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Action, Repair, RespondMode } from '#model/action.ts';
import { kindFor } from './actions/repair/index.ts';
import type { RepairPlan, Weakness } from './actions/repair/kind.ts';
import { changesOf, shownCall } from './actions/repair/setting.ts';
import { findAction, leavesOf, listAll, move, problemOf } from './decisions.ts';
import { wrongState } from './execution.ts';
import { createQueue } from './queue.ts';
import {
  carryOut,
  fail,
  look,
  putBack,
  type RepairAction,
  type RepairExecution,
  restOf,
  whyNotNow,
  writerFor,
} from './repair-execution.ts';
import { ASKED_LIFETIME_MS } from './upkeep.ts';

export interface RepairsOptions extends RepairExecution {
  readonly mode: () => RespondMode;
  readonly ids: () => string;
}

export interface ShownRepair {
  readonly target: string;
  readonly repair: Repair;
  readonly allowed: boolean;
  readonly refusal?: BartizanError;
  /** Why it could not be carried out at the moment, though it may be asked for: no role for it, say. */
  readonly obstacle?: BartizanError;
}

export interface Repairs {
  /** Dry run: reads, and says exactly what would be done. Writes nothing, anywhere. */
  plan(weakness: Weakness): Promise<ShownRepair>;
  /** Asks; a person has to approve. The same question that is open already is answered again. */
  ask(weakness: Weakness, actor: string): Promise<Action>;
  approve(id: string, actor: string): Promise<Action>;
  refuse(id: string, actor: string): Promise<Action>;
  /** Puts back what was read before. Of a repair that failed on the way, what it had done. */
  undo(id: string, actor: string, force?: boolean): Promise<Action>;
  /** Call it every second or so: finishes what a crash left, ends questions that nobody answered. */
  tick(): Promise<void>;
}

/** After trouble with the provider a repair that was under way is looked at this often, and for so long. */
const RETRY_MS = 60_000;
const PATIENCE_MS = 3_600_000;

/**
 * Repairs of live accounts, with the same life as blocks: asked → approved → running → done → undone. Never without a
 * person. What is carried out is exactly what was shown: if the setting changed in between, it is refused.
 *
 * One per state store. Refusals and failures are answered as the action's state and `problem`; wrong calls throw
 * BTZ_REPAIR_…, BTZ_CLOUD_…, BTZ_RESPONSE_OFF, BTZ_NOT_FOUND, BTZ_ACTION_STATE.
 */
export function createRepairs(options: RepairsOptions): Repairs {
  const { state, evidence, clock, ids, mode } = options;
  const inTurn = createQueue();
  let retryMs = Number.NEGATIVE_INFINITY;

  const mustRespond = (): void => {
    if (mode() === 'off') throw new BartizanError('BTZ_RESPONSE_OFF');
  };
  const show = async (weakness: Weakness): Promise<ShownRepair> => {
    const kind = kindFor(weakness.check);
    const target = targetOf(weakness);
    const seen = await look(options, weakness);
    const plan = kind.plan(weakness, seen);
    if (plan === undefined) throw new BartizanError('BTZ_REPAIR_NOT_NEEDED', { target });
    const reader = await options.reader(weakness.resource.provider);
    const writer = await writerFor(options, weakness).catch(toBartizanError);
    const obstacle = writer instanceof BartizanError ? writer : undefined;
    const keys = writer instanceof BartizanError ? [reader] : [reader, writer];
    const refusal = await whyNotNow(options, plan, keys);
    const { check, resource } = weakness;
    const repair: Repair = {
      kind: kind.id,
      check,
      resource,
      before: seen.setting,
      after: plan.after,
      changes: changesOf(seen.setting, plan.after),
      calls: plan.calls.map(shownCall),
      effects: [...plan.effects],
    };
    return { target, repair, allowed: refusal === undefined, refusal, obstacle };
  };
  const mustFind = async (id: string): Promise<RepairAction> => {
    const action = await findAction(state, id);
    if (action.repair === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `repair ${id}` });
    return { ...action, repair: action.repair };
  };
  const expire = async (action: Action): Promise<Action | undefined> => {
    const change = { state: 'expired', endedMs: clock() } as const;
    const leaf = { kind: 'action.expired', actor: 'system', details: { was: 'asked' } } as const;
    return await move(options, action, ['asked'], change, [leaf]);
  };
  /** Ends a question that cannot be answered with yes any more. */
  const refuseWith = async (action: RepairAction, error: BartizanError): Promise<Action> => {
    const problem = problemOf(error);
    const change = { state: 'refused', endedMs: clock(), problem } as const;
    const leaf = { kind: 'action.refused', actor: 'system', details: problem } as const;
    return (await move(options, action, ['asked'], change, [leaf])) ?? (await findAction(state, action.id));
  };

  return {
    plan: show,

    ask: (weakness, actor) =>
      inTurn(async () => {
        mustRespond();
        const target = targetOf(weakness);
        const open = await state.actions.list({ verb: 'repair', states: ['asked', 'running'], target, limit: 100 });
        const same = open.find(({ repair }) => repair?.check === weakness.check);
        if (same && !isExpired(same, clock())) return same;
        const { repair, refusal } = await show(weakness);
        const problem = refusal && problemOf(refusal);
        const action: Action = {
          id: ids(),
          verb: 'repair',
          target,
          state: problem ? 'refused' : 'asked',
          requestedBy: actor,
          requestedMs: clock(),
          dryRun: false,
          repair,
          ...(problem ? { problem, endedMs: clock() } : {}),
        };
        const { kind, check, before, after, calls } = repair;
        const asked = { kind: 'action.asked', actor, details: { repair: kind, check, before, after, calls } } as const;
        const refused = problem ? [{ kind: 'action.refused', actor: 'system', details: problem } as const] : [];
        await state.transaction(async (queries) => {
          await queries.actions.insert(action);
          await evidence.record(leavesOf(action, [asked, ...refused], clock()), queries);
        });
        return action;
      }),

    approve: (id, actor) =>
      inTurn(async () => {
        mustRespond();
        const action = await mustFind(id);
        if (action.state !== 'asked') throw wrongState(action, 'approved');
        if (isExpired(action, clock())) {
          await expire(action);
          throw new BartizanError('BTZ_REPAIR_EXPIRED', { hours: ASKED_LIFETIME_MS / 3_600_000 });
        }
        // Whatever is not ready leaves the question open.
        const writer = await writerFor(options, action.repair);
        const seen = await look(options, action.repair);
        let rest: RepairPlan | undefined;
        try {
          rest = restOf(action, seen, false);
        } catch (thrown) {
          return await refuseWith(action, toBartizanError(thrown));
        }
        const reader = await options.reader(action.repair.resource.provider);
        const refusal = rest && (await whyNotNow(options, rest, [reader, writer]));
        if (refusal) return await refuseWith(action, refusal);
        const repair = { ...action.repair, begunMs: clock() };
        const { before, after, calls } = repair;
        const begun = await move(options, action, ['asked'], { state: 'running', approvedBy: actor, repair }, [
          { kind: 'action.approved', actor },
          { kind: 'action.started', actor, details: { role: writer.identity, before, after, calls } },
        ]);
        if (!begun) throw wrongState(await findAction(state, id), 'approved');
        const details = rest ? {} : { found: 'it was as it should be already' };
        return await carryOut(options, { ...begun, repair }, rest?.calls ?? [], details);
      }),

    async refuse(id, actor) {
      const action = await mustFind(id);
      const change = { state: 'refused', endedMs: clock() } as const;
      const refused = await move(options, action, ['asked'], change, [{ kind: 'action.refused', actor }]);
      if (!refused) throw wrongState(await findAction(state, id), 'refused');
      return refused;
    },

    undo: (id, actor, force = false) =>
      inTurn(async () => {
        const action = await mustFind(id);
        const mayBeUndone = action.state === 'done' || (action.state === 'failed' && action.repair.begunMs);
        if (!mayBeUndone) throw wrongState(action, 'undone');
        return await putBack(options, action, actor, force);
      }),

    tick: () =>
      inTurn(async () => {
        for (const action of await listAll(state, ['asked', 'running'], 'repair')) {
          if (action.state === 'asked') {
            if (isExpired(action, clock())) await expire(action);
          } else if (action.repair && clock() >= retryMs) {
            await resume({ ...action, repair: action.repair });
          }
        }
      }),
  };

  /** What was running when the program ended: what is there tells how far it came. */
  async function resume(action: RepairAction): Promise<void> {
    try {
      const seen = await look(options, action.repair, action.repair.before);
      const rest = restOf(action, seen, true);
      const resumed = rest ? 'the rest was done' : 'it was found done';
      await carryOut(options, action, rest?.calls ?? [], { resumed });
      retryMs = Number.NEGATIVE_INFINITY;
    } catch (thrown) {
      const error = toBartizanError(thrown);
      const isOld = clock() - (action.repair.begunMs ?? 0) > PATIENCE_MS;
      if (isOld || error.code === 'BTZ_REPAIR_CHANGED' || error.code === 'BTZ_REPAIR_GONE')
        await fail(options, action, error);
      else retryMs = clock() + RETRY_MS;
    }
  }
}

/** As actions and evidence name it. */
export function targetOf({ resource: { provider, account, region, type, id } }: Weakness): string {
  return [provider, account, ...(region === undefined ? [] : [region]), type, id].join('/');
}

function isExpired({ requestedMs }: Action, nowMs: number): boolean {
  return nowMs - requestedMs > ASKED_LIFETIME_MS;
}
