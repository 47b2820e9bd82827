import { z } from 'zod';

/**
 * What Bartizan adds to CACAO, by the specification's own mechanism: extension definitions that a playbook lists under
 * `extension_definitions` and uses under `step_extensions` or `playbook_extensions`. A tool that does not know them sees
 * an ordinary manual step that says what is to be done.
 */
export const EXTENSIONS = {
  /** Step: people have to agree before the flow goes on. */
  approval: 'extension-definition--6f6f0c52-2f4b-4c0b-9a9e-2d7f3f1f8a01',
  /** Step: an action that Bartizan does by itself in place of the manual command, and its text in Chinese and English. */
  step: 'extension-definition--b2a1c6de-93a4-4f0e-8d55-7a0a6c3d9e02',
  /** Playbook: what the procedure is for, and what is to be kept in mind, in Chinese and English. */
  procedure: 'extension-definition--c74f2b1a-5e0d-4b76-a1c3-91be04d7ef03',
} as const;

const EXTENSION_AUTHOR = 'identity--0b9d2c1e-7f3a-4d68-9c25-5e8a1b6f4d04';

/** As they stand under `extension_definitions` of a playbook that uses them. */
export const EXTENSION_DEFINITIONS = {
  [EXTENSIONS.approval]: definition('Approval', 'People have to agree before the flow goes on.'),
  [EXTENSIONS.step]: definition('Automatic step', 'An action done in place of the manual command, and bilingual text.'),
  [EXTENSIONS.procedure]: definition('Procedure', 'Trigger, parts, evidence, end and duties, in Chinese and English.'),
};

function definition(name: string, description: string) {
  return {
    type: 'extension-definition',
    name: `Bartizan ${name}`,
    description,
    created_by: EXTENSION_AUTHOR,
    schema: 'src/respond/playbooks/extensions.ts',
    version: '1.0.0',
  } as const;
}

const bilingual = z.strictObject({ zh: z.string().min(1).max(4_096), en: z.string().min(1).max(4_096) });
export type BilingualText = z.infer<typeof bilingual>;

export const approvalSchema = z.strictObject({
  /** How many different people have to agree; whoever asked does not count. */
  needed: z.number().int().min(1).max(10),
  /** After so long without an answer it counts as refused. */
  expires_seconds: z.number().int().min(60).max(604_800),
  question: bilingual,
});
export type Approval = z.infer<typeof approvalSchema>;

export const automationSchema = z.strictObject({
  action: z.string().regex(/^[a-z][a-z-]{0,49}$/, 'is no name of an action'),
  /** Each value is a text of its own, or exactly one variable; never part of a command line. */
  arguments: z.record(z.string().regex(/^[a-z][a-z_]{0,49}$/), z.string().max(4_096)).default({}),
  /** Further tries after a failure. */
  retries: z.number().int().min(0).max(10).default(0),
  /** Pause before the first of them; doubles with each, up to an hour. */
  backoff_ms: z.number().int().min(1).max(3_600_000).default(1_000),
  /** Takes the step back when the playbook fails later on. A block is usually kept. */
  undo_on_failure: z.boolean().default(false),
});
export type Automation = z.infer<typeof automationSchema>;

export const stepExtensionSchema = z.strictObject({
  name: bilingual.optional(),
  text: bilingual.optional(),
  automation: automationSchema.optional(),
  /** How often a while step may go round. */
  max_iterations: z.number().int().min(1).max(10_000).optional(),
});
export type StepExtension = z.infer<typeof stepExtensionSchema>;

export const procedureSchema = z.strictObject({
  title: bilingual,
  /** What makes one reach for it; `rules` are ids of detection rules. */
  trigger: bilingual.extend({ rules: z.array(z.string().max(200)).max(50).optional() }),
  automatic: bilingual,
  human: bilingual,
  evidence: z.array(bilingual).min(1).max(30),
  end: bilingual,
  /** Duties and, where the law sets one, the deadline in hours. */
  law: z
    .array(bilingual.extend({ source: z.string().min(1).max(300), within_hours: z.number().positive().optional() }))
    .min(1)
    .max(20),
});
export type Procedure = z.infer<typeof procedureSchema>;
