import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '#journal/journal.ts';
import { openJournal } from '#journal/sqlite/index.ts';
import type { JournalBatch, StreamCounters } from '#model/batch.ts';
import type { Intake } from './collector.ts';

/** A real journal in a folder of its own, as an intake, with what a test wants to know of it. */
export interface JournalIntake extends Intake {
  readonly folder: string;
  readonly journal: Journal;
  batches(): JournalBatch[];
  records(): string[];
  counters(): StreamCounters | undefined;
  close(): void;
}

export function openJournalIntake(): JournalIntake {
  const folder = mkdtempSync(join(tmpdir(), 'collect 收集 '));
  const journal = openJournal(join(folder, 'journal.db'));
  return {
    folder,
    journal,
    ...intakeOf(journal),
    batches: () => batchesOf(journal),
    records: () => batchesOf(journal).flatMap(recordsOf),
    counters: () => journal.counters()[0],
    close() {
      journal.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function intakeOf(journal: Journal): Intake {
  return {
    async deliver(batch, accounting) {
      await journal.append(batch, accounting);
    },
    cursor: (stream) => journal.cursor(stream),
  };
}

export function batchesOf(journal: Pick<Journal, 'read'>): JournalBatch[] {
  const batches: JournalBatch[] = [];
  for (let next = journal.read(0, 2 ** 24); next.length > 0; next = journal.read(batches.length, 2 ** 24))
    batches.push(...next);
  return batches;
}

export function recordsOf({ payload, ends }: Pick<JournalBatch, 'payload' | 'ends'>): string[] {
  const text = Buffer.from(payload);
  return Array.from(ends, (end, index) => text.toString('utf8', ends[index - 1] ?? 0, end));
}
