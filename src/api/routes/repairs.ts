import { repairBodySchema, repairKindsSchema, repairPlanSchema } from '../repair-schemas.ts';
import { actionSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** Repairs of live accounts: which there are, dry run, and the question that a person then answers under `/actions`. */
export function repairRoutes(api: Api, { services }: RouteContext): void {
  const administrator = { config: { role: 'administrator' } } as const;
  const { repairs } = services;

  api.get('/posture/repairs', { ...administrator, schema: { response: { 200: repairKindsSchema } } }, () => ({
    items: repairs.kinds(),
  }));
  api.post(
    '/posture/repairs/plan',
    { ...administrator, schema: { body: repairBodySchema, response: { 200: repairPlanSchema } } },
    async (request) => {
      const { refusal, obstacle, ...plan } = await repairs.plan(request.body);
      return {
        ...plan,
        ...(refusal && { refusal: { code: refusal.code, message: refusal.message, remedy: refusal.remedy } }),
        ...(obstacle && { obstacle: { code: obstacle.code, message: obstacle.message, remedy: obstacle.remedy } }),
      };
    },
  );
  api.post(
    '/posture/repairs',
    { ...administrator, schema: { body: repairBodySchema, response: { 200: actionSchema } } },
    (request) => repairs.ask(request.body, request.actor),
  );
}
