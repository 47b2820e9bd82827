import { z } from 'zod';

/** Bounds of what is taken: far above every playbook that a person would write or read. */
export const PLAYBOOK_LIMITS = {
  textBytes: 1_048_576,
  steps: 500,
  variables: 200,
  commandsPerStep: 20,
  branches: 50,
  /** Branches within branches, and playbooks within playbooks. */
  depth: 16,
  textCharacters: 65_536,
} as const;

export const STEP_TYPES = [
  'start',
  'end',
  'action',
  'playbook-action',
  'parallel',
  'if-condition',
  'while-condition',
  'switch-condition',
] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** CACAO 2.0, command-type-ov. Others may be used; whoever runs them has to know them. */
export const COMMAND_TYPES: readonly string[] = [
  'manual',
  'bash',
  'caldera-cmd',
  'elastic',
  'http-api',
  'jupyter',
  'kestrel',
  'openc2-http',
  'powershell',
  'sigma',
  'ssh',
  'yara',
];

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
export const VARIABLE_NAME = /^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$/;
const STEP_ID = new RegExp(`^(?:${STEP_TYPES.join('|')})--${UUID}$`);

const text = z.string().max(PLAYBOOK_LIMITS.textCharacters);
const identifier = z
  .string()
  .max(300)
  .regex(new RegExp(`^[a-z][a-z0-9-]+[a-z0-9]--${UUID}$`), 'is no identifier of the form type--UUID');
/** Agents and targets of other products have identifiers of their own; only their place in the dictionary counts. */
const reference = z.string().min(1).max(300);
const timestamp = z
  .string()
  .regex(
    /^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?Z$/,
    'is no time in UTC such as 2026-01-31T08:00:00.000Z',
  );
const score = z.number().int().min(0).max(100);
const externalReference = z.looseObject({ name: text, description: text.optional(), url: text.optional() });
/** Keyed by the identifier of the definition. What is in it belongs to who defined it. */
const extensions = z
  .record(identifier.startsWith('extension-definition--'), z.looseObject({}))
  .refine((all) => Object.keys(all).length > 0, 'is empty; leave it out');

export const variableSchema = z.looseObject({
  type: z.string().min(1).max(100),
  description: text.optional(),
  value: text.nullish(),
  constant: z.boolean().optional(),
  external: z.boolean().optional(),
});
export type Variable = z.infer<typeof variableSchema>;
const variables = z
  .record(z.string().regex(VARIABLE_NAME, 'is no variable name of the form __name__'), variableSchema)
  .refine(
    (all) => Object.keys(all).length <= PLAYBOOK_LIMITS.variables,
    `has more than ${PLAYBOOK_LIMITS.variables} variables`,
  );
const variableNames = z.array(z.string().max(300)).min(1).max(PLAYBOOK_LIMITS.variables);

export const commandSchema = z.looseObject({
  type: z.string().min(1).max(100),
  description: text.optional(),
  command: text.optional(),
  command_b64: text.optional(),
  content: text.optional(),
  content_b64: text.optional(),
  headers: z.record(z.string().max(300), z.array(text).max(100)).optional(),
});
export type Command = z.infer<typeof commandSchema>;

const common = {
  name: text.optional(),
  description: text.optional(),
  external_references: z.array(externalReference).min(1).max(100).optional(),
  /** Milliseconds before the step begins. */
  delay: z.number().int().min(1).max(2_592_000_000).optional(),
  /** Milliseconds that it may take. */
  timeout: z.number().int().min(1).max(2_592_000_000).optional(),
  step_variables: variables.optional(),
  owner: identifier.optional(),
  on_completion: identifier.optional(),
  on_success: identifier.optional(),
  on_failure: identifier.optional(),
  step_extensions: extensions.optional(),
};

export const stepSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('start'), ...common }),
  z.looseObject({ type: z.literal('end'), ...common }),
  z.looseObject({
    type: z.literal('action'),
    ...common,
    commands: z.array(commandSchema).min(1).max(PLAYBOOK_LIMITS.commandsPerStep),
    agent: reference,
    targets: z.array(reference).min(1).max(100).optional(),
    in_args: variableNames.optional(),
    out_args: variableNames.optional(),
  }),
  z.looseObject({
    type: z.literal('playbook-action'),
    ...common,
    playbook_id: identifier,
    playbook_version: timestamp.optional(),
    in_args: variableNames.optional(),
    out_args: variableNames.optional(),
  }),
  z.looseObject({
    type: z.literal('parallel'),
    ...common,
    next_steps: z.array(identifier).min(2).max(PLAYBOOK_LIMITS.branches),
  }),
  z.looseObject({
    type: z.literal('if-condition'),
    ...common,
    condition: z.string().min(1).max(4_096),
    on_true: identifier,
    on_false: identifier.optional(),
  }),
  z.looseObject({
    type: z.literal('while-condition'),
    ...common,
    condition: z.string().min(1).max(4_096),
    on_true: identifier,
  }),
  z.looseObject({
    type: z.literal('switch-condition'),
    ...common,
    switch: z.string().min(1).max(4_096),
    cases: z
      .record(z.string().min(1).max(250), identifier)
      .refine((all) => Object.keys(all).length <= PLAYBOOK_LIMITS.branches, 'has too many cases'),
  }),
]);
export type Step = z.infer<typeof stepSchema>;
export type StepOf<Type extends StepType> = Extract<Step, { type: Type }>;

const agentOrTarget = z.looseObject({
  type: z.string().min(1).max(100),
  name: text,
  agent_target_extensions: extensions.optional(),
});

/**
 * A CACAO Security Playbook 2.0 (OASIS, committee specification 01). What the model does not name is kept as it came, so
 * that an export gives back what was imported.
 */
export const playbookSchema = z.looseObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: identifier.startsWith('playbook--'),
  name: z.string().min(1).max(1_000),
  description: text.optional(),
  playbook_types: z.array(z.string().max(100)).max(50).optional(),
  playbook_activities: z.array(z.string().max(100)).min(1).max(100).optional(),
  created_by: identifier,
  created: timestamp,
  modified: timestamp,
  revoked: z.boolean().optional(),
  valid_from: timestamp.optional(),
  valid_until: timestamp.optional(),
  derived_from: z.array(identifier).min(1).max(100).optional(),
  related_to: z.array(identifier).min(1).max(100).optional(),
  priority: score.optional(),
  severity: score.optional(),
  impact: score.optional(),
  labels: z.array(z.string().max(1_000)).min(1).max(100).optional(),
  external_references: z.array(externalReference).min(1).max(100).optional(),
  playbook_variables: variables.optional(),
  workflow_start: identifier,
  workflow_exception: identifier.optional(),
  workflow: z
    .record(z.string().regex(STEP_ID, 'is no step identifier such as action--UUID'), stepSchema)
    .refine(
      (all) => Object.keys(all).length <= PLAYBOOK_LIMITS.steps,
      `has more than ${PLAYBOOK_LIMITS.steps} steps; split it with playbook-action steps`,
    ),
  playbook_extensions: extensions.optional(),
  authentication_info_definitions: z.record(z.string().max(300), z.looseObject({})).optional(),
  agent_definitions: z.record(z.string().max(300), agentOrTarget).optional(),
  target_definitions: z.record(z.string().max(300), agentOrTarget).optional(),
  extension_definitions: z
    .record(
      identifier.startsWith('extension-definition--'),
      z.looseObject({
        type: z.literal('extension-definition'),
        name: text,
        description: text.optional(),
        created_by: identifier,
        schema: text,
        version: z.string().max(100),
      }),
    )
    .optional(),
  data_marking_definitions: z.record(z.string().max(300), z.looseObject({})).optional(),
  signatures: z.array(z.looseObject({})).min(1).max(100).optional(),
});
export type Playbook = z.infer<typeof playbookSchema>;
