import { compile, createCorrelator, type SigmaCorrelation, type SigmaRule } from '@bartizan/sigma';
import { ownText } from '#kit/own-text.ts';
import type { Entities } from '#model/alert.ts';
import type { Event } from '#model/event.ts';
import { MAX_EVIDENCE_LENGTH, type Signal, type SignalEvidence } from '#model/signal.ts';
import { entitiesOf, entityValue } from './entities.ts';
import { createPrecedence } from './precedence.ts';
import { fieldValue, ROUTES, type RouteKey, routeKeyOf } from './routes.ts';
import type { RuleDetails, RuleSet } from './rule-set.ts';

export interface DetectorOptions {
  /** Rules that answer signals although they only feed correlations; for their own test cases. */
  readonly alsoSignal?: (rule: SigmaRule | SigmaCorrelation) => boolean;
  /** Groups (addresses, accounts …) remembered for each correlation; above that the quietest is forgotten. Default 20,000. */
  readonly maxGroups?: number;
}

export interface Detector {
  /** Signals of one event: what tells a story better first, else in the order of the rules. Events must come in journal order. */
  detect(event: Event): readonly Signal[];
  /** What the correlations remember, as plain data (JSON safe). */
  snapshot(): unknown;
  /** Takes it over; correlations that have changed since start anew. Answers what was forgotten, as sentences. */
  restore(snapshot: unknown): readonly string[];
}

/** CloudTrail and ActionTrail deliver what happened within about a quarter of an hour, in no order. */
const LATENESS_MS = 15 * 60_000;

/** A host whose clock is set back is heard again after so many events; stragglers of a slow sender are fewer. */
const LATE_IN_ROW = 3;

const NONE: readonly Signal[] = Object.freeze([]);

/**
 * Runs a set of rules over events. Pure: the same events in the same order give the same signals, live and at a replay.
 *
 * Signals hold copies of the earlier records that they stand on, so that a batch can be freed; the last one may be the
 * event itself.
 */
export function createDetector(ruleSet: RuleSet, options: DetectorOptions = {}): Detector {
  const { rules, correlations, details } = ruleSet;
  const matcher = compile(rules, ROUTES);
  const owned = createOwner();
  const correlator = createCorrelator<SignalEvidence>(correlations, rules, {
    routes: ROUTES,
    maxGroups: options.maxGroups,
    latenessMs: LATENESS_MS,
    resetAfterLate: LATE_IN_ROW,
    keep: evidenceOf,
  });
  /** Of the event at hand. */
  let kept: SignalEvidence | undefined;

  /** What correlations keep of the event at hand: one copy for all of them. */
  function evidenceOf(reference: SignalEvidence): SignalEvidence {
    const { id, time, raw } = reference;
    kept ??= {
      id,
      time,
      raw: ownText(raw, MAX_EVIDENCE_LENGTH),
      about: varying(reference as Event, owned),
    };
    return kept;
  }

  const plans = new Map<SigmaRule | SigmaCorrelation, Plan>();
  const fed = namesFed(correlations);
  for (const [rule, found] of details) {
    plans.set(rule, {
      details: found,
      signals: found.alerts || options.alsoSignal?.(rule) === true,
      feeds: fed.has(rule.id) || (rule.name !== undefined && fed.has(rule.name)),
      isValueCount: 'type' in rule && rule.type === 'value_count',
      isTemporal: 'type' in rule && rule.type.startsWith('temporal'),
    });
  }

  const putBetterFirst = createPrecedence([...details.values()].map(({ info }) => info));

  function detect(event: Event): readonly Signal[] {
    const routeKey = routeKeyOf(event);
    const matched = matcher.match(routeKey, event);
    if (matched.length === 0) return NONE;
    kept = undefined;
    let signals: Signal[] | undefined;
    let entities: Entities | undefined;
    for (const rule of matched) {
      const plan = plans.get(rule);
      if (plan === undefined) continue;
      if (plan.signals) {
        signals ??= [];
        entities ??= entitiesOf(event);
        signals.push(signalOf(plan, routeKey, event, entities, 1, [event]));
      }
      if (!plan.feeds) continue;
      // rsyslog folds equal lines into “message repeated n times”: each of them counts.
      for (let left = timesOf(event); left > 0; left -= 1) {
        const matches = correlator.observe(rule, routeKey, event, event.time, event);
        if (left > 1) continue;
        for (const match of matches) {
          const above = plans.get(match.correlation);
          if (above === undefined || !above.signals) continue;
          signals ??= [];
          entities ??= entitiesOf(event);
          signals.push(signalOf(above, routeKey, event, entities, match.count, match.references, match.continues));
        }
      }
    }
    if (signals === undefined) return NONE;
    putBetterFirst(signals);
    return signals;
  }

  return {
    detect,
    snapshot: () => correlator.snapshot(),
    restore: (snapshot) => correlator.restore(snapshot).forgotten,
  };
}

/** The entities that differ between the events of one alert and are worth listing: which accounts, machines, pages, calls. */
function varying({ user, device, file, http_request: request, api }: Event, owned: (text: string) => string): Entities {
  const about: Record<string, string> = {};
  const who = entityValue(user?.name ?? user?.uid);
  if (who !== undefined) about.user = owned(who);
  const host = entityValue(device?.hostname);
  if (host !== undefined) about.host = owned(host);
  const path = entityValue(file?.path ?? request?.url?.path);
  if (path !== undefined) about.path = owned(path);
  const operation = entityValue(api?.operation);
  if (operation !== undefined) about.operation = owned(operation);
  return about;
}

/** Copies short texts, so that they hold no batch; equal ones become the same copy, while it lasts. */
function createOwner(): (text: string) => string {
  let known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST_OWNED) known = new Map();
    const own = ownText(text);
    known.set(own, own);
    return own;
  };
}

const MOST_OWNED = 4_096;

interface Plan {
  readonly details: RuleDetails;
  readonly signals: boolean;
  readonly feeds: boolean;
  readonly isValueCount: boolean;
  readonly isTemporal: boolean;
}

function namesFed(correlations: readonly SigmaCorrelation[]): ReadonlySet<string> {
  return new Set(correlations.flatMap((correlation) => correlation.rules));
}

function signalOf(
  plan: Plan,
  routeKey: RouteKey,
  event: Event,
  entities: Entities,
  count: number,
  evidence: readonly SignalEvidence[],
  continues = false,
): Signal {
  const { info, entities: extra } = plan.details;
  return {
    rule: info,
    event,
    entities: extra.length === 0 ? entities : withExtra(entities, extra, routeKey, event),
    count: Math.max(count, evidence.length),
    distinct: plan.isValueCount ? count : undefined,
    continues,
    // What completes a sequence is what it is about: who got in, not all who were tried.
    evidence: plan.isTemporal && !continues ? evidence.map(({ id, time, raw }) => ({ id, time, raw })) : evidence,
  };
}

function withExtra(entities: Entities, extra: RuleDetails['entities'], routeKey: RouteKey, event: Event): Entities {
  const all: Record<string, string> = { ...entities };
  for (const [name, fields] of extra) {
    for (const field of fields) {
      const value = entityValue(fieldValue(routeKey, field, event));
      if (value === undefined) continue;
      all[name] = value;
      break;
    }
  }
  return all;
}

const MOST_TIMES = 100;

function timesOf(event: Event): number {
  const repeated = event.source === 'sshd' ? event.unmapped.repeated : undefined;
  return typeof repeated === 'number' && repeated > 1 ? Math.min(repeated, MOST_TIMES) : 1;
}
