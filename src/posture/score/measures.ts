import { z } from 'zod';
import { bilingualSchema } from '#model/alert.ts';

/** What an owner may have … */
export const OWNED = [
  'servers',
  'databases',
  'files',
  'containers',
  'functions',
  'code',
  'accounts',
  'domains',
] as const;
/** … and which of it the internet reaches. */
export const FACING = ['website', 'api', 'administration', 'database', 'files', 'nothing'] as const;

/** The three questions: what do you own, what faces the internet, which law or standard applies (ids of frameworks). */
export const answersSchema = z.strictObject({
  owns: z.array(z.enum(OWNED)).max(OWNED.length),
  faces: z.array(z.enum(FACING)).max(FACING.length),
  laws: z.array(z.string().max(64)).max(20),
});
export type Answers = z.infer<typeof answersSchema>;

export const EFFORTS = ['minutes', 'hours', 'days'] as const;
export type Effort = (typeof EFFORTS)[number];

/** What it takes to meet one of our controls: content/frameworks/measures.yml, one entry for each control. */
export const measureSchema = z.strictObject({
  control: z.string(),
  /** What to do, as one would tell a friend. */
  action: bilingualSchema,
  effort: z.enum(EFFORTS),
  /** What it costs beyond the work: nothing, by what is used (storage, log volume), or a service that is bought. */
  cost: z.strictObject({ kind: z.enum(['none', 'usage', 'service']), note: bilingualSchema }),
  /** The free tier or open tool that serves instead, where there is one. */
  free: bilingualSchema.optional(),
  /** Whom it concerns, where no scan has told yet; absent: everyone. */
  owns: z.array(z.enum(OWNED)).optional(),
  faces: z.array(z.enum(FACING)).optional(),
  /** How much it protects, 1 (nice) to 5 (first). */
  weight: z.number().int().min(1).max(5),
});
export type Measure = z.infer<typeof measureSchema>;
