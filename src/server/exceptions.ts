import { newId } from '#access/secrets.ts';
import type { ExceptionChange, ExceptionProposal, ExceptionService, NewException } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import type { StoredAlert } from '#model/alert.ts';
import {
  ANCHORS,
  DEFAULT_EXCEPTION_MS,
  DEFAULT_QUIET_MS,
  type Exception,
  exactEntities,
  isTooWideFor,
  isWithin,
  MAX_EXCEPTION_MS,
  MAX_QUIET_MS,
} from '#model/exception.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';
import { proposeMaintenance, whyNotMaintenance } from './maintenance.ts';
import { putAway, putAwayDetails, type Refuse, withdrawQuestions, wouldHide } from './put-away.ts';

export interface ExceptionOptions {
  readonly state: StateStore;
  readonly clock: () => number;
  /** Withdraws a question that an alert has put. */
  readonly refuse: Refuse;
  /** Entities by which a rule that runs tells one cause from another; undefined for other rules. */
  readonly causeOf: (ruleId: string) => Promise<readonly string[] | undefined>;
}

const LISTED_EXCEPTIONS = 500;

/**
 * What people do not want to be told: false positives and what is known, each made from an alert and able to name only
 * what was seen in it, and maintenance that is planned. All have an owner, a reason and an end. Making, changing and
 * ending one is a leaf, written with it.
 *
 * Errors: BTZ_NOT_FOUND, BTZ_EXCEPTION_EMPTY, BTZ_EXCEPTION_TOO_WIDE, BTZ_EXCEPTION_NOT_OF_ALERT, BTZ_EXCEPTION_TIMES,
 * BTZ_EXCEPTION_CHANGED.
 */
export function createExceptions({ state, clock, refuse, causeOf }: ExceptionOptions): ExceptionService {
  async function propose(
    alertId: string,
    kind: NewException['kind'],
    wanted?: Readonly<Record<string, string>>,
  ): Promise<ExceptionProposal> {
    const alert = await findAlert(state, alertId);
    const choices = exactEntities(alert);
    const scope = wanted ?? (kind === 'quiet' ? causeIn(alert, await causeOf(alert.rule.id)) : choices);
    const reach = { ruleIds: [alert.rule.id], scope, demo: alert.demo };
    const would = await wouldHide(state, reach, clock(), kind === 'quiet' ? alertId : undefined);
    const isNothing = Object.keys(scope).length === 0;
    return {
      ruleId: alert.rule.id,
      choices,
      scope,
      refusal: whyNot(alert, scope),
      wouldHide: isNothing ? { ...would, count: 0, alerts: [] } : would,
    };
  }

  /** Keeps it with its leaves and puts away what it covers, in one transaction. */
  async function make(make: (queries: StateQueries, nowMs: number) => Promise<Exception>): Promise<Exception> {
    const { exception, hidden } = await state.transaction(async (queries) => {
      const nowMs = clock();
      const made = await make(queries, nowMs);
      await queries.exceptions.insert(made);
      const ids = await putAway(queries, made, nowMs);
      const { id, kind, owner, ruleIds, scope, reason, startsMs, expiresMs, alertId } = made;
      const details = { kind, rules: ruleIds, scope, reason, startsMs, expiresMs, alertId, ...putAwayDetails(ids) };
      await queries.evidence.append([{ timeMs: nowMs, kind: 'exception.created', actor: owner, subject: id, details }]);
      if (alertId !== undefined) await noteOnAlert(queries, made, alertId, nowMs);
      return { exception: made, hidden: kind === 'quiet' && alertId !== undefined ? [...ids, alertId] : ids };
    });
    await withdrawQuestions(state, refuse, hidden, exception.owner);
    return exception;
  }

  return {
    propose,
    proposeMaintenance: (plan) => proposeMaintenance(state, plan, clock()),

    create: ({ alertId, kind, scope, reason, durationMs }, owner) =>
      make(async (queries, createdMs) => {
        const alert = await findAlert(queries, alertId);
        const refusal = whyNot(alert, scope);
        if (refusal) throw refusal;
        const lastsMs = durationMs ?? (kind === 'quiet' ? DEFAULT_QUIET_MS : DEFAULT_EXCEPTION_MS);
        refuseTooLong(kind, lastsMs);
        return {
          id: newId(),
          kind,
          ruleIds: [alert.rule.id],
          ruleTitle: alert.rule.title,
          alertId,
          scope,
          owner,
          reason,
          demo: alert.demo,
          createdMs,
          startsMs: createdMs,
          expiresMs: createdMs + lastsMs,
          revision: 0,
        };
      }),

    plan: ({ reason, ...plan }, owner) =>
      make(async (_, createdMs) => {
        const refusal = whyNotMaintenance(plan, createdMs);
        if (refusal) throw refusal;
        return {
          id: newId(),
          kind: 'maintenance',
          ...plan,
          ruleIds: [...plan.ruleIds],
          owner,
          reason,
          demo: false,
          createdMs,
          revision: 0,
        };
      }),

    async change(id, change, actor) {
      const { changed, hidden } = await state.transaction(async (queries) => {
        const nowMs = clock();
        const before = await queries.exceptions.find(id);
        if (before === undefined || isOver(before, nowMs)) throw notInForce();
        if (before.revision !== change.revision) throw new BartizanError('BTZ_EXCEPTION_CHANGED');
        const after = changedTo(before, change, nowMs);
        if (!(await queries.exceptions.change(after, nowMs))) throw notInForce();
        const ids = after.kind === 'maintenance' ? await putAway(queries, after, nowMs) : [];
        const details = { kind: after.kind, ...differences(before, after), ...putAwayDetails(ids) };
        await queries.evidence.append([{ timeMs: nowMs, kind: 'exception.changed', actor, subject: id, details }]);
        return { changed: after, hidden: ids };
      });
      await withdrawQuestions(state, refuse, hidden, actor);
      return changed;
    },

    async list() {
      const latest = await state.exceptions.list(LISTED_EXCEPTIONS);
      // Whatever hides something now has to be seen, however long ago it was made.
      const known = new Set(latest.map(({ id }) => id));
      const older = (await state.exceptions.live(clock())).filter(({ id }) => !known.has(id));
      const items = [...latest, ...older.reverse()];
      const hidden = await state.alerts.hiddenBy(items.map(({ id }) => id));
      return items.map((exception) => ({ ...exception, hidden: hidden.get(exception.id) ?? 0 }));
    },

    end: (id, actor) =>
      state.transaction(async (queries) => {
        const timeMs = clock();
        const ended = await queries.exceptions.end(id, timeMs);
        if (!ended) throw notInForce();
        await queries.evidence.append([endedLeaf(ended, actor, timeMs)]);
        return ended;
      }),
  };
}

/** Notes what ended by itself, with a leaf for each. Answers how many there were, at most 100 at a time. */
export function lapseExceptions(state: StateStore, nowMs: number): Promise<number> {
  return state.transaction(async (queries) => {
    const over = await queries.exceptions.lapse(nowMs);
    if (over.length > 0) await queries.evidence.append(over.map((exception) => endedLeaf(exception, 'system', nowMs)));
    return over.length;
  });
}

function endedLeaf({ id, kind, ruleIds, scope, reason, expiresMs, owner }: Exception, actor: string, timeMs: number) {
  const details = { kind, rules: ruleIds, scope, reason, expiresMs, owner };
  return { timeMs, kind: 'exception.ended' as const, actor, subject: id, details };
}

/** On the alert’s own page, beside how it was raised. What is made quiet has been seen. */
async function noteOnAlert(
  queries: StateQueries,
  { id, kind, owner, reason, expiresMs }: Exception,
  alertId: string,
  timeMs: number,
): Promise<void> {
  const isSeen = kind === 'quiet' && ['open', 'held_back'].includes((await findAlert(queries, alertId)).status);
  const details =
    kind === 'quiet'
      ? { quietBy: id, untilMs: expiresMs, reason, ...(isSeen && { status: 'acknowledged' }) }
      : { hiddenBy: id, reason };
  if (isSeen) await queries.alerts.setStatus(alertId, 'acknowledged', timeMs);
  await queries.evidence.append([{ timeMs, kind: 'alert.status_changed', actor: owner, subject: alertId, details }]);
}

function changedTo(before: Exception, { revision, ...wanted }: ExceptionChange, nowMs: number): Exception {
  const after = { ...before, ...wanted, revision: revision + 1 };
  if (before.kind === 'maintenance') {
    const refusal = whyNotMaintenance(after, nowMs, before.startsMs <= nowMs ? before.startsMs : undefined);
    if (refusal) throw refusal;
    return after;
  }
  if (wanted.ruleIds || wanted.scope || wanted.startsMs !== undefined)
    throw new BartizanError('BTZ_BODY_INVALID', { problem: 'of this kind only the reason and the end can be changed' });
  if (after.expiresMs <= nowMs) throw new BartizanError('BTZ_EXCEPTION_TIMES', { problem: 'it would be over already' });
  refuseTooLong(before.kind, after.expiresMs - nowMs);
  return after;
}

function refuseTooLong(kind: Exception['kind'], lastsMs: number): void {
  const longestMs = kind === 'quiet' ? MAX_QUIET_MS : MAX_EXCEPTION_MS;
  if (lastsMs > longestMs)
    throw new BartizanError('BTZ_EXCEPTION_TIMES', { problem: `it is longer than ${longestMs / 86_400_000} days` });
}

const CHANGING = ['reason', 'startsMs', 'expiresMs', 'ruleIds', 'scope'] as const;

function differences(before: Exception, after: Exception) {
  const names = CHANGING.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const pick = (of: Exception) => Object.fromEntries(names.map((name) => [name, of[name]]));
  return { from: pick(before), to: pick(after) };
}

function isOver({ endedMs, expiresMs }: Exception, nowMs: number): boolean {
  return endedMs !== undefined || expiresMs <= nowMs;
}

function notInForce(): BartizanError {
  return new BartizanError('BTZ_NOT_FOUND', { what: 'exception of that id that is not over' });
}

async function findAlert(queries: Pick<StateQueries, 'alerts'>, id: string): Promise<StoredAlert> {
  const alert = await queries.alerts.find(id);
  if (!alert) throw new BartizanError('BTZ_NOT_FOUND', { what: 'alert of that id' });
  return alert;
}

/** What a repetition has in common with the alert; all that is known of it where that would be too wide. */
function causeIn(alert: StoredAlert, groupBy: readonly string[] = []): Record<string, string> {
  const exact = exactEntities(alert);
  const cause = Object.fromEntries(Object.entries(exact).filter(([name]) => groupBy.includes(name)));
  return isTooWideFor(alert.rule.level, cause) ? exact : cause;
}

/** Why an exception may not be this wide, or undefined. */
function whyNot(alert: StoredAlert, scope: Readonly<Record<string, string>>): BartizanError | undefined {
  const names = Object.keys(scope);
  const rule = alert.rule.id;
  if (names.length === 0) return new BartizanError('BTZ_EXCEPTION_EMPTY', { rule });
  const exact = exactEntities(alert);
  const foreign = names.find((name) => !isWithin(exact, { [name]: scope[name] ?? '' }));
  if (foreign !== undefined) return new BartizanError('BTZ_EXCEPTION_NOT_OF_ALERT', { entity: foreign });
  if (isTooWideFor(alert.rule.level, scope))
    return new BartizanError('BTZ_EXCEPTION_TOO_WIDE', {
      rule,
      scope: names.join(', '),
      anchors: ANCHORS.join(', '),
    });
  return undefined;
}
