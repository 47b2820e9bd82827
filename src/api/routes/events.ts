import { BartizanError } from '#kit/errors.ts';
import type { EventQuery } from '#store/event-lake.ts';
import { eventPageSchema, eventsQuerySchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

const OPERATORS = { '=': 'eq', '!=': 'ne', '~': 'contains', '^': 'startswith', $: 'endswith', '?': 'exists' } as const;
const CONDITION = /^([A-Za-z_][\w.-]{0,120})(!=|=|~|\^|\$|\?)([\s\S]{0,1000})$/;

/** Search over stored events. */
export function eventRoutes(api: Api, { services }: RouteContext): void {
  api.get(
    '/events',
    {
      config: { role: 'administrator' },
      schema: { querystring: eventsQuerySchema, response: { 200: eventPageSchema } },
    },
    async (request) => {
      const { from, to, source, text, where, limit, before } = request.query;
      const conditions = (typeof where === 'string' ? [where] : (where ?? [])).map(parseCondition);
      const page = await services.lake.search({
        fromMs: from,
        toMs: to,
        source,
        text,
        where: conditions,
        limit,
        before,
      });
      return { items: [...page.items], next: page.next };
    },
  );
}

/** `user.name=root` → a condition of the lake. Throws BTZ_BODY_INVALID. */
export function parseCondition(text: string): NonNullable<EventQuery['where']>[number] {
  const match = CONDITION.exec(text);
  const operator = match?.[2] as keyof typeof OPERATORS | undefined;
  if (!match?.[1] || operator === undefined)
    throw new BartizanError('BTZ_BODY_INVALID', {
      problem: `“${text.slice(0, 80)}” is not a condition such as user.name=root`,
    });
  return { field: match[1], op: OPERATORS[operator], value: operator === '?' ? undefined : match[3] };
}
