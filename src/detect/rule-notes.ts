import type { RuleProblem, SigmaCorrelation, SigmaRule } from '@bartizan/sigma';
import { z } from 'zod';
import { bilingualSchema } from '#model/alert.ts';

const entityName = z.string().regex(/^[a-z][a-z_]{0,31}$/, 'entity names are lower-case words');

/** The `bartizan:` block of a rule: what the product tells people about a match, beside Sigma’s logic. */
export const ruleNotesSchema = z.strictObject({
  title: bilingualSchema.optional(),
  /** Templates: `{src_ip}`, `{count}` …; a part in square brackets is left out when an entity in it is absent. */
  reason: bilingualSchema.optional(),
  advice: bilingualSchema.optional(),
  /** Entities that tell one cause from another. */
  group_by: z.array(entityName).max(6).optional(),
  /** Entities of this rule alone: name → field, or fields of which the first with a value counts. */
  entities: z.record(entityName, z.union([z.string(), z.array(z.string()).min(1).max(16)])).optional(),
  respond: z
    .strictObject({ verb: z.literal('block'), entity: entityName, automatic: z.boolean().optional() })
    .optional(),
  /** Names of rules that tell the same story better: while one of their alerts is open for the same entities, this one is silent. */
  unless: z.array(z.string()).max(8).optional(),
  /** Whether matches are alerts, against what being part of a correlation says. */
  alert: z.boolean().optional(),
});
export type RuleNotes = z.infer<typeof ruleNotesSchema>;

/** Reads the `bartizan:` block; one that is wrong is a problem of the rule and counts as empty. */
export function readNotes(rule: SigmaRule | SigmaCorrelation): { notes: RuleNotes; problems: RuleProblem[] } {
  const read = ruleNotesSchema.safeParse(rule.custom.bartizan ?? {});
  if (!read.success) {
    return {
      notes: {},
      problems: read.error.issues.map((issue) =>
        problemOf(rule, `bartizan.${issue.path.join('.')}: ${issue.message}`, 'See CONTRIBUTING.md for the block.'),
      ),
    };
  }
  const { respond, group_by: groupBy } = read.data;
  if (respond !== undefined && groupBy !== undefined && !groupBy.includes(respond.entity)) {
    const problem = problemOf(
      rule,
      `bartizan.respond acts on ${respond.entity}, which is not in group_by`,
      `Add ${respond.entity} to group_by: one alert must mean one target.`,
    );
    return { notes: read.data, problems: [problem] };
  }
  return { notes: read.data, problems: [] };
}

function problemOf(rule: SigmaRule | SigmaCorrelation, problem: string, suggestion: string): RuleProblem {
  return { file: rule.file, line: rule.line, ruleId: rule.id, problem, suggestion };
}
