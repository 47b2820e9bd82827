import { newId } from '#access/secrets.ts';
import type { RepairService, ResponderService } from '#api/services.ts';
import type { EvidenceLog } from '#audit/index.ts';
import type { Alert } from '#model/alert.ts';
import { createNftFirewall } from '#respond/actions/block/index.ts';
import { createGuardFacts } from '#respond/guard-facts.ts';
import { createResponder } from '#respond/responder.ts';
import type { StateStore } from '#store/state-store.ts';
import { createRepairService } from './repairs.ts';
import type { SettingsService } from './settings.ts';

const TICK_MS = 1_000;
/** Alerts raised this long before a start may not have been answered yet. */
const UNANSWERED_MS = 10 * 60_000;

export interface RunningResponder {
  readonly service: ResponderService;
  readonly repairs: RepairService;
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
  /** Where the console listens. */
  readonly consolePort?: number;
  /** Clouds are asked here instead of at the provider’s: for tests. */
  readonly cloudEndpointBase?: string | undefined;
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
  consolePort,
  cloudEndpointBase,
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

  // The providers' SDKs are large, and most centres repair nothing: they are loaded when they are first needed.
  const clouds = async () =>
    (await import('./clouds.ts')).createClouds({ env: process.env, endpointBase: cloudEndpointBase });
  const { repairs, service: repairService } = createRepairService({
    state,
    evidence,
    guardFacts,
    clock,
    mode: () => settings.get().respond,
    ids: newId,
    consolePorts: () => [80, 443, ...(consolePort ? [consolePort] : [])],
    reader: async (provider) => (await clouds()).reader(provider),
    writer: async (provider) => (await clouds()).writer(provider),
    recheck: async (weakness) => (await import('./recheck.ts')).createRecheck(cloudEndpointBase)(weakness),
  });
  /** Whose action it is. */
  const roomOf = async (id: string): Promise<ResponderService | typeof repairs> =>
    (await state.actions.find(id))?.verb === 'repair' ? repairs : responder;

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
  let isRepairing = false;
  // Of its own: a provider that is slow to answer must not keep the kernel waiting.
  const repairTimer = setInterval(() => {
    if (isRepairing) return;
    isRepairing = true;
    void repairs
      .tick()
      .catch((thrown) => onProblem(`Upkeep of repairs failed: ${String(thrown)}`))
      .finally(() => {
        isRepairing = false;
      });
  }, TICK_MS);

  return {
    service: {
      plan: responder.plan,
      block: responder.block,
      approve: async (id, actor) => (await roomOf(id)).approve(id, actor),
      refuse: async (id, actor) => (await roomOf(id)).refuse(id, actor),
      undo: async (id, actor, force) => (await roomOf(id)).undo(id, actor, force),
    },
    repairs: repairService,
    async onAlert(alert) {
      await responder.onAlert(alert);
    },
    firewall: () => responder.firewall(),
    blocked: () => responder.blocked(),
    stop() {
      clearInterval(timer);
      clearInterval(repairTimer);
      firewall.close();
    },
  };
}
