import type { ExceptionProposal } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import { type Exception, isSince } from '#model/exception.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';

/** How far back it is said what an exception would have hidden. */
const LOOK_BACK_MS = 30 * 86_400_000;
const LISTED_ALERTS = 50;
/** In the leaf; how many there are is said whole. */
const NAMED_ALERTS = 200;
const MOST_QUESTIONS = 1_000;

export type Refuse = (actionId: string, actor: string) => Promise<unknown>;
type Reach = Pick<Exception, 'ruleIds' | 'scope' | 'demo'>;

/**
 * What an exception of this reach would have hidden in the last 30 days, but for one alert: the test of a scope is what it
 * swallows.
 */
export async function wouldHide(
  queries: Pick<StateQueries, 'alerts'>,
  reach: Reach,
  nowMs: number,
  exceptId?: string,
): Promise<ExceptionProposal['wouldHide']> {
  const { items, all, ofRule, isWhole } = await covered(queries, reach, nowMs - LOOK_BACK_MS);
  const isOther = ({ id }: { readonly id: string }) => id !== exceptId;
  return { count: all.filter(isOther).length, ofRule, isWhole, alerts: items.filter(isOther) };
}

/**
 * Puts the alerts away that a person was shown, and no other people have judged: those of the last 30 days, or for
 * maintenance those since it began; but not the one that is made quiet itself. Answers their ids.
 */
export async function putAway(queries: StateQueries, exception: Exception, nowMs: number): Promise<readonly string[]> {
  const ids = await toPutAway(queries, exception, nowMs);
  await queries.alerts.place(ids, { status: 'hidden', exceptionId: exception.id }, nowMs);
  return ids;
}

/** What `putAway` would put away. */
export async function toPutAway(
  queries: Pick<StateQueries, 'alerts'>,
  exception: Pick<Exception, 'kind' | 'alertId' | 'startsMs'> & Reach,
  nowMs: number,
): Promise<readonly string[]> {
  const { kind, startsMs, alertId } = exception;
  const isMaintenance = kind === 'maintenance';
  if (startsMs > nowMs) return [];
  const { all } = await covered(queries, exception, isMaintenance ? startsMs : nowMs - LOOK_BACK_MS);
  return all
    .filter(({ status }) => status === 'open' || status === 'held_back')
    .filter(({ id, firstMs }) => (isMaintenance ? isSince(exception, firstMs) : kind !== 'quiet' || id !== alertId))
    .map(({ id }) => id);
}

/** What the leaf says of them. */
export function putAwayDetails(ids: readonly string[]) {
  return { hides: ids.length, alerts: ids.slice(0, NAMED_ALERTS) };
}

/** What is known need not be asked about any more. A question that was answered meanwhile is none. */
export async function withdrawQuestions(
  state: StateStore,
  refuse: Refuse,
  hidden: readonly string[],
  actor: string,
): Promise<void> {
  if (hidden.length === 0) return;
  const ids = new Set(hidden);
  const asked = await state.actions.list({ states: ['asked'], limit: MOST_QUESTIONS });
  for (const { id, alertId } of asked) {
    if (alertId === undefined || !ids.has(alertId)) continue;
    await refuse(id, actor).catch((thrown: unknown) => {
      if (!(thrown instanceof BartizanError && thrown.code === 'BTZ_ACTION_STATE')) throw thrown;
    });
  }
}

function covered(queries: Pick<StateQueries, 'alerts'>, { ruleIds, scope, demo }: Reach, fromMs: number) {
  return queries.alerts.covered({ ruleIds, scope, demo, fromMs, limit: LISTED_ALERTS });
}
