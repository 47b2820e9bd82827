import type { Finding } from '#model/finding.ts';
import type { Resource } from '#model/resource.ts';
import type { Check } from './check.ts';
import { type Ask, compileCondition } from './compile.ts';
import { createGraph, type Graph } from './graph.ts';
import { type Outcome, PASS, unsure } from './outcome.ts';
import { hidden, shown } from './shown.ts';

/** Checks made ready to run. */
export interface CheckSet {
  readonly checks: readonly Check[];
  /**
   * One finding for each check and resource of its types, resource by resource.
   *
   * @param resources all of one scan: conditions reach across them
   * @param nowMs the moment of the scan; of it depend only tests of age
   */
  readonly run: (resources: readonly Resource[], nowMs: number) => Generator<Finding>;
}

interface Ready {
  readonly check: Check;
  readonly applies: Ask | undefined;
  readonly condition: Ask;
}

/**
 * Compiles checks.
 *
 * @throws RangeError naming the check whose condition cannot be made ready.
 */
export function createCheckSet(checks: readonly Check[]): CheckSet {
  let now = 0;
  const nowMs = (): number => now;
  const byType = new Map<string, Ready[]>();
  for (const check of checks) {
    const ready = { check, ...compile(check, nowMs) };
    for (const type of new Set([check.resource].flat())) byType.set(type, [...(byType.get(type) ?? []), ready]);
  }
  return {
    checks,
    *run(resources, atMs) {
      for (const [resource, graph] of inGraphs(resources)) {
        const subject = { value: resource.attributes, resource, graph };
        for (const { check, applies, condition } of byType.get(resource.type) ?? []) {
          now = atMs;
          if (resource.unread !== undefined) {
            const { unread } = resource;
            yield toFinding(
              check,
              resource,
              unsure(() => unread),
              undefined,
            );
            continue;
          }
          const spoken = applies?.(subject) ?? PASS;
          yield toFinding(check, resource, spoken, spoken.is === 'pass' ? condition(subject) : undefined);
        }
      }
    },
  };
}

/** What is put up together is linked with one another only: elsewhere the same name means another resource. */
function* inGraphs(resources: readonly Resource[]): Generator<readonly [Resource, Graph]> {
  for (const together of Map.groupBy(resources, ({ root }) => root).values()) {
    const graph = createGraph(together);
    for (const resource of together) yield [resource, graph];
  }
}

/** The control of checks that look for secrets: what they find is not repeated. */
const ABOUT_SECRETS = 'secrets.no-plain-text';

function compile(check: Check, nowMs: () => number): { applies: Ask | undefined; condition: Ask } {
  const show = check.controls.includes(ABOUT_SECRETS) ? hidden : shown;
  try {
    return {
      applies: check.applies && compileCondition(check.applies, nowMs, show),
      condition: compileCondition(check.condition, nowMs, show),
    };
  } catch (error) {
    throw new RangeError(`${check.id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function toFinding(check: Check, resource: Resource, spoken: Outcome, answer: Outcome | undefined): Finding {
  const outcome = answer ?? spoken;
  const { provider, type, id, name, file, line, endLine, account, region } = resource;
  return {
    check: check.id,
    title: check.title,
    severity: check.severity,
    verdict: answer === undefined && spoken.is === 'fail' ? 'not_applicable' : outcome.is,
    resource: { provider, type, id, name, file, line, endLine, account, region },
    controls: check.controls,
    reason: outcome.is === 'pass' || (answer === undefined && spoken.is === 'fail') ? undefined : outcome.why(),
    fix: check.fix,
  };
}
