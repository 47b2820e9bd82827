import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type huntBodySchema, type huntSchema, huntSummarySchema } from '#api/schemas.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { ContentFile } from './content.ts';
import { lookBack, type PastRun } from './past.ts';

export type Hunt = z.infer<typeof huntSchema>;
type HuntSummary = Omit<Hunt, 'found'>;
type HuntRequest = z.infer<typeof huntBodySchema>;

export interface HuntService {
  /** Throws BTZ_HUNT_RUNNING: one at a time. */
  start(request: HuntRequest, actor: string): Promise<Hunt>;
  /** The latest first, without what they found. */
  list(): readonly HuntSummary[];
  /** Throws BTZ_NOT_FOUND; the last ten are remembered, until the centre is stopped. */
  get(id: string): Hunt;
  cancel(id: string): Promise<Hunt>;
  stop(): Promise<void>;
}

export interface HuntOptions {
  readonly journalFile: string;
  readonly ruleFiles: () => readonly ContentFile[];
  readonly record: (leaves: readonly NewEvidence[]) => Promise<void>;
  readonly clock: () => number;
}

const LIMIT_MS = 24 * 3_600_000;
const MOST_KEPT = 10;
/** Their evidence is at most a few kilobytes each. */
const MOST_FOUND = 500;

/** Runs rules over the stored past. What they find is shown as found in a hunt: it is no alert, and nothing is done about it. */
export function createHunts({ journalFile, ruleFiles, record, clock }: HuntOptions): HuntService {
  const hunts = new Map<string, Hunt>();
  let running: { readonly id: string; readonly run: PastRun; done: Promise<void> } | undefined;

  function change(id: string, to: Partial<Hunt>): void {
    const hunt = hunts.get(id);
    if (hunt) hunts.set(id, { ...hunt, ...to });
  }

  function get(id: string): Hunt {
    const hunt = hunts.get(id);
    if (!hunt) throw new BartizanError('BTZ_NOT_FOUND', { what: `hunt ${id.slice(0, 50)}` });
    return hunt;
  }

  function refuseIfBusy(): void {
    if (running) throw new BartizanError('BTZ_HUNT_RUNNING', { share: Math.floor(get(running.id).share * 100) });
  }

  async function finish(id: string, run: PastRun): Promise<void> {
    try {
      const { findings } = await run.outcome;
      const { share = 1, events = 0, count = 0, isWhole = true, found = [] } = findings ?? {};
      change(id, { state: 'done', share, events, count, isWhole, found: [...found] });
    } catch (thrown) {
      const { code, message, remedy } = toBartizanError(thrown);
      if (get(id).state === 'running') change(id, { state: 'failed', problem: { code, message, remedy } });
    } finally {
      change(id, { endedMs: clock() });
      running = undefined;
    }
  }

  return {
    async start({ rules, files, sinceMs, untilMs }, actor) {
      refuseIfBusy();
      const id = randomUUID();
      const startedMs = clock();
      const hunt: Hunt = {
        id,
        state: 'running',
        rules,
        files: files.map(({ path }) => path),
        startedBy: actor,
        sinceMs,
        untilMs,
        startedMs,
        share: 0,
        events: 0,
        count: 0,
        isWhole: false,
        found: [],
      };
      const details = { rules, files: hunt.files, sinceMs, untilMs };
      await record([{ timeMs: startedMs, kind: 'hunt.started', actor, subject: id, details }]);
      // Another one may have been faster while this one was written down.
      refuseIfBusy();
      const task = {
        kind: 'hunt',
        journalFile,
        wanted: rules,
        newFiles: files,
        sinceMs,
        untilMs,
        maxFound: MOST_FOUND,
      } as const;
      const run = lookBack({ ...task, files: ruleFiles() }, LIMIT_MS, ({ share, events, count }) =>
        change(id, { share, events, count }),
      );
      hunts.set(id, hunt);
      const [oldest] = hunts.keys();
      if (hunts.size > MOST_KEPT && oldest !== undefined) hunts.delete(oldest);
      running = { id, run, done: finish(id, run) };
      return get(id);
    },
    list: () => [...hunts.values()].map((hunt) => huntSummarySchema.parse(hunt)).reverse(),
    get,
    async cancel(id) {
      if (running?.id !== id) return get(id);
      const { run, done } = running;
      change(id, { state: 'cancelled' });
      await run.cancel();
      await done;
      return get(id);
    },
    async stop() {
      await running?.run.cancel();
      await running?.done;
    },
  };
}
