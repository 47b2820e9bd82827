import type { JournalReader } from '#journal/journal.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Alert } from '#model/alert.ts';
import type { Detection } from './detection.ts';

export interface PastOptions {
  readonly journal: Pick<JournalReader, 'read'>;
  /** Fresh: it has looked at nothing yet. */
  readonly detection: Detection;
  readonly afterSequence: number;
  readonly upToSequence: number;
  /** Alerts kept; what is above it is only counted. */
  readonly maxFound: number;
  /** Only of these rules; of all if not said. */
  readonly isWanted?: (ruleId: string) => boolean;
  /** Asked after each round of at most a megabyte: false ends it there. */
  readonly goOn: (progress: PastProgress) => boolean;
}

export interface PastProgress {
  /** How much of the way is done, 0–1. */
  readonly share: number;
  readonly events: number;
  /** Alerts found so far. */
  readonly count: number;
}

export interface PastFindings extends PastProgress {
  /** False when it was ended before the end, or when a batch is damaged. */
  readonly isWhole: boolean;
  /** In the order in which they were found. */
  readonly found: readonly Alert[];
  /** Rule → alerts. */
  readonly byRule: Readonly<Record<string, number>>;
}

const ROUND_BYTES = 1024 * 1024;

/** Runs detection over what the journal still has, in bounded memory. What it finds is answered and nothing is done about it. */
export function detectInPast(options: PastOptions): PastFindings {
  const { journal, detection, afterSequence, upToSequence, maxFound, isWanted = () => true, goOn } = options;
  const found = new Map<string, Alert>();
  const byRule = new Map<string, number>();
  let count = 0;
  let sequence = afterSequence;
  let isWhole = true;

  function take(): void {
    for (const alert of detection.takeChanged('new')) {
      if (!isWanted(alert.rule.id)) continue;
      count += 1;
      byRule.set(alert.rule.id, (byRule.get(alert.rule.id) ?? 0) + 1);
      if (found.size < maxFound) found.set(alert.id, alert);
    }
    for (const alert of detection.takeChanged()) if (found.has(alert.id)) found.set(alert.id, alert);
  }

  const share = () => Math.min(1, (sequence - afterSequence) / Math.max(1, upToSequence - afterSequence));
  while (sequence < upToSequence) {
    const batches = readOrSkip();
    if (batches === undefined) continue;
    if (batches.length === 0) break;
    for (const batch of batches) {
      if (batch.sequence > upToSequence) break;
      detection.process(batch);
    }
    sequence = batches.at(-1)?.sequence ?? upToSequence;
    take();
    if (sequence < upToSequence && !goOn({ share: share(), events: detection.events, count })) {
      isWhole = false;
      break;
    }
  }
  return {
    share: isWhole ? 1 : share(),
    events: detection.events,
    count,
    isWhole,
    found: [...found.values()],
    byRule: Object.fromEntries(byRule),
  };

  /** A damaged batch is left out, as its other readers do. */
  function readOrSkip() {
    try {
      return journal.read(sequence, ROUND_BYTES);
    } catch (thrown) {
      const damaged = thrown instanceof BartizanError ? thrown.details['sequence'] : undefined;
      if (typeof damaged !== 'number' || damaged <= sequence) throw thrown;
      sequence = damaged;
      isWhole = false;
      return undefined;
    }
  }
}
