import { z } from 'zod';

const values = z.record(z.string(), z.unknown());

const resourceSchema = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
  values: values.optional(),
  sensitive_values: z.unknown().optional(),
});
export type PlannedResource = z.infer<typeof resourceSchema>;

const moduleSchema = z.looseObject({
  resources: z.array(resourceSchema).optional(),
  get child_modules() {
    return z.array(moduleSchema).optional();
  },
});
export type PlannedModule = z.infer<typeof moduleSchema>;

const configurationSchema = z.looseObject({
  resources: z.array(z.looseObject({ address: z.string(), expressions: values.optional() })).optional(),
  outputs: z.record(z.string(), z.looseObject({ expression: z.unknown().optional() })).optional(),
  get module_calls() {
    return z
      .record(z.string(), z.looseObject({ expressions: values.optional(), module: configurationSchema.optional() }))
      .optional();
  },
});
export type ConfiguredModule = z.infer<typeof configurationSchema>;

/**
 * The parts of `terraform show -json` that are read.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export const planSchema = z.looseObject({
  format_version: z.string(),
  planned_values: z.looseObject({ root_module: moduleSchema.optional() }).optional(),
  /** A state that was printed with the same command has its resources here. */
  values: z.looseObject({ root_module: moduleSchema.optional() }).optional(),
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        change: z
          .looseObject({ after_unknown: z.unknown().optional(), after_sensitive: z.unknown().optional() })
          .optional(),
      }),
    )
    .optional(),
  configuration: z
    .looseObject({
      root_module: configurationSchema.optional(),
      provider_config: z
        .record(
          z.string(),
          z.looseObject({ name: z.string(), alias: z.string().optional(), expressions: values.optional() }),
        )
        .optional(),
    })
    .optional(),
});
export type Plan = z.infer<typeof planSchema>;
