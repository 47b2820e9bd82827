import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { newId } from '#access/secrets.ts';
import type { drillSchema, drillStepSchema } from '#api/schemas.ts';
import { toBartizanError } from '#kit/errors.ts';
import { packRecords } from '#kit/records.ts';
import type { Action } from '#model/action.ts';
import type { RawBatch } from '#model/batch.ts';
import type { StateStore } from '#store/state-store.ts';

type Drill = z.infer<typeof drillSchema>;
type Step = z.infer<typeof drillStepSchema>['step'];

export interface DrillOptions {
  readonly state: StateStore;
  readonly deliver: (batch: RawBatch) => Promise<number>;
  readonly detectedSequence: () => number;
  readonly dryRunBlock: (target: string, alertId: string, actor: string) => Promise<Action>;
  /** Leaves that the newest checkpoint covers. */
  readonly integratedLeaves: () => number;
  readonly clock: () => number;
}

const ATTEMPTS = 30;
const PATIENCE_MS = 10_000;
const LOOK_MS = 5;

/**
 * A harmless attack on the own centre: failed sign-ins from an address that nobody owns (RFC 5737) go in as any log
 * does, and each link of the loop is timed. The block is a dry run. What is broken is named, with how to mend it.
 */
export async function runDrill(
  { state, deliver, detectedSequence, dryRunBlock, integratedLeaves, clock }: DrillOptions,
  actor: string,
): Promise<Drill> {
  const address = `198.51.100.${randomInt(1, 255)}`;
  const startedMs = performance.now();
  const steps: Drill['steps'] = [];
  const passed = (step: Step, detail: string) => steps.push({ step, ok: true, afterMs: elapsed(), detail });
  const broken = (step: Step, detail: string): Drill => {
    steps.push({ step, ok: false, afterMs: elapsed(), detail });
    return { ok: false, address, steps };
  };
  const elapsed = () => Math.round((performance.now() - startedMs) * 10) / 10;

  await state.evidence.append([
    { timeMs: clock(), kind: 'drill.run', actor, subject: address, details: { drill: newId() } },
  ]);

  let sequence: number;
  try {
    sequence = await deliver(bruteForce(address, clock()));
    passed('sent', `${ATTEMPTS} failed sign-ins of ${address} are in the journal, fsynced`);
  } catch (thrown) {
    const { message, remedy } = toBartizanError(thrown);
    return broken('sent', `The journal did not take the lines: ${message} ${remedy}`);
  }

  if (!(await until(() => detectedSequence() >= sequence)))
    return broken(
      'seen',
      'Detection does not keep up or does not run. Look at the server log; it is restarted by itself within seconds.',
    );
  passed('seen', 'Detection has read them');

  const alert = await until(async () =>
    (await state.alerts.list({ text: address, limit: 1 })).items.find(({ entities }) => entities['src_ip'] === address),
  );
  if (!alert)
    return broken(
      'alert',
      'No rule raised an alert. Run `./bartizan rules check content` to see whether the rules load.',
    );
  passed('alert', `${alert.rule.title.en} (${alert.rule.level})`);

  const action = await dryRunBlock(address, alert.id, actor).catch((thrown) => toBartizanError(thrown));
  if (action instanceof Error) return broken('block', `${action.message} ${action.remedy}`);
  if (action.state === 'failed' || action.state === 'refused')
    return broken('block', action.problem?.message ?? `The dry run was ${action.state}.`);
  passed('block', `${action.target} would be blocked (dry run: nothing was changed)`);

  const leaf = (await state.evidence.latest(1, action.id))[0] ?? (await state.evidence.latest(1, alert.id))[0];
  if (!leaf || !(await until(() => integratedLeaves() > leaf.index)))
    return broken(
      'evidence',
      'The evidence log does not take up new leaves. Check the free space and the evidence folder.',
    );
  passed('evidence', `Leaf ${leaf.index} is under a signed checkpoint`);
  return { ok: true, address, steps };
}

function bruteForce(address: string, nowMs: number): RawBatch {
  const records = Array.from({ length: ATTEMPTS }, (_, index) => {
    const stamp = new Date(nowMs - (ATTEMPTS - index) * 100).toISOString();
    return `${stamp} drill sshd[4000]: Failed password for root from ${address} port ${40_000 + index} ssh2`;
  });
  return { stream: 'drill:syslog', format: 'syslog', receivedMs: nowMs, ...packRecords(records) };
}

async function until<T>(look: () => T | Promise<T>): Promise<T | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found || performance.now() > deadline) return found || undefined;
    await sleep(LOOK_MS);
  }
}
