import { z } from 'zod';
import { bilingualSchema, levelSchema } from './alert.ts';

/** Where a message can go; one folder each in `src/respond/notify/channels`. */
export const CHANNEL_KINDS = ['dingtalk', 'wecom', 'feishu', 'slack', 'teams', 'pagerduty', 'webhook'] as const;
export const channelKindSchema = z.enum(CHANNEL_KINDS);
export type ChannelKindId = z.infer<typeof channelKindSchema>;

/** One way to reach the owner, with what opens it. Never leaves the centre whole: `channelViewSchema` does. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKindId;
  /** Holds a token at most providers, so it is a secret itself. */
  readonly url: string;
  /** Signing secret or routing key. */
  readonly secret?: string;
  /** Alerts of this level and above. */
  readonly minLevel: z.infer<typeof levelSchema>;
  readonly language: 'zh' | 'en';
  /** Lets this channel reach loopback and private addresses, and speak plain HTTP there. */
  readonly allowPrivate: boolean;
  /** What links in messages begin with, where readers reach the console otherwise than the centre listens. */
  readonly consoleUrl?: string;
  readonly createdMs: number;
}

export const channelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: channelKindSchema,
  host: z.string().describe('Where messages go; the rest of the address is a secret'),
  hasSecret: z.boolean(),
  minLevel: levelSchema,
  language: z.enum(['zh', 'en']),
  allowPrivate: z.boolean(),
  consoleUrl: z.string().optional(),
  createdMs: z.number(),
  waiting: z.number().describe('Alerts that are not told yet'),
  problem: z.string().optional().describe('Why the message that waits did not get through yet'),
});
export type ChannelView = z.infer<typeof channelViewSchema>;

/** That an alert is to be told on a channel, once for each change of it. */
export interface Notice {
  readonly channelId: string;
  readonly alertId: string;
  readonly change: 'raised';
  readonly level: z.infer<typeof levelSchema>;
  readonly createdMs: number;
}

/** What is said, in the channel’s language, before any provider’s markup: all of it may hold text of an attacker. */
export const messageSchema = z.object({
  kind: z.enum(['alert', 'digest', 'note', 'test']),
  /** The same for every attempt: receivers that tell repeats apart do it by this. */
  id: z.string(),
  language: z.enum(['zh', 'en']),
  level: levelSchema,
  timeMs: z.number(),
  title: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  /** What happened, and what to do first. */
  paragraphs: z.array(z.string()),
  link: z.string().optional(),
  ruleId: z.string().optional(),
  /** Alerts that it stands for. */
  count: z.number(),
  entities: z.record(z.string(), z.string()).optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** Something else that the owner has to know, such as what a procedure asks of a person. */
export interface Note {
  /** What is told once: the same key tells nothing a second time within 30 days. */
  readonly key: string;
  readonly level: z.infer<typeof levelSchema>;
  readonly title: z.infer<typeof bilingualSchema>;
  readonly text: z.infer<typeof bilingualSchema>;
  /** Path in the console. */
  readonly path: string;
}

export const DELIVERY_STATES = ['waiting', 'sending', 'sent', 'dead', 'withdrawn'] as const;
/** One message on its way, for one alert or, as a digest, for many. */
export const deliverySchema = z.object({
  id: z.string(),
  channelId: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  /** A try ended without an answer: it may have arrived. */
  uncertain: z.boolean(),
  createdMs: z.number(),
  dueMs: z.number().describe('Not tried before'),
  triedMs: z.number().optional(),
  problem: z.string().optional(),
  message: messageSchema,
});
export type Delivery = z.infer<typeof deliverySchema>;
