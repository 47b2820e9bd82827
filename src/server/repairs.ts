import type { RepairService } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Finding } from '#model/finding.ts';
import { REPAIR_KINDS, type Weakness } from '#respond/actions/repair/index.ts';
import { createRepairs, type Repairs, type RepairsOptions } from '#respond/repairs.ts';
import type { StateStore } from '#store/state-store.ts';

const PAGE = 1_000;

/** Repairs of what the scans that are kept found, by the name of check and resource. */
export function createRepairService(options: RepairsOptions): {
  readonly repairs: Repairs;
  readonly service: RepairService;
} {
  const repairs = createRepairs(options);
  const { state } = options;
  return {
    repairs,
    service: {
      kinds: () =>
        REPAIR_KINDS.map(({ id, provider, checks, permissions }) => ({
          id,
          provider,
          checks: [...checks],
          reads: [...permissions.read],
          writes: [...permissions.write],
        })),
      plan: async (named) => repairs.plan(await findWeakness(state, named)),
      ask: async (named, actor) => repairs.ask(await findWeakness(state, named), actor),
    },
  };
}

/** The finding of the latest scans that is meant. Throws BTZ_NOT_FOUND, BTZ_REPAIR_AMBIGUOUS, BTZ_REPAIR_NOT_LIVE. */
async function findWeakness(
  state: StateStore,
  { check, resource, account }: { readonly check: string; readonly resource: string; readonly account?: string },
): Promise<Weakness> {
  const scanIds = (await state.scans.latest()).map(({ id }) => id);
  const found = new Map<string, Weakness['resource']>();
  let isCode = false;
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await state.scans.findings({ scanIds, check, verdict: 'fail', limit: PAGE, offset });
    for (const finding of items.filter((one) => one.resource.id === resource)) {
      const live = liveOf(finding);
      if (live === undefined) isCode = true;
      else if (account === undefined || live.account === account) found.set(`${live.account} ${live.region}`, live);
    }
    if (items.length < PAGE) break;
  }
  const [one, other] = found.values();
  if (other !== undefined) throw new BartizanError('BTZ_REPAIR_AMBIGUOUS', { check, resource });
  if (one !== undefined) return { check, resource: one };
  if (isCode) throw new BartizanError('BTZ_REPAIR_NOT_LIVE', { check, resource });
  throw new BartizanError('BTZ_NOT_FOUND', {
    what: `finding of ${check} about ${resource} in the scans that are kept`,
  });
}

function liveOf({ resource: { provider, type, id, name, account, region, file } }: Finding) {
  return account === undefined || file !== undefined ? undefined : { provider, type, id, name, account, region };
}
