import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StateStore } from '#store/state-store.ts';
import type { DetectionService } from './detection.ts';
import { lapseExceptions } from './exceptions.ts';
import type { IntakeService } from './intake.ts';
import type { LakeService } from './lake.ts';
import type { SettingsService } from './settings.ts';

const ROUND_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** The journal is the way back when the lake is lost, and what hunts read: it is kept as long as events are … */
const LEAST_JOURNAL_DAYS = 7;
/** … while so much of its disk is free; below, only the last week, whose room it uses anew. */
const ROOMY_SHARE = 0.2;

export interface HousekeepingOptions {
  readonly settings: SettingsService;
  readonly lake: LakeService;
  readonly intake: IntakeService;
  readonly journalFile: string;
  readonly detection: DetectionService;
  readonly state: StateStore;
  readonly clock: () => number;
  readonly onProblem: (problem: string) => void;
}

/** Drops what is older than the owner wants kept, every ten minutes. @returns how to stop it. */
export function startHousekeeping({
  settings,
  lake,
  intake,
  journalFile,
  detection,
  state,
  clock,
  onProblem,
}: HousekeepingOptions): () => void {
  async function round(): Promise<void> {
    const now = clock();
    await state.sessions.deleteExpired(now);
    await lapseExceptions(state, now);
    const everyoneHas = Math.min(detection.sequence(), lake.storedSequence());
    const { retentionDays } = settings.get();
    const { bavail, blocks } = statfsSync(dirname(journalFile));
    await intake.prune(everyoneHas, now - journalDays(retentionDays, bavail / blocks) * DAY_MS);
    if (lake.state() === 'ready') await lake.dropBefore(now - retentionDays * DAY_MS);
  }
  const timer = setInterval(
    () => void round().catch((thrown) => onProblem(`Housekeeping failed and is tried again: ${String(thrown)}`)),
    ROUND_MS,
  );
  return () => clearInterval(timer);
}

/**
 * How many days of the journal are kept.
 *
 * @param freeShare of the journal's disk, 0–1
 */
export function journalDays(retentionDays: number, freeShare: number): number {
  return freeShare < ROOMY_SHARE ? LEAST_JOURNAL_DAYS : Math.max(LEAST_JOURNAL_DAYS, retentionDays);
}
