import { newId } from '#access/secrets.ts';
import type { ExceptionProposal, ExceptionService, NewException } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import type { StoredAlert } from '#model/alert.ts';
import {
  ANCHORS,
  DEFAULT_EXCEPTION_MS,
  type Exception,
  exactEntities,
  isTooWideFor,
  isWithin,
} from '#model/exception.ts';
import type { StateQueries, StateStore } from '#store/state-store.ts';

export interface ExceptionOptions {
  readonly state: StateStore;
  readonly clock: () => number;
  /** Withdraws a question that an alert has put. */
  readonly refuse: (actionId: string, actor: string) => Promise<unknown>;
}

/** How far back it is said what an exception would have hidden. */
const LOOK_BACK_MS = 30 * 86_400_000;
const LISTED_ALERTS = 50;
/** In the leaf; how many there are is said whole. */
const NAMED_ALERTS = 200;
const LISTED_EXCEPTIONS = 500;
const MOST_QUESTIONS = 1_000;

/**
 * What people found to be no attack. An exception starts from an alert and can name only what was seen in it; it has an
 * owner, a reason and an end. Making and ending it is a leaf, written with it.
 *
 * Errors: BTZ_NOT_FOUND, BTZ_EXCEPTION_EMPTY, BTZ_EXCEPTION_TOO_WIDE, BTZ_EXCEPTION_NOT_OF_ALERT.
 */
export function createExceptions({ state, clock, refuse }: ExceptionOptions): ExceptionService {
  async function propose(alertId: string, wanted?: Readonly<Record<string, string>>): Promise<ExceptionProposal> {
    const alert = await findAlert(state, alertId);
    const choices = exactEntities(alert);
    const scope = wanted ?? choices;
    const refusal = whyNot(alert, scope);
    const { items, all, ofRule, isWhole } = await coveredBy(state, alert, scope, clock());
    return {
      ruleId: alert.rule.id,
      choices,
      scope,
      refusal,
      wouldHide: { count: all.length, ofRule, isWhole, alerts: [...items] },
    };
  }

  async function create({ alertId, scope, reason, durationMs }: NewException, owner: string): Promise<Exception> {
    const createdMs = clock();
    const { exception, hidden } = await state.transaction(async (queries) => {
      const alert = await findAlert(queries, alertId);
      const refusal = whyNot(alert, scope);
      if (refusal) throw refusal;
      const made: Exception = {
        id: newId(),
        ruleId: alert.rule.id,
        ruleTitle: alert.rule.title,
        alertId,
        scope,
        owner,
        reason,
        demo: alert.demo,
        createdMs,
        expiresMs: createdMs + (durationMs ?? DEFAULT_EXCEPTION_MS),
      };
      // The alerts that the person was shown are what he called false; those he has judged already stay judged.
      const { all } = await coveredBy(queries, alert, scope, createdMs);
      const ids = all
        .filter(({ status, level }) => (status === 'open' || status === 'held_back') && !isTooWideFor(level, scope))
        .map(({ id }) => id);
      const { id, ruleId, expiresMs } = made;
      await queries.evidence.append([
        {
          timeMs: createdMs,
          kind: 'exception.created',
          actor: owner,
          subject: id,
          details: {
            rule: ruleId,
            scope,
            reason,
            expiresMs,
            alertId,
            hides: ids.length,
            alerts: ids.slice(0, NAMED_ALERTS),
          },
        },
        // On the alert’s own page, beside how it was raised.
        {
          timeMs: createdMs,
          kind: 'alert.status_changed',
          actor: owner,
          subject: alertId,
          details: { hiddenBy: id, reason },
        },
      ]);
      await queries.exceptions.insert(made);
      await queries.alerts.place(ids, { status: 'hidden', exceptionId: id }, createdMs);
      return { exception: made, hidden: new Set(ids) };
    });
    await withdrawQuestions(hidden, owner);
    return exception;
  }

  /** What is no attack need not be blocked. A question that was answered meanwhile is none. */
  async function withdrawQuestions(hidden: ReadonlySet<string>, actor: string): Promise<void> {
    const asked = await state.actions.list({ states: ['asked'], limit: MOST_QUESTIONS });
    for (const { id, alertId } of asked) {
      if (alertId === undefined || !hidden.has(alertId)) continue;
      await refuse(id, actor).catch((thrown: unknown) => {
        if (!(thrown instanceof BartizanError && thrown.code === 'BTZ_ACTION_STATE')) throw thrown;
      });
    }
  }

  return {
    propose,
    create,
    async list() {
      const items = await state.exceptions.list(LISTED_EXCEPTIONS);
      const hidden = await state.alerts.hiddenBy(items.map(({ id }) => id));
      return items.map((exception) => ({ ...exception, hidden: hidden.get(exception.id) ?? 0 }));
    },
    end: (id, actor) =>
      state.transaction(async (queries) => {
        const timeMs = clock();
        const found = await queries.exceptions.find(id);
        if (found === undefined || found.endedMs !== undefined || found.expiresMs <= timeMs) throw notInForce();
        const { ruleId, scope, reason, expiresMs } = found;
        await queries.evidence.append([
          {
            timeMs,
            kind: 'exception.ended',
            actor,
            subject: id,
            details: { rule: ruleId, scope, reason, expiresMs, owner: found.owner },
          },
        ]);
        const ended = await queries.exceptions.end(id, timeMs);
        if (!ended) throw notInForce();
        return ended;
      }),
  };
}

function notInForce(): BartizanError {
  return new BartizanError('BTZ_NOT_FOUND', { what: 'exception of that id in force' });
}

async function findAlert(queries: Pick<StateQueries, 'alerts'>, id: string): Promise<StoredAlert> {
  const alert = await queries.alerts.find(id);
  if (!alert) throw new BartizanError('BTZ_NOT_FOUND', { what: 'alert of that id' });
  return alert;
}

function coveredBy(
  queries: Pick<StateQueries, 'alerts'>,
  { rule, demo }: StoredAlert,
  scope: Readonly<Record<string, string>>,
  nowMs: number,
) {
  return queries.alerts.covered({ ruleId: rule.id, scope, demo, fromMs: nowMs - LOOK_BACK_MS, limit: LISTED_ALERTS });
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
