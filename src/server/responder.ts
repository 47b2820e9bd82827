import { newId } from '#access/secrets.ts';
import type { ResponderService } from '#api/services.ts';
import type { EvidenceLog } from '#audit/index.ts';
import type { Alert } from '#model/alert.ts';
import { createNftFirewall } from '#respond/actions/block/index.ts';
import { createGuardFacts } from '#respond/guard-facts.ts';
import { createResponder } from '#respond/responder.ts';
import type { StateStore } from '#store/state-store.ts';
import type { SettingsService } from './settings.ts';

const TICK_MS = 1_000;
/** Alerts raised this long before a start may not have been answered yet. */
const UNANSWERED_MS = 10 * 60_000;

export interface RunningResponder {
  readonly service: ResponderService;
  onAlert(alert: Alert): Promise<void>;
  firewall(): { available: boolean; problem?: string };
  blocked(): Promise<number>;
  stop(): void;
}

export interface ResponderStartOptions {
  readonly state: StateStore;
  readonly evidence: Pick<EvidenceLog, 'record'>;
  readonly settings: SettingsService;
  readonly clock: () => number;
  /** How to run `nft`; the network tables that go with it. */
  readonly nftCommand?: readonly string[];
  readonly procNet?: string;
  readonly onProblem: (problem: string) => void;
}

/** The responder with the real kernel behind it, its upkeep every second, and the alerts that a crash left unanswered. */
export async function startResponder({
  state,
  evidence,
  settings,
  clock,
  nftCommand,
  procNet,
  onProblem,
}: ResponderStartOptions): Promise<RunningResponder> {
  const firewall = createNftFirewall({ command: nftCommand, procNet });
  const guardFacts = createGuardFacts({
    consoleSessions: (sinceMs) => state.sessions.activeSince(sinceMs),
    allowList: () => settings.get().allowList,
    clock,
    procNet,
  });
  const responder = createResponder({
    state,
    evidence,
    firewall,
    guardFacts,
    mode: () => settings.get().respond,
    blockDurationMs: () => settings.get().blockDurationMs,
    clock,
    ids: newId,
  });

  let told: string | undefined;
  const tick = async () => {
    // Looked at even when nothing is to be done: it remembers who was signed in.
    await guardFacts();
    const { problem } = await responder.tick();
    if (problem && problem.message !== told) onProblem(`${problem.message} ${problem.remedy}`);
    told = problem?.message;
  };
  const tickSafely = () => tick().catch((thrown) => onProblem(`Upkeep of blocks failed: ${String(thrown)}`));
  await tickSafely();
  const recent = await state.alerts.list({ status: 'open', fromMs: clock() - UNANSWERED_MS, limit: 200 });
  for (const alert of recent.items)
    if (alert.proposal && !alert.demo) await responder.onAlert(alert).catch((thrown) => onProblem(String(thrown)));
  const timer = setInterval(() => void tickSafely(), TICK_MS);

  return {
    service: responder,
    async onAlert(alert) {
      await responder.onAlert(alert);
    },
    firewall: () => responder.firewall(),
    blocked: () => responder.blocked(),
    stop() {
      clearInterval(timer);
      firewall.close();
    },
  };
}
