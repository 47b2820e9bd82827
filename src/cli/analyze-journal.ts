import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleSet } from '#detect/index.ts';
import { openJournalReader } from '#journal/sqlite/index.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Alert } from '#model/alert.ts';
import { createDetection, localOffsetMinutes } from '#pipeline/detection.ts';
import { detectInPast } from '#pipeline/past.ts';
import { defaultDataFolder } from '#server/data-folder.ts';

export interface JournalPeriod {
  /** Of alerts that began at or after it; epoch ms. */
  readonly sinceMs: number;
  /** And before it. */
  readonly untilMs: number;
}

/**
 * The alerts that the journal in a data folder gives, whether its centre runs or not. All of the journal is read for them:
 * what began in the period may stand on what came before it. Says whether the journal could be read whole.
 * Throws BTZ_INPUT_UNREADABLE.
 */
export function alertsOfJournal(
  folder: string | true,
  ruleSet: RuleSet,
  { sinceMs, untilMs }: JournalPeriod,
): { readonly alerts: readonly Alert[]; readonly isWhole: boolean } {
  const path = join(folder === true ? defaultDataFolder() : folder, 'journal.db');
  // Opening it would make a new one.
  if (!existsSync(path)) throw new BartizanError('BTZ_INPUT_UNREADABLE', { path, problem: 'there is no journal' });
  const journal = openJournalReader(path, { cacheBytes: 0 });
  try {
    const { found, isWhole } = detectInPast({
      journal,
      detection: createDetection(ruleSet, localOffsetMinutes),
      afterSequence: 0,
      upToSequence: journal.lastSequence(),
      maxFound: Number.POSITIVE_INFINITY,
      goOn: () => true,
    });
    return { alerts: found.filter(({ firstMs }) => firstMs >= sinceMs && firstMs < untilMs), isWhole };
  } finally {
    journal.close();
  }
}
