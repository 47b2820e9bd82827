import { evidenceListSchema, evidenceQuerySchema, settingsBodySchema, settingsSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** Settings, and the evidence that every change of them leaves. */
export function settingRoutes(api: Api, { services }: RouteContext): void {
  const administrator = { config: { role: 'administrator' } } as const;

  api.get('/settings', { ...administrator, schema: { response: { 200: settingsSchema } } }, async () =>
    services.settings.get(),
  );

  api.put(
    '/settings',
    { ...administrator, schema: { body: settingsBodySchema, response: { 200: settingsSchema } } },
    (request) => services.settings.change(request.body, request.actor),
  );

  api.get(
    '/evidence',
    { ...administrator, schema: { querystring: evidenceQuerySchema, response: { 200: evidenceListSchema } } },
    async (request) => {
      const { size, checkpoint, verifierKey } = services.evidence.status();
      return { size, checkpoint, verifierKey, items: [...(await services.state.evidence.latest(request.query.limit))] };
    },
  );
}
