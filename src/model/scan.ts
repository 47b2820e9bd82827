import { z } from 'zod';
import { bilingualSchema, levelSchema } from './alert.ts';
import { findingSchema, verdictSchema } from './finding.ts';

export const CLAUSE_STATUSES = ['satisfied', 'not_satisfied', 'unknown', 'no_data', 'manual', 'elsewhere'] as const;

/** How one clause of a framework stands after a scan. */
export const clauseStandingSchema = z.object({
  framework: z.string().max(64),
  clause: z.string().max(64).describe('Id of the control in the catalogue'),
  status: z.enum(CLAUSE_STATUSES),
  failed: z.number().int().nonnegative(),
  unknown: z.number().int().nonnegative(),
  passed: z.number().int().nonnegative(),
  evidence: z.string().length(64).optional().describe('SHA-256 of the findings that decided it'),
});
export type ClauseStanding = z.infer<typeof clauseStandingSchema>;

/** What a scan of code or of a live account came to. Its findings stand beside it. */
export const scanSchema = z.object({
  id: z.string().max(64),
  kind: z.enum(['code', 'cloud']),
  target: z.string().min(1).max(500).describe('What was scanned: the paths, or provider and account'),
  startedMs: z.number(),
  endedMs: z.number(),
  actor: z.string().max(100),
  resources: z.number().int().nonnegative(),
  checks: z.number().int().nonnegative(),
  score: z.number().min(0).max(100),
  atWorst: z.number().min(0).max(100).describe('The score if everything that is unknown failed'),
  capped: z.number().min(0).max(100).describe('What an exposed critical weakness takes beyond its deduction'),
  counts: z.record(verdictSchema, z.number().int().nonnegative()),
  deductions: z
    .array(
      z.object({
        check: z.string().max(100),
        title: bilingualSchema,
        severity: levelSchema,
        resource: z.string().max(1_000),
        points: z.number(),
        givesBack: z.number(),
      }),
    )
    .max(200)
    .describe('The largest'),
  clauses: z.array(clauseStandingSchema).max(5_000),
  problems: z
    .array(z.object({ file: z.string().max(1_000), line: z.number().optional(), problem: z.string().max(1_000) }))
    .max(100)
    .describe('The first of what could not be read'),
  problemCount: z.number().int().nonnegative(),
  evidence: z.string().length(64).describe('SHA-256 of all findings'),
});
export type Scan = z.infer<typeof scanSchema>;

/** A scan as lists show it. */
export const scanSummarySchema = scanSchema.omit({ clauses: true, deductions: true, problems: true });
export type ScanSummary = z.infer<typeof scanSummarySchema>;

/** A finding that is kept: those that fail, or cannot be told. */
export const keptFindingSchema = findingSchema.extend({ scanId: z.string() });
export type KeptFinding = z.infer<typeof keptFindingSchema>;
