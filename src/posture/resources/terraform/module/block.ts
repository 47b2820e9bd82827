import { isUnknown, type Unknown, unknown } from '#model/resource.ts';
import { entriesOf, evaluate } from '../evaluate/expression.ts';
import { bind, type Scope } from '../evaluate/scope.ts';
import { type Cell, type CellObject, put } from '../evaluate/value.ts';
import type { Block, Body } from '../hcl/syntax.ts';
import { find } from './source.ts';

const MAX_DYNAMIC = 1_000;

/** All of a body: its attributes, and its blocks as lists of objects. */
export function bodyValue(body: Body, scope: Scope, skip: ReadonlySet<string>): CellObject {
  const made: Record<string, Cell> = {};
  for (const { name, value } of body.attributes) if (!skip.has(name)) put(made, name, evaluate(value, scope));
  for (const type of blockTypes(body)) if (!skip.has(type)) put(made, type, blocksValue(body, type, scope));
  return made;
}

export function blockTypes(body: Body): ReadonlySet<string> {
  return new Set(body.blocks.map((block) => (block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type)));
}

/** All blocks of one type; unknown where it depends on something unknown whether there is any. */
export function blocksValue(body: Body, type: string, scope: Scope): Cell {
  const made: Cell[] = [];
  for (const block of body.blocks) {
    if (block.type === type) made.push(bodyValue(block.body, scope, NOTHING));
    else if (block.type === 'dynamic' && block.labels[0] === type) {
      const blocks = dynamicBlocks(block, type, scope);
      if (isUnknown(blocks)) made.push(blocks);
      else made.push(...blocks);
    }
  }
  const [only] = made;
  return made.length === 1 && only !== undefined && isUnknown(only) ? only : made;
}

const NOTHING: ReadonlySet<string> = new Set();

function dynamicBlocks(block: Block, type: string, scope: Scope): readonly Cell[] | Unknown {
  const each = find(block, 'for_each');
  const content = block.body.blocks.find((inner) => inner.type === 'content');
  if (!each || !content) return [];
  const iterator = find(block, 'iterator')?.value;
  const name = iterator?.kind === 'variable' ? iterator.name : type;
  const entries = entriesOf(evaluate(each.value, scope));
  if (isUnknown(entries)) return entries;
  if (entries.length > MAX_DYNAMIC) return unknown(`there are more than ${MAX_DYNAMIC} blocks`);
  const isSet = typeof entries[0]?.[0] === 'number';
  return entries.map(([key, value]) => {
    const bound = bind(scope, name, { key: isSet && typeof value === 'string' ? value : key, value });
    return bodyValue(content.body, bound, NOTHING);
  });
}
