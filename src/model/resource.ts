/**
 * The canonical resource: the types and attribute names of the Terraform providers, whether it was read from code or from
 * a live account. A nested block is always a list of objects, as in a Terraform plan; `null` is never kept, an absent
 * attribute is.
 */
export interface Resource {
  readonly provider: Provider;
  /** `alicloud_oss_bucket`, `aws_instance`, `kubernetes_deployment`, `dockerfile` … */
  readonly type: string;
  /** Address in code (`module.shop.alicloud_oss_bucket.logs[0]`), provider’s identifier (ARN, `acs:…`) in a live account. */
  readonly id: string;
  /** As its owner calls it: the block’s label, or the name in the account. */
  readonly name: string;
  readonly attributes: Attributes;
  /** Where it is written, lines from 1. The path is as the caller gave it. Absent for live resources. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  /**
   * In code: what it is put up together with (a root module’s folder, a template). Ids are unique and references hold within
   * one root only.
   */
  readonly root?: string | undefined;
  /** Where it runs. Absent in code. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /**
   * It only stands for resources of its type that could not be read, and says why: `needs ecs:DescribeInstances`. Whether
   * there are any cannot be told.
   */
  readonly unread?: string | undefined;
}

export const PROVIDERS = [
  'alicloud',
  'aws',
  'azurerm',
  'google',
  'tencentcloud',
  'huaweicloud',
  'kubernetes',
  'docker',
] as const;
export type Provider = (typeof PROVIDERS)[number];

export type Attributes = { readonly [name: string]: Value };
export type Value = string | number | boolean | readonly Value[] | Attributes | Unknown;

const UNKNOWN = Symbol('unknown');

/** A value that cannot be told: an unresolved variable, an attribute known after apply, an answer that was denied. */
export interface Unknown {
  readonly [UNKNOWN]: true;
  /** What is missing, ready to be shown: `variable "cidr" has no value`, `needs oss:GetBucketAcl`. */
  readonly reason: string;
  /** The resources it is made of: `alicloud_vpc.main.id` refers to one, an interpolated string to several. */
  readonly references: readonly Reference[];
  /** A text of which a part is known: each unknown part of it is one `UNKNOWN_PART`. */
  readonly partial?: string | undefined;
}

/** Stands for an unknown part of a text that is otherwise known, such as a policy that names another resource. */
export const UNKNOWN_PART = '\uFFFC';

/** One resource’s attribute, named by another. */
export interface Reference {
  /** The id of the resource. */
  readonly resource: string;
  readonly attribute: string;
}

export function unknown(reason: string, references: readonly Reference[] = [], partial?: string): Unknown {
  return partial === undefined
    ? { [UNKNOWN]: true, reason, references }
    : { [UNKNOWN]: true, reason, references, partial };
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && UNKNOWN in value;
}

export function isAttributes(value: Value | undefined): value is Attributes {
  return typeof value === 'object' && !Array.isArray(value) && !isUnknown(value);
}

/** A plain value as text; what is a list, a mapping, unknown or absent has none: `''`. */
export function textOf(value: Value | undefined): string {
  return value === undefined || typeof value === 'object' ? '' : String(value);
}

/** What could not be read, of which file: the rest is scanned. */
export interface LoadProblem {
  readonly file: string;
  readonly line?: number | undefined;
  /** One sentence for people; never a secret from the file. */
  readonly problem: string;
}

/** What a loader or a collector brings. */
export interface Loaded {
  readonly resources: readonly Resource[];
  readonly problems: readonly LoadProblem[];
}
