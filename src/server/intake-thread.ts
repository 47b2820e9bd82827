import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import type { Collector, Intake } from '#collect/collector.ts';
import { openJournal } from '#journal/sqlite/index.ts';
import { parentThreadChannel } from '#kit/channels.ts';
import { BartizanError } from '#kit/errors.ts';
import { connect } from '#kit/rpc.ts';
import { startCollector } from './collectors.ts';
import { type IntakeCalls, type IntakeReports, type IntakeThreadData, JOURNAL_CHANNEL } from './intake.ts';

/** The thread that collects and journals. Nobody else writes the journal. */
const { journalFile, sources } = workerData as IntakeThreadData;
const journal = openJournal(journalFile);
const grown = new BroadcastChannel(JOURNAL_CHANNEL);

const intake: Intake & { append: typeof journal.append } = {
  async append(batch, accounting) {
    const sequence = await journal.append(batch, accounting);
    grown.postMessage(sequence);
    return sequence;
  },
  async deliver(batch, accounting) {
    await intake.append(batch, accounting);
  },
  cursor: (stream) => journal.cursor(stream),
};
const collectors: { readonly collector: Collector; readonly format: (typeof sources)[number]['format'] }[] = [];

const parent = connect<IntakeReports, IntakeCalls>(parentThreadChannel(), {
  deliver: ({ batch, accounting }) => intake.append(batch, accounting),
  cursor: (stream) => journal.cursor(stream),
  status: () => ({
    counters: journal.counters(),
    collectors: collectors.map(({ collector, format }) => {
      const { state, detail } = collector.status();
      return { stream: collector.stream, format, status: state, detail };
    }),
    lastSequence: journal.lastSequence(),
    sizeBytes: journal.sizeBytes(),
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

for (const source of sources) {
  try {
    collectors.push({ collector: await startCollector(source, intake), format: source.format });
  } catch (thrown) {
    const problem = thrown instanceof BartizanError ? `${thrown.message} ${thrown.remedy}` : String(thrown);
    await parent.call('problem', problem);
  }
}
