import type { Alert } from '#model/alert.ts';
import { type Exception, exactEntities, hides } from '#model/exception.ts';
import type { Placement, Standing } from '#store/state-store.ts';

/**
 * Alerts of one rule that come before people within any hour. A person looks into perhaps ten in an hour; a hundred of
 * one rule are one story (a scan, a wrong rule, or noise made to hide something else), and whatever follows is folded,
 * so that it cannot push the alerts of other rules out of sight. Half of it would already hide an ordinary worm’s reach.
 */
export const SHOWN_PER_RULE_AND_HOUR = 100;
export const RATE_SPAN_MS = 3_600_000;

export interface PlacingFacts {
  /** What is known of the alerts that are there already. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** In force now. */
  readonly exceptions: readonly Exception[];
  /** Alerts that each rule has brought before people within the last hour, those that could be forged apart. */
  readonly shown: readonly { readonly ruleId: string; readonly forgeable: boolean; readonly count: number }[];
}

/**
 * Decides for each alert whether people see it, an exception hides it, or its rule’s cap folds it. Answers only what
 * changes: an alert that a person has seen stays where it is.
 *
 * A hidden alert that goes on growing is looked at anew: once it is about more than the exception names, or the
 * exception is over, it comes forward. Critical alerts, demonstrations and drills are never held back, and forgeable
 * ones have a cap of their own: whoever may write log lines must not be able to use up what real ones need.
 */
export function placeAlerts(alerts: readonly Alert[], facts: PlacingFacts): Map<string, Placement> {
  const places = new Map<string, Placement>();
  const shown = new Map(facts.shown.map(({ ruleId, forgeable, count }) => [capKey(ruleId, forgeable), count]));

  for (const alert of alerts) {
    const standing = facts.standings.get(alert.id);
    const place = placed(alert, standing);
    if (place !== undefined) places.set(alert.id, place);
  }
  return places;

  function placed(alert: Alert, standing: Standing | undefined): Placement | undefined {
    const { level } = alert.rule;
    if (standing?.status === 'held_back') return level === 'critical' ? { status: 'open' } : undefined;
    if (standing !== undefined && standing.status !== 'hidden') return undefined;
    const exact = facts.exceptions.length > 0 ? exactEntities(alert) : {};
    const hiding = facts.exceptions.filter((candidate) => hides(candidate, alert, exact));
    // Where several would, it stays with the one that it is behind.
    const exception = hiding.find(({ id }) => id === standing?.exceptionId) ?? hiding[0];
    if (exception !== undefined)
      return exception.id === standing?.exceptionId ? undefined : { status: 'hidden', exceptionId: exception.id };
    // A replay after a crash tells nothing new.
    if (standing !== undefined && alert.count <= standing.count) return undefined;
    if (alert.demo || level === 'critical') return { status: 'open' };
    const key = capKey(alert.rule.id, alert.forgeable === true);
    const count = shown.get(key) ?? 0;
    if (count >= SHOWN_PER_RULE_AND_HOUR) return { status: 'held_back' };
    shown.set(key, count + 1);
    return { status: 'open' };
  }
}

function capKey(ruleId: string, forgeable: boolean): string {
  return `${forgeable ? 'forgeable' : 'proven'} ${ruleId}`;
}
