import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import type { Collector, Intake } from '#collect/collector.ts';
import type { Journal } from '#journal/journal.ts';
import { openJournal } from '#journal/sqlite/index.ts';
import { parentThreadChannel } from '#kit/channels.ts';
import { type BartizanError, type ErrorCode, toBartizanError } from '#kit/errors.ts';
import { connect } from '#kit/rpc.ts';
import { tidyWhenIdle } from '#kit/tidy.ts';
import { startCollector } from './collectors.ts';
import { createSpaceGuard } from './disk-space.ts';
import { type IntakeCalls, type IntakeReports, type IntakeThreadData, JOURNAL_CHANNEL } from './intake.ts';

/** The thread that collects and journals. Nobody else writes the journal. */
const { journalFile, sources, seenSequence } = workerData as IntakeThreadData;
const collectors: { readonly collector: Collector; readonly format: (typeof sources)[number]['format'] }[] = [];
let problem: BartizanError | undefined;
/** Of the disk, not of the one batch. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['BTZ_DISK_LOW', 'BTZ_DISK_FULL', 'BTZ_JOURNAL_UNWRITABLE']);

const isBusy = tidyWhenIdle(5_000);

const parent = connect<IntakeReports, IntakeCalls>(parentThreadChannel(), {
  deliver: ({ batch, accounting }) => intake.append(batch, accounting),
  status: () => ({
    counters: journal.counters(),
    collectors: collectors.map(({ collector, format }) => {
      const { state, detail } = collector.status();
      return { stream: collector.stream, format, status: state, detail };
    }),
    lastSequence: journal.lastSequence(),
    sizeBytes: journal.sizeBytes(),
    problem: problem && { code: problem.code, details: problem.details },
  }),
  prune: ({ upToSequence, beforeMs }) => journal.prune(upToSequence, beforeMs),
  async stop() {
    await Promise.all(collectors.map(({ collector }) => collector.stop()));
    journal.close();
    grown.close();
    // Lets the answer out before the port closes with the thread.
    void setTimeout(10);
  },
});

const journal = await openOrTell();
const refuseWhenLow = createSpaceGuard(journalFile, 1);
const grown = new BroadcastChannel(JOURNAL_CHANNEL);

const intake: Intake & { append: typeof journal.append } = {
  async append(batch, accounting) {
    try {
      // What carries no records only settles the books, and is small.
      if (batch.ends.length > 0) refuseWhenLow();
      const sequence = await journal.append(batch, accounting);
      problem = undefined;
      isBusy();
      grown.postMessage(sequence);
      return sequence;
    } catch (thrown) {
      const error = toBartizanError(thrown);
      if (LASTING.has(error.code)) problem = error;
      throw error;
    }
  },
  async deliver(batch, accounting) {
    await intake.append(batch, accounting);
  },
  cursor: (stream) => journal.cursor(stream),
};

await parent.call('opened', undefined);
for (const source of sources) {
  try {
    const collector = await startCollector(source, intake, (sentence) => {
      parent.call('problem', sentence).catch(() => undefined);
    });
    collectors.push({ collector, format: source.format });
  } catch (thrown) {
    const error = toBartizanError(thrown);
    await parent.call('problem', `${error.message} ${error.remedy}`);
  }
}

async function openOrTell(): Promise<Journal> {
  try {
    return openJournal(journalFile, { seenSequence });
  } catch (thrown) {
    const { code, details } = toBartizanError(thrown, 'BTZ_JOURNAL_UNWRITABLE', { path: journalFile });
    await parent.call('opened', { code, details });
    throw thrown;
  }
}
