import { z } from 'zod';
import { levelSchema } from '#model/alert.ts';
import { channelKindSchema, channelViewSchema, deliverySchema } from '#model/notification.ts';

export const channelBodySchema = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,63}$/u, 'Letters, digits, spaces and . _ - only, at most 64'),
  kind: channelKindSchema,
  url: z.string().max(2_000).optional().describe('The provider’s webhook address; a secret, never answered again'),
  secret: z.string().min(1).max(500).optional().describe('Signing secret or routing key; never answered again'),
  minLevel: levelSchema.default('high'),
  language: z.enum(['zh', 'en']).default('zh'),
  allowPrivate: z.boolean().default(false).describe('Lets this channel reach loopback and private addresses'),
  consoleUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
});

export const channelListSchema = z.object({ items: z.array(channelViewSchema) });

/** Names and ids both lead to a channel. */
export const channelParamsSchema = z.object({ channel: z.string().min(1).max(64) });

export const deadLetterListSchema = z.object({
  items: z.array(
    deliverySchema
      .pick({ id: true, channelId: true, attempts: true, createdMs: true, problem: true })
      .extend({ title: z.string(), count: z.number().describe('Alerts that it was about') }),
  ),
});
