import { z } from 'zod';

/**
 * What must hold of a resource, as data. Three-valued: an attribute that cannot be told makes the answer unknown, unless
 * the rest decides it anyway.
 *
 * A mapping is true when all its entries are. A key is a path (`rule.port`, `*` for any name, `.` for the value itself) and
 * its value a test, or one of the words below. A path goes through lists, and its test must hold for every value reached; of
 * an attribute that is absent it holds only where the test says so (`default`, `exists: false`, `is_not`, `not_in`).
 */
export interface Condition {
  readonly all?: readonly Condition[] | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly not?: Condition | undefined;
  readonly each?: Collection | undefined;
  readonly some?: Collection | undefined;
  readonly none?: Collection | undefined;
  /** A function under `checks/programs`, for what cannot be said here. */
  readonly program?: string | undefined;
  readonly [path: string]: unknown;
}

/** Which things a quantifier speaks of, and what of them. */
export interface Collection {
  /** Elements of a list, block or (with `*`) mapping of this resource. */
  readonly in?: string | undefined;
  /** Resources of these types: all of them, or those that are linked. */
  readonly type?: string | readonly string[] | undefined;
  /** Of those, the ones whose attribute names this resource … */
  readonly by?: string | readonly string[] | undefined;
  /** … by one of these attributes of this resource, where it is a plain value (default: id, name). */
  readonly to?: string | readonly string[] | undefined;
  /** Of those, the ones that this resource’s attribute names. */
  readonly from?: string | readonly string[] | undefined;
  /** Speak only of those for which this holds. */
  readonly where?: Condition | undefined;
  readonly is?: Condition | undefined;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A test of one value; all that are said must hold. Comparisons take `"7"` for 7 and `"true"` for true, as Terraform does. */
export const testSchema = z.strictObject({
  is: scalar.optional(),
  is_not: scalar.optional(),
  in: z.array(scalar).optional(),
  not_in: z.array(scalar).optional(),
  /** Letters of either case count as the same in is, is_not, in, not_in, contains…, starts_with, ends_with. */
  any_case: z.literal(true).optional(),
  above: z.number().optional(),
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  below: z.number().optional(),
  /** A list that has the element, or a text that has the part. */
  contains: scalar.optional(),
  contains_any: z.array(scalar).optional(),
  contains_all: z.array(scalar).optional(),
  contains_none: z.array(scalar).optional(),
  starts_with: oneOrMore.optional(),
  ends_with: oneOrMore.optional(),
  /** Regular expression in linear time, anywhere in the text. */
  matches: z.string().optional(),
  not_matches: z.string().optional(),
  /** Whether it is there at all; an empty text, list or mapping is. */
  exists: z.boolean().optional(),
  /** Absent, `""`, `[]`, `{}`, or a list of such. */
  empty: z.boolean().optional(),
  /** Number of elements or characters. */
  length: z.object({ at_least: z.number().optional(), at_most: z.number().optional() }).optional(),
  /** An address range that holds the whole of IPv4 or IPv6. */
  cidr_open: z.boolean().optional(),
  /** Prefix length below these: wider than `/24`, say. */
  cidr_wider_than: z.strictObject({ v4: z.number(), v6: z.number() }).optional(),
  /** Outside of private, loopback, link-local and documentation ranges. */
  cidr_public: z.boolean().optional(),
  /** A range of ports written `22/22`, `1-65535`, `443`, or `-1/-1` for all, has one of these ports. */
  has_port: z.array(z.number().int().min(0).max(65_535)).optional(),
  /** Dotted numbers, compared as such: `1.28.3-aliyun.1` is at least `1.26`. */
  version_at_least: z.string().optional(),
  /** A moment (ISO 8601, epoch seconds or milliseconds) longer ago than this many days; one to come is not. */
  older_than_days: z.number().optional(),
  /** A moment within this many days from now, or past. */
  within_days: z.number().optional(),
  /** Equal to the value of another path of the same thing. */
  same_as: z.string().optional(),
  /** A text that is JSON, of which this holds. */
  json: z.lazy(() => conditionSchema).optional(),
  /** An attribute of another resource that is not known yet meets it: an ARN that is made is no well-known word. */
  or_reference: z.literal(true).optional(),
  /** What a variable or a template’s parameter without a default is set to meets it: its value is asked for. */
  or_given: z.literal(true).optional(),
  /** Stands in where the attribute is absent: the provider’s own default. */
  default: z.union([scalar, z.array(scalar)]).optional(),
});
export type ValueTest = z.infer<typeof testSchema>;

const collectionSchema: z.ZodType<Collection> = z.lazy(() =>
  z
    .strictObject({
      in: z.string().min(1).optional(),
      type: oneOrMore.optional(),
      by: oneOrMore.optional(),
      to: oneOrMore.optional(),
      from: oneOrMore.optional(),
      where: conditionSchema.optional(),
      is: conditionSchema.optional(),
    })
    .refine((one) => (one.in === undefined) !== (one.type === undefined), 'name either `in` or `type`')
    .refine((one) => one.type !== undefined || one.by === undefined, '`by` needs `type`')
    .refine((one) => one.from === undefined || one.by === undefined, 'name `by` or `from`, not both'),
);

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z
    .object({
      all: z.array(conditionSchema).min(1).optional(),
      any: z.array(conditionSchema).min(1).optional(),
      not: conditionSchema.optional(),
      each: collectionSchema.optional(),
      some: collectionSchema.optional(),
      none: collectionSchema.optional(),
      program: z.string().optional(),
    })
    .catchall(z.union([scalar, testSchema]))
    .refine((one) => Object.keys(one).length > 0, 'a condition says something'),
);
