import type { Route } from '../match/matcher.ts';
import type { SigmaCorrelation, SigmaRule } from '../rule.ts';

export interface CorrelatorOptions<T = unknown> {
  /** The same as for `compile`: where the fields of `group-by` and of conditions are. */
  readonly routes: Readonly<Record<string, Route>>;
  /** How far an event may lie behind the newest of its group and still be counted; 5 minutes if not said. */
  readonly latenessMs?: number;
  /**
   * So many late events in a row make the group forget and begin anew at their time: a clock that was set back must not
   * make it deaf. Late events are never more than stragglers if not said.
   */
  readonly resetAfterLate?: number;
  /** Groups kept for each correlation; above that the longest untouched is forgotten. 20,000 if not said. */
  readonly maxGroups?: number;
  /** Events and values kept for each correlation, all groups together; above that as well. 1,000,000 if not said. */
  readonly maxKept?: number;
  /** How many of the first references of a window a match carries; 5 if not said. */
  readonly firstReferences?: number;
  /** How many of the last; 5 if not said. */
  readonly lastReferences?: number;
  /** Asked for what is to be kept of a reference that outlives the call: a copy of its own, say. Itself if not said. */
  readonly keep?: (reference: T) => T;
}

export interface CorrelationMatch<T> {
  readonly correlation: SigmaCorrelation;
  /** Values by the names under `group-by`. */
  readonly group: Readonly<Record<string, string>>;
  /**
   * Events (`event_count`), distinct values (`value_count`), rules (`temporal…`) or the measure (`value_sum` …) in the
   * window. Counts stop at what the condition needs to be decided, at least 16.
   */
  readonly count: number;
  /** The event before it in this group matched already: all but this event has been answered then. */
  readonly continues: boolean;
  /** The first few and the last few of the window, in the order of time; of a match that `continues` the new event alone, as it was given. */
  readonly references: readonly T[];
  /** Epoch milliseconds of the oldest event of the window that is still known. */
  readonly firstMs: number;
  /** Epoch milliseconds of the newest event of the group. */
  readonly lastMs: number;
}

export interface RestoreResult {
  readonly groups: number;
  /** What could not be taken over, as sentences. */
  readonly forgotten: readonly string[];
}

/**
 * Counts matches of rules in sliding windows, group by group. Knows no clock: time is what events say.
 *
 * A window ends at the newest event of its group and reaches back by the time span, both ends inside. The condition is
 * asked at each event, so each further event of a window for which it holds gives a match again. An event that lies
 * behind the newest of its group by more than the lateness, or the time span, is not counted. Events that lack a
 * `group-by` field are not counted. `lt`, `lte` and `eq` are asked at events too: nothing fires when nothing happens.
 *
 * The same events in the same order give the same matches; `restore(snapshot())` in between changes nothing.
 */
export interface Correlator<T> {
  /**
   * Takes in that an event matched a rule.
   *
   * @param routeKey the route on which it matched.
   * @param timeMs epoch milliseconds of the event.
   * @param reference kept and given back in matches; must be plain data if snapshots are written as JSON.
   * @returns matches that this event completes, inner correlations before those that they feed.
   */
  observe(
    rule: SigmaRule,
    routeKey: string,
    event: object,
    timeMs: number,
    reference: T,
  ): readonly CorrelationMatch<T>[];
  stats(): { readonly groups: number; readonly evicted: number };
  /** Everything that is remembered, as plain data. */
  snapshot(): unknown;
  /** Takes over what `snapshot` gave, instead of what is remembered. Correlations that have changed since start anew. */
  restore(value: unknown): RestoreResult;
}
