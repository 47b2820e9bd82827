import type { z } from 'zod';
import type { drillSchema } from '#api/schemas.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Action } from '#model/action.ts';
import { askCentre } from './centre-client.ts';

interface TargetOptions {
  readonly data?: string;
  readonly for?: string;
  readonly dryRun?: boolean;
}

interface Plan {
  readonly target: string;
  readonly allowed: boolean;
  readonly refusal?: { readonly code: string; readonly message: string; readonly remedy: string };
  readonly commands: readonly string[];
  readonly addresses: string;
  readonly connections: number;
}

/** `bartizan block TARGET` */
export async function block(
  target: string,
  { data, for: minutes = '60', dryRun = false }: TargetOptions,
): Promise<void> {
  const durationMs = Number(minutes) * 60_000;
  if (!Number.isInteger(durationMs) || durationMs < 60_000 || durationMs > 30 * 86_400_000)
    throw new BartizanError('BTZ_USAGE', { problem: '--for takes whole minutes, from 1 to 43200 (30 days).' });
  if (dryRun) {
    const plan = await askCentre<Plan>(data, 'POST', '/actions/plan', { target });
    if (plan.refusal) {
      process.stderr.write(`${plan.refusal.code}: ${plan.refusal.message} ${plan.refusal.remedy}\n`);
      process.exitCode = 2;
      return;
    }
    process.stdout.write(
      `${plan.target}: ${plan.addresses} address(es), ${plan.connections} open connection(s). Nothing was changed; this would be done:\n${plan.commands.join('\n')}\n`,
    );
    return;
  }
  const action = await askCentre<Action>(data, 'POST', '/actions', { target, durationMs });
  say(action);
}

/** `bartizan unblock TARGET` */
export async function unblock(target: string, { data }: TargetOptions): Promise<void> {
  const plan = await askCentre<Plan>(data, 'POST', '/actions/plan', { target });
  const { items } = await askCentre<{ items: readonly Action[] }>(data, 'GET', '/actions?state=live&limit=500');
  const live = items.filter((action) => action.target === plan.target && action.state === 'done' && !action.dryRun);
  if (live.length === 0) throw new BartizanError('BTZ_NOT_FOUND', { what: `live block of ${plan.target}` });
  for (const { id } of live) say(await askCentre<Action>(data, 'POST', `/actions/${id}/undo`));
}

/** `bartizan drill` */
export async function drill({ data }: { readonly data?: string }): Promise<void> {
  const result = await askCentre<z.infer<typeof drillSchema>>(data, 'POST', '/drill');
  for (const { step, ok, afterMs, detail } of result.steps) {
    process.stdout.write(`${ok ? '✓' : '✗'} ${step.padEnd(8)} ${afterMs.toFixed(1).padStart(8)} ms  ${detail}\n`);
  }
  process.stdout.write(result.ok ? 'The loop closes.\n' : 'The loop is broken at the last line above.\n');
  process.exitCode = result.ok ? 0 : 1;
}

function say({ target, state, expiresMs, problem }: Action): void {
  if (problem) {
    process.stderr.write(`${problem.code}: ${problem.message}\n`);
    process.exitCode = 2;
    return;
  }
  const until = state === 'done' && expiresMs !== undefined ? ` until ${new Date(expiresMs).toISOString()}` : '';
  process.stdout.write(`${target}: ${state}${until}\n`);
}
