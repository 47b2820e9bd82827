import type { Resource } from '#model/resource.ts';
import type { Answer, Call, Failure, Params, Service, Subject } from './collector.ts';
import { at, listAt, MissingField } from './fields.ts';
import { type Gap, type Problem, reasonOf } from './gap.ts';
import { resourcesOf } from './map.ts';

/** What one service in one place brought. */
export interface Gathered {
  readonly resources: readonly Resource[];
  readonly gaps: readonly Gap[];
  readonly problems: readonly Problem[];
}

/** An item of an answer, and what further calls said of it. */
export interface Node {
  readonly subject: Subject;
  readonly answers: ReadonlyMap<string, Outcome>;
}

/** What became of a call with all its pages. */
export interface Outcome {
  readonly permission: string;
  /** Of the first page; `undefined` where it failed. */
  readonly answer: unknown;
  readonly nodes: readonly Node[];
  /** Why it is not known, or not known to its end. */
  readonly reason?: string | undefined;
}

/** More than this of one thing is an answer gone wrong. */
const MOST_PAGES = 2000;
const MOST_ITEMS = 200_000;

/**
 * Asks one service in one place, and makes resources of its answers.
 *
 * @param wanted names of calls that are made; those they hang on must be among them
 * @param ask paces and repeats
 */
export async function gather<Api>(
  service: Service<Api>,
  wanted: ReadonlySet<string>,
  place: { readonly account: string; readonly region?: string | undefined },
  ask: (call: Call<Api>, params: Params) => Promise<Answer>,
): Promise<Gathered> {
  const problems: Problem[] = [];

  const run = async (name: string, call: Call<Api>, subject: Subject): Promise<Outcome> => {
    const items: unknown[] = [];
    let first: unknown;
    let reason: string | undefined;
    let more: Params | undefined = {};
    let pages = 0;
    while (more !== undefined) {
      const answer = await ask(call, { ...call.params?.(subject), ...more });
      const value = answer.ok ? answer.value : isNothing(call, answer.failure.code) ? {} : undefined;
      if (value === undefined) {
        const { failure } = answer as Extract<Answer, { ok: false }>;
        if (failure.kind === 'not_offered' && pages === 0 && call.of === undefined) break;
        reason = reasonOf(call.permission, failure, items.length);
        problems.push({ service: service.id, region: place.region, permission: call.permission, ...failure });
        break;
      }
      pages += 1;
      first ??= value;
      const missing = addItems(items, value, call);
      if (missing !== undefined) {
        reason = `${call.permission} answered without ${missing}`;
        problems.push({ service: service.id, region: place.region, permission: call.permission, ...EMPTY });
        break;
      }
      if (pages === 1 && items.length === 0 && call.whenEmpty !== undefined) {
        const failure = await mayAfterAll(call, subject);
        if (failure !== undefined) {
          reason = reasonOf(call.permission, failure, 0);
          problems.push({ service: service.id, region: place.region, permission: call.permission, ...failure });
          break;
        }
      }
      const next = nextOf(call, value, { pages, items: items.length });
      if (typeof next === 'string') {
        reason = `${call.permission} answered without ${next}`;
        problems.push({ service: service.id, region: place.region, permission: call.permission, ...EMPTY });
        break;
      }
      more = next;
      if (more !== undefined && (pages >= MOST_PAGES || items.length >= MOST_ITEMS)) {
        reason = `${call.permission} has more than ${items.length} entries`;
        break;
      }
    }
    const parent = call.of === undefined ? undefined : subject;
    const nodes = await follow(
      name,
      items.map((item) => ({ ...place, item, parent })),
    );
    return { permission: call.permission, answer: first, nodes, reason };
  };

  /** Nothing is there, or nothing is shown: only the provider can tell. */
  const mayAfterAll = async (call: Call<Api>, subject: Subject): Promise<Failure | undefined> => {
    const answer = await ask(call, { ...call.params?.(subject), ...call.whenEmpty?.params });
    return answer.ok || answer.failure.code === call.whenEmpty?.code ? undefined : answer.failure;
  };

  /** Makes the further calls about the items of one, and hands each item the answers. */
  const follow = async (name: string, subjects: readonly Subject[]): Promise<readonly Node[]> => {
    const nodes = subjects.map((subject) => ({ subject, answers: new Map<string, Outcome>() }));
    const further = Object.entries(service.calls).filter(([one, { of }]) => of === name && wanted.has(one));
    await Promise.all(
      further.flatMap(([one, call]) => {
        const about = nodes.filter(({ subject }) => call.where?.(subject.item) ?? true);
        return inGroups(about, call.together ?? 1).map(async (group) => {
          const { subject } = group[0] as Node;
          const asked = call.together === undefined ? {} : { together: group.map((node) => node.subject.item) };
          const outcome = await run(one, call, { ...subject, ...asked });
          for (const { answers } of group) answers.set(one, outcome);
        });
      }),
    );
    return nodes;
  };

  const roots = Object.entries(service.calls).filter(([name, call]) => call.of === undefined && wanted.has(name));
  const root: Subject = { ...place, item: undefined };
  const running = new Map<string, Promise<Outcome>>();
  const start = (name: string, call: Call<Api>): Promise<Outcome> => {
    const before = call.after === undefined ? undefined : service.calls[call.after];
    const outcome =
      running.get(name) ??
      (call.after === undefined || before === undefined
        ? run(name, call, root)
        : start(call.after, before).then(() => run(name, call, root)));
    running.set(name, outcome);
    return outcome;
  };
  const answers = await Promise.all(roots.map(async ([name, call]) => [name, await start(name, call)] as const));
  return { ...resourcesOf(service, { subject: root, answers: new Map(answers) }, wanted), problems };
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

function isNothing<Api>({ nothing = [] }: Call<Api>, code: string): boolean {
  return nothing instanceof RegExp ? nothing.test(code) : nothing.includes(code);
}

/** @returns what the answer lacks: then it is not known how many there are. */
function addItems<Api>(items: unknown[], answer: unknown, { items: where }: Call<Api>): string | undefined {
  try {
    const found = where === undefined ? [answer] : typeof where === 'string' ? listAt(answer, where) : where(answer);
    for (const item of found) items.push(item);
  } catch (thrown) {
    if (thrown instanceof MissingField) return thrown.message;
    throw thrown;
  }
  return typeof where === 'string' && isHalf(answer, where) ? where : undefined;
}

/** @returns the parameters of the next page, `undefined` after the last, or as a text what the pages lack. */
function nextOf<Api>(
  { next }: Call<Api>,
  answer: unknown,
  sofar: { readonly pages: number; readonly items: number },
): Params | string | undefined {
  try {
    return next?.(answer, sofar);
  } catch (thrown) {
    if (thrown instanceof MissingField) return thrown.message;
    throw thrown;
  }
}

const EMPTY = { kind: 'malformed', code: 'Empty', message: 'the answer has not what it always has' } as const;

/** Lists are there even where they are empty; XML leaves out the inner element, so only the outer one is looked for. */
function isHalf(answer: unknown, items: string): boolean {
  return items !== '' && at(answer, items.split('.')[0] as string) === undefined;
}
