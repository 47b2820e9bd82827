import { correlationsInCircles, referenceIndex } from '../check.ts';
import { type FieldReader, fieldReader } from '../match/fields.ts';
import type { Route } from '../match/matcher.ts';
import type { SigmaCorrelation, SigmaRule } from '../rule.ts';
import { ownCopy, textOf, textsOf } from './field-text.ts';
import { type Keys, makeKeys } from './keys.ts';
import { type Group, makeGroups } from './groups.ts';
import { makeTally } from './make-tally.ts';
import { Bundle, type Held, isRecord, loadHeld, saveHeld } from './tally.ts';
import type { CorrelationMatch, Correlator, CorrelatorOptions, RestoreResult } from './types.ts';

type Item = SigmaRule | SigmaCorrelation;

/** One correlation at work. */
interface Station<T> {
  readonly correlation: SigmaCorrelation;
  readonly fingerprint: string;
  readonly groups: ReturnType<typeof makeGroups<T>>;
  /** Other correlations count its matches. */
  isBuiltUpon: boolean;
}

/** That a rule feeds a station, as which of its rules, and how its fields are called there. */
interface Feed<T> {
  readonly station: Station<T>;
  readonly position: number;
  readonly groupFields: readonly string[];
  /** Feeds that group by the same fields have the same number: their key is read once per event. */
  readonly grouping: number;
  /** Where a key has its group for this feed's correlation. */
  readonly place: number;
  /** Fed by a correlation that groups by all that this one groups by: each of its groups feeds always the same one. */
  readonly isCovered: boolean;
  readonly valueFields: readonly string[];
  /** The value of the event at hand, in the same list each time. */
  readonly oneValue: [string];
  /** Readers of the route that was asked for last: events come in runs. */
  routeKey: string | undefined;
  groupReaders: readonly FieldReader[];
  valueReaders: readonly FieldReader[];
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Runs correlations over the matches of rules (specification “Correlation Rules” 2.1). See `Correlator`.
 *
 * References to unknown rules are left out, and so are correlations that refer to themselves: `checkSet` names both.
 */
export function createCorrelator<T>(
  correlations: readonly SigmaCorrelation[],
  rules: readonly SigmaRule[],
  options: CorrelatorOptions<T>,
): Correlator<T> {
  const {
    maxGroups = 20_000,
    maxKept = 1_000_000,
    latenessMs = 300_000,
    resetAfterLate,
    firstReferences = 5,
    lastReferences = 5,
    keep = (reference) => reference,
  } = options;
  const circles = new Set(correlationsInCircles(correlations, referenceIndex(rules, correlations)));
  const keys = makeKeys<Group<T>>();
  const sound = correlations.filter((correlation) => !circles.has(correlation));
  const stations = sound.map(
    (correlation): Station<T> => ({
      correlation,
      fingerprint: fingerprintOf(correlation),
      groups: makeGroups<T>(maxGroups, maxKept, keys.forget),
      isBuiltUpon: false,
    }),
  );
  const feeds = feedsOf(stations, referenceIndex(rules, sound));
  for (const station of stations) station.isBuiltUpon = feeds.has(station.correlation);

  /** So many late events in a row are not stragglers: the clock that stamps them was set back. */
  const countLate = (group: Group<T>, correlation: SigmaCorrelation): void => {
    group.lateInRow += 1;
    if (resetAfterLate === undefined || group.lateInRow < resetAfterLate) return;
    group.lateInRow = 0;
    group.isFiring = false;
    group.tally = makeTally<T>(correlation, latenessMs);
  };
  /** What others that build upon a match carry along: how it began, and the newest. */
  const bundleOf = (group: Group<T>, match: CorrelationMatch<T>, held: Held<T>, spanMs: number): Bundle<T> => {
    const { began } = group;
    if (match.continues && began !== undefined && !(held instanceof Bundle) && began.firstMs >= match.lastMs - spanMs)
      return new Bundle(began.items, began.firstMs, held);
    const whole = match.continues ? matchOf(match.correlation, group, firstReferences, lastReferences) : match;
    group.began = new Bundle(whole.references, whole.firstMs);
    return group.began;
  };
  const groupOf = (feed: Feed<T>, event: object, below: Group<T> | undefined): Group<T> | undefined =>
    below === undefined && feed.groupReaders.length === 1
      ? groupByOne(feed, event, latenessMs, keys)
      : groupByAll(feed, event, below?.values, latenessMs);
  const groupAbove = (feed: Feed<T>, at: number, event: object, below: Group<T>): Group<T> | undefined => {
    const last = below.above[at];
    if (last !== undefined && !last.isGone) return last;
    const group = groupByAll(feed, event, below.values, latenessMs);
    below.above[at] = group;
    return group;
  };
  const observeFeeds = (
    list: readonly Feed<T>[],
    routeKey: string,
    event: object,
    timeMs: number,
    held: Held<T>,
    below: Group<T> | undefined,
    earlier: CorrelationMatch<T>[] | undefined,
  ): CorrelationMatch<T>[] | undefined => {
    let found = earlier;
    let kept: Held<T> | undefined;
    for (let at = 0; at < list.length; at++) {
      const feed = list[at] as Feed<T>;
      if (feed.routeKey !== routeKey) setRoute(feed, routeKey, options.routes);
      const group =
        feed.isCovered && below !== undefined ? groupAbove(feed, at, event, below) : groupOf(feed, event, below);
      if (group === undefined) continue;
      const { station } = feed;
      if (timeMs < group.tally.newestMs - latenessMs) countLate(group, station.correlation);
      else if (group.lateInRow !== 0) group.lateInRow = 0;
      const { tally } = group;
      const values = feed.valueReaders.length === 0 ? NONE : valuesOf(feed, event, below?.values);
      // A flood matches at each event. That event is answered at once, so nothing needs to be kept of it.
      const isFlood = group.isFiring && !station.isBuiltUpon && tally.hold !== undefined && values.length < 2;
      if (!isFlood) kept ??= held instanceof Bundle ? held : keep(held);
      const fires = tally.add(timeMs, feed.position, values, isFlood ? undefined : kept);
      station.groups.touch(group);
      const wasFiring = group.isFiring;
      group.isFiring = fires;
      if (!fires) {
        if (isFlood) tally.hold?.((kept ??= held instanceof Bundle ? held : keep(held)));
        continue;
      }
      const match = wasFiring
        ? continuationOf(station.correlation, group, held)
        : matchOf(station.correlation, group, firstReferences, lastReferences);
      if (found === undefined) found = [match];
      else found.push(match);
      if (!station.isBuiltUpon) continue;
      const bundle = bundleOf(group, match, kept as Held<T>, station.correlation.timespanMs);
      const above = feeds.get(station.correlation) ?? NONE;
      found = observeFeeds(above, routeKey, event, timeMs, bundle, group, found);
    }
    return found;
  };
  return {
    observe(rule, routeKey, event, timeMs, reference) {
      const list = feeds.get(rule);
      if (list === undefined) return NONE;
      keys.next();
      return observeFeeds(list, routeKey, event, timeMs, reference, undefined, undefined) ?? NONE;
    },
    stats: () => ({
      groups: stations.reduce((sum, { groups }) => sum + groups.count(), 0),
      evicted: stations.reduce((sum, { groups }) => sum + groups.evicted(), 0),
    }),
    snapshot: () => ({
      version: 1,
      correlations: stations.map(({ correlation, fingerprint, groups }) => ({
        id: correlation.id,
        fingerprint,
        groups: groups
          .all()
          .map(({ key, values, isFiring, lateInRow, tally, began }) => [
            key,
            values,
            isFiring,
            tally.save(),
            lateInRow,
            began === undefined ? null : saveHeld(began),
          ]),
      })),
    }),
    restore: (value) => restore(stations, value, latenessMs),
  };
}

function feedsOf<T>(stations: readonly Station<T>[], index: ReadonlyMap<string, Item>): Map<Item, Feed<T>[]> {
  const feeds = new Map<Item, Feed<T>[]>();
  const groupings = new Map<string, { readonly number: number; readonly places: Map<Station<T>, number> }>();
  const groupingOf = (fields: readonly string[]) => {
    const name = JSON.stringify(fields);
    const grouping = groupings.get(name) ?? { number: groupings.size, places: new Map() };
    groupings.set(name, grouping);
    return grouping;
  };
  for (const station of stations) {
    const { correlation } = station;
    correlation.rules.forEach((reference, position) => {
      const item = index.get(reference);
      if (item === undefined) return;
      const nameThere = (field: string): string => {
        const alias = correlation.aliases.get(field);
        return alias?.get(reference) ?? alias?.get(item.id) ?? alias?.get(item.name ?? '') ?? field;
      };
      const groupFields = correlation.groupBy.map(nameThere);
      const { number, places } = groupingOf(groupFields);
      const place = places.get(station) ?? places.size;
      places.set(station, place);
      const feed: Feed<T> = {
        station,
        position,
        groupFields,
        grouping: number,
        place,
        isCovered: 'groupBy' in item && groupFields.every((field) => item.groupBy.includes(field)),
        valueFields: correlation.condition.fields.map(nameThere),
        oneValue: [''],
        routeKey: undefined,
        groupReaders: [],
        valueReaders: [],
      };
      const known = feeds.get(item);
      if (known === undefined) feeds.set(item, [feed]);
      else known.push(feed);
    });
  }
  return feeds;
}

function setRoute<T>(feed: Feed<T>, routeKey: string, routes: Readonly<Record<string, Route>>): void {
  const route = Object.hasOwn(routes, routeKey) ? routes[routeKey] : undefined;
  const reader = (field: string): FieldReader =>
    route === undefined ? () => undefined : fieldReader(route.path(field));
  feed.groupReaders = feed.groupFields.map(reader);
  feed.valueReaders = feed.valueFields.map(reader);
  feed.routeKey = routeKey;
}

/** The group of an event; undefined when it lacks the field. */
function groupByOne<T>(
  { groupReaders, grouping, place, station }: Feed<T>,
  event: object,
  latenessMs: number,
  keys: Keys<Group<T>>,
): Group<T> | undefined {
  const key = keys.of(grouping, groupReaders[0] as FieldReader, event);
  if (key === undefined) return undefined;
  const last = key.groups[place];
  if (last !== undefined && !last.isGone) return last;
  const group = station.groups.find(key.text) ?? insertGroup(station, key.text, [key.text], latenessMs);
  key.groups[place] = group;
  return group;
}

/** The same for any number of fields. What an inner correlation grouped by counts first. */
function groupByAll<T>(
  { groupReaders, groupFields, station }: Feed<T>,
  event: object,
  known: Readonly<Record<string, string>> | undefined,
  latenessMs: number,
): Group<T> | undefined {
  const texts: string[] = [];
  for (let at = 0; at < groupReaders.length; at++) {
    const inner = known === undefined ? undefined : ownText(known, groupFields[at] as string);
    const text = inner ?? textOf((groupReaders[at] as FieldReader)(event));
    if (text === undefined) return undefined;
    texts.push(text);
  }
  const key = texts.length === 1 ? (texts[0] as string) : texts.map((text) => `${text.length} ${text} `).join('');
  return station.groups.find(key) ?? insertGroup(station, ownCopy(key), texts, latenessMs);
}

function insertGroup<T>(station: Station<T>, key: string, texts: readonly string[], latenessMs: number): Group<T> {
  const { correlation } = station;
  const names = correlation.groupBy.map((name, at) => [name, ownCopy(texts[at] as string)]);
  return station.groups.insert(key, Object.freeze(Object.fromEntries(names)), makeTally<T>(correlation, latenessMs));
}

function ownText(known: Readonly<Record<string, string>>, field: string): string | undefined {
  return Object.hasOwn(known, field) ? known[field] : undefined;
}

/** Each value of one field; of several fields, their combination. */
function valuesOf<T>(
  feed: Feed<T>,
  event: object,
  known: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  if (feed.valueReaders.length === 1 && known === undefined) {
    const value = (feed.valueReaders[0] as FieldReader)(event);
    if (typeof value !== 'string') return textsOf(value);
    feed.oneValue[0] = textOf(value) as string;
    return feed.oneValue;
  }
  const all = feed.valueReaders.map((read, at) => {
    const inner = known === undefined ? undefined : ownText(known, feed.valueFields[at] as string);
    return inner === undefined ? textsOf(read(event)) : [inner];
  });
  if (all.length === 1) return all[0] as readonly string[];
  if (all.some((texts) => texts.length === 0)) return NONE;
  return [
    all
      .map((texts) => texts.join(', '))
      .map((text) => `${text.length} ${text}`)
      .join(' '),
  ];
}

/** A flood matches at each event: then only what is new is put together. */
function continuationOf<T>(correlation: SigmaCorrelation, group: Group<T>, held: Held<T>): CorrelationMatch<T> {
  const { tally } = group;
  const references = held instanceof Bundle ? held.items : [held];
  return {
    correlation,
    group: group.values,
    count: tally.measure(),
    continues: true,
    references,
    firstMs: tally.firstMs(),
    lastMs: tally.newestMs,
  };
}

function matchOf<T>(correlation: SigmaCorrelation, group: Group<T>, first: number, last: number): CorrelationMatch<T> {
  const { tally } = group;
  const references: T[] = [];
  let firstMs = tally.firstMs();
  for (const held of tally.ends(first, last)) {
    if (held instanceof Bundle) {
      references.push(...(held as Bundle<T>).items);
      firstMs = Math.min(firstMs, held.firstMs);
    } else references.push(held);
  }
  return {
    correlation,
    group: group.values,
    count: tally.measure(),
    continues: false,
    references:
      references.length <= first + last
        ? references
        : [...references.slice(0, first), ...references.slice(references.length - last)],
    firstMs,
    lastMs: tally.newestMs,
  };
}

/** What a group's memory depends on: when any of it changes, what was kept means nothing any more. */
function fingerprintOf(correlation: SigmaCorrelation): string {
  const { type, rules, groupBy, timespanMs, condition, aliases } = correlation;
  const names = [...aliases].map(([alias, fields]) => [alias, [...fields]]);
  return JSON.stringify([type, rules, groupBy, timespanMs, condition, names]);
}

function restore<T>(stations: readonly Station<T>[], value: unknown, latenessMs: number): RestoreResult {
  for (const { groups } of stations) groups.clear();
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.correlations))
    return { groups: 0, forgotten: ['the snapshot is not one of ours'] };
  const forgotten: string[] = [];
  let count = 0;
  for (const saved of value.correlations as unknown[]) {
    if (!isRecord(saved) || !Array.isArray(saved.groups)) continue;
    const station = stations.find(({ correlation }) => correlation.id === saved.id);
    if (station === undefined || station.fingerprint !== saved.fingerprint) {
      forgotten.push(`${String(saved.id)}: it is gone or has changed`);
      continue;
    }
    for (const [key, values, isFiring, data, lateInRow, began] of saved.groups as unknown[][]) {
      const tally = makeTally<T>(station.correlation, latenessMs);
      if (typeof key !== 'string' || !isRecord(values) || !tally.load(data)) {
        forgotten.push(`${station.correlation.id}: a group cannot be read`);
        continue;
      }
      const texts = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, String(text)]));
      const group = station.groups.insert(key, Object.freeze(texts), tally);
      group.isFiring = isFiring === true;
      const bundle = loadHeld<T>(began);
      group.began = bundle instanceof Bundle ? bundle : undefined;
      group.lateInRow = typeof lateInRow === 'number' ? lateInRow : 0;
      station.groups.touch(group);
      count += 1;
    }
  }
  return { groups: count, forgotten };
}
