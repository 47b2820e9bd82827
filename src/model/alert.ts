import { z } from 'zod';

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export const levelSchema = z.enum(LEVELS);
export type Level = z.infer<typeof levelSchema>;

/** The same sentence for both readers. */
export const bilingualSchema = z.object({ zh: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof bilingualSchema>;

/** Names of what an alert is about; values as text. `src_ip`, `user`, `host`, `process`, `path`, `account`, `resource` … */
export const entitiesSchema = z.record(z.string(), z.string());
export type Entities = z.infer<typeof entitiesSchema>;

export const alertEventSchema = z.object({ id: z.number().int(), time: z.number(), raw: z.string() });
export type AlertEvent = z.infer<typeof alertEventSchema>;

/** What a person says of an alert. */
export const SHOWN_STATUSES = ['open', 'acknowledged', 'closed'] as const;
/**
 * `hidden`: an exception that a person made covers it. `held_back`: its rule has raised too many within the hour. Both
 * are kept, are not in lists unless they are asked for, and nothing is done about them.
 */
export const alertStatusSchema = z.enum([...SHOWN_STATUSES, 'hidden', 'held_back']);
export type AlertStatus = z.infer<typeof alertStatusSchema>;

/**
 * Signals of one cause: one rule, one set of entities, no silence longer than the grouping window.
 * Its id follows from rule, entities and first event, so a replay names it the same.
 */
export const alertSchema = z.object({
  id: z.string(),
  rule: z.object({ id: z.string(), title: bilingualSchema, level: levelSchema, attack: z.array(z.string()) }),
  entities: entitiesSchema,
  several: z.array(z.string()).optional().describe('Entities that have more than one value here, joined by commas'),
  firstMs: z.number().describe('Epoch milliseconds of the first event'),
  lastMs: z.number().describe('Epoch milliseconds of the latest event'),
  count: z.number().int().positive().describe('Events that belong to it'),
  reason: bilingualSchema.describe('What happened and why it is thought so'),
  advice: bilingualSchema.describe('What to do first'),
  events: z.array(alertEventSchema).describe('Evidence: the first events and the latest, at most 20'),
  /** What the rule proposes to do, e.g. block the source address. */
  proposal: z
    .object({
      verb: z.literal('block'),
      target: z.string(),
      automatic: z.boolean().optional().describe('False: a person decides, whatever the mode'),
    })
    .optional(),
  demo: z.boolean().describe('Came from the bundled demonstration day or a drill'),
  forgeable: z
    .literal(true)
    .optional()
    .describe(
      'Rests on syslog of unproven senders: whoever reaches the port could have written it, so a person decides',
    ),
});
export type Alert = z.infer<typeof alertSchema>;

export const storedAlertSchema = alertSchema.extend({
  status: alertStatusSchema,
  exceptionId: z.string().optional().describe('The exception that hides it'),
  raisedMs: z.number(),
  updatedMs: z.number(),
});
export type StoredAlert = z.infer<typeof storedAlertSchema>;

/** One line of `bartizan analyze`. */
export const analyzedAlertSchema = z.object({
  time: z.string().describe('RFC 3339, of the first event'),
  rule: z.object({ id: z.string(), title: z.string(), level: levelSchema, attack: z.array(z.string()) }),
  entities: entitiesSchema,
  count: z.number().int().positive(),
  reason: z.string(),
  advice: z.string(),
  events: z.array(z.object({ time: z.string(), raw: z.string() })),
});
export type AnalyzedAlert = z.infer<typeof analyzedAlertSchema>;
