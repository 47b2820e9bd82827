import { z } from 'zod';
import { bilingualSchema, levelSchema } from './alert.ts';

/** `unknown` names what is missing: an unresolved variable, a denied or empty answer. It is never counted as a pass. */
export const VERDICTS = ['fail', 'pass', 'unknown', 'not_applicable'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

/** One check’s answer about one resource. */
export const findingSchema = z.object({
  check: z.string().describe('Id of the check: the file’s name under content/checks'),
  title: bilingualSchema,
  severity: levelSchema,
  verdict: verdictSchema,
  resource: z.object({
    provider: z.string(),
    type: z.string(),
    id: z.string(),
    name: z.string(),
    file: z.string().optional(),
    line: z.number().int().positive().optional(),
    endLine: z.number().int().positive().optional(),
    account: z.string().optional(),
    region: z.string().optional(),
  }),
  controls: z.array(z.string()).describe('Ids of content/frameworks/controls.yml'),
  reason: z
    .string()
    .optional()
    .describe('For unknown: what is missing. For fail: which attribute and its value, masked'),
  fix: bilingualSchema,
});
export type Finding = z.infer<typeof findingSchema>;
