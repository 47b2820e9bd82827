import { createDetector, type RuleSet } from '#detect/index.ts';
import type { Alert } from '#model/alert.ts';
import { isRehearsalStream, type JournalBatch } from '#model/batch.ts';
import { forEachEvent } from '#normalise/index.ts';
import { createAlertGrouper } from '#trace/index.ts';

/** Raw batches in, alerts out. Pure but for its memory: the same batches give the same alerts, live, at a replay and in `analyze`. */
export interface Detection {
  process(batch: JournalBatch): void;
  /** Alerts that are new or have changed since the last call, with absolute values; or the new ones only. */
  takeChanged(which?: 'all' | 'new'): readonly Alert[];
  /** Whether an alert was raised that `takeChanged` has not answered yet: it should not wait. */
  hasNew(): boolean;
  /** Events seen so far. */
  readonly events: number;
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
}

export function createDetection(
  ruleSet: RuleSet,
  utcOffsetMinutes: (timeMs: number) => number,
  onProblem: (problem: string) => void = () => undefined,
): Detection {
  const real = createMemory(ruleSet);
  // Of its own, so that a drill never counts towards a real attack, nor the other way round.
  const rehearsed = createMemory(ruleSet);
  let events = 0;

  return {
    process(batch) {
      const isRehearsal = isRehearsalStream(batch.stream);
      const { detector, grouper } = isRehearsal ? rehearsed : real;
      forEachEvent(batch, utcOffsetMinutes(batch.receivedMs), (event) => {
        events++;
        try {
          for (const signal of detector.detect(event)) grouper.add(signal, isRehearsal);
        } catch (thrown) {
          // One event that a rule stumbles over must not blind the rules to all that come after it.
          onProblem(`The rules failed on event ${event.id}, which is searchable all the same: ${String(thrown)}`);
        }
      });
      grouper.settleAll();
    },
    takeChanged: (which) => [...real.grouper.takeChanged(which), ...rehearsed.grouper.takeChanged(which)],
    hasNew: () => real.grouper.hasNew() || rehearsed.grouper.hasNew(),
    get events() {
      return events;
    },
    snapshot: () => Buffer.from(JSON.stringify({ real: snapshotOf(real), rehearsed: snapshotOf(rehearsed) })),
    restore(snapshot) {
      const state = JSON.parse(Buffer.from(snapshot).toString()) as Record<'real' | 'rehearsed', MemorySnapshot>;
      for (const [memory, saved] of [
        [real, state.real],
        [rehearsed, state.rehearsed],
      ] as const) {
        memory.detector.restore(saved.detector);
        memory.grouper.restore(saved.grouper);
      }
    },
  };
}

interface MemorySnapshot {
  readonly detector: unknown;
  readonly grouper: unknown;
}

function createMemory(ruleSet: RuleSet) {
  return { detector: createDetector(ruleSet), grouper: createAlertGrouper() };
}

function snapshotOf({ detector, grouper }: ReturnType<typeof createMemory>): MemorySnapshot {
  return { detector: detector.snapshot(), grouper: grouper.snapshot() };
}

/** Minutes east of UTC on this machine at a time, for stamps that name no zone. */
export function localOffsetMinutes(timeMs: number): number {
  return -new Date(timeMs).getTimezoneOffset();
}
