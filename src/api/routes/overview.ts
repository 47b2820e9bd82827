import { BartizanError } from '#kit/errors.ts';
import { chartsQuerySchema, chartsSchema, drillSchema, overviewSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

const MAX_BUCKETS = 2_000;

/** What the first page shows, and the drill. */
export function overviewRoutes(api: Api, { services }: RouteContext): void {
  api.get('/overview', { config: { role: 'administrator' }, schema: { response: { 200: overviewSchema } } }, () =>
    services.overview(),
  );

  api.get(
    '/charts',
    { config: { role: 'administrator' }, schema: { querystring: chartsQuerySchema, response: { 200: chartsSchema } } },
    async (request) => {
      const { from, to, bucket } = request.query;
      if (to < from || (to - from) / bucket > MAX_BUCKETS)
        throw new BartizanError('BTZ_BODY_INVALID', { problem: `at most ${MAX_BUCKETS} buckets between from and to` });
      const [events, alerts] = await Promise.all([
        services.lake.histogram({ fromMs: from, toMs: to }, bucket),
        services.state.alerts.histogram(from, to, bucket),
      ]);
      return { events: [...events], alerts: [...alerts] };
    },
  );

  api.post(
    '/drill',
    {
      config: { role: 'administrator', rateLimit: { max: 6, timeWindow: 60_000 } },
      schema: { response: { 200: drillSchema } },
    },
    (request) => services.drill(request.actor),
  );
}
