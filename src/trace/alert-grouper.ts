import type { Alert } from '#model/alert.ts';
import type { RuleInfo, Signal } from '#model/signal.ts';
import { alertOf, type OpenAlert, openAlert, settle, takeIn } from './open-alert.ts';
import { makeSnapshot, readSnapshot } from './snapshot.ts';

export interface GrouperOptions {
  /** Silence after which the same cause is a new alert, by event time. Default: one hour. */
  readonly gapMs?: number;
  /** Open alerts held in memory; beyond it the eighth part that was quiet longest is let go. Default 4,096. */
  readonly maxOpen?: number;
  /** Evidence shown with an alert: half the first events, half the latest. Default 20. */
  readonly maxEvents?: number;
  /** Characters of evidence held in memory over all open alerts; beyond it the quietest are let go. Default 32 Mi. */
  readonly maxEvidenceLength?: number;
}

export interface AlertGrouper {
  /** Takes a signal into the alert of its cause. `demo` keeps demonstration data apart from real data. */
  add(signal: Signal, demo?: boolean): void;
  /**
   * Alerts that are new or have grown since the last call, with absolute values; or the new ones only. Nothing but alerts that were let go
   * waits for it, so it may be called as seldom as the reader likes.
   */
  takeChanged(which?: 'all' | 'new'): Alert[];
  /** Copies what alerts still hold of the events themselves: call it before the batch that they came in is let go. */
  settleAll(): void;
  /** Whether an alert was opened that `takeChanged` has not answered yet. */
  hasNew(): boolean;
  /** Open alerts at the moment. */
  readonly size: number;
  /**
   * Plain data (structured-clone and JSON safe). Take it after `takeChanged`, since alerts that were let go are not in it,
   * and write it out before the next `add`, since it shares its parts with the grouper.
   */
  snapshot(): unknown;
  /** Replaces the state; data that is not a snapshot leaves it empty. */
  restore(snapshot: unknown): void;
}

/**
 * Makes alerts of signals: one rule, one set of `group_by` entities, no silence longer than the gap.
 *
 * An alert's id follows from rule, entities and first event, so a replay names it the same. Memory is bounded: an alert
 * that is let go is reported once more by `takeChanged`, and later signals of its cause open a new one.
 */
export function createAlertGrouper(options: GrouperOptions = {}): AlertGrouper {
  const limits = {
    gapMs: options.gapMs ?? 3_600_000,
    maxOpen: options.maxOpen ?? 4_096,
    maxEvents: options.maxEvents ?? 20,
    maxEvidenceLength: options.maxEvidenceLength ?? 2 ** 25,
  };
  const real = new Map<string, RuleSlot>();
  const shown = new Map<string, RuleSlot>();
  let changed: OpenAlert[] = [];
  let pending: OpenAlert[] = [];
  let size = 0;
  let evidenceLength = 0;
  let turn = 0;
  let hasNew = false;

  function add(signal: Signal, demo = false): void {
    const slots = demo ? shown : real;
    const slot = slotOf(slots, signal.rule);
    const key = keyOf(signal.entities, signal.rule.groupBy);
    let open = slot.open.get(key);
    if (slot.better.length > 0 && isToldBetter(slot.better, signal, limits.gapMs)) return;
    if (open === undefined || signal.event.time - open.lastMs > limits.gapMs) {
      if (open === undefined) size += 1;
      else {
        evidenceLength -= open.evidenceLength;
        settle(open);
      }
      hasNew = true;
      open = openAlert(signal, demo, key, limits.maxEvents);
      slot.open.set(open.key, open);
      evidenceLength += open.evidenceLength;
    } else {
      const before = open.evidenceLength;
      const wasPending = open.pending !== undefined;
      takeIn(open, signal);
      if (!wasPending && open.pending !== undefined) pending.push(open);
      evidenceLength += open.evidenceLength - before;
    }
    open.turn = ++turn;
    if (!open.isChanged) {
      open.isChanged = true;
      changed.push(open);
    }
    if (size > limits.maxOpen || evidenceLength > limits.maxEvidenceLength) letGo();
  }

  function settleAll(): void {
    for (const open of pending) {
      const before = open.evidenceLength;
      settle(open);
      evidenceLength += open.evidenceLength - before;
    }
    pending = [];
  }

  /** Drops the eighth part that was quiet longest; what of it is not reported yet stays listed in `changed`. */
  function letGo(): void {
    settleAll();
    const all = [...openAlerts(real), ...openAlerts(shown)].sort((a, b) => a.turn - b.turn);
    for (const open of all.slice(0, Math.max(1, all.length >> 3))) {
      (open.demo ? shown : real).get(open.rule.id)?.open.delete(open.key);
      size -= 1;
      evidenceLength -= open.evidenceLength;
    }
  }

  function takeChanged(which: 'all' | 'new' = 'all'): Alert[] {
    settleAll();
    const taken = which === 'all' ? changed : changed.filter(({ isReported }) => !isReported);
    changed = which === 'all' ? [] : changed.filter(({ isReported }) => isReported);
    hasNew = false;
    return taken.map((open) => {
      open.isChanged = false;
      open.isReported = true;
      return alertOf(open);
    });
  }

  return {
    add,
    takeChanged,
    settleAll,
    hasNew: () => hasNew,
    get size() {
      return size;
    },
    snapshot() {
      settleAll();
      return makeSnapshot(turn, [...openAlerts(real), ...openAlerts(shown)]);
    },
    restore(value) {
      const found = readSnapshot(value);
      real.clear();
      shown.clear();
      changed = [];
      pending = [];
      size = 0;
      evidenceLength = 0;
      turn = found?.turn ?? 0;
      for (const open of found?.open ?? []) {
        slotOf(open.demo ? shown : real, open.rule).open.set(open.key, open);
        if (open.isChanged) changed.push(open);
        size += 1;
        evidenceLength += open.evidenceLength;
      }
    },
  };
}

interface RuleSlot {
  groupBy: readonly string[];
  readonly open: Map<string, OpenAlert>;
  /** Of the rules that tell the same story better. */
  better: readonly RuleSlot[];
}

const UNKNOWN_YET: readonly string[] = [];

function slotOf(slots: Map<string, RuleSlot>, rule: RuleInfo): RuleSlot {
  const slot = slotNamed(slots, rule.id);
  if (slot.groupBy !== rule.groupBy) {
    slot.groupBy = rule.groupBy;
    slot.better = (rule.unless ?? []).map((name) => slotNamed(slots, name));
  }
  return slot;
}

function slotNamed(slots: Map<string, RuleSlot>, name: string): RuleSlot {
  let slot = slots.get(name);
  if (slot === undefined) {
    slot = { groupBy: UNKNOWN_YET, open: new Map(), better: [] };
    slots.set(name, slot);
  }
  return slot;
}

function* openAlerts(slots: Map<string, RuleSlot>): Generator<OpenAlert> {
  for (const slot of slots.values()) yield* slot.open.values();
}

/** Values of the grouping entities as one text. The separator cannot occur in a single-valued key, which is the common case. */
function keyOf(entities: Signal['entities'], groupBy: readonly string[]): string {
  if (groupBy.length === 1) return entities[groupBy[0] as string] ?? '';
  let key = '';
  for (const name of groupBy) {
    const value = entities[name] ?? '';
    // The length in front makes the joined text unambiguous, whatever bytes an attacker puts into a value.
    key += `${value.length}:${value}`;
  }
  return key;
}

function isToldBetter(better: readonly RuleSlot[], { entities, event }: Signal, gapMs: number): boolean {
  for (let at = 0; at < better.length; at++) {
    const slot = better[at] as RuleSlot;
    if (slot.open.size === 0) continue;
    const open = slot.open.get(keyOf(entities, slot.groupBy));
    if (open !== undefined && Math.abs(event.time - open.lastMs) <= gapMs) return true;
  }
  return false;
}
