import { z } from 'zod';
import { alertStatusSchema, bilingualSchema, entitiesSchema, levelSchema } from '#model/alert.ts';
import {
  EXCEPTION_KINDS,
  exceptionSchema,
  MAX_EXCEPTION_MS,
  MAX_SCOPE_ENTITIES,
  MAX_SCOPE_RULES,
  MIN_EXCEPTION_MS,
} from '#model/exception.ts';
import { errorSchema } from './schemas.ts';

/** What goes in and out about exceptions: false positives, what is quiet, and maintenance. */

const scopeSchema = entitiesSchema
  .refine((scope) => Object.keys(scope).length <= MAX_SCOPE_ENTITIES, `At most ${MAX_SCOPE_ENTITIES} entities`)
  .describe('Entity → exact value, as the alert has it');
const reasonSchema = z.string().trim().min(1).max(500);
const ofAlertSchema = z
  .enum(EXCEPTION_KINDS)
  .exclude(['maintenance'])
  .default('false_positive')
  .describe('`quiet`: it is known and goes on; its repetitions are folded into the alert');

const wouldHideSchema = z.object({
  count: z.number().describe('Alerts of the last 30 days'),
  ofRule: z.number().describe('All alerts of the rules in that time'),
  isWhole: z.boolean().describe('False: there were too many to look at, and there may be more'),
  alerts: z
    .array(
      z.object({
        id: z.string(),
        title: bilingualSchema,
        level: levelSchema,
        entities: entitiesSchema,
        status: alertStatusSchema,
        lastMs: z.number(),
      }),
    )
    .describe('The latest 50'),
});

export const exceptionProposalBodySchema = z.object({
  kind: ofAlertSchema,
  scope: scopeSchema
    .optional()
    .describe('Without it, the narrowest: everything that the alert has exactly one of; if quiet, its cause'),
});
export const exceptionProposalSchema = z.object({
  ruleId: z.string(),
  choices: entitiesSchema.describe('What an exception from this alert may name'),
  scope: entitiesSchema,
  refusal: errorSchema.optional().describe('Why there can be no exception of this scope'),
  wouldHide: wouldHideSchema,
});
export const exceptionBodySchema = z.object({
  alertId: z.string().min(1).max(100),
  kind: ofAlertSchema,
  scope: scopeSchema,
  reason: reasonSchema,
  durationMs: z
    .number()
    .int()
    .min(MIN_EXCEPTION_MS)
    .max(MAX_EXCEPTION_MS)
    .optional()
    .describe('Milliseconds until it ends by itself; 30 days without it, at most 365; if quiet 1 day, at most 30'),
});
export const exceptionListSchema = z.object({
  nowMs: z.number().describe('The clock of the centre: it decides what is over, whatever the reader’s own says'),
  items: z.array(exceptionSchema.extend({ hidden: z.number().describe('Alerts that it hides') })),
});

/** Up to the year 10000: no sum of two of them is inexact. */
const timeSchema = z.number().int().min(0).max(253_402_300_800_000).describe('Epoch ms, by the clock of the centre');
const planFields = {
  ruleIds: z.array(z.string().min(1).max(200)).max(MAX_SCOPE_RULES).describe('Of any rule when empty'),
  scope: z
    .record(z.string().regex(/^[a-z][a-z_]{0,31}$/), z.string().min(1).max(256))
    .refine((scope) => Object.keys(scope).length <= MAX_SCOPE_ENTITIES, `At most ${MAX_SCOPE_ENTITIES} entities`)
    .describe('Entity → exact value; without any, all alerts of the rules that are named'),
  startsMs: timeSchema,
  expiresMs: timeSchema,
};
export const maintenancePlanSchema = z.object(planFields);
export const maintenanceBodySchema = z.object({ ...planFields, reason: reasonSchema });
export const maintenanceProposalSchema = z.object({
  refusal: errorSchema.optional().describe('Why there can be no such window'),
  wouldHide: wouldHideSchema,
  putsAway: z.number().describe('Alerts that nobody has judged yet and that it would put away at once'),
});
export const exceptionChangeSchema = z.object({
  revision: z.number().int().min(0).describe('Of the exception that the person saw'),
  reason: reasonSchema.optional(),
  expiresMs: timeSchema.optional(),
  startsMs: timeSchema.optional().describe('Of maintenance that has not begun'),
  ruleIds: planFields.ruleIds.optional().describe('Of maintenance'),
  scope: planFields.scope.optional().describe('Of maintenance'),
});
