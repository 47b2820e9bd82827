import { createDetector, type RuleSet } from '#detect/index.ts';
import type { Alert } from '#model/alert.ts';
import { isRehearsalStream, type JournalBatch } from '#model/batch.ts';
import { normaliseBatch } from '#normalise/index.ts';
import { createAlertGrouper } from '#trace/index.ts';

/** Raw batches in, alerts out. Pure but for its memory: the same batches give the same alerts, live, at a replay and in `analyze`. */
export interface Detection {
  process(batch: JournalBatch): void;
  /** Alerts that are new or have changed since the last call, with absolute values. */
  takeChanged(): readonly Alert[];
  /** Whether an alert was raised that `takeChanged` has not answered yet: it should not wait. */
  hasNew(): boolean;
  /** Events seen so far. */
  readonly events: number;
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
}

export function createDetection(ruleSet: RuleSet, utcOffsetMinutes: (timeMs: number) => number): Detection {
  const detector = createDetector(ruleSet);
  const grouper = createAlertGrouper();
  let events = 0;

  return {
    process(batch) {
      const isRehearsal = isRehearsalStream(batch.stream);
      for (const event of normaliseBatch(batch, utcOffsetMinutes(batch.receivedMs))) {
        events++;
        for (const signal of detector.detect(event)) grouper.add(signal, { demo: isRehearsal });
      }
    },
    takeChanged: () => grouper.takeChanged(),
    hasNew: () => grouper.hasNew(),
    get events() {
      return events;
    },
    snapshot: () => Buffer.from(JSON.stringify({ detector: detector.snapshot(), grouper: grouper.snapshot() })),
    restore(snapshot) {
      const state = JSON.parse(Buffer.from(snapshot).toString()) as { detector: unknown; grouper: unknown };
      detector.restore(state.detector);
      grouper.restore(state.grouper);
    },
  };
}

/** Minutes east of UTC on this machine at a time, for stamps that name no zone. */
export function localOffsetMinutes(timeMs: number): number {
  return -new Date(timeMs).getTimezoneOffset();
}
