import { z } from 'zod';
import { bilingualSchema, levelSchema } from '#model/alert.ts';
import { PROVIDERS } from '#model/resource.ts';
import { conditionSchema } from './condition.ts';

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** Infrastructure code of a case, under the name of its kind. */
const CASE_KINDS = ['terraform', 'ros', 'cloudformation', 'kubernetes', 'dockerfile', 'resources'] as const;

/** A case: code, and what the check says of which resource (by id; `type.name` in Terraform). What is not named is not asked. */
const caseSchema = z
  .strictObject({
    name: z.string().min(1),
    terraform: z.string().optional(),
    ros: z.string().optional(),
    cloudformation: z.string().optional(),
    kubernetes: z.string().optional(),
    dockerfile: z.string().optional(),
    /** Resources as a collector maps a live account: type, id, name, attributes. */
    resources: z
      .array(
        z.strictObject({
          type: z.string(),
          id: z.string(),
          name: z.string().optional(),
          region: z.string().optional(),
          attributes: z.record(z.string(), z.unknown()),
        }),
      )
      .optional(),
    expect: z.record(z.string(), z.enum(['fail', 'pass', 'unknown', 'not_applicable'])),
  })
  .refine(
    (one) => CASE_KINDS.filter((kind) => one[kind] !== undefined).length === 1,
    `give one of ${CASE_KINDS.join(', ')}`,
  );

/** A file under content/checks/<provider>/; its name is the id. */
export const checkSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  title: bilingualSchema,
  /** What can happen otherwise. */
  why: bilingualSchema,
  severity: levelSchema,
  provider: z.enum(PROVIDERS),
  /** Types that are asked. */
  resource: oneOrMore,
  /** To which of them it applies; to the others it is not applicable. */
  applies: conditionSchema.optional(),
  /** What must hold. */
  condition: conditionSchema,
  /** Permissions that a live scan needs for it, as the provider names them: `oss:GetBucketAcl`. Empty: code only. */
  needs: z.array(z.string().regex(/^[A-Za-z][\w.-]*:[\w./*]+$/)).default([]),
  /** Ids of content/frameworks/controls.yml. */
  controls: z.array(z.string()).min(1),
  fix: bilingualSchema,
  /** What mends it in Terraform code, where that can be said without knowing more. Tried before it is proposed. */
  repair: z
    .strictObject({
      /** Attributes of the resource, by path (`metadata_options.http_tokens`), and their values. */
      set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      /** Attributes and blocks that are taken away. */
      remove: z.array(z.string()).optional(),
      /** A resource that is put behind it; `{name}` is its label and `{address}` how it is referred to. */
      add: z.string().optional(),
      /** Terraform makes the resource anew for it: what is in it is lost unless it is copied before. Proposed only when asked for. */
      replaces: z.literal(true).optional(),
    })
    .refine((one) => Object.keys(one).length > 0, 'a repair does something')
    .optional(),
  cases: z.array(caseSchema).min(2),
});
export type Check = z.infer<typeof checkSchema>;
export type CheckCase = Check['cases'][number];
export { CASE_KINDS };
