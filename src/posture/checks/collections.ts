import { isAttributes, isUnknown, type Resource, type Value } from '#model/resource.ts';
import type { Ask, Subject } from './compile.ts';
import type { Collection, Condition } from './condition.ts';
import type { Graph } from './graph.ts';
import { allOf, anyOf, fail, type Outcome, opposite, PASS, unsure } from './outcome.ts';
import { elementsAt, parsePath } from './paths.ts';
import { HIDDEN, type Show, shown } from './shown.ts';

const DEFAULT_TO = ['id', 'name'];

/** The things that a quantifier speaks of; `missing` says why there may be more, or these may not belong. */
interface Members {
  readonly certain: readonly Subject[];
  readonly maybe: readonly Subject[];
  readonly missing?: string | undefined;
}

/**
 * `each`: all meet it (none at all is fine). `some`: one does. `none`: not one does.
 *
 * @param compileCondition of what is asked of each
 */
export function compileCollection(
  quantifier: 'each' | 'some' | 'none',
  collection: Collection,
  show: Show,
  compileCondition: (condition: Condition) => Ask,
): Ask {
  const is = collection.is === undefined ? () => PASS : compileCondition(collection.is);
  const where = collection.where === undefined ? undefined : compileCondition(collection.where);
  const members = membersOf(collection);
  const name = nameOf(collection);

  return (subject) => {
    const { certain, maybe, missing } = members(subject);
    // A thing that may not be spoken of at all decides nothing alone.
    const askFor = (wanted: (outcome: Outcome, one: Subject) => Outcome, spared: Outcome) => (one: Subject) => {
      const spoken = where?.(one) ?? PASS;
      if (spoken.is === 'fail') return spared;
      const outcome = wanted(is(one), one);
      return spoken.is === 'unknown' && outcome.is !== spared.is ? spoken : outcome;
    };
    const doubt = (outcome: Outcome, decided: Outcome['is'], ask: (one: Subject) => Outcome): Outcome => {
      if (outcome.is === decided) return outcome;
      const doubtful = maybe.some((one) => ask(one).is !== (decided === 'fail' ? 'pass' : 'fail'));
      if (!doubtful && missing === undefined) return outcome;
      return unsure(() => missing ?? `whether ${name} belongs to ${subject.resource.name} cannot be told`);
    };
    if (quantifier === 'some') {
      const ask = askFor(
        (outcome) => outcome,
        fail(() => `there is no ${name} for which it holds`),
      );
      return doubt(
        anyOf(certain, ask, () => `there is no ${name}`),
        'pass',
        ask,
      );
    }
    const ask =
      quantifier === 'each'
        ? askFor((outcome) => outcome, PASS)
        : askFor(
            (outcome, one) =>
              opposite(outcome, () => `${name} has one that must not be${which(one, subject, name, show)}`),
            PASS,
          );
    return doubt(allOf(certain, ask), 'fail', ask);
  };
}

/** Which one it is, where that is short: another resource by its id, a plain value as it may be shown, a block by its name. */
function which(one: Subject, subject: Subject, path: string, show: Show): string {
  if (one.resource !== subject.resource) return `: ${one.resource.id}`;
  const name = isAttributes(one.value) ? NAMES.map((wanted) => own(one.value, wanted)).find(isPlain) : undefined;
  const value = name ?? one.value;
  if (!isPlain(value) || String(value).length > 60) return '';
  // What a block is called is no secret, though what it holds may be.
  const told = name === undefined ? show(path, value) : shown('name', value);
  return told === HIDDEN ? '' : `: ${told}`;
}

/** By what a block is told from the others of its kind. */
const NAMES = ['name', 'key', 'id', 'image', 'port', 'cidr_block'];

function own(value: Value, name: string): Value | undefined {
  return isAttributes(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isPlain(value: Value | undefined): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

function membersOf(collection: Collection): (subject: Subject) => Members {
  if (collection.in !== undefined) return elementsOf(collection.in);
  const types = listOf(collection.type);
  const to = collection.to === undefined ? DEFAULT_TO : listOf(collection.to);
  const by = listOf(collection.by);
  const from = listOf(collection.from);
  // Those that are spoken of whoever asks are gathered once in a scan, or the cost would grow with the square of it.
  const ofAll = new WeakMap<Graph, Members>();
  return (subject) => {
    const { resource, graph } = subject;
    const toSubject = (one: Resource): Subject => ({ value: one.attributes, resource: one, graph });
    if (by.length === 0 && from.length === 0) {
      const known = ofAll.get(graph) ?? withoutUnread(graph.ofType(types).map(toSubject), []);
      ofAll.set(graph, known);
      return known;
    }
    const found =
      by.length > 0
        ? by.map((attribute) => graph.naming(resource, types, attribute, to))
        : from.map((attribute) => graph.named(resource, types, attribute, to));
    const certain = new Set(found.flatMap((one) => one.certain));
    const maybe = new Set(found.flatMap((one) => one.maybe)).difference(certain);
    const missing = found.find((one) => one.missing !== undefined)?.missing;
    return withoutUnread([...certain].map(toSubject), [...maybe].map(toSubject), missing);
  };
}

/** What stands for resources that could not be read is none of them: it only says that there may be more. */
function withoutUnread(certain: readonly Subject[], maybe: readonly Subject[], missing?: string): Members {
  const unread = [...certain, ...maybe].find(({ resource }) => resource.unread !== undefined)?.resource.unread;
  if (unread === undefined) return { certain, maybe, missing };
  const isRead = ({ resource }: Subject): boolean => resource.unread === undefined;
  return { certain: certain.filter(isRead), maybe: maybe.filter(isRead), missing: missing ?? unread };
}

function elementsOf(path: string): (subject: Subject) => Members {
  const names = parsePath(path);
  return (subject) => {
    let missing: string | undefined;
    const certain: Subject[] = [];
    for (const value of elementsAt(subject.value, names) as readonly Value[]) {
      // An unknown list has unknown elements; a text that is known in part is one all the same.
      if (isUnknown(value) && value.partial === undefined) missing ??= value.reason;
      else certain.push({ ...subject, value });
    }
    return { certain, maybe: [], missing };
  };
}

function listOf(one: string | readonly string[] | undefined): readonly string[] {
  if (one === undefined) return [];
  return typeof one === 'string' ? [one] : one;
}

function nameOf(collection: Collection): string {
  return collection.in ?? listOf(collection.type).join(' or ');
}
