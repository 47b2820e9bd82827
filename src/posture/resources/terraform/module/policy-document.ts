import { isUnknown, type Unknown, UNKNOWN_PART, unknown } from '#model/resource.ts';
import {
  type Cell,
  type CellObject,
  findUnknown,
  isFailed,
  isList,
  isObject,
  member,
  objectOf,
  textOf,
} from '../evaluate/value.ts';
import { toJson } from '../functions/json.ts';
import { bodyValue } from './block.ts';
import type { DataSource } from './data.ts';

/**
 * The policy that `aws_iam_policy_document` and `alicloud_ram_policy_document` write: statements as their providers put
 * them together, `source_policy_documents` before them and `override_policy_documents` after.
 */
export function policyDocument({ declaration, scope }: DataSource, dialect: { readonly version: string }): Cell {
  const body = bodyValue(declaration.block.body, scope, new Set(['count', 'for_each', 'depends_on', 'provider']));
  const statements = listOf(body.statement);
  if (isUnknown(statements)) return statements;
  const sources = others(body, ['source_json', 'source_policy_documents']);
  const overrides = others(body, ['override_json', 'override_policy_documents']);
  const all = [...sources, ...statements.map(statement), ...overrides];
  return toJson({ Version: body.version ?? dialect.version, ...idOf(body), Statement: all });
}

function idOf(body: CellObject): CellObject {
  return typeof body.policy_id === 'string' ? { Id: body.policy_id } : {};
}

function listOf(value: Cell | undefined): readonly Cell[] | Extract<Cell, { readonly reason: string }> {
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) return value;
  return isList(value) ? value : [value];
}

function statement(block: Cell): Cell {
  if (!isObject(block)) return block;
  const made: (readonly [string, Cell])[] = [];
  const add = (name: string, value: Cell | undefined) => {
    if (value !== undefined && value !== null) made.push([name, value]);
  };
  add('Sid', block.sid);
  add('Effect', block.effect ?? 'Allow');
  for (const [from, to] of LISTS) add(to, single(member(block, from)));
  for (const [from, to] of [
    ['principals', 'Principal'],
    ['principal', 'Principal'],
    ['not_principals', 'NotPrincipal'],
  ] as const)
    add(to, principals(member(block, from)));
  add('Condition', conditions(member(block, 'condition')));
  return objectOf(made);
}

const LISTS = [
  ['actions', 'Action'],
  ['action', 'Action'],
  ['not_actions', 'NotAction'],
  ['resources', 'Resource'],
  ['resource', 'Resource'],
  ['not_resources', 'NotResource'],
] as const;

function single(value: Cell | undefined): Cell | undefined {
  return isList(value) && value.length === 1 ? value[0] : value;
}

/** By type; everyone (`type = "*"`) is written as one star. */
function principals(value: Cell | undefined): Cell | undefined {
  const blocks = listOf(value);
  if (isUnknown(blocks)) return blocks;
  const [first] = blocks;
  if (!first) return undefined;
  if (blocks.length === 1 && isObject(first) && first.type === '*') return '*';
  const byType = new Map<string, Cell[]>();
  for (const block of blocks) {
    if (!isObject(block)) return findUnknown(block);
    const type = nameOf(block.type ?? block.entity);
    const names = block.identifiers ?? [];
    if (isUnknown(names)) byType.set(type, [...(byType.get(type) ?? []), names]);
    else byType.set(type, [...(byType.get(type) ?? []), ...(isList(names) ? names : [names])]);
  }
  return objectOf([...byType].map(([type, names]) => [type, single(names) ?? null] as const));
}

function nameOf(value: Cell | undefined): string {
  return textOf(value ?? null) ?? '';
}

function conditions(value: Cell | undefined): Cell | undefined {
  const blocks = listOf(value);
  if (isUnknown(blocks)) return blocks;
  if (blocks.length === 0) return undefined;
  const byTest = new Map<string, (readonly [string, Cell])[]>();
  for (const block of blocks) {
    if (!isObject(block)) return findUnknown(block);
    const test = nameOf(block.test ?? block.operator);
    byTest.set(test, [...(byTest.get(test) ?? []), [nameOf(block.variable), single(block.values) ?? null]]);
  }
  return objectOf([...byTest].map(([test, pairs]) => [test, objectOf(pairs)] as const));
}

/**
 * The statements of other documents, given as text. Of one that is known in part they are known as far as that goes; one
 * that is not known at all keeps its place, as one unknown statement.
 */
function others(body: CellObject, names: readonly string[]): readonly Cell[] {
  return names.flatMap((name) => {
    const given = listOf(member(body, name));
    if (isUnknown(given)) return [given];
    return given.flatMap((text): readonly Cell[] => {
      if (isUnknown(text)) return isFailed(text) ? [] : knownPart(text);
      if (typeof text !== 'string') return [];
      const statements = statementsOf(text) ?? [];
      return isList(statements) ? statements : [statements];
    });
  });
}

function knownPart(text: Unknown): readonly Cell[] {
  const { partial } = text;
  const statements = partial === undefined || partial === UNKNOWN_PART ? undefined : statementsOf(partial);
  if (statements === undefined) return [text];
  const told = withUnknown(statements, text);
  return isList(told) ? told : [told];
}

/** The document with an unknown wherever a part of it is. */
function withUnknown(value: Cell, whole: Unknown): Cell {
  if (typeof value === 'string')
    return value.includes(UNKNOWN_PART) ? unknown(whole.reason, whole.references, value) : value;
  if (isList(value)) return value.map((one) => withUnknown(one, whole));
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([name, one]) => [name, withUnknown(one, whole)] as const));
}

/** Undefined where the text is no JSON: the document is the provider’s to refuse. */
function statementsOf(text: string): Cell | undefined {
  try {
    const policy = JSON.parse(text) as CellObject;
    return policy.Statement ?? [];
  } catch {
    return undefined;
  }
}
