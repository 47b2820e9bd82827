import { z } from 'zod';
import { bilingualSchema } from './alert.ts';

/**
 * asked → approved → running → done → undone | expired; refused by the guard or a person; failed when the kernel said no.
 */
export const actionStateSchema = z.enum([
  'asked',
  'approved',
  'running',
  'done',
  'undone',
  'expired',
  'refused',
  'failed',
]);
export type ActionState = z.infer<typeof actionStateSchema>;

/** What an action does: drops the traffic of an address, or mends the setting of a cloud account that a check found. */
export const verbSchema = z.enum(['block', 'repair']);
export type Verb = z.infer<typeof verbSchema>;

const factSchema = z.union([z.string(), z.number(), z.boolean()]);
/** A setting as it was read: as much of it as the repair changes, or must put back. Flat, so that two of them compare. */
export const settingSchema = z.record(z.string(), factSchema);
export type Setting = z.infer<typeof settingSchema>;

/** What a repair was approved to do, kept whole: what is carried out, and what is put back, is exactly this. */
export const repairSchema = z.object({
  kind: z.string().describe('Which repair: `bucket-acl`'),
  check: z.string(),
  resource: z.object({
    provider: z.string(),
    account: z.string(),
    region: z.string().optional(),
    type: z.string(),
    id: z.string(),
    name: z.string(),
  }),
  before: settingSchema.describe('As it was read when it was asked'),
  after: settingSchema.describe('As it is to be'),
  changes: z.array(z.object({ attribute: z.string(), before: factSchema.optional(), after: factSchema.optional() })),
  calls: z
    .array(z.object({ call: z.string(), region: z.string().optional(), parameters: z.record(z.string(), z.string()) }))
    .describe('What is asked of the provider, in this order; identifiers of access keys masked'),
  effects: z.array(bilingualSchema).describe('Whom it reaches, and what may stop working'),
  /** Since it has begun to change something. */
  begunMs: z.number().optional(),
  verdict: z
    .enum(['pass', 'fail', 'unknown'])
    .optional()
    .describe('Of the check, run again after it; unknown where that could not be read'),
});
export type Repair = z.infer<typeof repairSchema>;

/** A change of the outside world, from the wish to its undoing. */
export const actionSchema = z.object({
  id: z.string(),
  verb: verbSchema,
  target: z
    .string()
    .describe('Of a block: IP address or CIDR range, canonical. Of a repair: `provider/account/region/type/id`'),
  state: actionStateSchema,
  alertId: z.string().optional(),
  requestedBy: z.string().describe('`user:<name>`, `auto:<rule id>` or `cli`'),
  approvedBy: z.string().optional(),
  requestedMs: z.number(),
  doneMs: z.number().optional(),
  expiresMs: z.number().optional(),
  endedMs: z.number().optional().describe('When it was undone, expired, refused or failed'),
  /** Error code of a refusal or failure, with its sentence. */
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
  dryRun: z.boolean(),
  repair: repairSchema.optional().describe('Of a repair'),
});
export type Action = z.infer<typeof actionSchema>;

export const RESPOND_MODES = ['off', 'ask', 'auto'] as const;
export const respondModeSchema = z.enum(RESPOND_MODES);
export type RespondMode = z.infer<typeof respondModeSchema>;
