import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { parentThreadChannel } from '#kit/channels.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { createPacer } from '#kit/pacer.ts';
import { connect } from '#kit/rpc.ts';
import { tidyWhenIdle } from '#kit/tidy.ts';
import type { Alert } from '#model/alert.ts';
import { createDetection, localOffsetMinutes } from '#pipeline/detection.ts';
import { followJournal } from '#pipeline/follow.ts';
import type { ContentFile } from './content.ts';
import type { DetectionCalls, DetectionReports, DetectionThreadData, SwappedRules } from './detection.ts';
import { JOURNAL_CHANNEL } from './intake.ts';
import { catalogOf } from './rule-catalog.ts';
import { loadRules, type Loading } from './rule-loading.ts';

/** The thread that turns journalled batches into alerts. Its memory is saved with each report, so a crash repeats, never loses. */
const ROUND_BYTES = 1024 * 1024;
const RETRY_MS = 1_000;
/** Full rounds for so long are no hiccup: more comes than can be looked at. */
const BEHIND_MS = 2_000;
/** A report that takes longer than this is waited for: the state store is away, and alerts must not pile up here. */
const PATIENCE_MS = 2_000;

const { journalFile, ruleFiles, lastGood, checkpoint } = workerData as DetectionThreadData;
let isStopping = false;

const parent = connect<DetectionReports, DetectionCalls>(parentThreadChannel(), {
  swap,
  catalog: () => catalogOf(loading.ruleSet),
  async stop() {
    isStopping = true;
    await follower.stop();
    await reporting;
    await report('all', true);
    journal.close();
    wake.close();
  },
});
const tell = (problem: string) => void parent.call('failed', problem).catch(() => undefined);

let loading: Loading = loadRules(ruleFiles, lastGood);
for (const { file, line, problem, suggestion } of loading.told.problems)
  tell(new BartizanError('BTZ_RULE_INVALID', { file, line, problem, suggestion }).message);
void parent.call('loaded', loading.told).catch(() => undefined);
let detection = createDetection(loading.ruleSet, localOffsetMinutes, tell);
/** Taken from the rules before the last swap, and not reported yet. */
let carried: readonly Alert[] = [];
if (checkpoint?.state) restore(checkpoint.state);
const journal = openJournalReader(journalFile);

let sequence = checkpoint?.sequence ?? 0;
let reportedSequence = sequence;
let isDirty = false;
/** Since when each round was full. */
let fullSinceMs: number | undefined;
/** New alerts go out at once, unless reporting them would take half of the time; grown ones are content with a tenth. */
const news = createPacer({ atLeastMs: 0, share: 0.5 });
const growth = createPacer({ atLeastMs: 200, share: 0.1 });
const snapshots = createPacer({ atLeastMs: 5_000, share: 0.03 });
let reporting: Promise<void> = Promise.resolve();
const isBusy = tidyWhenIdle(5_000);

const isBehind = () => fullSinceMs !== undefined && performance.now() - fullSinceMs > BEHIND_MS;

/** Waits until the report is kept: what has been looked at is never looked at twice because the state store was away. */
async function report(which: 'all' | 'new', isLast = false): Promise<void> {
  const alerts = [...carried, ...detection.takeChanged(which)];
  carried = [];
  const at = sequence;
  const isSaved = isDirty && which === 'all' && (isLast || snapshots.isDue());
  const state = isSaved ? await snapshots.run(() => detection.snapshot()) : undefined;
  if (isSaved) isDirty = false;
  for (;;) {
    try {
      await parent.call('report', {
        alerts,
        sequence: at,
        state,
        events: detection.events,
        isBehind: isBehind(),
      });
      reportedSequence = at;
      return;
    } catch (thrown) {
      tell(toBartizanError(thrown).message);
      // Told to end: what is not kept is looked at again after the next start.
      if (isStopping) return;
      await setTimeout(RETRY_MS);
    }
  }
}

const isReporting = () => growth.runningMs() > 0 || news.runningMs() > 0;

/** One at a time; detection goes on meanwhile. */
function startReport(which: 'all' | 'new'): Promise<void> {
  const pacer = which === 'all' ? growth : news;
  reporting = reporting.then(() => pacer.run(() => report(which)));
  return reporting;
}

/** Memory that cannot be read is begun anew: half-full windows are lost, not the detection of all that follows. */
function restore(state: Uint8Array): void {
  try {
    detection.restore(state);
  } catch (thrown) {
    tell(`What detection remembered cannot be read and is begun anew: ${String(thrown)}`);
    detection = createDetection(loading.ruleSet, localOffsetMinutes, tell);
  }
}

/** Runs between two batches, since a round is one piece of work; a set that cannot be made leaves the one before at work. */
function swap(files: readonly ContentFile[]): SwappedRules {
  const next = loadRules(files, []);
  const made = createDetection(next.ruleSet, localOffsetMinutes, tell);
  const changed = detection.takeChanged();
  carried = [...carried, ...changed];
  const forgotten = made.restore(detection.snapshot());
  detection = made;
  loading = next;
  isDirty = true;
  return { ...next.told, forgotten };
}

const follower = followJournal({
  journal,
  afterSequence: sequence,
  maxBytes: ROUND_BYTES,
  onError: (thrown) => tell(toBartizanError(thrown).message),
  async onBatches(batches) {
    isBusy();
    const bytes = batches.reduce((sum, { payload }) => sum + payload.byteLength, 0);
    fullSinceMs = bytes >= ROUND_BYTES / 2 ? (fullSinceMs ?? performance.now()) : undefined;
    for (const batch of batches) {
      detection.process(batch);
      sequence = batch.sequence;
      isDirty = true;
    }
    if (batches.length === 0) {
      await reporting;
      if (sequence !== reportedSequence || detection.hasNew() || carried.length > 0) await startReport('all');
    } else if (!isReporting()) {
      if (growth.isDue()) void startReport('all');
      else if (detection.hasNew() && news.isDue()) void startReport('new');
    }
    if (Math.max(growth.runningMs(), news.runningMs()) > PATIENCE_MS) await reporting;
  },
});

const wake = new BroadcastChannel(JOURNAL_CHANNEL);
wake.onmessage = () => follower.wake();
