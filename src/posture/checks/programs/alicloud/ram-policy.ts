import { isAttributes, isUnknown, type Resource, UNKNOWN_PART, type Value, textOf } from '#model/resource.ts';
import { readJson, readPartialJson } from '../../partial.ts';
import { valuesOf } from './answer.ts';

/** One statement of a RAM policy or of a role’s trust. */
export interface Statement {
  readonly allows: boolean;
  readonly conditional: boolean;
  readonly actions: readonly string[];
  /** Actions that an allowing statement leaves out; it allows all others. */
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly Value[];
  /** Accounts, users and roles of a trust, or services. */
  readonly trusted: readonly Value[];
  readonly services: readonly string[];
}

/**
 * The statements of the first of these attributes that is there: JSON, or a mapping. `undefined` where it cannot be read.
 *
 * @see https://help.aliyun.com/zh/ram/policy-structure-and-syntax
 */
export function statementsOf(resource: Resource, attributes: readonly string[]): readonly Statement[] | undefined {
  const given = attributes.flatMap((attribute) => valuesOf(resource, attribute))[0];
  if (given === undefined) return [];
  const document = isUnknown(given) ? readPartialJson(given) : typeof given === 'string' ? readJson(given) : given;
  if (!isAttributes(document)) return;
  return listOf(document.Statement).flatMap((one) => (isAttributes(one) ? [statementOf(one)] : []));
}

function statementOf(one: Readonly<Record<string, Value>>): Statement {
  const principal = one.Principal;
  const named = isAttributes(principal) ? principal : { RAM: principal ?? [] };
  return {
    allows: textOf(one.Effect).toLowerCase() === 'allow',
    conditional: isAttributes(one.Condition) && Object.keys(one.Condition).length > 0,
    actions: textsOf(one.Action),
    notActions: one.NotAction === undefined ? undefined : textsOf(one.NotAction),
    resources: listOf(one.Resource),
    trusted: listOf(named.RAM),
    services: textsOf(named.Service),
  };
}

/** Whether a pattern with `*` is about a name; letters of either case are the same, as RAM has it. Linear in both. */
export function isAbout(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return false;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Whether a resource of a statement holds everything of its kind. */
export function isBroad(resource: Value): boolean {
  return typeof resource === 'string' && (resource === '*' || /^acs:[\w*-]*:[^:]*:[^:]*:\*(?:\/\*)?$/.test(resource));
}

/** Whether a resource of a statement is, or holds, `role/<name>` or the like; an account in it that is not known yet fits. */
export function covers(resource: Value, kind: string, one: Resource, name: string): boolean {
  if (isUnknown(resource)) {
    if (resource.partial === undefined || resource.partial === UNKNOWN_PART)
      return resource.references.some((reference) => reference.resource === one.id);
    return coversText(resource.partial.replaceAll(UNKNOWN_PART, '*'), kind, name);
  }
  return typeof resource === 'string' && coversText(resource, kind, name);
}

function coversText(text: string, kind: string, name: string): boolean {
  return text === '*' || isAbout(text.slice(text.lastIndexOf(':') + 1), `${kind}/${name}`);
}

function listOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function textsOf(value: Value | undefined): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}
