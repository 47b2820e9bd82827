import type { BartizanError } from '#kit/errors.ts';
import { exceptionSchema } from '#model/exception.ts';
import {
  exceptionBodySchema,
  exceptionChangeSchema,
  exceptionListSchema,
  exceptionProposalBodySchema,
  exceptionProposalSchema,
  maintenanceBodySchema,
  maintenancePlanSchema,
  maintenanceProposalSchema,
} from '../exception-schemas.ts';
import { idParamsSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** What is not to be told: what an exception would hide, making one, changing it, ending it before its time. */
export function exceptionRoutes(api: Api, { services }: RouteContext): void {
  const administrator = { config: { role: 'administrator' } } as const;

  api.post(
    '/alerts/:id/exception-proposal',
    {
      ...administrator,
      schema: {
        params: idParamsSchema,
        body: exceptionProposalBodySchema,
        response: { 200: exceptionProposalSchema },
      },
    },
    async (request) => {
      const { kind, scope } = request.body;
      return asJson(await services.exceptions.propose(request.params.id, kind, scope));
    },
  );

  api.get('/exceptions', { ...administrator, schema: { response: { 200: exceptionListSchema } } }, async () => ({
    nowMs: services.clock(),
    items: [...(await services.exceptions.list())],
  }));

  api.post(
    '/exceptions',
    { ...administrator, schema: { body: exceptionBodySchema, response: { 200: exceptionSchema } } },
    (request) => services.exceptions.create(request.body, request.actor),
  );

  api.post(
    '/maintenance-proposal',
    { ...administrator, schema: { body: maintenancePlanSchema, response: { 200: maintenanceProposalSchema } } },
    async (request) => asJson(await services.exceptions.proposeMaintenance(request.body)),
  );

  api.post(
    '/maintenance',
    { ...administrator, schema: { body: maintenanceBodySchema, response: { 200: exceptionSchema } } },
    (request) => services.exceptions.plan(request.body, request.actor),
  );

  api.put(
    '/exceptions/:id',
    {
      ...administrator,
      schema: { params: idParamsSchema, body: exceptionChangeSchema, response: { 200: exceptionSchema } },
    },
    (request) => services.exceptions.change(request.params.id, request.body, request.actor),
  );

  api.delete(
    '/exceptions/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: exceptionSchema } } },
    (request) => services.exceptions.end(request.params.id, request.actor),
  );
}

function asJson<T extends { readonly refusal?: BartizanError }>({ refusal, ...proposal }: T) {
  if (!refusal) return proposal;
  return { ...proposal, refusal: { code: refusal.code, message: refusal.message, remedy: refusal.remedy } };
}
