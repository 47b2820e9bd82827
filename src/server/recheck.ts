import { join } from 'node:path';
import type { Repair } from '#model/action.ts';
import { createCheckSet } from '#posture/checks/index.ts';
import { COLLECTORS, type Collector, isStandIn, planOf, scanAccount } from '#posture/collectors/index.ts';
import { readChecks } from '#posture/content.ts';
import { CONTENT_FOLDER } from './content.ts';

const PATIENCE_MS = 45_000;

/**
 * Makes the function that runs one check again on one resource of a live account, as a scan of that region would.
 * `gone`: the account was read, and the resource is not there any more.
 */
export function createRecheck(endpointBase?: string) {
  return async ({ check, resource }: Pick<Repair, 'check' | 'resource'>) => {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<'unknown'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, 'unknown');
    });
    try {
      return await Promise.race([judge(check, resource, endpointBase), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function judge(check: string, resource: Repair['resource'], endpointBase: string | undefined) {
  const { provider } = resource;
  if (provider === 'alicloud') return await judgeWith(COLLECTORS.alicloud, check, resource, endpointBase);
  return provider === 'aws' ? await judgeWith(COLLECTORS.aws, check, resource, endpointBase) : 'unknown';
}

async function judgeWith<Api>(
  collector: Collector<Api>,
  check: string,
  { id, type, region }: Repair['resource'],
  endpointBase: string | undefined,
) {
  const { checks } = readChecks([join(CONTENT_FOLDER, 'checks')], new Set([type]));
  const plan = planOf(
    collector,
    checks.filter((one) => one.id === check),
  );
  const regions = [region ?? HOME[collector.provider] ?? ''];
  const connection = await collector.connect({ regions, endpointBase });
  const scan = await scanAccount(collector, connection, plan, { nowMs: Date.now() });
  const findings = [...createCheckSet(plan.checks).run(scan.resources, Date.now())];
  const verdicts = findings
    .filter(({ resource }) => resource.id === id && resource.type === type && !isStandIn(resource))
    .map(({ verdict }) => verdict);
  if (verdicts.includes('fail')) return 'fail';
  if (verdicts.includes('unknown')) return 'unknown';
  // An old key that is switched off is no subject of the check any more.
  if (verdicts.length > 0) return 'pass';
  return scan.problems.length > 0 || plan.checks.length === 0 ? 'unknown' : 'gone';
}

/** Where services of the account as a whole are asked. */
const HOME: Readonly<Record<string, string>> = { alicloud: 'cn-hangzhou', aws: 'us-east-1' };
