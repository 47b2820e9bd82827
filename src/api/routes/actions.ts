import type { ActionState } from '#model/action.ts';
import {
  actionListSchema,
  actionSchema,
  actionsQuerySchema,
  blockBodySchema,
  idParamsSchema,
  planBodySchema,
  planSchema,
} from '../schemas.ts';
import { undoBodySchema } from '../repair-schemas.ts';
import type { Api, RouteContext } from './route.ts';

const STATES = {
  asked: ['asked'],
  live: ['approved', 'running', 'done'],
  ended: ['undone', 'expired', 'refused', 'failed'],
  all: undefined,
} as const satisfies Record<string, readonly ActionState[] | undefined>;

/** Responses: dry run, do, approve, refuse, undo. */
export function actionRoutes(api: Api, { services }: RouteContext): void {
  const { responder, state } = services;
  const administrator = { config: { role: 'administrator' } } as const;

  api.post(
    '/actions/plan',
    { ...administrator, schema: { body: planBodySchema, response: { 200: planSchema } } },
    async (request) => {
      const { refusal, commands, ...rest } = await responder.plan(request.body.target);
      const plan = { ...rest, commands: [...commands] };
      return refusal
        ? { ...plan, refusal: { code: refusal.code, message: refusal.message, remedy: refusal.remedy } }
        : plan;
    },
  );

  api.get(
    '/actions',
    { ...administrator, schema: { querystring: actionsQuerySchema, response: { 200: actionListSchema } } },
    async (request) => ({
      items: [
        ...(await state.actions.list({
          verb: request.query.verb,
          states: STATES[request.query.state],
          limit: request.query.limit,
        })),
      ],
    }),
  );

  api.post(
    '/actions',
    { ...administrator, schema: { body: blockBodySchema, response: { 200: actionSchema } } },
    (request) => responder.block({ ...request.body, actor: request.actor }),
  );

  for (const verb of ['approve', 'refuse'] as const) {
    api.post(
      `/actions/:id/${verb}`,
      { ...administrator, schema: { params: idParamsSchema, response: { 200: actionSchema } } },
      (request) => responder[verb]((request.params as { id: string }).id, request.actor),
    );
  }

  api.post(
    '/actions/:id/undo',
    { ...administrator, schema: { params: idParamsSchema, body: undoBodySchema, response: { 200: actionSchema } } },
    (request) => responder.undo(request.params.id, request.actor, request.body?.force),
  );
}
