import { ruleCatalogSchema, rulePageSchema, ruleParamsSchema } from '../rule-schemas.ts';
import { huntBodySchema, huntListSchema, huntSchema, idParamsSchema, rulesSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** The rules that run, reading them anew, and hunts: rules over the stored past. */
export function ruleRoutes(api: Api, { services }: RouteContext): void {
  const administrator = { config: { role: 'administrator' } } as const;

  api.get('/rules', { ...administrator, schema: { response: { 200: rulesSchema } } }, async () =>
    services.rules.status(),
  );

  api.post('/rules/reload', { ...administrator, schema: { response: { 200: rulesSchema } } }, (request) =>
    services.rules.reload(request.actor),
  );

  api.get('/rules/catalog', { ...administrator, schema: { response: { 200: ruleCatalogSchema } } }, () =>
    services.ruleCatalog.list(),
  );

  api.get(
    '/rules/catalog/:id',
    { ...administrator, schema: { params: ruleParamsSchema, response: { 200: rulePageSchema } } },
    (request) => services.ruleCatalog.get(request.params.id),
  );

  api.get('/hunts', { ...administrator, schema: { response: { 200: huntListSchema } } }, async () => ({
    items: [...services.hunts.list()],
  }));

  api.post('/hunts', { ...administrator, schema: { body: huntBodySchema, response: { 200: huntSchema } } }, (request) =>
    services.hunts.start(request.body, request.actor),
  );

  api.get(
    '/hunts/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: huntSchema } } },
    async (request) => services.hunts.get(request.params.id),
  );

  api.post(
    '/hunts/:id/cancel',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: huntSchema } } },
    (request) => services.hunts.cancel(request.params.id),
  );
}
