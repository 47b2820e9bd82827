import type { RespondMode } from '#model/action.ts';
import { type Alert, LEVELS } from '#model/alert.ts';

/** What a block that an alert proposes comes to. */
export type AutoDecision = 'nothing' | 'ask' | 'act' | 'hold';

/** From this level on a block goes through alone in `auto` mode. */
const ACTING_LEVEL = LEVELS.indexOf('high');
const HOUR_MS = 3_600_000;

/** `hold` is `act` with the budget of this hour used up: then a person is asked. */
export function decide(
  alert: Pick<Alert, 'rule' | 'proposal' | 'forgeable'>,
  mode: RespondMode,
  situation: { readonly isBudgetLeft: boolean; readonly wasUndoneByPerson: boolean },
): AutoDecision {
  if (mode === 'off' || !alert.proposal) return 'nothing';
  const isGrave = LEVELS.indexOf(alert.rule.level) >= ACTING_LEVEL;
  // Who took a block back knows something that the rule does not; who could have forged the lines may want the block.
  const isDoubtful = alert.forgeable || alert.proposal.automatic === false || situation.wasUndoneByPerson;
  if (mode === 'ask' || !isGrave || isDoubtful) return 'ask';
  return situation.isBudgetLeft ? 'act' : 'hold';
}

export interface HourlyBudget {
  isLeft(nowMs: number): boolean;
  spend(nowMs: number): void;
  spent(nowMs: number): number;
}

/**
 * How often something may happen within any 60 minutes, so that a flood of forged alerts cannot wall the server in.
 * A clock that jumps back frees nothing.
 */
export function createHourlyBudget(limit: number): HourlyBudget {
  const times: number[] = [];
  const spent = (nowMs: number): number => {
    while (times[0] !== undefined && times[0] <= nowMs - HOUR_MS) times.shift();
    return times.length;
  };
  return {
    isLeft: (nowMs) => spent(nowMs) < limit,
    spend: (nowMs) => {
      if (times.length < MOST_COUNTED) times.push(nowMs);
    },
    spent,
  };
}

const MOST_COUNTED = 100_000;
