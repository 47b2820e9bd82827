import { BartizanError } from '#kit/errors.ts';
import type { StateStore } from '#store/state-store.ts';
import {
  alertListSchema,
  alertPageSchema,
  alertStatusBodySchema,
  alertsQuerySchema,
  HELD_BACK_SPAN_MS,
  HIDDEN_SPAN_MS,
  idParamsSchema,
  okSchema,
} from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** The list of alerts and the page of one. */
export function alertRoutes(api: Api, { services }: RouteContext): void {
  const { state } = services;

  api.get(
    '/alerts',
    {
      config: { role: 'administrator' },
      schema: { querystring: alertsQuerySchema, response: { 200: alertListSchema } },
    },
    async (request) => {
      const { rule: ruleId, exception: exceptionId, ...filter } = request.query;
      const isPutAway = filter.status === undefined ? false : undefined;
      const nowMs = services.clock();
      const [{ items, total }, hidden, heldBack] = await Promise.all([
        state.alerts.list({ ...filter, isPutAway, ruleId, exceptionId }),
        state.alerts.list({ status: 'hidden', fromMs: nowMs - HIDDEN_SPAN_MS, limit: 0 }),
        state.alerts.heldBack(nowMs - HELD_BACK_SPAN_MS),
      ]);
      const repeats = await state.alerts.repeats(items.map(({ id }) => id));
      const withRepeats = items.map((alert) => ({ ...alert, repeats: repeats.get(alert.id) }));
      return {
        items: withRepeats,
        total,
        hidden: hidden.total,
        heldBack: [...heldBack],
        maintenance: await lateMaintenance(state, nowMs),
      };
    },
  );

  api.get(
    '/alerts/:id',
    { config: { role: 'administrator' }, schema: { params: idParamsSchema, response: { 200: alertPageSchema } } },
    async (request) => {
      const { id } = request.params;
      const alert = await state.alerts.find(id);
      if (!alert) throw new BartizanError('BTZ_NOT_FOUND', { what: 'alert of that id' });
      const actions = await state.actions.list({ alertId: id, limit: 50 });
      const leaves = await Promise.all(
        [id, ...actions.map((action) => action.id)].map((subject) => state.evidence.latest(50, subject)),
      );
      const { exceptionId } = alert;
      const exception = exceptionId === undefined ? undefined : await state.exceptions.find(exceptionId);
      const nowMs = services.clock();
      const quiet = (await state.exceptions.ofAlert(id)).find(
        ({ kind, endedMs, expiresMs }) => kind === 'quiet' && endedMs === undefined && expiresMs > nowMs,
      );
      const repeats = (await state.alerts.repeats([id])).get(id);
      return {
        alert: { ...alert, repeats },
        exception,
        quiet,
        actions: [...actions],
        evidence: leaves.flat().sort((a, b) => b.index - a.index),
      };
    },
  );

  api.post(
    '/alerts/:id/status',
    {
      config: { role: 'administrator' },
      schema: { params: idParamsSchema, body: alertStatusBodySchema, response: { 200: okSchema } },
    },
    async (request) => {
      const { id } = request.params;
      const { status } = request.body;
      const timeMs = services.clock();
      await state.transaction(async (queries) => {
        if (!(await queries.alerts.setStatus(id, status, timeMs)))
          throw new BartizanError('BTZ_NOT_FOUND', { what: 'alert of that id' });
        await queries.evidence.append([
          { timeMs, kind: 'alert.status_changed', actor: request.actor, subject: id, details: { status } },
        ]);
      });
      return { ok: true as const };
    },
  );
}

const LATELY_MS = 86_400_000;
const MOST_LOOKED_AT = 500;

/** What a window put away is easily forgotten once the work is done. */
async function lateMaintenance(state: StateStore, nowMs: number) {
  const windows = (await state.exceptions.list(MOST_LOOKED_AT))
    .filter(({ kind, startsMs }) => kind === 'maintenance' && startsMs <= nowMs)
    .map(({ id, reason, endedMs, expiresMs }) => ({ id, reason, endsMs: endedMs ?? expiresMs }))
    .filter(({ endsMs }) => endsMs > nowMs - LATELY_MS);
  const hidden = await state.alerts.hiddenBy(windows.map(({ id }) => id));
  return windows
    .map((window) => ({ ...window, hidden: hidden.get(window.id) ?? 0, isOver: window.endsMs <= nowMs }))
    .filter((window) => window.hidden > 0);
}
