import type { Condition } from '../src/parse/condition.ts';
import type { SigmaCorrelation } from '../src/rule.ts';

export interface Seen {
  readonly timeMs: number;
  readonly kind: string;
  readonly user: string;
  readonly size: number;
}

/**
 * The slow correlation that the fast one is compared with: keeps every event of the group and asks the definition anew.
 * Adds `event` to `past` when it counts.
 */
export function referenceFires(correlation: SigmaCorrelation, latenessMs: number, past: Seen[], event: Seen): boolean {
  const { type, rules, timespanMs, condition } = correlation;
  if (!rules.includes(event.kind)) return false;
  const newestBefore = Math.max(Number.NEGATIVE_INFINITY, ...past.map(({ timeMs }) => timeMs));
  if (event.timeMs < newestBefore - Math.min(latenessMs, timespanMs)) return false;
  past.push(event);
  const newest = Math.max(newestBefore, event.timeMs);
  const window = past.filter(({ timeMs }) => timeMs >= newest - timespanMs);
  if (condition.expression !== undefined) {
    const inWindow = new Set(window.map(({ kind }) => kind));
    if (type === 'temporal') return holdsFor(condition.expression, inWindow, inWindow);
    const isEnough = (chosen: readonly string[]): boolean =>
      holdsFor(condition.expression as Condition, new Set(chosen), inWindow);
    return subsetsOf(rules).some(
      (chosen) =>
        isEnough(chosen) &&
        !chosen.some((one) => isEnough(chosen.filter((other) => other !== one))) &&
        isInChain(chosen, timespanMs, past, event),
    );
  }
  const sizes = window.map(({ size }) => size).sort((a, b) => a - b);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const rank = (percent: number): number => {
    const place = (percent / 100) * (sizes.length - 1);
    const below = sizes[Math.floor(place)] as number;
    return below + ((sizes[Math.ceil(place)] as number) - below) * (place - Math.floor(place));
  };
  const measured = {
    event_count: () => window.length,
    value_count: () => new Set(window.map(({ user }) => user)).size,
    temporal: () => new Set(window.map(({ kind }) => kind)).size,
    temporal_ordered: () => (isInChain(rules, timespanMs, past, event) ? rules.length : -1),
    value_sum: () => sum,
    value_avg: () => sum / sizes.length,
    value_median: () => rank(50),
    value_percentile: () => rank(condition.percentile as number),
  }[type]();
  const { gt, gte, lt, lte, eq } = condition.bounds;
  return (
    (gt === undefined || measured > gt) &&
    (gte === undefined || measured >= gte) &&
    (lt === undefined || measured < lt) &&
    (lte === undefined || measured <= lte) &&
    (eq === undefined || measured === eq)
  );
}

/** Every way to pick one event for each rule, in the order of time, and of arrival within one moment. */
function isInChain(rules: readonly string[], timespanMs: number, past: readonly Seen[], event: Seen): boolean {
  const inOrder = past.map((seen, at) => ({ seen, at })).sort((a, b) => a.seen.timeMs - b.seen.timeMs || a.at - b.at);
  const pick = (position: number, from: number, chain: readonly Seen[]): boolean => {
    if (position === rules.length) {
      const [first, last] = [chain[0] as Seen, chain[chain.length - 1] as Seen];
      return chain.includes(event) && last.timeMs - first.timeMs <= timespanMs;
    }
    return inOrder.some(
      ({ seen }, at) => at >= from && seen.kind === rules[position] && pick(position + 1, at + 1, [...chain, seen]),
    );
  };
  return pick(0, 0, []);
}

/** What must have matched is asked of `chosen`, what must not of everything in the window. */
function holdsFor(condition: Condition, chosen: ReadonlySet<string>, inWindow: ReadonlySet<string>): boolean {
  const ask = (part: Condition, negated: boolean): boolean => {
    if (part.kind === 'search') return negated ? !inWindow.has(part.name) : chosen.has(part.name);
    if (part.kind === 'not') return ask(part.of, !negated);
    const answers = part.of.map((inner) => ask(inner, negated));
    return (part.kind === 'and') !== negated ? answers.every(Boolean) : answers.some(Boolean);
  };
  return ask(condition, false);
}

/** In the order of the list; not the empty one. */
function subsetsOf(rules: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** rules.length - 1 }, (_, bits) =>
    rules.filter((_rule, at) => ((bits + 1) >> at) % 2 === 1),
  );
}
