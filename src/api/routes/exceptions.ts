import { exceptionSchema } from '#model/exception.ts';
import {
  exceptionBodySchema,
  exceptionListSchema,
  exceptionProposalBodySchema,
  exceptionProposalSchema,
  idParamsSchema,
} from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** False positives: what an exception would hide, making one, ending one before its time. */
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
      const { refusal, ...proposal } = await services.exceptions.propose(request.params.id, request.body.scope);
      return refusal
        ? { ...proposal, refusal: { code: refusal.code, message: refusal.message, remedy: refusal.remedy } }
        : proposal;
    },
  );

  api.get('/exceptions', { ...administrator, schema: { response: { 200: exceptionListSchema } } }, async () => ({
    items: [...(await services.exceptions.list())],
  }));

  api.post(
    '/exceptions',
    { ...administrator, schema: { body: exceptionBodySchema, response: { 200: exceptionSchema } } },
    (request) => services.exceptions.create(request.body, request.actor),
  );

  api.delete(
    '/exceptions/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: exceptionSchema } } },
    (request) => services.exceptions.end(request.params.id, request.actor),
  );
}
