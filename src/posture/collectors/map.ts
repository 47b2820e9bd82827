import { type Resource, unknown, type Value } from '#model/resource.ts';
import type { Fields, Kind, Service, Subject } from './collector.ts';
import { MissingField } from './fields.ts';
import type { Gap } from './gap.ts';
import type { Gathered, Node, Outcome } from './gather.ts';

/** Canonical resources of the answers of one service in one place. Pure. */
export function resourcesOf<Api>(
  service: Service<Api>,
  root: Node,
  wanted: ReadonlySet<string>,
): Pick<Gathered, 'resources' | 'gaps'> {
  const resources: Resource[] = [];
  const gaps: Gap[] = [];
  for (const kind of service.kinds) {
    if (!wanted.has(kind.call)) continue;
    for (const { outcome, trail } of outcomesOf(service, root, kind.call)) {
      for (const node of outcome.nodes) {
        if (kind.where?.(node.subject.item) === false) continue;
        const resource = toResource(service, kind, node, [...trail, node], outcome);
        if (resource !== undefined) resources.push(resource);
        else gaps.push({ type: kind.type, reason: `${outcome.permission} answered half`, region: root.subject.region });
      }
      if (outcome.reason === undefined) continue;
      const asked = trail.at(-1)?.subject;
      if (trail.length === 1 || asked === undefined)
        gaps.push({ type: kind.type, reason: outcome.reason, region: root.subject.region });
      else resources.push(unread(kind, asked, outcome.reason));
    }
  }
  return { resources, gaps };
}

/** Each time a call was made, with the items that led to it, outermost first. */
function* outcomesOf<Api>(
  service: Service<Api>,
  root: Node,
  call: string,
): Generator<{ readonly outcome: Outcome; readonly trail: readonly Node[] }> {
  const of = service.calls[call]?.of;
  if (of === undefined) {
    const outcome = root.answers.get(call);
    if (outcome !== undefined) yield { outcome, trail: [root] };
    return;
  }
  for (const { outcome, trail } of outcomesOf(service, root, of)) {
    for (const node of outcome.nodes) {
      const next = node.answers.get(call);
      if (next !== undefined) yield { outcome: next, trail: [...trail, node] };
    }
  }
}

function toResource<Api>(
  service: Service<Api>,
  kind: Kind,
  node: Node,
  trail: readonly Node[],
  outcome: Outcome,
): Resource | undefined {
  const { subject } = node;
  const id = read(kind.id, subject.item, subject, outcome.permission);
  if (typeof id !== 'string' || id === '') return undefined;
  const attributes: Record<string, Value> = {};
  readInto(attributes, kind.attributes, subject.item, subject, outcome.permission);
  if (kind.ofParent !== undefined && subject.parent !== undefined)
    readInto(attributes, kind.ofParent, subject.parent.item, subject.parent, outcome.permission);
  for (const { call, attributes: fields } of kind.more ?? []) {
    const answered = trail.findLast(({ answers }) => answers.has(call))?.answers.get(call);
    const asked = service.calls[call];
    if (answered === undefined && asked?.where?.(subject.item) === false) continue;
    const permission = asked?.permission ?? call;
    if (answered?.answer === undefined || answered.reason !== undefined) {
      const reason = answered === undefined ? `needs ${permission}` : (answered.reason ?? `${permission}: not offered`);
      for (const name of Object.keys(fields)) attributes[name] = unknown(reason);
    } else {
      const items = itemsOf(answered);
      readInto(attributes, fields, answered.answer, subject, permission, items);
    }
  }
  const name = kind.name === undefined ? undefined : read(kind.name, subject.item, subject, outcome.permission);
  const region = kind.region === undefined ? subject.region : read(kind.region, subject.item, subject, '');
  const place = { ...subject, region: typeof region === 'string' ? region : undefined };
  return build(kind, place, id, typeof name === 'string' ? name : id, attributes);
}

/** Stands for what could not be listed of one item: nothing of it is known but whose it is. */
function unread(kind: Kind, asked: Subject, reason: string): Resource {
  const attributes: Record<string, Value> = {};
  for (const name of attributesOf(kind)) attributes[name] = unknown(reason);
  readInto(attributes, kind.ofParent ?? {}, asked.item, asked, '');
  const whose = Object.values(attributes).find((value) => typeof value === 'string') ?? '';
  return { ...build(kind, asked, `${kind.type} of ${String(whose)}`, 'not read', attributes), unread: reason };
}

/** All that a kind may say. */
export function attributesOf(kind: Kind): readonly string[] {
  return [kind.attributes, kind.ofParent ?? {}, ...(kind.more ?? []).map(({ attributes }) => attributes)].flatMap(
    (fields) => Object.keys(fields),
  );
}

function build(
  { type }: Kind,
  { account, region }: Subject,
  id: string,
  name: string,
  attributes: Record<string, Value>,
): Resource {
  const provider = type.slice(0, type.indexOf('_')) as Resource['provider'];
  return { provider, type, id, name, attributes, account, region };
}

function readInto(
  attributes: Record<string, Value>,
  fields: Fields,
  source: unknown,
  subject: Subject,
  permission: string,
  items: readonly unknown[] = [],
): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = read(field, source, subject, permission, items);
    if (value !== undefined) attributes[name] = value;
  }
}

/** The same list each time, so that fields may keep an index of it. */
function itemsOf(outcome: Outcome): readonly unknown[] {
  let items = ITEMS.get(outcome);
  if (items === undefined) {
    items = outcome.nodes.map(({ subject }) => subject.item);
    ITEMS.set(outcome, items);
  }
  return items;
}

const ITEMS = new WeakMap<Outcome, readonly unknown[]>();

function read(
  field: Fields[string],
  source: unknown,
  subject: Subject,
  permission: string,
  items: readonly unknown[] = [],
): Value | undefined {
  try {
    return field(source, subject, items);
  } catch (thrown) {
    if (thrown instanceof MissingField) return unknown(`${permission} answered without ${thrown.message}`);
    throw thrown;
  }
}
