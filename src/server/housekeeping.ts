import type { StateStore } from '#store/state-store.ts';
import type { DetectionService } from './detection.ts';
import { lapseExceptions } from './exceptions.ts';
import type { IntakeService } from './intake.ts';
import type { LakeService } from './lake.ts';
import type { SettingsService } from './settings.ts';

const ROUND_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** The journal is the way back when the lake is lost; a week of it is kept. */
const JOURNAL_MS = 7 * DAY_MS;

export interface HousekeepingOptions {
  readonly settings: SettingsService;
  readonly lake: LakeService;
  readonly intake: IntakeService;
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
    await intake.prune(everyoneHas, now - JOURNAL_MS);
    if (lake.state() === 'ready') await lake.dropBefore(now - settings.get().retentionDays * DAY_MS);
  }
  const timer = setInterval(
    () => void round().catch((thrown) => onProblem(`Housekeeping failed and is tried again: ${String(thrown)}`)),
    ROUND_MS,
  );
  return () => clearInterval(timer);
}
