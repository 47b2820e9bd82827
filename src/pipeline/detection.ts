import { createDetector, type RuleSet } from '#detect/index.ts';
import type { Alert } from '#model/alert.ts';
import { isForgeableStream, isRehearsalStream, type JournalBatch } from '#model/batch.ts';
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
  /** Takes over what another one remembered. Answers what was forgotten, as sentences: correlations that have changed start anew. */
  restore(snapshot: Uint8Array): readonly string[];
}

export function createDetection(
  ruleSet: RuleSet,
  utcOffsetMinutes: (timeMs: number) => number,
  onProblem: (problem: string) => void = () => undefined,
): Detection {
  // Apart, so that a drill never counts towards a real attack, and forged lines never complete what a real one began.
  const memories = new Map<Kind, Memory>();
  const memoryOf = (kind: Kind): Memory => {
    let memory = memories.get(kind);
    if (!memory) {
      memory = { detector: createDetector(ruleSet), grouper: createAlertGrouper() };
      memories.set(kind, memory);
    }
    return memory;
  };
  let events = 0;

  return {
    process(batch) {
      const kind = kindOf(batch.stream);
      const isRehearsal = kind === 'rehearsed';
      const { detector, grouper } = memoryOf(kind);
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
    takeChanged: (which) =>
      [...memories].flatMap(([kind, { grouper }]) => {
        const changed = grouper.takeChanged(which);
        return kind === 'forgeable' ? changed.map((alert): Alert => ({ ...alert, forgeable: true })) : changed;
      }),
    hasNew() {
      for (const { grouper } of memories.values()) if (grouper.hasNew()) return true;
      return false;
    },
    get events() {
      return events;
    },
    snapshot() {
      const saved = [...memories].map(([kind, { detector, grouper }]): [Kind, MemorySnapshot] => [
        kind,
        { detector: detector.snapshot(), grouper: grouper.snapshot() },
      ]);
      return Buffer.from(JSON.stringify(Object.fromEntries(saved)));
    },
    restore(snapshot) {
      const saved = JSON.parse(Buffer.from(snapshot).toString()) as Partial<Record<Kind, MemorySnapshot>>;
      memories.clear();
      const forgotten = new Set<string>();
      for (const kind of KINDS) {
        const memory = saved[kind];
        if (!memory) continue;
        for (const what of memoryOf(kind).detector.restore(memory.detector)) forgotten.add(what);
        memoryOf(kind).grouper.restore(memory.grouper);
      }
      return [...forgotten];
    },
  };
}

const KINDS = ['real', 'forgeable', 'rehearsed'] as const;
type Kind = (typeof KINDS)[number];

function kindOf(stream: string): Kind {
  if (isRehearsalStream(stream)) return 'rehearsed';
  return isForgeableStream(stream) ? 'forgeable' : 'real';
}

interface Memory {
  readonly detector: ReturnType<typeof createDetector>;
  readonly grouper: ReturnType<typeof createAlertGrouper>;
}

interface MemorySnapshot {
  readonly detector: unknown;
  readonly grouper: unknown;
}

/** Minutes east of UTC on this machine at a time, for stamps that name no zone. */
export function localOffsetMinutes(timeMs: number): number {
  return -new Date(timeMs).getTimezoneOffset();
}
