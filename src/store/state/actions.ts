import type { Kysely } from 'kysely';

import type { Action, ActionState } from '#model/action.ts';

import type { ActionQueries } from '../state-store.ts';
import { optional } from './encoding.ts';
import type { ActionRow, StateSchema } from './schema.ts';

const MAX_PAGE = 1_000;

export function actionQueries(db: Kysely<StateSchema>): ActionQueries {
  return {
    async insert(action) {
      await db.insertInto('actions').values(toRow(action)).execute();
    },

    async transition(id, from, change) {
      if (from.length === 0) return undefined;
      // One statement: the engine lets exactly one of two rivals find the old state.
      const row = await db
        .updateTable('actions')
        .set(toColumns(change))
        .where('id', '=', id)
        .where('state', 'in', from)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },

    async find(id) {
      const row = await db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list({ verb, states, alertId, target, limit, offset = 0 }) {
      if (states?.length === 0) return [];
      let query = db.selectFrom('actions').selectAll();
      if (verb !== undefined) query = query.where('verb', '=', verb);
      if (states) query = query.where('state', 'in', states);
      if (alertId !== undefined) query = query.where('alert_id', '=', alertId);
      if (target !== undefined) query = query.where('target', '=', target);
      const rows = await query
        .orderBy('requested_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE))
        .offset(Math.max(Math.trunc(offset), 0))
        .execute();
      return rows.map(fromRow);
    },
  };
}

function toRow(action: Action): ActionRow {
  return {
    id: action.id,
    verb: action.verb,
    target: action.target,
    state: action.state,
    alert_id: action.alertId ?? null,
    requested_by: action.requestedBy,
    approved_by: action.approvedBy ?? null,
    requested_ms: action.requestedMs,
    done_ms: action.doneMs ?? null,
    expires_ms: action.expiresMs ?? null,
    ended_ms: action.endedMs ?? null,
    problem: action.problem ? JSON.stringify(action.problem) : null,
    dry_run: action.dryRun ? 1 : 0,
    repair: action.repair ? JSON.stringify(action.repair) : null,
  };
}

/** Only the columns that change; a field that is undefined stays as it is. */
function toColumns(change: Partial<Action> & { state: ActionState }): Partial<ActionRow> {
  return {
    state: change.state,
    alert_id: change.alertId,
    requested_by: change.requestedBy,
    approved_by: change.approvedBy,
    requested_ms: change.requestedMs,
    done_ms: change.doneMs,
    expires_ms: change.expiresMs,
    ended_ms: change.endedMs,
    problem: change.problem && JSON.stringify(change.problem),
    dry_run: change.dryRun === undefined ? undefined : change.dryRun ? 1 : 0,
    repair: change.repair && JSON.stringify(change.repair),
  };
}

function fromRow(row: ActionRow): Action {
  const action: Action = {
    id: row.id,
    verb: row.verb as Action['verb'],
    target: row.target,
    state: row.state as ActionState,
    alertId: optional(row.alert_id),
    requestedBy: row.requested_by,
    approvedBy: optional(row.approved_by),
    requestedMs: row.requested_ms,
    doneMs: optional(row.done_ms),
    expiresMs: optional(row.expires_ms),
    endedMs: optional(row.ended_ms),
    problem: row.problem === null ? undefined : (JSON.parse(row.problem) as Action['problem']),
    dryRun: row.dry_run === 1,
    repair: row.repair === null ? undefined : (JSON.parse(row.repair) as Action['repair']),
  };
  return action;
}
