import type { Alert } from '#model/alert.ts';
import type { NewEvidence } from '#model/evidence.ts';
import { exactEntities, hides } from '#model/exception.ts';
import type { Placement, StateQueries, StateStore } from '#store/state-store.ts';
import { placeAlerts, RATE_SPAN_MS } from './alert-placing.ts';
import type { DetectionReport } from './detection.ts';

export interface AlertKeeperOptions {
  readonly state: StateStore;
  readonly clock: () => number;
  /** Told about every alert before people that is new or has grown, after it is durable. */
  readonly onAlert: (alert: Alert) => Promise<void>;
  /**
   * Given what came before people for the first time, demonstrations and drills aside, in the transaction that makes it
   * durable: whoever has to be told of it is not forgotten by a crash.
   */
  readonly onShown?: (queries: StateQueries, alerts: readonly Alert[], timeMs: number) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

/**
 * Makes reports of detection durable: alerts with the place each is kept at, the leaf that each was raised, and how far
 * detection has come, in one transaction. What is hidden or held back is kept like the others, but never responded to.
 */
export function keepAlerts({ state, clock, onAlert, onShown, onProblem }: AlertKeeperOptions): {
  keep(report: DetectionReport): Promise<void>;
  /** When all that was kept is answered. */
  settled(): Promise<void>;
} {
  /** The latest of each alert; a flood of reports about one alert is answered once. */
  const unanswered = new Map<string, Alert>();
  let answering: Promise<void> | undefined;

  /** Beside the reports: detection does not wait for the kernel. What a crash leaves here is asked again at the next start. */
  async function answerAll(): Promise<void> {
    for (const [id, alert] of unanswered) {
      unanswered.delete(id);
      await answer(alert).catch((thrown) => onProblem(`Responding to alert ${id} failed: ${String(thrown)}`));
    }
    answering = undefined;
  }

  /** A person may have called it a false positive while it waited. */
  async function answer(alert: Alert): Promise<void> {
    const status = (await state.alerts.standings([alert.id])).get(alert.id)?.status;
    if (isShown(status) && (status === 'open' || !(await isMadeQuiet(alert)))) await onAlert(alert);
  }

  /** What a person has seen and made quiet may go on growing. */
  async function isMadeQuiet(alert: Alert): Promise<boolean> {
    const live = await state.exceptions.live(clock(), [alert.rule.id]);
    return live.some((exception) => exception.kind === 'quiet' && hides(exception, alert, exactEntities(alert)));
  }

  return {
    settled: () => answering ?? Promise.resolve(),
    async keep({ alerts, sequence, state: memory }) {
      if (alerts.length === 0 && memory === undefined) return;
      const timeMs = clock();
      const shown = await state.transaction(async (queries) => {
        const before = alerts.length > 0 ? await saveAlerts(queries, alerts, timeMs, onShown) : [];
        if (memory !== undefined) await queries.checkpoints.set('detection', sequence, memory);
        return before;
      });
      for (const alert of shown) if (!alert.demo && alert.proposal) unanswered.set(alert.id, alert);
      // With nothing to do it would end before it is noted down, and be taken for running ever after.
      if (unanswered.size > 0) answering ??= answerAll();
    },
  };
}

/** Keeps alerts, each at its place, with their leaves. Answers those that are before people. */
async function saveAlerts(
  queries: StateQueries,
  alerts: readonly Alert[],
  timeMs: number,
  onShown: AlertKeeperOptions['onShown'],
): Promise<readonly Alert[]> {
  const rulesOf = (some: readonly Alert[]) => [...new Set(some.map(({ rule }) => rule.id))];
  const standings = await queries.alerts.standings(alerts.map(({ id }) => id));
  const isQuiet = alerts.every(({ id }) => isShown(standings.get(id)?.status));
  const places = isQuiet
    ? new Map<string, Placement>()
    : placeAlerts(alerts, {
        standings,
        exceptions: await queries.exceptions.live(timeMs, rulesOf(alerts)),
        shown: await queries.alerts.shownSince(
          rulesOf(alerts.filter(({ rule }) => rule.level !== 'critical')),
          timeMs - RATE_SPAN_MS,
        ),
      });
  const fresh = new Set(await queries.alerts.save(alerts, timeMs, places));
  const leaves = alerts.flatMap((alert) => {
    const place = places.get(alert.id);
    if (fresh.has(alert.id)) return raised(alert, place, timeMs);
    return place ? cameForward(alert, place, timeMs) : [];
  });
  if (leaves.length > 0) await queries.evidence.append(leaves);
  const forward = alerts.filter(({ id, demo }) => !demo && places.get(id)?.status === 'open');
  if (forward.length > 0) await onShown?.(queries, forward, timeMs);
  return alerts.filter(({ id }) => isShown(places.get(id)?.status ?? standings.get(id)?.status));
}

function isShown(status: string | undefined): boolean {
  return status !== undefined && status !== 'hidden' && status !== 'held_back';
}

function raised(alert: Alert, place: Placement | undefined, timeMs: number): NewEvidence {
  return {
    timeMs,
    kind: 'alert.raised',
    actor: `auto:${alert.rule.id}`,
    subject: alert.id,
    details: {
      rule: alert.rule.id,
      level: alert.rule.level,
      entities: alert.entities,
      firstMs: alert.firstMs,
      count: alert.count,
      demo: alert.demo,
      ...(alert.forgeable && { forgeable: true }),
      ...(place && placeDetails(place)),
    },
  };
}

/** An alert that is not new changes its place by itself only when what was said of it holds no more. */
function cameForward(alert: Alert, place: Placement, timeMs: number): NewEvidence {
  return {
    timeMs,
    kind: 'alert.status_changed',
    actor: 'system',
    subject: alert.id,
    details: { status: place.status, count: alert.count, ...placeDetails(place) },
  };
}

function placeDetails(place: Placement) {
  if (place.status === 'hidden') return { hiddenBy: place.exceptionId };
  return place.status === 'held_back' ? { heldBack: true } : {};
}
