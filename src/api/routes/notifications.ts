import { channelViewSchema } from '#model/notification.ts';
import {
  channelBodySchema,
  channelListSchema,
  channelParamsSchema,
  deadLetterListSchema,
} from '../notification-schemas.ts';
import { idParamsSchema, okSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** Who is told: channels (secrets go in and never come out), test messages, and what could not be delivered. */
export function notificationRoutes(api: Api, { services }: RouteContext): void {
  const { notifications } = services;
  const administrator = { config: { role: 'administrator' } } as const;
  const ok = { ok: true } as const;

  api.get(
    '/notifications/channels',
    { ...administrator, schema: { response: { 200: channelListSchema } } },
    async () => ({ items: [...(await notifications.channels())] }),
  );

  api.post(
    '/notifications/channels',
    { ...administrator, schema: { body: channelBodySchema, response: { 200: channelViewSchema } } },
    (request) => notifications.create(request.body, request.actor),
  );

  api.delete(
    '/notifications/channels/:channel',
    { ...administrator, schema: { params: channelParamsSchema, response: { 200: okSchema } } },
    async (request) => {
      await notifications.delete(request.params.channel, request.actor);
      return ok;
    },
  );

  api.post(
    '/notifications/channels/:channel/test',
    { ...administrator, schema: { params: channelParamsSchema, response: { 200: okSchema } } },
    async (request) => {
      await notifications.test(request.params.channel, request.actor);
      return ok;
    },
  );

  api.get(
    '/notifications/dead-letters',
    { ...administrator, schema: { response: { 200: deadLetterListSchema } } },
    async () => ({ items: [...(await notifications.deadLetters())] }),
  );

  api.post(
    '/notifications/dead-letters/:id/retry',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: okSchema } } },
    async (request) => {
      await notifications.retry(request.params.id, request.actor);
      return ok;
    },
  );
}
