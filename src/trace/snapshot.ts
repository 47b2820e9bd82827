import type { RuleInfo } from '#model/signal.ts';
import type { OpenAlert } from './open-alert.ts';

/** A grouper's memory as plain data; each rule’s texts are in it once. */
export interface GrouperSnapshot {
  readonly version: 1;
  readonly turn: number;
  readonly rules: readonly RuleInfo[];
  /** Open alerts, `rule` being the place in `rules`. */
  readonly open: readonly (Omit<OpenAlert, 'rule'> & { readonly rule: number })[];
}

/** Shares its parts with the grouper: write it out before the next signal. */
export function makeSnapshot(turn: number, open: Iterable<OpenAlert>): GrouperSnapshot {
  const places = new Map<RuleInfo, number>();
  const rules: RuleInfo[] = [];
  const placed = [...open].map((alert) => {
    let place = places.get(alert.rule);
    if (place === undefined) {
      place = rules.push(alert.rule) - 1;
      places.set(alert.rule, place);
    }
    return { ...alert, rule: place };
  });
  return { version: 1, turn, rules, open: placed };
}

/**
 * Reads back what `makeSnapshot` gave, after JSON or structured clone, as a copy of its own. It is our own state, so only
 * its version and outline are checked; undefined when they are wrong.
 */
export function readSnapshot(value: unknown): { turn: number; open: readonly OpenAlert[] } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Partial<GrouperSnapshot>;
  if (found.version !== 1 || typeof found.turn !== 'number') return undefined;
  if (!Array.isArray(found.open) || !Array.isArray(found.rules)) return undefined;
  const { turn, rules, open } = structuredClone(found) as GrouperSnapshot;
  const alerts: OpenAlert[] = [];
  for (const { rule, ...alert } of open) {
    const info = rules[rule];
    if (info !== undefined) alerts.push({ ...alert, rule: info });
  }
  return { turn, open: alerts };
}
