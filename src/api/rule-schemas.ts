import { z } from 'zod';
import { bilingualSchema, levelSchema } from '#model/alert.ts';

/** What comes out about the rules that run. */

const firedSchema = z
  .object({
    shown: z.number().describe('Alerts before people'),
    putAway: z.number().describe('Hidden by an exception, or held back'),
    lastMs: z.number().optional().describe('When the latest was raised'),
  })
  .describe('Of the last 30 days, without demonstrations and drills');

export const ruleEntrySchema = z.object({
  id: z.string(),
  title: bilingualSchema,
  level: levelSchema,
  attack: z.array(z.string()),
  kind: z.enum(['rule', 'correlation']),
  source: z.string().describe('Sigma’s product, service and category; of a correlation its type'),
  alerts: z.boolean().describe('False: it only feeds a correlation'),
  isOwn: z.boolean().describe('It does not come with Bartizan'),
  fired: firedSchema,
  heldBack: z.number().describe('Alerts of the last 24 hours that are folded, because there were too many'),
});
export const ruleCatalogSchema = z.object({
  items: z.array(ruleEntrySchema),
  capPerHour: z.number().describe('Alerts of one rule within an hour that come before people; critical ones always do'),
});
export const rulePageSchema = ruleEntrySchema.extend({
  file: z.string(),
  description: z.string().optional(),
  reason: bilingualSchema.describe('As a template: `{src_ip}` stands for the entity'),
  advice: bilingualSchema,
  falsePositives: z.array(z.string()),
  references: z.array(z.string()),
  feeds: z.array(z.string()).describe('Of a correlation: the rules that it counts'),
  timespanMs: z.number().optional(),
  blocks: z.boolean().describe('Its alerts propose to block an address'),
  text: z.string().describe('The Sigma document; empty if it cannot be found any more'),
});
export const ruleParamsSchema = z.object({ id: z.string().min(1).max(200) });
