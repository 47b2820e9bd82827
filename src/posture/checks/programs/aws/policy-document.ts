import { isAttributes, isUnknown, type Resource, UNKNOWN_PART, type Value, textOf } from '#model/resource.ts';
import { readJson } from '../../partial.ts';

/** A statement of an IAM policy, every entry as a list. A missing `Effect` counts as Allow: the cautious reading. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  readonly conditions: readonly Limit[];
}

/** `AWS`, `Service`, `Federated`, or `*` where the principal is a bare text. */
export interface Principal {
  readonly kind: string;
  readonly name: string;
}

export interface Limit {
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** What a resource says in its policies; `missing` names what cannot be read of them. */
export interface Policies {
  readonly statements: readonly Statement[];
  readonly missing?: string | undefined;
}

/** Attributes that hold a policy, by whatever name the type gives it. */
const POLICY_ATTRIBUTES = ['policy', 'inline_policy', 'access_policy', 'access_policies', 'resource_policy'];
/** Longer is refused by AWS for any kind of policy. */
const MAX_LETTERS = 200_000;

/** All statements of the policies that are written in a resource, or of the attributes named. */
export function policiesOf(resource: Resource, attributes: readonly string[] = POLICY_ATTRIBUTES): Policies {
  const statements: Statement[] = [];
  let missing: string | undefined;
  for (const name of attributes) {
    for (const text of textsAt(resource.attributes[name])) {
      const read = readPolicy(text);
      if (typeof read === 'string') missing ??= `${name}: ${read}`;
      else {
        statements.push(...read);
        if (isUnknown(text) && text.references.length === 0 && read.some(hidesAll))
          missing ??= `${name}: ${text.reason}`;
      }
    }
  }
  return { statements, missing };
}

/** Whether an entry of an Allow is wholly unknown, so that it may be a star. */
function hidesAll(one: Statement): boolean {
  const entries = [...one.actions, ...one.resources, ...one.principals.map(({ name }) => name)];
  return one.allows && entries.includes(UNKNOWN_PART);
}

/** A policy is a text, or stands in a block of its own (`inline_policy { policy = … }`). */
function textsAt(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === '') return [];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(textsAt);
  if (isAttributes(value) && !('Statement' in value)) return textsAt(value.policy);
  return [value];
}

/**
 * Statements, or why there are none to read. A text with unknown parts is read as far as it goes: where the parts name
 * other resources (an ARN that is known after apply) they stay in it as `UNKNOWN_PART`.
 */
function readPolicy(value: Value): readonly Statement[] | string {
  if (isUnknown(value)) {
    return value.partial === undefined ? value.reason : readPolicy(value.partial);
  }
  if (isAttributes(value)) return statementsIn(value);
  if (typeof value !== 'string' || value.length > MAX_LETTERS) return 'it is no policy that can be read';
  const document = readJson(value);
  if (document !== undefined) return statementsIn(document);
  return value.includes(UNKNOWN_PART) ? 'a part of it is not known' : 'it is no JSON that can be read';
}

function statementsIn(document: Value): readonly Statement[] | string {
  if (!isAttributes(document)) return 'it is no policy that can be read';
  const { Statement } = document;
  if (isUnknown(Statement)) return Statement.reason;
  const all = Array.isArray(Statement) ? (Statement as readonly Value[]) : Statement === undefined ? [] : [Statement];
  // What was null has left a hole, which only flatMap leaves out.
  return all.every(isAttributes) ? all.flatMap((one) => [toStatement(one)]) : 'a part of it is not known';
}

function toStatement(one: { readonly [name: string]: Value }): Statement {
  return {
    allows: textOf(one.Effect ?? 'Allow').toLowerCase() === 'allow',
    actions: texts(one.Action),
    notActions: texts(one.NotAction),
    resources: texts(one.Resource),
    notResources: texts(one.NotResource),
    principals: principals(one.Principal),
    notPrincipals: principals(one.NotPrincipal),
    conditions: limits(one.Condition),
  };
}

function principals(value: Value | undefined): readonly Principal[] {
  if (!isAttributes(value)) return texts(value).map((name) => ({ kind: '*', name }));
  return Object.entries(value).flatMap(([kind, names]) => texts(names).map((name) => ({ kind, name })));
}

function limits(value: Value | undefined): readonly Limit[] {
  if (!isAttributes(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isAttributes(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: texts(values) }))
      : [],
  );
}

/** A text, or a list of texts; a list in a list is no policy, and might be without end. */
function texts(value: Value | undefined): readonly string[] {
  if (!Array.isArray(value)) return entry(value);
  return (value as readonly Value[]).flatMap((one) => entry(one));
}

function entry(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) return [value.partial ?? UNKNOWN_PART];
  return typeof value === 'object' ? [] : [textOf(value)];
}
