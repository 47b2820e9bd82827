import type { MaintenancePlan, MaintenanceProposal } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import {
  MAX_MAINTENANCE_AHEAD_MS,
  MAX_MAINTENANCE_BEFORE_MS,
  MAX_MAINTENANCE_MS,
  MIN_EXCEPTION_MS,
} from '#model/exception.ts';
import type { StateQueries } from '#store/state-store.ts';
import { toPutAway, wouldHide } from './put-away.ts';

/** What a maintenance window would have hidden in the last 30 days, and what it would put away now if it has begun. */
export async function proposeMaintenance(
  queries: Pick<StateQueries, 'alerts'>,
  plan: MaintenancePlan,
  nowMs: number,
): Promise<MaintenanceProposal> {
  const reach = { kind: 'maintenance', demo: false, ...plan } as const;
  return {
    refusal: whyNotMaintenance(plan, nowMs),
    wouldHide: await wouldHide(queries, reach, nowMs),
    putsAway: (await toPutAway(queries, reach, nowMs)).length,
  };
}

/** Why there can be no window of this reach and these times, or undefined. Of one that runs, when it began is known. */
export function whyNotMaintenance(
  { ruleIds, scope, startsMs, expiresMs }: MaintenancePlan,
  nowMs: number,
  beganMs?: number,
): BartizanError | undefined {
  const times = (problem: string) => new BartizanError('BTZ_EXCEPTION_TIMES', { problem });
  if (ruleIds.length === 0 && Object.keys(scope).length === 0)
    return new BartizanError('BTZ_EXCEPTION_EMPTY', { rule: 'every rule' });
  if (beganMs !== undefined && startsMs !== beganMs) return times('it has begun, so its beginning cannot be moved');
  if (expiresMs - startsMs < MIN_EXCEPTION_MS) return times('it ends before it has lasted a minute');
  if (expiresMs - startsMs > MAX_MAINTENANCE_MS) return times('it is longer than 7 days');
  if (expiresMs <= nowMs) return times('it would be over already');
  if (beganMs === undefined && startsMs < nowMs - MAX_MAINTENANCE_BEFORE_MS) return times('it began over a day ago');
  if (startsMs > nowMs + MAX_MAINTENANCE_AHEAD_MS) return times('it begins in more than a year');
  return undefined;
}
