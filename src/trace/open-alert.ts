import { hash } from 'node:crypto';
import { ownText } from '#kit/own-text.ts';
import type { Alert, Entities } from '#model/alert.ts';
import type { Event } from '#model/event.ts';
import { MAX_EVIDENCE_LENGTH, type RuleInfo, type Signal, type SignalEvidence } from '#model/signal.ts';
import { fillTemplate } from './template.ts';

/** An alert that may still grow. Plain data, so that it can be saved as it is. */
export interface OpenAlert {
  readonly id: string;
  readonly rule: RuleInfo;
  readonly key: string;
  readonly demo: boolean;
  readonly maxEvents: number;
  /** Values of each entity in the order seen, at most MAX_VALUES; `more` says that there were others. */
  readonly entities: EntityValues[];
  firstMs: number;
  lastMs: number;
  lastEventId: number;
  count: number;
  distinct: number;
  readonly first: SignalEvidence[];
  /** Ring of the latest events; `next` is where the next one goes. */
  readonly latest: SignalEvidence[];
  next: number;
  /** The newest event, as long as its batch is there anyhow: most are followed by another one before they need be copied. */
  pending: Event | undefined;
  /** Characters of evidence held. */
  evidenceLength: number;
  isChanged: boolean;
  /** It was answered at least once. */
  isReported: boolean;
  turn: number;
}

interface EntityValues {
  readonly name: string;
  readonly values: string[];
  last: string;
  more: boolean;
}

const MAX_VALUES = 5;
const CLOSE_MS = 1_000;

/** Opens the alert of a cause with its first signal. */
export function openAlert(signal: Signal, demo: boolean, key: string, maxEvents: number): OpenAlert {
  const firstEvent = signal.evidence[0] ?? signal.event;
  const open: OpenAlert = {
    id: hash('sha256', JSON.stringify([signal.rule.id, key, firstEvent.id, demo])).slice(0, 32),
    rule: signal.rule,
    key: ownText(key),
    demo,
    maxEvents,
    entities: [],
    firstMs: Math.min(firstEvent.time, signal.event.time),
    lastMs: signal.event.time,
    lastEventId: signal.event.id,
    count: Math.max(signal.count, signal.evidence.length, 1),
    distinct: signal.distinct ?? 0,
    first: [],
    latest: [],
    next: 0,
    pending: undefined,
    evidenceLength: 0,
    isChanged: false,
    isReported: false,
    turn: 0,
  };
  for (const name of signal.rule.groupBy) {
    const value = signal.entities[name];
    if (value !== undefined) open.entities.push(valuesOf(name, value));
  }
  for (const event of signal.evidence) {
    keep(open, event === signal.event ? evidenceOf(signal.event) : event);
    if (event.about !== undefined) mergeEntities(open.entities, event.about);
  }
  mergeEntities(open.entities, signal.entities);
  return open;
}

/** Takes a further signal in: counts the events that are new to the alert, and keeps the latest as evidence. */
export function takeIn(open: OpenAlert, signal: Signal): void {
  const { evidence, event } = signal;
  const newest = open.lastEventId;
  let fresh = 0;
  for (const item of evidence) {
    if (item.id <= newest) continue;
    if (item === event) pend(open, event);
    else {
      settle(open);
      keep(open, item);
    }
    fresh += 1;
  }
  // A window that holds nothing known may be longer than the evidence that it shows.
  const isNewWindow = fresh === evidence.length && signal.continues !== true;
  open.count += isNewWindow ? Math.max(fresh, signal.count) : Math.max(fresh, 1);
  if (event.id > open.lastEventId) open.lastEventId = event.id;
  if (event.time > open.lastMs) open.lastMs = event.time;
  else if (event.time < open.firstMs) open.firstMs = event.time;
  if (signal.distinct !== undefined && signal.distinct > open.distinct) open.distinct = signal.distinct;
  mergeEntities(open.entities, signal.entities);
}

/** Copies the newest event, before its batch goes. */
export function settle(open: OpenAlert): void {
  const { pending } = open;
  if (pending === undefined) return;
  open.pending = undefined;
  keep(open, evidenceOf(pending));
}

/** The alert as it stands now; `settle` it before. */
export function alertOf(open: OpenAlert): Alert {
  const { rule } = open;
  const entities: Record<string, string> = {};
  for (const entity of open.entities) entities[entity.name] = `${entity.values.join(', ')}${entity.more ? ', …' : ''}`;
  const facts = { count: open.count, distinct: open.distinct, spanMs: open.lastMs - open.firstMs };
  const target = rule.respond === undefined ? undefined : singleValue(open, rule.respond.entity);
  const several = open.entities.filter(({ values, more }) => values.length > 1 || more).map(({ name }) => name);
  return {
    id: open.id,
    rule: { id: rule.id, title: rule.title, level: rule.level, attack: [...rule.attack] },
    entities,
    ...(several.length > 0 && { several }),
    firstMs: open.firstMs,
    lastMs: open.lastMs,
    count: open.count,
    reason: fillTemplate(rule.reason, entities, facts),
    advice: fillTemplate(rule.advice, entities, facts),
    events: [...open.first, ...open.latest.slice(open.next), ...open.latest.slice(0, open.next)].map((event) => ({
      id: event.id,
      time: event.time,
      raw: event.raw,
    })),
    ...(rule.respond !== undefined &&
      target !== undefined && {
        proposal: {
          verb: rule.respond.verb,
          target,
          ...(rule.respond.automatic === false && { automatic: false }),
        },
      }),
    demo: open.demo,
  };
}

/** As `settle` and `keep` would do, without the copy of an event that the next one replaces. */
function pend(open: OpenAlert, event: Event): void {
  const { pending, latest } = open;
  if (pending !== undefined && latest.length > 0) {
    const before = latest[newestPlace(open)] as SignalEvidence;
    if (pending.time - before.time >= CLOSE_MS) settle(open);
  } else settle(open);
  open.pending = event;
}

/**
 * Fills the first half, then keeps the latest in a ring, a second apart but for the newest: ten lines of one moment tell
 * no more than one.
 */
function keep(open: OpenAlert, event: SignalEvidence): void {
  const half = open.maxEvents >> 1;
  const size = open.latest.length;
  if (size > 1) {
    const newestAt = newestPlace(open);
    const newest = open.latest[newestAt] as SignalEvidence;
    const before = open.latest[(newestAt + size - 1) % size] as SignalEvidence;
    if (newest.time - before.time < CLOSE_MS) {
      open.evidenceLength += event.raw.length - newest.raw.length;
      open.latest[newestAt] = event;
      return;
    }
  }
  if (open.first.length < open.maxEvents - half) {
    open.first.push(event);
  } else if (half === 0) {
    return;
  } else if (open.latest.length < half) {
    open.latest.push(event);
  } else {
    open.evidenceLength -= (open.latest[open.next] as SignalEvidence).raw.length;
    open.latest[open.next] = event;
    open.next = (open.next + 1) % half;
  }
  open.evidenceLength += event.raw.length;
}

function newestPlace({ latest, maxEvents, next }: OpenAlert): number {
  const half = maxEvents >> 1;
  return latest.length < half ? latest.length - 1 : (next + half - 1) % half;
}

function evidenceOf({ id, time, raw }: Event): SignalEvidence {
  return { id, time, raw: ownText(raw, MAX_EVIDENCE_LENGTH) };
}

function valuesOf(name: string, value: string): EntityValues {
  const own = ownText(value);
  return { name, values: [own], last: own, more: false };
}

function mergeEntities(known: EntityValues[], found: Entities): void {
  let at = 0;
  for (const name in found) {
    const value = found[name] as string;
    // They come in the same order each time, so the first guess is nearly always right.
    const guess = known[at++];
    const entity = guess?.name === name ? guess : entityOf(known, name);
    if (entity === undefined) known.push(valuesOf(name, value));
    else if (entity.last !== value && !entity.more) addValue(entity, value);
  }
}

function entityOf(known: readonly EntityValues[], name: string): EntityValues | undefined {
  for (let index = 0; index < known.length; index += 1) {
    const entity = known[index] as EntityValues;
    if (entity.name === name) return entity;
  }
  return undefined;
}

function addValue(entity: EntityValues, value: string): void {
  const at = entity.values.indexOf(value);
  if (at >= 0) {
    entity.last = entity.values[at] as string;
  } else if (entity.values.length < MAX_VALUES) {
    entity.last = ownText(value);
    entity.values.push(entity.last);
  } else {
    entity.more = true;
  }
}

function singleValue(open: OpenAlert, name: string): string | undefined {
  const entity = open.entities.find((candidate) => candidate.name === name);
  return entity?.values.length === 1 && !entity.more ? entity.values[0] : undefined;
}
