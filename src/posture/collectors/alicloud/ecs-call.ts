import type { OpenApi } from './api.ts';

export function ecsCall(action: string): OpenApi {
  return { product: 'ecs', version: '2014-05-26', action };
}

/** Without the permission lists of ECS are empty; asked for a dry run it says whether that is why. */
export const DRY_RUN = { params: { DryRun: true }, code: 'DryRunOperation' } as const;
