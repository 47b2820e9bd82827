import { createHash } from 'node:crypto';
import { BartizanError } from '#kit/errors.ts';
import type { Resource } from '#model/resource.ts';
import { askedOf } from './asked.ts';
import type { Collector, Connection, Service } from './collector.ts';
import { complete } from './complete.ts';
import type { Gap, Problem } from './gap.ts';
import { gather } from './gather.ts';
import type { Plan } from './needs.ts';
import { createPace } from './pace.ts';
import { openProgress } from './progress.ts';

/** What a scan of a live account brought. */
export interface AccountScan {
  readonly resources: readonly Resource[];
  /** Every call that did not go well. */
  readonly problems: readonly Problem[];
  readonly calls: number;
  readonly throttled: number;
  /** Units (a service in a place) in all, and how many an earlier run had done. */
  readonly units: number;
  readonly resumed?: { readonly units: number; readonly ageMs: number } | undefined;
}

export interface ScanOptions {
  /** Where progress is kept; none without. */
  readonly progressFile?: string | undefined;
  readonly onProgress?: ((done: number, units: number, resources: number) => void) | undefined;
  /** First pause after throttling. */
  readonly pauseMs?: number | undefined;
  readonly nowMs: number;
}

/** A service in a region, or in the account as a whole. */
interface Unit<Api> {
  readonly key: string;
  readonly service: Service<Api>;
  readonly region: string | undefined;
  readonly wanted: ReadonlySet<string>;
}

/** Units at work at once: their raw answers are what memory holds. What is under way is the pace’s. */
const UNITS_AT_ONCE = 96;

/**
 * Reads a live account as far as the plan asks: all regions at once, within the published rates.
 *
 * A part that fails leaves the rest: it is a problem, and what it would have said is unknown. Such parts are asked again
 * when the scan is run again.
 *
 * @throws BTZ_CLOUD_CREDENTIALS when the credentials end on the way; what was read is kept for the next run.
 */
export async function scanAccount<Api>(
  collector: Collector<Api>,
  { account, regions, transport }: Connection<Api>,
  plan: Plan,
  { progressFile, onProgress, pauseMs, nowMs }: ScanOptions,
): Promise<AccountScan> {
  const units = unitsOf(collector, plan, regions);
  const progress = progressFile === undefined ? undefined : openProgress(progressFile, scanKey(account, plan), nowMs);
  const resources: Resource[] = [];
  const gaps: Gap[] = [];
  const problems: Problem[] = [];
  const end = new AbortController();
  const pace = createPace({ ...(pauseMs === undefined ? {} : { pauseMs }), signal: end.signal });
  let done = 0;
  let resumedUnits = 0;

  const work = async ({ key, service, region, wanted }: Unit<Api>): Promise<void> => {
    const before = progress?.done.get(key);
    const gathered =
      before ??
      (await gather(service, wanted, { account, region }, async (call, params) => {
        const answer = await pace.call(transport.limit(call.api, region), async () => {
          const told = await transport.ask(call.api, params, region);
          return told.ok && call.notYet?.(told.value) ? { ok: false, failure: NOT_YET } : told;
        });
        if (!answer.ok && answer.failure.kind === 'credentials')
          end.abort(
            new BartizanError('BTZ_CLOUD_CREDENTIALS', {
              provider: collector.provider,
              problem: `${answer.failure.code}: ${answer.failure.message}`,
              suggestion: 'Renew them and start the scan again: it goes on where it stopped.',
            }),
          );
        end.signal.throwIfAborted();
        return answer;
      }));
    if (before !== undefined) resumedUnits += 1;
    // What went wrong is asked again by the next run.
    else if (gathered.problems.length === 0) progress?.finish(key, gathered);
    for (const one of gathered.resources) resources.push(one);
    for (const one of gathered.gaps) gaps.push(one);
    for (const one of gathered.problems) problems.push(one);
    done += 1;
    onProgress?.(done, units.length, resources.length);
  };

  await atOnce(units, UNITS_AT_ONCE, work, end);
  if (problems.length === 0) progress?.remove();
  return {
    resources: complete(collector, askedOf(plan.checks), resources, gaps),
    problems,
    ...pace.counts(),
    units: units.length,
    resumed: resumedUnits === 0 ? undefined : { units: resumedUnits, ageMs: progress?.ageMs ?? 0 },
  };
}

const NOT_YET = { kind: 'busy', code: 'NotReady', message: 'what was asked for is not made yet' } as const;

/** The account’s own units first: they are few, and the slowest. */
function unitsOf<Api>(collector: Collector<Api>, { calls }: Plan, regions: readonly string[]): Unit<Api>[] {
  const units: Unit<Api>[] = [];
  const add = (service: Service<Api>, region: string | undefined): void => {
    const wanted = calls.get(service.id);
    if (wanted !== undefined) units.push({ key: `${service.id}/${region ?? ''}`, service, region, wanted });
  };
  for (const service of collector.services) if (service.where === 'account') add(service, undefined);
  for (const region of regions) {
    for (const service of collector.services) if (service.where === 'regions') add(service, region);
  }
  return units;
}

/** A scan goes on only as the same one: of the same account, with the same calls. */
function scanKey(account: string, { calls }: Plan): string {
  const names = [...calls].map(([service, wanted]) => `${service}: ${[...wanted].sort().join(' ')}`).sort();
  return createHash('sha256')
    .update([account, ...names].join('\n'))
    .digest('hex');
}

async function atOnce<T>(
  all: readonly T[],
  most: number,
  work: (one: T) => Promise<void>,
  end: AbortController,
): Promise<void> {
  const rest = all[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const one of rest) {
      try {
        await work(one);
      } catch (thrown) {
        // One that cannot go on ends all: first reason wins.
        end.abort(thrown);
        throw end.signal.reason;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, all.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
