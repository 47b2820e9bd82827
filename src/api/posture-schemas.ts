import { z } from 'zod';
import { bilingualSchema, levelSchema } from '#model/alert.ts';
import { findingSchema } from '#model/finding.ts';
import {
  CLAUSE_STATUSES,
  clauseStandingSchema,
  keptFindingSchema,
  scanSchema,
  scanSummarySchema,
} from '#model/scan.ts';

/** Most findings of one scan that are taken: those that fail or cannot be told. */
export const MAX_FINDINGS = 20_000;

/** A scan that was made elsewhere (by the command line), to be kept. */
export const scanBodySchema = z.strictObject({
  scan: scanSchema.omit({ id: true, actor: true }),
  findings: z.array(findingSchema).max(MAX_FINDINGS),
});

export const scanListSchema = z.object({ items: z.array(scanSummarySchema) });
export const scanFilterSchema = z.strictObject({
  target: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const findingFilterSchema = z.strictObject({
  scan: z.string().max(64).optional().describe('Of this scan; of the latest of each target if not said'),
  verdict: z.enum(['fail', 'unknown']).optional(),
  minLevel: levelSchema.optional(),
  target: z.string().max(500).optional().describe('Of the latest scan of this target'),
  check: z.string().max(100).optional(),
  framework: z.string().max(64).optional().describe('With `clause`: those that decide this clause'),
  clause: z.string().max(64).optional().describe('Key of the clause in its framework'),
  text: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});
export const findingListSchema = z.object({
  items: z.array(
    keptFindingSchema.extend({
      why: bilingualSchema.optional().describe('The reason in both languages, as far as its form is known'),
      about: z.array(bilingualSchema).describe('What the controls ask for'),
    }),
  ),
  total: z.number().int(),
});

/** The latest scan of each target, and how its score went. */
export const postureScoreSchema = z.object({
  targets: z.array(
    z.object({
      scan: scanSummarySchema,
      deductions: scanSchema.shape.deductions,
      history: z.array(z.object({ endedMs: z.number(), score: z.number() })).describe('Oldest first'),
    }),
  ),
});

const countsSchema = z.record(z.enum(CLAUSE_STATUSES), z.number().int().nonnegative());

export const frameworkListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['framework', 'template']),
      title: bilingualSchema,
      clauses: z.number().int(),
      suits: z
        .object({ industry: z.string(), size: z.string(), note: bilingualSchema.optional() })
        .optional()
        .describe('Of a template: whom it is for'),
      standing: countsSchema.describe('Over the latest scan of each target; the worst answer counts'),
    }),
  ),
});

export const frameworkPageSchema = z.object({
  id: z.string(),
  title: bilingualSchema,
  version: z.string(),
  note: bilingualSchema.optional(),
  source: z.string().optional(),
  standing: countsSchema,
  clauses: z.array(
    clauseStandingSchema.omit({ clause: true, evidence: true }).extend({
      id: z.string().describe("The framework's own number"),
      key: z.string().describe('By which its findings are asked for'),
      title: bilingualSchema,
      groups: z.array(bilingualSchema),
      guidance: bilingualSchema.optional(),
      controls: z.array(z.string()),
      evidence: z.array(z.object({ scanId: z.string(), hash: z.string() })),
    }),
  ),
});

const stepSchema = z.object({
  id: z.string(),
  from: z.enum(['finding', 'measure', 'clause']),
  title: bilingualSchema,
  what: bilingualSchema,
  severity: levelSchema,
  effort: z.enum(['minutes', 'hours', 'days']),
  cost: z.object({ kind: z.enum(['none', 'usage', 'service']), note: bilingualSchema }).optional(),
  free: bilingualSchema.optional().describe('The free tier or open tool that serves instead'),
  resources: z.array(findingSchema.shape.resource).max(20).describe('The first of them'),
  resourceCount: z.number().int().nonnegative(),
});
export const answersBodySchema = z.strictObject({
  owns: z.array(z.enum(['servers', 'databases', 'files', 'containers', 'functions', 'code', 'accounts', 'domains'])),
  faces: z.array(z.enum(['website', 'api', 'administration', 'database', 'files', 'nothing'])),
  laws: z.array(z.string().max(64)).max(20).describe('Ids of frameworks'),
});
export const roadMapSchema = z.object({
  answers: answersBodySchema.optional().describe('Absent until the three questions were answered'),
  scanned: z.boolean().describe('Whether any scan is behind it'),
  today: z.array(stepSchema),
  week: z.array(stepSchema),
  month: z.array(stepSchema),
  year: z.array(stepSchema),
});
