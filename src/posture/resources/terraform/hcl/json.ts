import { readYaml, type YamlMap, type YamlNode } from '../../yaml-lines.ts';
import type { ParsedFile } from './parse.ts';
import type { Attribute, Block, Body, Expression } from './syntax.ts';

/** Reads a text with `${…}` in it. */
type ReadTemplate = (text: string) => Expression | undefined;

/** Blocks at the top, and how many names stand around their bodies. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['provider', 1],
  ['variable', 1],
  ['output', 1],
  ['locals', 0],
  ['terraform', 0],
]);

/** An object below these names is a map; below any other it is taken for a nested block, as the providers mostly mean it. */
const MAPS =
  /^(?:.*_)?(?:tags|labels|annotations|variables|metadata|parameters|match_labels|selector|node_selector|data|options|settings|environment_variables|triggers|headers|default)$/;

/**
 * Terraform’s JSON syntax (`.tf.json`, `.tfvars.json`) in the shape of HCL.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function parseJsonFile(file: string, text: string, readTemplate: ReadTemplate): ParsedFile {
  const read = readYaml(file, text);
  const [first] = read.problems;
  const problem = first && { line: first.line ?? 1, problem: `is broken here: ${first.problem}.` };
  const root = read.documents[0];
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  if (root?.kind === 'map') {
    const isValues = file.endsWith('.tfvars.json');
    for (const [name, { value, line }] of root.entries) {
      const labels = isValues ? undefined : LABELS.get(name);
      if (labels === undefined)
        attributes.push({ name, value: expressionOf(value, readTemplate), line, endLine: line });
      else blocks.push(...blocksOf(name, [], labels, value, line, readTemplate));
    }
  }
  return { body: { attributes, blocks }, problem };
}

function blocksOf(
  type: string,
  labels: readonly string[],
  missing: number,
  node: YamlNode,
  line: number,
  readTemplate: ReadTemplate,
): readonly Block[] {
  if (node.kind === 'list')
    return node.items.flatMap((item) => blocksOf(type, labels, missing, item, item.line, readTemplate));
  if (node.kind !== 'map') return [];
  if (missing > 0) {
    return [...node.entries].flatMap(([label, entry]) =>
      blocksOf(type, [...labels, label], missing - 1, entry.value, entry.line, readTemplate),
    );
  }
  const hasBlocks = type === 'resource' || type === 'data' || type === 'provider';
  return [{ type, labels, body: bodyOf(node, readTemplate, hasBlocks), line, endLine: node.endLine }];
}

function bodyOf(node: YamlMap, readTemplate: ReadTemplate, hasBlocks: boolean): Body {
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  for (const [name, { value, line }] of node.entries) {
    if (name === '//') continue;
    if (hasBlocks && name === 'dynamic' && value.kind === 'map') {
      for (const [type, entry] of value.entries) blocks.push(...dynamicOf(type, entry.value, entry.line, readTemplate));
    } else if (hasBlocks && isBlock(name, value)) {
      const items = value.kind === 'list' ? value.items : [value];
      for (const item of items) {
        const inner = item.kind === 'map' ? bodyOf(item, readTemplate, true) : { attributes: [], blocks: [] };
        blocks.push({ type: name, labels: [], body: inner, line: item.line, endLine: item.endLine });
      }
    } else attributes.push({ name, value: expressionOf(value, readTemplate), line, endLine: line });
  }
  return { attributes, blocks };
}

function isBlock(name: string, value: YamlNode): boolean {
  if (value.kind === 'map') return !MAPS.test(name);
  return value.kind === 'list' && value.items.length > 0 && value.items.every((item) => item.kind === 'map');
}

function dynamicOf(type: string, node: YamlNode, line: number, readTemplate: ReadTemplate): readonly Block[] {
  if (node.kind === 'list') return node.items.flatMap((item) => dynamicOf(type, item, item.line, readTemplate));
  if (node.kind !== 'map') return [];
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  for (const [name, { value, line: at }] of node.entries) {
    if (name === 'content') blocks.push(...blocksOf('content', [], 0, value, at, readTemplate).map(withBlocks(value)));
    else if (name === 'iterator' && value.kind === 'scalar') {
      attributes.push({ name, value: { kind: 'variable', name: String(value.value ?? '') }, line: at, endLine: at });
    } else attributes.push({ name, value: expressionOf(value, readTemplate), line: at, endLine: at });
  }
  return [{ type: 'dynamic', labels: [type], body: { attributes, blocks }, line, endLine: node.endLine }];

  function withBlocks(value: YamlNode): (block: Block) => Block {
    return (block) => (value.kind === 'map' ? { ...block, body: bodyOf(value, readTemplate, true) } : block);
  }
}

function expressionOf(node: YamlNode, readTemplate: ReadTemplate): Expression {
  if (node.kind === 'list') return { kind: 'tuple', items: node.items.map((item) => expressionOf(item, readTemplate)) };
  if (node.kind === 'map') {
    const items = [...node.entries].map(([name, { value }]) => ({
      key: { kind: 'literal', value: name } as const,
      value: expressionOf(value, readTemplate),
    }));
    return { kind: 'object', items };
  }
  const { value } = node;
  if (typeof value === 'string' && /[$%]\{/.test(value)) return readTemplate(value) ?? { kind: 'literal', value };
  return { kind: 'literal', value: value ?? null };
}
