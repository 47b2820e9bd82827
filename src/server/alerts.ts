import type { Alert } from '#model/alert.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { StateStore } from '#store/state-store.ts';
import type { DetectionReport } from './detection.ts';

export interface AlertKeeperOptions {
  readonly state: StateStore;
  readonly clock: () => number;
  /** Told about every alert that is new or has grown, after it is durable. */
  readonly onAlert: (alert: Alert) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

/** Makes reports of detection durable: alerts, the leaf that each was raised, and how far detection has come, in one transaction. */
export function keepAlerts({ state, clock, onAlert, onProblem }: AlertKeeperOptions): {
  keep(report: DetectionReport): Promise<void>;
} {
  /** The latest of each alert; a flood of reports about one alert is answered once. */
  const unanswered = new Map<string, Alert>();
  let answering: Promise<void> | undefined;

  /** Beside the reports: detection does not wait for the kernel. What a crash leaves here is asked again at the next start. */
  async function answerAll(): Promise<void> {
    for (const [id, alert] of unanswered) {
      unanswered.delete(id);
      await onAlert(alert).catch((thrown) => onProblem(`Responding to alert ${id} failed: ${String(thrown)}`));
    }
    answering = undefined;
  }

  return {
    async keep({ alerts, sequence, state: memory }) {
      if (alerts.length === 0 && memory === undefined) return;
      const timeMs = clock();
      await state.transaction(async (queries) => {
        if (alerts.length > 0) {
          const fresh = new Set(await queries.alerts.save(alerts, timeMs));
          const leaves = alerts.filter(({ id }) => fresh.has(id)).map((alert) => raised(alert, timeMs));
          if (leaves.length > 0) await queries.evidence.append(leaves);
        }
        if (memory !== undefined) await queries.checkpoints.set('detection', sequence, memory);
      });
      for (const alert of alerts) if (!alert.demo && alert.proposal) unanswered.set(alert.id, alert);
      answering ??= answerAll();
    },
  };
}

function raised(alert: Alert, timeMs: number): NewEvidence {
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
    },
  };
}
