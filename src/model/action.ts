import { z } from 'zod';

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

/** A change of the outside world, from the wish to its undoing. */
export const actionSchema = z.object({
  id: z.string(),
  verb: z.literal('block'),
  target: z.string().describe('IP address or CIDR range, canonical'),
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
});
export type Action = z.infer<typeof actionSchema>;

export const RESPOND_MODES = ['off', 'ask', 'auto'] as const;
export const respondModeSchema = z.enum(RESPOND_MODES);
export type RespondMode = z.infer<typeof respondModeSchema>;
