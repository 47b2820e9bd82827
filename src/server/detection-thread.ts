import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { loadRuleSet } from '#detect/index.ts';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { parentThreadChannel } from '#kit/channels.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { connect } from '#kit/rpc.ts';
import { createDetection, localOffsetMinutes } from '#pipeline/detection.ts';
import { followJournal } from '#pipeline/follow.ts';
import type { DetectionCalls, DetectionReports, DetectionThreadData } from './detection.ts';
import { JOURNAL_CHANNEL } from './intake.ts';

/** The thread that turns journalled batches into alerts. Its memory is saved with each report, so a crash repeats, never loses. */
const ROUND_BYTES = 1024 * 1024;
/** Alerts are reported at once when they are new, and otherwise this often. */
const REPORT_MS = 200;
const SNAPSHOT_MS = 5_000;
const RETRY_MS = 1_000;

const { journalFile, ruleFiles, checkpoint } = workerData as DetectionThreadData;
let isStopping = false;

const parent = connect<DetectionReports, DetectionCalls>(parentThreadChannel(), {
  async stop() {
    isStopping = true;
    await follower.stop();
    await report(true);
    journal.close();
    wake.close();
  },
});
const tell = (problem: string) => void parent.call('failed', problem).catch(() => undefined);

const ruleSet = loadRuleSet(ruleFiles);
for (const { file, line, problem, suggestion } of ruleSet.problems)
  tell(new BartizanError('BTZ_RULE_INVALID', { file, line, problem, suggestion }).message);
let detection = createDetection(ruleSet, localOffsetMinutes, tell);
if (checkpoint?.state) restore(checkpoint.state);
const journal = openJournalReader(journalFile);

let sequence = checkpoint?.sequence ?? 0;
let reportedMs = 0;
let snapshotMs = performance.now();
let isDirty = false;

/** Waits until the report is kept: what has been looked at is never looked at twice because the state store was away. */
async function report(isLast: boolean): Promise<void> {
  const alerts = detection.takeChanged();
  const isSnapshotDue = isLast || performance.now() - snapshotMs >= SNAPSHOT_MS;
  const state = isSnapshotDue && isDirty ? detection.snapshot() : undefined;
  if (state) {
    snapshotMs = performance.now();
    isDirty = false;
  }
  reportedMs = performance.now();
  for (;;) {
    try {
      await parent.call('report', { alerts, sequence, state, events: detection.events });
      return;
    } catch (thrown) {
      tell(toBartizanError(thrown).message);
      // Told to end: what is not kept is looked at again after the next start.
      if (isStopping) return;
      await setTimeout(RETRY_MS);
    }
  }
}

/** Memory that cannot be read is begun anew: half-full windows are lost, not the detection of all that follows. */
function restore(state: Uint8Array): void {
  try {
    detection.restore(state);
  } catch (thrown) {
    tell(`What detection remembered cannot be read and is begun anew: ${String(thrown)}`);
    detection = createDetection(ruleSet, localOffsetMinutes, tell);
  }
}

const follower = followJournal({
  journal,
  afterSequence: sequence,
  maxBytes: ROUND_BYTES,
  onError: (thrown) => tell(toBartizanError(thrown).message),
  async onBatches(batches) {
    for (const batch of batches) {
      detection.process(batch);
      sequence = batch.sequence;
      isDirty = true;
    }
    // Caught up, or long enough since the last report: the alerts so far go out.
    if (batches.length === 0 || performance.now() - reportedMs >= REPORT_MS || detection.hasNew()) await report(false);
  },
});

const wake = new BroadcastChannel(JOURNAL_CHANNEL);
wake.onmessage = () => follower.wake();
