import { z } from 'zod';
import { repairSchema } from '#model/action.ts';
import { errorSchema } from './schemas.ts';

/** A finding of the latest scans that are kept, by its check and resource. */
export const repairBodySchema = z.strictObject({
  check: z.string().min(1).max(100),
  resource: z.string().min(1).max(1_000).describe('Id of the resource, as the finding names it'),
  account: z.string().max(100).optional().describe('Where several accounts have one of that name'),
});

export const repairPlanSchema = z.object({
  target: z.string(),
  repair: repairSchema,
  allowed: z.boolean(),
  refusal: errorSchema.optional().describe('Why the guard would refuse it'),
  obstacle: errorSchema.optional().describe('Why it could not be carried out at the moment: no role for it, say'),
});

export const repairKindsSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      checks: z.array(z.string()).describe('Whose findings it mends'),
      reads: z.array(z.string()).describe('Permissions of the role that reads'),
      writes: z.array(z.string()).describe('Permissions of the role that repairs'),
    }),
  ),
});

export const undoBodySchema = z
  .strictObject({
    force: z
      .boolean()
      .default(false)
      .describe('Of a repair: put back what was there before even where somebody changed it since'),
  })
  .nullish();
